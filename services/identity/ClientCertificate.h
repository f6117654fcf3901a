// The certificate and private key with which an app proves who it is, from PEM text, and the signed assertion
// made with them (PS256, x5t#S256). Value, any thread; the key never leaves it. Errors: InvalidInput, saying
// what is wrong with the PEM; Internal. graph-reference 2.3.
#pragma once

#include <QByteArray>
#include <QDateTime>
#include <QSslCertificate>
#include <QString>
#include <QUrl>
#include <memory>

#include "models/base/Error.h"

struct evp_pkey_st;

namespace postern::identity {

class ClientCertificate
{
public:
    // One RSA private key without pass phrase (2048 bits or more) and its certificate, in any order; further
    // certificates of the chain are skipped.
    [[nodiscard]] static Expected<ClientCertificate> fromPem(const QByteArray& pem);

    [[nodiscard]] const QSslCertificate& certificate() const { return m_certificate; }
    // base64url of SHA-256 over the DER certificate, as the portal shows it (there in hex).
    [[nodiscard]] QByteArray thumbprint() const;
    // InvalidInput when the certificate is not valid yet or no longer.
    [[nodiscard]] Expected<void> checkDates(const QDateTime& now) const;

    // header.claims.signature for one use within 5 minutes of `now`. `audience` is the tenant's token end
    // point.
    [[nodiscard]] Expected<QByteArray> assertion(
        const QString& clientId, const QUrl& audience, const QDateTime& now) const;

private:
    ClientCertificate(std::shared_ptr<evp_pkey_st> key, QSslCertificate certificate);
    [[nodiscard]] Expected<QByteArray> sign(const QByteArray& text) const;

    std::shared_ptr<evp_pkey_st> m_key;
    QSslCertificate m_certificate;
};

} // namespace postern::identity
