// Test Connection (CON-09, 30..37): each check as it runs, with mark, words and detail; copyable. Stops the
// check when closed. Also Verify of the notification account, which shows its lines only. Works on a
// connector that need not be saved yet. GUI thread.
#pragma once

#include <QDialog>

#include "models/base/Error.h"
#include "models/domain/Connector.h"
#include "ui/widgets/StepList.h"

class QLabel;
class QProgressBar;
class QPushButton;

namespace postern::site {
class SiteClient;
}
namespace postern::widgets {
class PlainLabel;
}

namespace postern::connectors {

// Everything, or only what concerns the mailbox that writes to users (CON-10).
enum class CheckScope { Connection, NotificationAccount };

[[nodiscard]] widgets::Step stepOf(const CheckResult& line);
// Why a check failed as a whole, or the first required check that did; "" when `ok`.
[[nodiscard]] QString checkSentence(const Error& error, bool ok, const QList<widgets::Step>& steps);

class CheckConnectorDialog final : public QDialog
{
    Q_OBJECT
public:
    CheckConnectorDialog(site::SiteClient& site, Connector connector, QString password,
        QWidget* parent = nullptr, CheckScope scope = CheckScope::Connection);

    [[nodiscard]] QString verdict() const;
    void done(int result) override;

private:
    void build();
    void startCheck();
    void lineReported(const postern::CheckResult& line);
    void checkEnded(const postern::Error& error, bool ok);
    [[nodiscard]] QString verdictOf(const Error& error, bool ok, int warnings) const;
    [[nodiscard]] QString mailboxVerdict(const Error& error, bool ok) const;

    site::SiteClient& m_site;
    Connector m_connector;
    QString m_password;
    CheckScope m_scope;
    bool m_running = false;
    QLabel* m_mark = nullptr;
    widgets::PlainLabel* m_verdict = nullptr;
    QProgressBar* m_bar = nullptr;
    widgets::StepList* m_steps = nullptr;
    QPushButton* m_again = nullptr;
    QPushButton* m_close = nullptr;
};

} // namespace postern::connectors
