// The lab's certificate authority and the certificates it shows, good and bad, made with OpenSSL (ECDSA
// P-256). Kept in a directory so that a restart shows the same authority. Called at start only.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include <openssl/evp.h>
#include <openssl/x509.h>

#include "models/base/Error.h"

namespace postern::lab {

struct X509Free
{
    void operator()(X509* p) const { X509_free(p); }
};
struct KeyFree
{
    void operator()(EVP_PKEY* p) const { EVP_PKEY_free(p); }
};
using CertificatePtr = std::unique_ptr<X509, X509Free>;
using KeyPtr = std::unique_ptr<EVP_PKEY, KeyFree>;

struct Identity // a certificate with its key, and its chain up to but without the root
{
    CertificatePtr certificate;
    KeyPtr key;
    std::vector<X509*> chain; // borrowed
};

enum class Flaw { None, Expired, WrongHost, SelfSigned, Untrusted };

class Certificates
{
public:
    // Reads the authority from `directory`, or makes it there. Keys are written with mode 0600.
    [[nodiscard]] static Expected<Certificates> open(
        const std::string& directory, const std::string& host, std::vector<std::string> otherNames = {});

    [[nodiscard]] const std::string& caFile() const { return m_caFile; }
    [[nodiscard]] Identity server(Flaw flaw = Flaw::None) const;

private:
    std::string m_caFile, m_host;
    std::vector<std::string> m_otherNames;
    CertificatePtr m_root, m_intermediate;
    KeyPtr m_rootKey, m_intermediateKey;
};

} // namespace postern::lab
