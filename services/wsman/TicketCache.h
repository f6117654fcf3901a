// Kerberos tickets of one user, fetched with a password into a cache in memory that ends with this object.
// Blocking: it talks to the KDC. One request to the KDC a call, so that a wrong password counts once against
// the account. One thread at a time. MIT Kerberos.
#pragma once

#include <QString>
#include <memory>

namespace postern::wsman {

class TicketCache
{
public:
    TicketCache();
    ~TicketCache();
    TicketCache(const TicketCache&) = delete;
    TicketCache& operator=(const TicketCache&) = delete;

    // Of this computer; empty when none is configured.
    [[nodiscard]] static QString defaultRealm();

    struct Outcome
    {
        int code = 0; // krb5_error_code; 0: the tickets are in the cache
        QString text; // the library's words
    };
    // `enterprise`: the name is a UPN that the domain looks up (RFC 6806 section 5).
    [[nodiscard]] Outcome fetch(const QString& principal, bool enterprise, const QString& password);
    // "MEMORY:…", for GSSAPI.
    [[nodiscard]] QByteArray name() const;
    // Of the ticket-granting ticket; 0 when there is none.
    [[nodiscard]] qint64 secondsLeft() const;

private:
    struct Handles;
    std::unique_ptr<Handles> m_handles;
};

} // namespace postern::wsman
