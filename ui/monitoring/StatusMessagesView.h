// Status messages as Configuration Manager's viewer shows them (CON-63): period, severity, component and
// quick search above, the list, one message in full below. Hosted by the node Status Message Queries and by
// the window of Show Messages. GUI thread.
#pragma once

#include <QVariantMap>
#include <QWidget>

#include "models/base/Error.h"
#include "models/items/StatusMessageModel.h"
#include "ui/monitoring/MessageFeed.h"

class QComboBox;
class QLineEdit;
class QSettings;
class QSplitter;
class QToolButton;

namespace postern::grid {
class GridView;
}
namespace postern::widgets {
class EmptyState;
class PlainLabel;
} // namespace postern::widgets

namespace postern::monitoring {

class MessageDetails;

class StatusMessagesView final : public QWidget
{
    Q_OBJECT
public:
    explicit StatusMessagesView(site::SiteClient& site, QWidget* parent = nullptr);

    void setPeriod(ViewingPeriod period);
    [[nodiscard]] ViewingPeriod period() const { return m_feed->period(); }
    void setSeverity(std::optional<Severity> severity);
    [[nodiscard]] std::optional<Severity> severity() const;
    void setComponent(const QString& component); // empty: all
    void refresh() { m_feed->reload(); }

    // What is shown, as CSV: all columns, times in UTC, arguments in a column of their own. How many
    // messages; the error names the file.
    [[nodiscard]] Expected<int> exportCsv(const QString& path) const;
    [[nodiscard]] QString csvText() const;
    [[nodiscard]] QString statusText() const;

    [[nodiscard]] QVariantMap saveState() const;
    void restoreState(const QVariantMap& state);
    void saveSettings(QSettings& settings) const;
    void restoreSettings(QSettings& settings);

    [[nodiscard]] grid::GridView& grid() const { return *m_grid; }
    [[nodiscard]] QLineEdit& searchBox() const { return *m_search; }
    [[nodiscard]] MessageDetails& details() const { return *m_details; }
    [[nodiscard]] MessageFeed& feed() const { return *m_feed; }

signals:
    void changed(); // what is shown or selected
    void periodChanged();

protected:
    void keyPressEvent(QKeyEvent* event) override;

private:
    void build();
    [[nodiscard]] QWidget* buildFilterLine();
    void buildChoices(QWidget* bar);
    void connectParts();
    void fill();
    void fillComponents();
    void showDetails();
    void showPlaceholder();
    void clearFilter();
    [[nodiscard]] items::MessageFilter filter() const;

    MessageFeed* m_feed;
    items::StatusMessageModel* m_model;
    QComboBox* m_periodBox = nullptr;
    QComboBox* m_severityBox = nullptr;
    QComboBox* m_componentBox = nullptr;
    QLineEdit* m_search = nullptr;
    widgets::PlainLabel* m_count = nullptr;
    QToolButton* m_columns = nullptr;
    QSplitter* m_splitter = nullptr;
    grid::GridView* m_grid = nullptr;
    MessageDetails* m_details = nullptr;
    widgets::EmptyState* m_noMessages = nullptr;
    widgets::EmptyState* m_noMatch = nullptr;
};

} // namespace postern::monitoring
