// The window of Show Messages: the status messages of one component, live, with Copy and Export. Not modal;
// deletes itself when closed. GUI thread.
#pragma once

#include <QDialog>

#include "models/domain/Work.h"
#include "ui/monitoring/ViewingPeriod.h"

namespace postern::site {
class SiteClient;
}
namespace postern::widgets {
class FilePrompter;
class PlainLabel;
} // namespace postern::widgets

namespace postern::monitoring {

class StatusMessagesView;

struct MessagesToShow
{
    QString component; // empty: all
    std::optional<Severity> severity;
    ViewingPeriod period = ViewingPeriod::Day;
};

class StatusMessagesWindow final : public QDialog
{
    Q_OBJECT
public:
    StatusMessagesWindow(site::SiteClient& site, widgets::FilePrompter& files, const MessagesToShow& what,
        QWidget* parent = nullptr);
    [[nodiscard]] StatusMessagesView& view() const { return *m_view; }

private:
    [[nodiscard]] QWidget* buildButtons();
    void addKey(const QKeySequence& key, const std::function<void()>& action);
    void exportCsv();

    widgets::FilePrompter& m_files;
    StatusMessagesView* m_view;
    widgets::PlainLabel* m_status = nullptr;
};

} // namespace postern::monitoring
