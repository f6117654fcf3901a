#include "app/lab/auth/Kerberos.h"

#include <QString>
#include <gssapi/gssapi.h>
#include <gssapi/gssapi_ext.h>

using namespace Qt::StringLiterals;

namespace postern::lab {

namespace {

std::string statusText(OM_uint32 major, OM_uint32 minor)
{
    std::string out;
    for (const auto& [code, type] : {std::pair{major, GSS_C_GSS_CODE}, std::pair{minor, GSS_C_MECH_CODE}}) {
        OM_uint32 ignored = 0, more = 0;
        gss_buffer_desc text = GSS_C_EMPTY_BUFFER;
        if (gss_display_status(&ignored, code, type, GSS_C_NO_OID, &more, &text) == GSS_S_COMPLETE) {
            out += (out.empty() ? "" : "; ") + std::string(static_cast<const char*>(text.value), text.length);
            gss_release_buffer(&ignored, &text);
        }
    }
    return out;
}

std::shared_ptr<void> newContext()
{
    return std::shared_ptr<void>(new gss_ctx_id_t(GSS_C_NO_CONTEXT), [](void* held) {
        auto* context = static_cast<gss_ctx_id_t*>(held);
        OM_uint32 minor = 0;
        if (*context != GSS_C_NO_CONTEXT)
            gss_delete_sec_context(&minor, context, GSS_C_NO_BUFFER);
        delete context;
    });
}

} // namespace

Expected<std::shared_ptr<KerberosAcceptor>> KerberosAcceptor::open(
    const std::string& keytab, const std::string& service)
{
    OM_uint32 minor = 0;
    gss_name_t name = GSS_C_NO_NAME;
    if (!service.empty()) {
        gss_buffer_desc text{service.size(), const_cast<char*>(service.data())};
        if (GSS_ERROR(gss_import_name(&minor, &text, GSS_C_NT_HOSTBASED_SERVICE, &name)))
            return fail(
                ErrorCode::InvalidInput, u"not a service name: %1"_s.arg(QString::fromStdString(service)));
    }
    std::string path = keytab.find(':') == std::string::npos ? "FILE:" + keytab : keytab;
    char key[] = "keytab";
    gss_key_value_element_desc element{key, path.c_str()};
    const gss_key_value_set_desc store{1, &element};
    gss_cred_id_t credential = GSS_C_NO_CREDENTIAL;
    const OM_uint32 major = gss_acquire_cred_from(&minor, name, GSS_C_INDEFINITE, GSS_C_NO_OID_SET,
        GSS_C_ACCEPT, &store, &credential, nullptr, nullptr);
    OM_uint32 ignored = 0;
    if (name != GSS_C_NO_NAME)
        gss_release_name(&ignored, &name);
    if (GSS_ERROR(major))
        return fail(ErrorCode::SecretMissing,
            u"the keytab %1 cannot be used: %2"_s.arg(
                QString::fromStdString(keytab), QString::fromStdString(statusText(major, minor))));
    std::shared_ptr<KerberosAcceptor> acceptor(new KerberosAcceptor);
    acceptor->m_credential = credential;
    return acceptor;
}

KerberosAcceptor::~KerberosAcceptor()
{
    OM_uint32 minor = 0;
    auto credential = static_cast<gss_cred_id_t>(m_credential);
    gss_release_cred(&minor, &credential);
}

KerberosAcceptor::Step KerberosAcceptor::accept(std::shared_ptr<void>& held, std::string_view token)
{
    const std::scoped_lock lock(m_mutex);
    if (!held)
        held = newContext();
    Step step;
    OM_uint32 minor = 0, ignored = 0;
    gss_buffer_desc input{token.size(), const_cast<char*>(token.data())};
    gss_buffer_desc output = GSS_C_EMPTY_BUFFER;
    gss_name_t client = GSS_C_NO_NAME;
    const OM_uint32 major = gss_accept_sec_context(&minor, static_cast<gss_ctx_id_t*>(held.get()),
        static_cast<gss_cred_id_t>(m_credential), &input, GSS_C_NO_CHANNEL_BINDINGS, &client, nullptr,
        &output, nullptr, nullptr, nullptr);
    step.token.assign(static_cast<const char*>(output.value), output.length);
    gss_release_buffer(&ignored, &output);
    if (GSS_ERROR(major)) {
        step.error = statusText(major, minor);
    } else if (major & GSS_S_CONTINUE_NEEDED) {
        step.continues = true;
    } else {
        gss_buffer_desc name = GSS_C_EMPTY_BUFFER;
        if (!GSS_ERROR(gss_display_name(&minor, client, &name, nullptr)))
            step.name.assign(static_cast<const char*>(name.value), name.length);
        gss_release_buffer(&ignored, &name);
    }
    if (client != GSS_C_NO_NAME)
        gss_release_name(&ignored, &client);
    if (!step.continues)
        held.reset();
    return step;
}

} // namespace postern::lab
