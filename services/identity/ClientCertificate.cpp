#include "services/identity/ClientCertificate.h"

#include <QCryptographicHash>
#include <QJsonDocument>
#include <QJsonObject>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

namespace postern::identity {

using namespace Qt::StringLiterals;

namespace {

constexpr int smallestKey = 2048; // bits; Entra takes no less
constexpr int saltLength = 32; // of PS256: that of SHA-256 (RFC 7518 3.5)
constexpr qint64 lifetime = 5 * 60; // seconds
constexpr qsizetype longestPem = 256 * 1024;
const QString origin = QStringLiteral("the certificate of the app");

using Bio = std::unique_ptr<BIO, decltype([](BIO* bio) { BIO_free(bio); })>;
using Certificate = std::unique_ptr<X509, decltype([](X509* x509) { X509_free(x509); })>;
using Context = std::unique_ptr<EVP_MD_CTX, decltype([](EVP_MD_CTX* context) { EVP_MD_CTX_free(context); })>;

Bio reader(const QByteArray& bytes)
{
    return Bio(BIO_new_mem_buf(bytes.constData(), int(bytes.size())));
}

QByteArray base64url(const QByteArray& bytes)
{
    return bytes.toBase64(QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals);
}

QByteArray compact(const QJsonObject& object)
{
    return QJsonDocument(object).toJson(QJsonDocument::Compact);
}

// OpenSSL would ask on the terminal. Tells that it was called, and gives no pass phrase.
int noPassPhrase(char*, int, int, void* asked)
{
    *static_cast<bool*>(asked) = true;
    return -1;
}

Expected<std::shared_ptr<EVP_PKEY>> readKey(const QByteArray& pem)
{
    bool asked = false;
    const Bio bio = reader(pem);
    std::shared_ptr<EVP_PKEY> key(
        PEM_read_bio_PrivateKey(bio.get(), nullptr, noPassPhrase, &asked), EVP_PKEY_free);
    ERR_clear_error();
    if (asked)
        return fail(ErrorCode::InvalidInput,
            u"the private key is protected by a pass phrase; give it without one (openssl pkey -in old.pem), "
            u"the "
            u"key ring protects it"_s,
            origin);
    if (!key)
        return fail(ErrorCode::InvalidInput,
            u"there is no readable private key in PEM form in it (a section \"PRIVATE KEY\")"_s, origin);
    if (EVP_PKEY_get_base_id(key.get()) != EVP_PKEY_RSA)
        return fail(
            ErrorCode::InvalidInput, u"the private key is no RSA key; Entra takes RSA only here"_s, origin);
    if (const int bits = EVP_PKEY_get_bits(key.get()); bits < smallestKey)
        return fail(ErrorCode::InvalidInput,
            u"the key has %1 bits; Entra takes %2 or more"_s.arg(bits).arg(smallestKey), origin);
    return key;
}

// The certificate that belongs to the key, as DER; empty when none does.
QByteArray matchingCertificate(const QByteArray& pem, EVP_PKEY* key, bool* any)
{
    const Bio bio = reader(pem);
    QByteArray der;
    while (der.isEmpty()) {
        const Certificate next(PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr));
        if (!next)
            break;
        *any = true;
        if (X509_check_private_key(next.get(), key) != 1)
            continue;
        der.resize(i2d_X509(next.get(), nullptr));
        auto* to = reinterpret_cast<unsigned char*>(der.data());
        i2d_X509(next.get(), &to);
    }
    ERR_clear_error();
    return der;
}

} // namespace

ClientCertificate::ClientCertificate(std::shared_ptr<EVP_PKEY> key, QSslCertificate certificate)
    : m_key(std::move(key))
    , m_certificate(std::move(certificate))
{
}

