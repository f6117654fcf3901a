// Accepts Kerberos through GSSAPI with a keytab: SPNEGO and raw krb5 tokens. Any thread (calls are
// serialised: the keytab is chosen through the library's environment at construction).
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "models/base/Error.h"

namespace postern::lab {

class KerberosAcceptor
{
public:
    // `service` as `HTTP@host`; empty: any key of the keytab.
    [[nodiscard]] static Expected<std::shared_ptr<KerberosAcceptor>> open(
        const std::string& keytab, const std::string& service);
    ~KerberosAcceptor();
    KerberosAcceptor(const KerberosAcceptor&) = delete;
    KerberosAcceptor& operator=(const KerberosAcceptor&) = delete;

    struct Step
    {
        std::string name; // user@REALM when the client is proved
        std::string token; // for the answer
        bool continues = false;
        std::string error;
    };
    // `context` belongs to the connection and is made and cleared here.
    [[nodiscard]] Step accept(std::shared_ptr<void>& context, std::string_view token);

private:
    KerberosAcceptor() = default;
    std::mutex m_mutex;
    void* m_credential = nullptr;
};

} // namespace postern::lab
