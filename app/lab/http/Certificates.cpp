#include "app/lab/http/Certificates.h"

#include <QByteArray>
#include <QFile>
#include <QString>
#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

using namespace Qt::StringLiterals;

namespace postern::lab {

namespace {

constexpr long day = 86400;

struct Wanted
{
    std::string commonName;
    std::string alternativeNames; // "DNS:localhost,IP:127.0.0.1"; empty: an authority
    X509* issuer = nullptr; // nullptr: self-signed
    EVP_PKEY* issuerKey = nullptr;
    long notBefore = -day, notAfter = 365 * day; // from now, seconds
    int pathLength = -1;
};

void extension(X509* certificate, X509* issuer, int nid, const std::string& value)
{
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
    if (X509_EXTENSION* made = X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str())) {
        X509_add_ext(certificate, made, -1);
        X509_EXTENSION_free(made);
    }
}

CertificatePtr certificateFor(const Wanted& wanted, EVP_PKEY* key)
{
    CertificatePtr made(X509_new());
    X509* x = made.get();
    X509_set_version(x, 2);
    unsigned char serial[16];
    RAND_bytes(serial, sizeof serial);
    serial[0] = static_cast<unsigned char>((serial[0] & 0x3f) | 0x40);
    BIGNUM* number = BN_bin2bn(serial, sizeof serial, nullptr);
    BN_to_ASN1_INTEGER(number, X509_get_serialNumber(x));
    BN_free(number);
    X509_gmtime_adj(X509_getm_notBefore(x), wanted.notBefore);
    X509_gmtime_adj(X509_getm_notAfter(x), wanted.notAfter);
    X509_set_pubkey(x, key);
    X509_NAME* name = X509_get_subject_name(x);
    const auto entry = [&](const char* field, const std::string& value) {
        X509_NAME_add_entry_by_txt(
            name, field, MBSTRING_UTF8, reinterpret_cast<const unsigned char*>(value.c_str()), -1, -1, 0);
    };
    entry("O", "Contoso Lab");
    entry("CN", wanted.commonName);
    X509* issuer = wanted.issuer ? wanted.issuer : x;
    X509_set_issuer_name(x, X509_get_subject_name(issuer));
    const bool authority = wanted.alternativeNames.empty();
    extension(x, issuer, NID_basic_constraints,
        !authority                  ? "critical,CA:FALSE"
            : wanted.pathLength < 0 ? "critical,CA:TRUE"
                                    : "critical,CA:TRUE,pathlen:" + std::to_string(wanted.pathLength));
    extension(
        x, issuer, NID_key_usage, authority ? "critical,keyCertSign,cRLSign" : "critical,digitalSignature");
    extension(x, issuer, NID_subject_key_identifier, "hash");
    extension(x, issuer, NID_authority_key_identifier, "keyid");
    if (!authority) {
        extension(x, issuer, NID_ext_key_usage, "serverAuth");
        extension(x, issuer, NID_subject_alt_name, wanted.alternativeNames);
    }
    X509_sign(x, wanted.issuerKey ? wanted.issuerKey : key, EVP_sha256());
    return made;
}

KeyPtr newKey()
{
    return KeyPtr(EVP_EC_gen("P-256"));
}

std::string pem(X509* certificate)
{
    BIO* bio = BIO_new(BIO_s_mem());
    PEM_write_bio_X509(bio, certificate);
    char* data = nullptr;
    const long size = BIO_get_mem_data(bio, &data);
    std::string out(data, size_t(size));
    BIO_free(bio);
    return out;
}

std::string pem(EVP_PKEY* key)
{
    BIO* bio = BIO_new(BIO_s_mem());
    PEM_write_bio_PrivateKey(bio, key, nullptr, nullptr, 0, nullptr, nullptr);
    char* data = nullptr;
    const long size = BIO_get_mem_data(bio, &data);
    std::string out(data, size_t(size));
    BIO_free(bio);
    return out;
}

bool write(const std::string& path, const std::string& data, bool secret)
{
    QFile file(QString::fromStdString(path));
    if (!file.open(QIODevice::WriteOnly | QIODevice::Truncate))
        return false;
    if (secret)
        file.setPermissions(QFile::ReadOwner | QFile::WriteOwner);
    return file.write(data.data(), qint64(data.size())) == qint64(data.size());
}

std::string contents(const std::string& path)
{
    QFile file(QString::fromStdString(path));
    return file.open(QIODevice::ReadOnly) ? file.readAll().toStdString() : std::string{};
}

CertificatePtr readCertificate(const std::string& text)
{
    BIO* bio = BIO_new_mem_buf(text.data(), int(text.size()));
    CertificatePtr out(PEM_read_bio_X509(bio, nullptr, nullptr, nullptr));
    BIO_free(bio);
    return out;
}

KeyPtr readKey(const std::string& text)
{
    BIO* bio = BIO_new_mem_buf(text.data(), int(text.size()));
    KeyPtr out(PEM_read_bio_PrivateKey(bio, nullptr, nullptr, nullptr));
    BIO_free(bio);
    return out;
}

} // namespace

