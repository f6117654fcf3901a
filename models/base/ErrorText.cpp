#include "models/base/ErrorText.h"

#include <QCoreApplication>

namespace postern::ErrorText {

namespace {

QString tr(const char* text)
{
    return QCoreApplication::translate("ErrorText", text);
}

// The middle of "%1": what was tried, or a neutral word when nobody said.
QString subject(const Error& error)
{
    QString text = error.origin.isEmpty() ? tr("the operation") : error.origin;
    while (text.endsWith(QLatin1Char('.'))) // the sentence around it has its own
        text.chop(1);
    return text;
}

struct Sentence
{
    ErrorCode code;
    const char* pattern;
};

//: Each is "what happened, to what (%1), what to do next"; %2 is how long to wait.
constexpr Sentence sentences[] = {
    {ErrorCode::Cancelled,
        QT_TRANSLATE_NOOP("ErrorText",
            "Cancelled: %1. What was already read or written is kept; start it again to continue.")},
    {ErrorCode::Timeout,
        QT_TRANSLATE_NOOP("ErrorText",
            "No answer in time from %1. Check that the server is up and the network path is open, then try "
            "again.")},
    {ErrorCode::HostNotFound,
        QT_TRANSLATE_NOOP(
            "ErrorText", "The host name cannot be found: %1. Check the server address and your DNS.")},
    {ErrorCode::ConnectionRefused,
        QT_TRANSLATE_NOOP("ErrorText",
            "Nothing accepts connections at %1. Check the host and port, that the service runs, and the "
            "firewall.")},
    {ErrorCode::ConnectionLost,
        QT_TRANSLATE_NOOP("ErrorText",
            "The connection was lost during %1. Nothing already read is lost; it continues when the server "
            "can be reached again.")},
    {ErrorCode::CertificateUntrusted,
        QT_TRANSLATE_NOOP("ErrorText",
            "The certificate of %1 is not from a trusted authority, so no password was sent. Install a "
            "certificate from a public authority, or give the connector your own CA file (--ca-file).")},
    {ErrorCode::CertificateWrongHost,
        QT_TRANSLATE_NOOP("ErrorText",
            "The certificate of %1 is for another host name, so no password was sent. Use the name in the "
            "certificate as the server address, or replace the certificate.")},
    {ErrorCode::CertificateExpired,
        QT_TRANSLATE_NOOP("ErrorText",
            "The certificate of %1 has expired or is not valid yet, so no password was sent. Renew it on the "
            "server, and check the clock of this computer.")},
    {ErrorCode::TlsFailed,
        QT_TRANSLATE_NOOP("ErrorText",
            "A secure connection to %1 could not be made. Check that the server offers TLS 1.2 or newer.")},
    {ErrorCode::AuthenticationFailed,
        QT_TRANSLATE_NOOP("ErrorText",
            "The sign-in was refused: %1. Enter the connector's account again (user name and password), or "
            "the "
            "tenant's secret or certificate; an account of Exchange must also be allowed to use remote "
            "PowerShell.")},
    {ErrorCode::AccessDenied,
        QT_TRANSLATE_NOOP("ErrorText",
            "The account or app is known but not permitted: %1. Exchange: add the account to the role group "
            "that Postern needs (connector check lists what is missing). Intune and Entra: grant the app its "
            "permissions (intune check names those that are missing).")},
    {ErrorCode::NotFound, QT_TRANSLATE_NOOP("ErrorText", "Not found: %1. Check the name or address.")},
    {ErrorCode::InvalidAddress,
        QT_TRANSLATE_NOOP("ErrorText",
            "Not a usable address: %1. Enter it as https://host/PowerShell/ or as a host name.")},
    {ErrorCode::Redirected,
        QT_TRANSLATE_NOOP("ErrorText",
            "The server points to another host: %1. If you trust it, enter that address in the connector's "
            "properties.")},
    {ErrorCode::Malformed,
        QT_TRANSLATE_NOOP("ErrorText",
            "The answer could not be understood: %1. Nothing was changed. Check that a proxy does not alter "
            "the traffic; the log has the place.")},
    {ErrorCode::LimitExceeded,
        QT_TRANSLATE_NOOP(
            "ErrorText", "The answer was larger than is safe to read: %1. Nothing was changed.")},
    {ErrorCode::ServerBusy,
        QT_TRANSLATE_NOOP("ErrorText",
            "The server is busy and asks to wait%2: %1. Nothing failed; it will be tried again by itself.")},
    {ErrorCode::TooManySessions,
        QT_TRANSLATE_NOOP("ErrorText",
            "The account has too many PowerShell sessions open: %1. Close other sessions of this account or "
            "wait for them to end; use an account of Postern's own.")},
    {ErrorCode::SessionLost,
        QT_TRANSLATE_NOOP(
            "ErrorText", "The PowerShell session ended: %1. A new one is opened at the next try.")},
    {ErrorCode::CmdletMissing,
        QT_TRANSLATE_NOOP("ErrorText",
            "The account may not use a command that Postern needs: %1. Add it to the account's management "
            "role.")},
    {ErrorCode::ParameterMissing,
        QT_TRANSLATE_NOOP("ErrorText",
            "The account's role lacks a parameter that Postern needs: %1. Add it to the account's management "
            "role.")},
    {ErrorCode::CmdletFailed,
        QT_TRANSLATE_NOOP("ErrorText", "Exchange reported an error: %1. EasDisc.log has its words.")},
    {ErrorCode::SecretStoreUnavailable,
        QT_TRANSLATE_NOOP("ErrorText",
            "The key ring of this computer cannot be used: %1. Start and unlock it (Secret Service), then "
            "try again; passwords are kept nowhere else.")},
    {ErrorCode::SecretMissing,
        QT_TRANSLATE_NOOP("ErrorText",
            "No password or other secret is stored: %1. Enter the connector's account again, or connect the "
            "tenant again.")},
    {ErrorCode::StoreUnavailable,
        QT_TRANSLATE_NOOP(
            "ErrorText", "The site database cannot be opened: %1. Check the path or the database server.")},
    {ErrorCode::StoreFailed,
        QT_TRANSLATE_NOOP("ErrorText",
            "The site database refused a change: %1. Nothing of that change was kept. Check disk space and "
            "permissions.")},
    {ErrorCode::StoreNewer,
        QT_TRANSLATE_NOOP(
            "ErrorText", "The site database was written by a newer Postern: %1. Update this one.")},
    {ErrorCode::Conflict,
        QT_TRANSLATE_NOOP(
            "ErrorText", "Somebody else changed it meanwhile: %1. Reload and make your change again.")},
    {ErrorCode::AlreadyRunning,
        QT_TRANSLATE_NOOP("ErrorText", "Already running: %1. Wait for it to end or cancel it.")},
    {ErrorCode::LeaseHeld,
        QT_TRANSLATE_NOOP("ErrorText", "Another service works on this: %1. Your request waits there.")},
    {ErrorCode::PermissionDenied,
        QT_TRANSLATE_NOOP(
            "ErrorText", "Your role in Postern does not permit this: %1. Ask an administrator of the site.")},
    {ErrorCode::InvalidInput,
        QT_TRANSLATE_NOOP("ErrorText", "Cannot be used as entered: %1. Correct it and try again.")},
    {ErrorCode::SignInRequired,
        QT_TRANSLATE_NOOP("ErrorText",
            "Microsoft asks for a new sign-in: %1. Sign in again in the tenant's properties or with intune "
            "connect; what was already read is kept.")},
    {ErrorCode::ConsentRequired,
        QT_TRANSLATE_NOOP("ErrorText",
            "The app registration lacks a permission: %1. Add it in Entra under App registrations > API "
            "permissions, have an administrator grant consent, then try again.")},
    {ErrorCode::Incomplete,
        QT_TRANSLATE_NOOP("ErrorText",
            "The list came back incomplete: %1. Nothing was removed because of it; it is read again at the "
            "next synchronisation.")},
    {ErrorCode::ShrinkGuard,
        QT_TRANSLATE_NOOP("ErrorText",
            "Far fewer entries than last time: %1. Nothing was removed. If this is right, confirm it; "
            "otherwise check the account's scope.")},
    {ErrorCode::Unsupported, QT_TRANSLATE_NOOP("ErrorText", "Not supported: %1.")},
    {ErrorCode::Internal,
        QT_TRANSLATE_NOOP("ErrorText", "An internal error: %1. Please report it with the log.")},
};

consteval bool areInOrder()
{
    for (std::size_t i = 0; i < std::size(sentences); ++i) {
        if (std::size_t(sentences[i].code) != i)
            return false;
    }
    return true;
}
static_assert(
    areInOrder() && std::size(sentences) == std::size_t(ErrorCode::Internal) + 1, "one for each code");

const char* pattern(ErrorCode code)
{
    const auto at = std::size_t(code);
    return at < std::size(sentences) ? sentences[at].pattern : "%1";
}

QString waitText(const Error& error)
{
    if (!error.retryAfter)
        return {};
    const auto seconds
        = std::max<qint64>(1, std::chrono::ceil<std::chrono::seconds>(*error.retryAfter).count());
    //: follows "asks to wait"
    return QCoreApplication::translate("ErrorText", " %n second(s)", nullptr, int(seconds));
}

} // namespace

QString sentence(const Error& error)
{
    QString what = subject(error);
    if (!error.detail.isEmpty() && !what.contains(error.detail))
        what += QStringLiteral(" (%1)").arg(error.detail.trimmed());
    QString text = tr(pattern(error.code));
    text.replace(QStringLiteral("%2"), waitText(error));
    return text.replace(QStringLiteral("%1"), what);
}

} // namespace postern::ErrorText
