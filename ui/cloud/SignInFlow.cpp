#include "ui/cloud/SignInFlow.h"

#include <QDesktopServices>
#include <QUrl>

#include "services/site/SiteClient.h"
#include "ui/cloud/DeviceCodeDialog.h"

namespace postern::cloud {

using namespace Qt::StringLiterals;

namespace {

bool isSafe(const QUrl& address)
{
    return address.isValid() && address.scheme() == "https"_L1 && !address.host().isEmpty();
}

} // namespace

OpenUrl systemBrowser()
{
    return [](const QUrl& address) { return QDesktopServices::openUrl(address); };
}

SignInFlow::SignInFlow(site::SiteClient& site, OpenUrl open, QWidget* window)
    : QObject(window)
    , m_site(site)
    , m_open(std::move(open))
    , m_window(window)
{
    connect(&m_site, &site::SiteClient::signInBrowserRequested, this, &SignInFlow::openBrowser);
    connect(&m_site, &site::SiteClient::signInCodeIssued, this, &SignInFlow::showCode);
    connect(&m_site, &site::SiteClient::signInFinished, this, &SignInFlow::finish);
}

SignInFlow::~SignInFlow()
{
    if (std::exchange(m_running, false))
        m_site.stopSignIn();
}

void SignInFlow::start(const Tenant& tenant)
{
    m_running = true;
    emit waitingForPerson(tr("Preparing the sign-in"));
    m_site.startSignIn(tenant);
}

void SignInFlow::cancel()
{
    if (m_running)
        m_site.stopSignIn();
}

void SignInFlow::openBrowser(const QUrl& address)
{
    if (!m_running)
        return;
    if (!isSafe(address)) {
        m_site.stopSignIn();
        finish({ErrorCode::InvalidAddress, address.toString(), tr("the sign-in page")}, false, {});
        return;
    }
    if (m_open(address))
        emit waitingForPerson(tr("Sign in in the browser window that opened"));
    else
        emit waitingForPerson(
            tr("No browser could be opened. Open this address yourself: %1").arg(address.toString()));
}

void SignInFlow::showCode(const DeviceCodePrompt& prompt)
{
    if (!m_running)
        return;
    delete m_code;
    auto* dialog = new DeviceCodeDialog(prompt, m_open, m_window);
    m_code = dialog;
    connect(dialog, &QDialog::rejected, this, &SignInFlow::cancel);
    dialog->open();
    emit waitingForPerson(
        tr("Open %1 on any device and enter the code %2").arg(prompt.verificationUrl, prompt.userCode));
}

void SignInFlow::finish(const postern::Error& error, bool ok, const QString& account)
{
    if (!std::exchange(m_running, false))
        return;
    if (m_code) {
        m_code->disconnect(this); // it goes because it is over, not because somebody gave up
        m_code->close();
        m_code->deleteLater();
    }
    if (ok)
        emit succeeded(account);
    else
        emit failed(error);
}

} // namespace postern::cloud