Expected<Certificates> Certificates::open(
    const std::string& directory, const std::string& host, std::vector<std::string> otherNames)
{
    Certificates all;
    all.m_host = host;
    all.m_otherNames = std::move(otherNames);
    all.m_caFile = directory + "/lab-ca.pem";
    const std::string keyFile = directory + "/lab-ca-key.pem";
    all.m_root = readCertificate(contents(all.m_caFile));
    all.m_rootKey = readKey(contents(keyFile));
    if (!all.m_root || !all.m_rootKey) {
        all.m_rootKey = newKey();
        Wanted root;
        root.commonName = "Postern Lab Root Authority";
        root.notAfter = 3650 * day;
        all.m_root = certificateFor(root, all.m_rootKey.get());
        if (!write(keyFile, pem(all.m_rootKey.get()), true)
            || !write(all.m_caFile, pem(all.m_root.get()), false))
            return fail(ErrorCode::StoreUnavailable,
                u"cannot write the lab's certificates to %1"_s.arg(QString::fromStdString(directory)));
    }
    all.m_intermediateKey = newKey();
    Wanted intermediate;
    intermediate.commonName = "Postern Lab Issuing Authority";
    intermediate.issuer = all.m_root.get();
    intermediate.issuerKey = all.m_rootKey.get();
    intermediate.pathLength = 0;
    all.m_intermediate = certificateFor(intermediate, all.m_intermediateKey.get());
    return all;
}

namespace {

std::string alternativeNames(std::vector<std::string> hosts)
{
    std::string names = "DNS:localhost,IP:127.0.0.1,IP:::1,DNS:ex1.contoso.lab,DNS:mail.contoso.lab,"
                        "DNS:autodiscover.contoso.lab";
    for (const std::string& host : hosts) {
        const bool address = host.find_first_not_of("0123456789.:") == std::string::npos;
        const std::string name = (address ? "IP:" : "DNS:") + host;
        if (!host.empty() && host != "0.0.0.0"
            && ("," + names + ",").find("," + name + ",") == std::string::npos)
            names += "," + name;
    }
    return names;
}

} // namespace

Identity Certificates::server(Flaw flaw) const
{
    Identity identity;
    identity.key = newKey();
    std::vector<std::string> hosts{m_host};
    hosts.insert(hosts.end(), m_otherNames.begin(), m_otherNames.end());
    Wanted wanted;
    wanted.commonName = m_host;
    wanted.alternativeNames = alternativeNames(hosts);
    wanted.issuer = m_intermediate.get();
    wanted.issuerKey = m_intermediateKey.get();
    KeyPtr foreignKey;
    CertificatePtr foreign;
    switch (flaw) {
    case Flaw::None:
        break;
    case Flaw::Expired:
        wanted.notBefore = -40 * day;
        wanted.notAfter = -2 * day;
        break;
    case Flaw::WrongHost:
        wanted.commonName = "other.example";
        wanted.alternativeNames = "DNS:other.example";
        break;
    case Flaw::SelfSigned:
        wanted.issuer = nullptr;
        wanted.issuerKey = nullptr;
        break;
    case Flaw::Untrusted: {
        foreignKey = newKey();
        Wanted root;
        root.commonName = "Somebody Else's Authority";
        foreign = certificateFor(root, foreignKey.get());
        wanted.issuer = foreign.get();
        wanted.issuerKey = foreignKey.get();
        break;
    }
    }
    identity.certificate = certificateFor(wanted, identity.key.get());
    if (flaw != Flaw::SelfSigned && flaw != Flaw::Untrusted)
        identity.chain.push_back(m_intermediate.get());
    return identity;
}

} // namespace postern::lab
