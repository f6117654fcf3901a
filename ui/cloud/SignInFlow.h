// One sign-in of a person, as a window sees it: opens the browser or shows the code, waits, says how it
// ended. Cancel is honoured at once. Used by the wizard and by Sign In Again. GUI thread.
#pragma once

#include <QPointer>
#include <functional>

#include "models/base/Error.h"
#include "models/domain/Tenant.h"

class QDialog;
class QUrl;
class QWidget;

namespace postern::site {
class SiteClient;
}

namespace postern::cloud {

using OpenUrl = std::function<bool(const QUrl&)>;
[[nodiscard]] OpenUrl systemBrowser();

class SignInFlow final : public QObject
{
    Q_OBJECT
public:
    // `window`: parent of the dialog with the code.
    SignInFlow(site::SiteClient& site, OpenUrl open, QWidget* window);
    ~SignInFlow() override; // stops what is under way

    void start(const Tenant& tenant);
    void cancel();
    [[nodiscard]] bool isRunning() const { return m_running; }

signals:
    void waitingForPerson(const QString& sentence); // what somebody has to do now
    void succeeded(const QString& account);
    void failed(const postern::Error& error);

private:
    void openBrowser(const QUrl& address);
    void showCode(const DeviceCodePrompt& prompt);
    void finish(const postern::Error& error, bool ok, const QString& account);

    site::SiteClient& m_site;
    OpenUrl m_open;
    QWidget* m_window;
    QPointer<QDialog> m_code;
    bool m_running = false;
};

} // namespace postern::cloud
