#include "app/lab/entra/Signing.h"

#include <QJsonDocument>
#include <algorithm>
#include <array>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/hmac.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>

#include "app/lab/text/Text.h"

using namespace Qt::StringLiterals;

namespace postern::lab {

namespace {

struct ContextFree
{
    void operator()(EVP_MD_CTX* p) const { EVP_MD_CTX_free(p); }
};
using ContextPtr = std::unique_ptr<EVP_MD_CTX, ContextFree>;

std::string bytesOf(BIO* bio)
{
    char* data = nullptr;
    const long size = BIO_get_mem_data(bio, &data);
    std::string out(data, size_t(size));
    BIO_free(bio);
    return out;
}

std::string digestOf(X509* certificate, const EVP_MD* digest)
{
    std::array<unsigned char, EVP_MAX_MD_SIZE> buffer{};
    unsigned size = 0;
    X509_digest(certificate, digest, buffer.data(), &size);
    return {reinterpret_cast<const char*>(buffer.data()), size};
}

std::string numberOf(EVP_PKEY* key, const char* name)
{
    BIGNUM* number = nullptr;
    EVP_PKEY_get_bn_param(key, name, &number);
    std::string out(size_t(BN_num_bytes(number)), '\0');
    BN_bn2bin(number, reinterpret_cast<unsigned char*>(out.data()));
    BN_free(number);
    return out;
}

std::string compact(const QJsonObject& object)
{
    return base64Url(QJsonDocument(object).toJson(QJsonDocument::Compact).toStdString());
}

} // namespace

std::string base64Url(std::string_view bytes)
{
    std::string out = base64(bytes);
    while (!out.empty() && out.back() == '=')
        out.pop_back();
    std::replace(out.begin(), out.end(), '+', '-');
    std::replace(out.begin(), out.end(), '/', '_');
    return out;
}

std::optional<std::string> fromBase64Url(std::string_view text)
{
    std::string standard(text);
    if (standard.find_first_of("+/=") != std::string::npos)
        return std::nullopt;
    std::replace(standard.begin(), standard.end(), '-', '+');
    std::replace(standard.begin(), standard.end(), '_', '/');
    standard.append((4 - standard.size() % 4) % 4, '=');
    return fromBase64(standard);
}

KeyPtr newRsaKey()
{
    return KeyPtr(EVP_RSA_gen(2048));
}

CertificatePtr selfSignedCertificate(EVP_PKEY* key, const std::string& commonName)
{
    CertificatePtr made(X509_new());
    X509* x = made.get();
    X509_set_version(x, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(x), 4711);
    X509_gmtime_adj(X509_getm_notBefore(x), -86400);
    X509_gmtime_adj(X509_getm_notAfter(x), 365L * 86400);
    X509_set_pubkey(x, key);
    X509_NAME* name = X509_get_subject_name(x);
    X509_NAME_add_entry_by_txt(
        name, "CN", MBSTRING_UTF8, reinterpret_cast<const unsigned char*>(commonName.c_str()), -1, -1, 0);
    X509_set_issuer_name(x, name);
    X509_sign(x, key, EVP_sha256());
    return made;
}

std::string pemOf(X509* certificate)
{
    BIO* bio = BIO_new(BIO_s_mem());
    PEM_write_bio_X509(bio, certificate);
    return bytesOf(bio);
}

std::string pemOf(EVP_PKEY* key)
{
    BIO* bio = BIO_new(BIO_s_mem());
    PEM_write_bio_PrivateKey(bio, key, nullptr, nullptr, 0, nullptr, nullptr);
    return bytesOf(bio);
}

CertificatePtr certificateFromPem(const std::string& text)
{
    BIO* bio = BIO_new_mem_buf(text.data(), int(text.size()));
    CertificatePtr out(PEM_read_bio_X509(bio, nullptr, nullptr, nullptr));
    BIO_free(bio);
    return out;
}

std::string sha256(std::string_view bytes)
{
    std::array<unsigned char, 32> out{};
    EVP_Digest(bytes.data(), bytes.size(), out.data(), nullptr, EVP_sha256(), nullptr);
    return {reinterpret_cast<const char*>(out.data()), out.size()};
}

std::string hmacSha256(std::string_view key, std::string_view bytes)
{
    std::array<unsigned char, 32> out{};
    unsigned size = 0;
    HMAC(EVP_sha256(), key.data(), int(key.size()), reinterpret_cast<const unsigned char*>(bytes.data()),
        bytes.size(), out.data(), &size);
    return {reinterpret_cast<const char*>(out.data()), size};
}

std::string thumbprintSha256(X509* certificate)
{
    return base64Url(digestOf(certificate, EVP_sha256()));
}

std::string thumbprintSha1(X509* certificate)
{
    return base64Url(digestOf(certificate, EVP_sha1()));
}

QJsonObject publicJwk(EVP_PKEY* key, const std::string& kid)
{
    const auto text = [](const std::string& s) { return QString::fromStdString(s); };
    return {{"kty"_L1, u"RSA"_s}, {"use"_L1, u"sig"_s}, {"alg"_L1, u"RS256"_s}, {"kid"_L1, text(kid)},
        {"n"_L1, text(base64Url(numberOf(key, OSSL_PKEY_PARAM_RSA_N)))},
        {"e"_L1, text(base64Url(numberOf(key, OSSL_PKEY_PARAM_RSA_E)))}};
}

std::optional<Jwt> parsedJwt(std::string_view token)
{
    const std::vector<std::string> parts = split(token, '.');
    if (parts.size() != 3)
        return std::nullopt;
    const auto header = fromBase64Url(parts[0]), claims = fromBase64Url(parts[1]),
               signature = fromBase64Url(parts[2]);
    if (!header || !claims || !signature)
        return std::nullopt;
    const QJsonDocument headerJson = QJsonDocument::fromJson(QByteArray::fromStdString(*header)),
                        claimsJson = QJsonDocument::fromJson(QByteArray::fromStdString(*claims));
    if (!headerJson.isObject() || !claimsJson.isObject())
        return std::nullopt;
    return Jwt{headerJson.object(), claimsJson.object(), parts[0] + "." + parts[1], *signature};
}

std::string signedJwt(const QJsonObject& header, const QJsonObject& claims, EVP_PKEY* key)
{
    const std::string text = compact(header) + "." + compact(claims);
    const ContextPtr context(EVP_MD_CTX_new());
    std::string signature(512, '\0');
    size_t size = signature.size();
    auto* out = reinterpret_cast<unsigned char*>(signature.data());
    if (EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, key) != 1
        || EVP_DigestSign(
               context.get(), out, &size, reinterpret_cast<const unsigned char*>(text.data()), text.size())
            != 1)
        return {};
    signature.resize(size);
    return text + "." + base64Url(signature);
}

bool verifies(const Jwt& jwt, const std::string& alg, EVP_PKEY* publicKey)
{
    if (alg != "RS256" && alg != "PS256")
        return false;
    const ContextPtr context(EVP_MD_CTX_new());
    EVP_PKEY_CTX* parameters = nullptr;
    if (EVP_DigestVerifyInit(context.get(), &parameters, EVP_sha256(), nullptr, publicKey) != 1)
        return false;
    if (alg == "PS256"
        && (EVP_PKEY_CTX_set_rsa_padding(parameters, RSA_PKCS1_PSS_PADDING) != 1
            || EVP_PKEY_CTX_set_rsa_pss_saltlen(parameters, RSA_PSS_SALTLEN_DIGEST) != 1))
        return false;
    return EVP_DigestVerify(context.get(), reinterpret_cast<const unsigned char*>(jwt.signature.data()),
               jwt.signature.size(), reinterpret_cast<const unsigned char*>(jwt.signedPart.data()),
               jwt.signedPart.size())
        == 1;
}

} // namespace postern::lab
