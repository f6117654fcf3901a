#include "services/wsman/ChannelBinding.h"

#include <memory>
#include <openssl/evp.h>
#include <openssl/x509.h>

namespace postern::wsman {

namespace {

struct X509Deleter
{
    void operator()(X509* certificate) const { X509_free(certificate); }
};

// The hash of the certificate's own signature; SHA-256 in place of MD5 and SHA-1 (RFC 5929). nullptr: it uses
// none.
const EVP_MD* hashOf(X509* certificate)
{
    int digest = NID_undef;
    if (X509_get_signature_info(certificate, &digest, nullptr, nullptr, nullptr) != 1)
        return nullptr;
    if (digest == NID_md5 || digest == NID_sha1)
        digest = NID_sha256;
    return digest == NID_undef ? nullptr : EVP_get_digestbynid(digest);
}

} // namespace

QByteArray channelBinding(const QSslCertificate& certificate)
{
    const QByteArray der = certificate.toDer();
    const auto* at = reinterpret_cast<const unsigned char*>(der.constData());
    const std::unique_ptr<X509, X509Deleter> parsed(d2i_X509(nullptr, &at, long(der.size())));
    if (!parsed)
        return {};
    const EVP_MD* hash = hashOf(parsed.get());
    unsigned char value[EVP_MAX_MD_SIZE];
    unsigned int length = 0;
    if (!hash || EVP_Digest(der.constData(), size_t(der.size()), value, &length, hash, nullptr) != 1)
        return {};
    return "tls-server-end-point:" + QByteArray(reinterpret_cast<const char*>(value), qsizetype(length));
}

} // namespace postern::wsman
