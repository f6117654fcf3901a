// Who sends this request: Basic, NTLM and Negotiate over TLS. What is offered depends on the path. Any
// thread.
#pragma once

#include <memory>

#include "app/lab/http/Request.h"

namespace postern::lab {

class KerberosAcceptor;

struct Admission
{
    std::optional<Principal> principal;
    WebAnswer refusal; // 401 with challenges, when there is no principal
    std::vector<std::pair<std::string, std::string>> headers; // of the answer, e.g. the mutual token
};

class Gate
{
public:
    Gate(const Accounts& accounts, std::shared_ptr<KerberosAcceptor> kerberos)
        : m_accounts(accounts)
        , m_kerberos(std::move(kerberos))
    {
    }
    // `windows`: also Negotiate and NTLM, not only Basic.
    [[nodiscard]] Admission check(WebRequest& request, bool windows) const;

private:
    Admission basic(const std::string& credentials, bool windows) const;
    Admission negotiate(WebRequest& request, const std::string& scheme, const std::string& token) const;
    Admission ntlm(
        WebRequest& request, const std::string& scheme, const std::string& token, bool wrapped) const;
    Admission refused(bool windows) const;

    const Accounts& m_accounts;
    std::shared_ptr<KerberosAcceptor> m_kerberos;
};

} // namespace postern::lab