Expected<ClientCertificate> ClientCertificate::fromPem(const QByteArray& pem)
{
    if (pem.size() > longestPem)
        return fail(ErrorCode::LimitExceeded, u"it is larger than 256 KiB"_s, origin);
    Expected<std::shared_ptr<EVP_PKEY>> key = readKey(pem);
    if (!key)
        return fail(key.error());
    bool any = false;
    const QByteArray der = matchingCertificate(pem, key->get(), &any);
    if (!any)
        return fail(ErrorCode::InvalidInput,
            u"there is a private key but no readable certificate in PEM form in it; both belong into one file"_s,
            origin);
    if (der.isEmpty())
        return fail(ErrorCode::InvalidInput, u"the private key does not belong to the certificate"_s, origin);
    QSslCertificate certificate(der, QSsl::Der);
    if (certificate.isNull())
        return fail(ErrorCode::InvalidInput, u"the certificate cannot be read"_s, origin);
    return ClientCertificate(std::move(*key), std::move(certificate));
}

QByteArray ClientCertificate::thumbprint() const
{
    return base64url(m_certificate.digest(QCryptographicHash::Sha256));
}

Expected<void> ClientCertificate::checkDates(const QDateTime& now) const
{
    if (now > m_certificate.expiryDate())
        return fail(ErrorCode::InvalidInput,
            u"the certificate expired on %1; make a new one and upload it to the app registration"_s.arg(
                m_certificate.expiryDate().toUTC().toString(Qt::ISODate)),
            origin);
    if (now < m_certificate.effectiveDate())
        return fail(ErrorCode::InvalidInput,
            u"the certificate is not valid before %1; check this computer's clock"_s.arg(
                m_certificate.effectiveDate().toUTC().toString(Qt::ISODate)),
            origin);
    return {};
}

Expected<QByteArray> ClientCertificate::assertion(
    const QString& clientId, const QUrl& audience, const QDateTime& now) const
{
    QJsonObject header;
    header.insert("alg"_L1, u"PS256"_s);
    header.insert("typ"_L1, u"JWT"_s);
    header.insert("x5t#S256"_L1, QString::fromLatin1(thumbprint()));
    QJsonObject claims;
    const qint64 at = now.toSecsSinceEpoch();
    claims.insert("aud"_L1, audience.toString(QUrl::FullyEncoded));
    claims.insert("iss"_L1, clientId);
    claims.insert("sub"_L1, clientId);
    claims.insert("jti"_L1, QUuid::createUuid().toString(QUuid::WithoutBraces));
    claims.insert("nbf"_L1, at);
    claims.insert("iat"_L1, at);
    claims.insert("exp"_L1, at + lifetime);
    const QByteArray text = base64url(compact(header)) + '.' + base64url(compact(claims));
    const Expected<QByteArray> signature = sign(text);
    if (!signature)
        return fail(signature.error());
    return text + '.' + base64url(*signature);
}

Expected<QByteArray> ClientCertificate::sign(const QByteArray& text) const
{
    const Context context(EVP_MD_CTX_new());
    EVP_PKEY_CTX* pss = nullptr; // belongs to the context
    size_t length = 0;
    const auto* from = reinterpret_cast<const unsigned char*>(text.constData());
    QByteArray signature;
    bool ok = context && EVP_DigestSignInit(context.get(), &pss, EVP_sha256(), nullptr, m_key.get()) == 1
        && EVP_PKEY_CTX_set_rsa_padding(pss, RSA_PKCS1_PSS_PADDING) == 1
        && EVP_PKEY_CTX_set_rsa_pss_saltlen(pss, saltLength) == 1
        && EVP_DigestSign(context.get(), nullptr, &length, from, size_t(text.size())) == 1;
    if (ok) {
        signature.resize(qsizetype(length));
        auto* to = reinterpret_cast<unsigned char*>(signature.data());
        ok = EVP_DigestSign(context.get(), to, &length, from, size_t(text.size())) == 1;
        signature.truncate(qsizetype(length));
    }
    if (!ok) {
        const QString why = QString::fromLatin1(ERR_reason_error_string(ERR_get_error()));
        ERR_clear_error();
        return fail(ErrorCode::Internal, u"OpenSSL could not sign: "_s + why, origin);
    }
    return signature;
}

} // namespace postern::identity
