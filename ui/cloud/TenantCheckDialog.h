// Test Connection of a tenant (CON-39): each check as it runs, permissions by name, with mark, words and what
// is lost; copyable. Stops the check when closed. GUI thread.
#pragma once

#include <QDialog>

#include "models/base/Error.h"
#include "models/domain/Exchange.h"
#include "models/domain/Tenant.h"

class QLabel;
class QProgressBar;
class QPushButton;

namespace postern::site {
class SiteClient;
}
namespace postern::widgets {
class PlainLabel;
class StepList;
} // namespace postern::widgets

namespace postern::cloud {

class TenantCheckDialog final : public QDialog
{
    Q_OBJECT
public:
    // An empty credential: the one in the key ring.
    TenantCheckDialog(site::SiteClient& site, Tenant tenant, QString credential, QWidget* parent = nullptr);
    [[nodiscard]] QString verdict() const;
    void done(int result) override;

private:
    void build();
    [[nodiscard]] QWidget* buildButtons();
    void startCheck();
    void lineReported(const postern::CheckResult& line);
    void checkEnded(const postern::Error& error, bool ok);
    [[nodiscard]] QString sentenceFor(const postern::Error& error, bool ok) const;

    site::SiteClient& m_site;
    Tenant m_tenant;
    QString m_credential;
    std::vector<CheckResult> m_lines;
    bool m_running = false;
    QLabel* m_mark = nullptr;
    widgets::PlainLabel* m_verdict = nullptr;
    QProgressBar* m_bar = nullptr;
    widgets::StepList* m_steps = nullptr;
    QPushButton* m_again = nullptr;
    QPushButton* m_close = nullptr;
};

} // namespace postern::cloud
