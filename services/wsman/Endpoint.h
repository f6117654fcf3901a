// Where a WS-Management session goes and how it signs in: everything a Client needs to know, as a value. Any
// thread. The password is here only while the session lives; it never reaches a log. exchange-protocols a.1,
// d.2, d.4.
#pragma once

#include <QByteArray>
#include <QList>
#include <QSslCertificate>
#include <QString>
#include <QUrl>
#include <chrono>

#include "models/base/Error.h"

namespace postern::wsman {

enum class SignIn {
    Basic, // user and password in every request, over TLS only
    Negotiate, // Kerberos; NTLM when Kerberos cannot be had and the server offers it
};

struct Endpoint
{
    QUrl url; // https only
    QString resourceUri = QStringLiteral("http://schemas.microsoft.com/powershell/Microsoft.Exchange");
    SignIn signIn = SignIn::Negotiate;
    QString user; // DOMAIN\user or UPN; empty with Negotiate: the process' own Kerberos credentials
    QString password;
    // When not empty only these are trusted: a private authority is trusted for this endpoint alone.
    QList<QSslCertificate> authorities;
    bool compress = false; // let the server compress; costs CPU, pays on slow links
    int maxEnvelopeSize = 512'000; // WinRM 3 and later; 153600 for WinRM 2
    // A Receive without news ends after this time and is sent again.
    std::chrono::milliseconds operationTimeout{20'000};
    QString locale = QStringLiteral("en-US");

    // InvalidAddress for anything that is not an https URL with a host and without user name.
    [[nodiscard]] Expected<void> validate() const;
    // For logs and errors: without query.
    [[nodiscard]] QString displayName() const;
};

// The certificates of a PEM file. InvalidInput when it cannot be read or holds none.
[[nodiscard]] Expected<QList<QSslCertificate>> readAuthorities(const QString& pemFile);

} // namespace postern::wsman
