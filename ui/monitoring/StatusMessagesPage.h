// Monitoring > System Status > Status Message Queries: all status messages of the site, to be narrowed. GUI
// thread.
#pragma once

#include "models/base/Error.h"
#include "ui/monitoring/ViewingPeriod.h"
#include "ui/widgets/NodePage.h"

namespace postern::site {
class SiteClient;
}

namespace postern::monitoring {

class StatusMessagesView;

class StatusMessagesPage final : public widgets::NodePage, public PeriodHost
{
    Q_OBJECT
public:
    explicit StatusMessagesPage(site::SiteClient& site, QWidget* parent = nullptr);
    [[nodiscard]] StatusMessagesView& view() const { return *m_view; }

    [[nodiscard]] ViewingPeriod viewingPeriod() const override;
    void setViewingPeriod(ViewingPeriod period) override;

    [[nodiscard]] widgets::Selection selection() const override;
    [[nodiscard]] QVariantMap saveState() const override;
    void restoreState(const QVariantMap& state) override;
    void saveSettings(QSettings& settings) const override;
    void restoreSettings(QSettings& settings) override;
    void focusMain() override;
    bool focusSearch() override;
    void refresh() override;
    bool copySelection() override;
    void selectAll() override;
    [[nodiscard]] QString statusText() const override;

private:
    StatusMessagesView* m_view;
};

} // namespace postern::monitoring
