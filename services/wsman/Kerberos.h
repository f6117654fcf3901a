// Kerberos tickets for HTTP through GSSAPI: the client's half of SPNEGO. Blocking (it talks to the KDC): call
// it on the pool. One Kerberos object may be used from several threads, which take turns. Credentials live in
// memory caches only. RFC 4178, RFC 4559. A failure says why in words, and whether the fault is one of the
// user's account.
#pragma once

#include <QByteArray>
#include <QString>
#include <memory>
#include <mutex>

#include "models/base/Error.h"

namespace postern::wsman {

enum class KerberosFault {
    None,
    NoKdc, // no KDC can be found or reached for the realm
    UnknownService, // the KDC knows no HTTP/host
    UnknownUser, // or a realm that is not ours
    WrongPassword,
    AccountUnusable, // locked, expired, disabled, password must be changed
    ClockSkew,
    NoCredentials, // no user was given and the process has no ticket
    Other,
};
// Faults after which another try with the same password does harm.
[[nodiscard]] bool isAccountFault(KerberosFault fault);

// The state of one request: begun by start(), ended by finish() with what the server sent.
class KerberosContext
{
public:
    KerberosContext();
    ~KerberosContext();
    KerberosContext(const KerberosContext&) = delete;
    KerberosContext& operator=(const KerberosContext&) = delete;

    // Checks the server's token: AuthenticationFailed when it is not the server it should be.
    [[nodiscard]] Expected<void> finish(const QByteArray& serverToken);

private:
    friend class Kerberos;
    struct Handles;
    std::unique_ptr<Handles> m_handles;
};

class Kerberos
{
public:
    // user: "name", "name@REALM" or "DOMAIN\name"; empty for the process' own credentials.
    Kerberos(QString host, QString user, QString password);
    ~Kerberos();
    Kerberos(const Kerberos&) = delete;
    Kerberos& operator=(const Kerberos&) = delete;

    struct Outcome
    {
        std::shared_ptr<KerberosContext> context; // set when it worked
        QByteArray token;
        KerberosFault fault = KerberosFault::None;
        QString reason; // in words, with GSSAPI's own
    };
    // spnego: false makes a bare Kerberos token, for servers that offer "Kerberos" only.
    [[nodiscard]] Outcome start(const QByteArray& channelBinding, bool spnego);
    // Forgets the tickets, so that the next start() fetches new ones.
    void forget();

private:
    struct Credentials;
    [[nodiscard]] Outcome acquire();
    [[nodiscard]] Outcome acquireAs(const QString& principal, bool enterprise);
    [[nodiscard]] Outcome begin(KerberosContext& context, const QByteArray& channelBinding);

    QString m_host, m_user, m_password;
    std::mutex m_mutex;
    std::shared_ptr<Credentials> m_credentials;
};

// The principals to try, in order, for a user as a person types it; the second part says: as an enterprise
// name. Empty when the realm of a NetBIOS domain cannot be told: a password must not go to a KDC on a guess.
[[nodiscard]] std::vector<std::pair<QString, bool>> principalsFor(
    const QString& user, const QString& host, const QString& defaultRealm);

} // namespace postern::wsman
