// Delete (CON-48): asks whether the entries that Postern wrote are taken out of Exchange first, says how many
// they are and what stays. The answer is requested(); nothing is asked of the site before. GUI thread.
#pragma once

#include <QDialog>
#include <QSet>

#include "models/domain/Connector.h"
#include "ui/connectors/WriteTexts.h"

class QCheckBox;
class QPushButton;
class QVBoxLayout;

namespace postern::site {
class SiteClient;
}
namespace postern::widgets {
class PlainLabel;
}

namespace postern::connectors {

class DeleteConnectorDialog final : public QDialog
{
    Q_OBJECT
public:
    DeleteConnectorDialog(
        site::SiteClient& site, std::vector<Connector> connectors, QWidget* parent = nullptr);
    void accept() override;
    [[nodiscard]] QString countSentence() const;

signals:
    void requested(const QList<qint64>& connectorIds, bool keepEntries);

private:
    void build();
    void addQuestion(QVBoxLayout& column);
    QWidget* buildButtons();
    void writesLoaded(ConnectorId connector, const std::vector<WriteRecord>& writes);
    void showCount();
    void showCommand();

    site::SiteClient& m_site;
    std::vector<Connector> m_connectors;
    QSet<ConnectorId> m_waiting; // whose journal has not come yet
    std::vector<StandingEntries> m_entries;
    bool m_more = false; // the journal was longer than what was asked for
    QCheckBox* m_remove = nullptr;
    widgets::PlainLabel* m_count = nullptr;
    QPushButton* m_command = nullptr;
};

// The commands that take these entries away again, as Exchange's shell takes them.
[[nodiscard]] QStringList removalCommands(const std::vector<StandingEntries>& entries);

} // namespace postern::connectors
