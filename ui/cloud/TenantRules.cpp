#include "ui/cloud/TenantRules.h"

#include <QCoreApplication>
#include <QFile>
#include <QRegularExpression>
#include <QUrl>
#include <QUuid>

namespace postern::cloud {

using namespace Qt::StringLiterals;

namespace {

struct Texts
{
    Q_DECLARE_TR_FUNCTIONS(TenantRules)
};

bool isGuid(const QString& text)
{
    static const QRegularExpression form(
        u"^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$"_s);
    return form.match(text).hasMatch() && !QUuid::fromString(text).isNull();
}

bool isDomain(const QString& text)
{
    static const QRegularExpression form(
        u"^(?=.{4,253}$)([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\\.)+[A-Za-z]{2,63}$"_s);
    return form.match(text).hasMatch();
}

bool isShared(const QString& id)
{
    for (const auto word : {"organizations"_L1, "common"_L1, "consumers"_L1}) {
        if (id.compare(word, Qt::CaseInsensitive) == 0)
            return true;
    }
    return false;
}

} // namespace

QString nameComplaint(const QString& name)
{
    if (name.isEmpty())
        return Texts::tr("Enter a name for this tenant.");
    return name.size() > 128 ? Texts::tr("The name is longer than 128 characters.") : QString();
}

QString tenantIdComplaint(const QString& id, TenantSignIn method)
{
    if (id.isEmpty())
        return Texts::tr("Enter the tenant's ID or one of its domains.");
    if (isShared(id)) {
        return isInteractive(method)
            ? Texts::tr("Enter the tenant itself: Postern reads one tenant, not those of whoever signs in.")
            : Texts::tr("An app signs in to one tenant: enter its ID or one of its domains.");
    }
    return isGuid(id) || isDomain(id)
        ? QString()
        : Texts::tr("This is neither a tenant ID (32 hexadecimal digits with dashes) nor a domain such as "
                    "contoso.onmicrosoft.com.");
}

QString clientIdComplaint(const QString& id)
{
    if (id.isEmpty())
        return Texts::tr("Enter the application (client) ID of the app registration.");
    return isGuid(id) ? QString()
                      : Texts::tr("An application ID has 32 hexadecimal digits with dashes between them.");
}

QString addressComplaint(const QString& address)
{
    if (address.isEmpty())
        return {};
    const QUrl url(address, QUrl::StrictMode);
    if (!url.isValid() || url.host().isEmpty())
        return Texts::tr("This is not an address such as https://login.contoso.com.");
    if (url.scheme() != "https"_L1)
        return Texts::tr("The address must start with https://: tokens are sent to it.");
    return url.userInfo().isEmpty() && !url.hasQuery() && !url.hasFragment()
        ? QString()
        : Texts::tr("The address must have no user name, question mark or # in it.");
}

QString secretComplaint(const QString& secret)
{
    if (secret.isEmpty())
        return Texts::tr("Enter the client secret.");
    return isGuid(secret)
        ? Texts::tr("This looks like the secret's ID. Enter its value, which the portal shows "
                    "only once.")
        : QString();
}

Expected<QString> readCertificate(const QString& path)
{
    constexpr qint64 largest = 256 * 1024;
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return fail(
            ErrorCode::InvalidInput, Texts::tr("The file cannot be read: %1").arg(file.errorString()), path);
    if (file.size() > largest)
        return fail(ErrorCode::InvalidInput, Texts::tr("The file is too large for a certificate."), path);
    const QString pem = QString::fromLatin1(file.readAll());
    if (!pem.contains("-----BEGIN CERTIFICATE-----"_L1))
        return fail(ErrorCode::InvalidInput, Texts::tr("The file holds no certificate in PEM form."), path);
    static const QRegularExpression key(u"-----BEGIN (RSA |EC )?PRIVATE KEY-----"_s);
    if (pem.contains("-----BEGIN ENCRYPTED PRIVATE KEY-----"_L1))
        return fail(ErrorCode::InvalidInput,
            Texts::tr("The private key has a pass phrase. Export it without; the key ring protects it."),
            path);
    if (!key.match(pem).hasMatch())
        return fail(ErrorCode::InvalidInput,
            Texts::tr("The file holds no private key: with the certificate alone nobody can sign in."), path);
    return pem;
}

} // namespace postern::cloud
