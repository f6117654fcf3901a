#include "services/wsman/Endpoint.h"

#include <QFile>

namespace postern::wsman {

using namespace Qt::StringLiterals;

Expected<void> Endpoint::validate() const
{
    const QString shown = displayName();
    if (!url.isValid() || url.host().isEmpty())
        return fail(ErrorCode::InvalidAddress, u"\"%1\" is no URL"_s.arg(url.toString()), shown);
    if (url.scheme() != "https"_L1)
        return fail(ErrorCode::InvalidAddress,
            u"the address must begin with https://: over %1 the password and all data could be read"_s.arg(
                url.scheme()),
            shown);
    if (!url.userInfo().isEmpty())
        return fail(
            ErrorCode::InvalidAddress, u"the address must not hold a user name or a password"_s, shown);
    if (signIn == SignIn::Basic && user.isEmpty())
        return fail(ErrorCode::InvalidInput, u"Basic authentication needs a user name"_s, shown);
    return {};
}

QString Endpoint::displayName() const
{
    return url.toString(QUrl::RemoveQuery | QUrl::RemoveUserInfo | QUrl::RemoveFragment);
}

Expected<QList<QSslCertificate>> readAuthorities(const QString& pemFile)
{
    QFile file(pemFile);
    if (!file.open(QIODevice::ReadOnly))
        return fail(ErrorCode::InvalidInput, file.errorString(), pemFile);
    const QList<QSslCertificate> certificates = QSslCertificate::fromDevice(&file, QSsl::Pem);
    if (certificates.isEmpty())
        return fail(ErrorCode::InvalidInput, u"no certificate in PEM form is in the file"_s, pemFile);
    return certificates;
}

} // namespace postern::wsman
