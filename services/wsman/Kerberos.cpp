#include "services/wsman/Kerberos.h"

#include <gssapi/gssapi.h>
#include <gssapi/gssapi_ext.h>
#include <gssapi/gssapi_krb5.h>
#include <krb5/krb5.h>

#include "services/wsman/TicketCache.h"

namespace postern::wsman {

using namespace Qt::StringLiterals;

namespace {

gss_OID_desc kSpnego = {6, const_cast<char*>("\x2b\x06\x01\x05\x05\x02")};
gss_OID_desc kKrb5 = {9, const_cast<char*>("\x2a\x86\x48\x86\xf7\x12\x01\x02\x02")};

gss_buffer_desc bufferOf(const QByteArray& bytes)
{
    return gss_buffer_desc{size_t(bytes.size()), const_cast<char*>(bytes.constData())};
}

QString statusText(OM_uint32 status, int kind)
{
    QStringList parts;
    OM_uint32 more = 0;
    do {
        OM_uint32 minor = 0;
        gss_buffer_desc text = GSS_C_EMPTY_BUFFER;
        if (GSS_ERROR(gss_display_status(&minor, status, kind, &kKrb5, &more, &text)))
            break;
        parts.append(
            QString::fromUtf8(static_cast<const char*>(text.value), qsizetype(text.length)).trimmed());
        gss_release_buffer(&minor, &text);
    } while (more != 0);
    return parts.join(u"; "_s);
}

KerberosFault faultOf(int code)
{
    switch (code) {
    case KRB5_KDC_UNREACH:
    case KRB5_REALM_CANT_RESOLVE:
    case KRB5_REALM_UNKNOWN:
    case KRB5_CONFIG_NODEFREALM:
    case KRB5_CONFIG_CANTOPEN:
        return KerberosFault::NoKdc;
    case KRB5KDC_ERR_S_PRINCIPAL_UNKNOWN:
        return KerberosFault::UnknownService;
    case KRB5KDC_ERR_C_PRINCIPAL_UNKNOWN:
    case KRB5KDC_ERR_WRONG_REALM:
        return KerberosFault::UnknownUser;
    case KRB5KDC_ERR_PREAUTH_FAILED:
    case KRB5KRB_AP_ERR_BAD_INTEGRITY:
    case KRB5_PREAUTH_FAILED:
        return KerberosFault::WrongPassword;
    case KRB5KDC_ERR_CLIENT_REVOKED:
    case KRB5KDC_ERR_KEY_EXP:
    case KRB5KDC_ERR_NAME_EXP:
    case KRB5KDC_ERR_POLICY:
        return KerberosFault::AccountUnusable;
    case KRB5KRB_AP_ERR_SKEW:
    case KRB5_KDCREP_SKEW:
        return KerberosFault::ClockSkew;
    case KRB5_FCC_NOFILE:
    case KRB5_CC_NOTFOUND:
    case KRB5KRB_AP_ERR_TKT_EXPIRED:
        return KerberosFault::NoCredentials;
    default:
        return KerberosFault::Other;
    }
}

QString faultWords(KerberosFault fault, const QString& host)
{
    switch (fault) {
    case KerberosFault::NoKdc:
        return u"no domain controller (KDC) could be reached"_s;
    case KerberosFault::UnknownService:
        return u"the domain knows no service HTTP/%1 (the SPN is missing, or the address is not the server's own name)"_s
            .arg(host);
    case KerberosFault::UnknownUser:
        return u"the domain does not know this user name"_s;
    case KerberosFault::WrongPassword:
        return u"the password is wrong"_s;
    case KerberosFault::AccountUnusable:
        return u"the account is locked, disabled or expired, or its password must be changed"_s;
    case KerberosFault::ClockSkew:
        return u"this computer's clock differs too much from the domain's"_s;
    case KerberosFault::NoCredentials:
        return u"there is no Kerberos ticket"_s;
    default:
        return u"Kerberos failed"_s;
    }
}

Kerberos::Outcome failed(KerberosFault fault, const QString& libraryText, const QString& host)
{
    Kerberos::Outcome outcome;
    outcome.fault = fault;
    outcome.reason = u"%1 (%2)"_s.arg(faultWords(fault, host), libraryText);
    return outcome;
}

Kerberos::Outcome failed(OM_uint32 major, OM_uint32 minor, const QString& host)
{
    KerberosFault fault = faultOf(int(minor));
    if (fault == KerberosFault::Other && GSS_ROUTINE_ERROR(major) == GSS_S_NO_CRED)
        fault = KerberosFault::NoCredentials;
    return failed(
        fault, minor != 0 ? statusText(minor, GSS_C_MECH_CODE) : statusText(major, GSS_C_GSS_CODE), host);
}

class Name
{
public:
    OM_uint32 import(OM_uint32* minor, const QByteArray& text, gss_OID type)
    {
        gss_buffer_desc buffer = bufferOf(text);
        return gss_import_name(minor, &buffer, type, &m_name);
    }
    ~Name()
    {
        OM_uint32 minor = 0;
        gss_release_name(&minor, &m_name);
    }
    [[nodiscard]] gss_name_t get() const { return m_name; }
    [[nodiscard]] gss_name_t take() { return std::exchange(m_name, GSS_C_NO_NAME); }

private:
    gss_name_t m_name = GSS_C_NO_NAME;
};

} // namespace

bool isAccountFault(KerberosFault fault)
{
    return fault == KerberosFault::WrongPassword || fault == KerberosFault::AccountUnusable;
}

struct KerberosContext::Handles
{
    gss_ctx_id_t context = GSS_C_NO_CONTEXT;
    gss_name_t target = GSS_C_NO_NAME;
    bool complete = false;
    bool spnego = true;
    QString host;
    std::shared_ptr<void> credentials; // keeps `credential`
    gss_cred_id_t credential = GSS_C_NO_CREDENTIAL;
};

KerberosContext::KerberosContext()
    : m_handles(std::make_unique<Handles>())
{
}

KerberosContext::~KerberosContext()
{
    OM_uint32 minor = 0;
    gss_delete_sec_context(&minor, &m_handles->context, GSS_C_NO_BUFFER);
    gss_release_name(&minor, &m_handles->target);
}

Expected<void> KerberosContext::finish(const QByteArray& serverToken)
{
    if (m_handles->complete)
        return {};
    gss_buffer_desc input = bufferOf(serverToken);
    gss_buffer_desc output = GSS_C_EMPTY_BUFFER;
    OM_uint32 minor = 0;
    const OM_uint32 major = gss_init_sec_context(&minor, m_handles->credential, &m_handles->context,
        m_handles->target, m_handles->spnego ? &kSpnego : &kKrb5, GSS_C_MUTUAL_FLAG, 0,
        GSS_C_NO_CHANNEL_BINDINGS, &input, nullptr, &output, nullptr, nullptr);
    OM_uint32 ignored = 0;
    gss_release_buffer(&ignored, &output);
    if (GSS_ERROR(major))
        return fail(ErrorCode::AuthenticationFailed,
            u"the server could not prove that it is %1 (%2)"_s.arg(
                m_handles->host, failed(major, minor, m_handles->host).reason));
    m_handles->complete = major == GSS_S_COMPLETE;
    return {};
}

// Shared with the contexts that were begun with it, which look at it in each step.
struct Kerberos::Credentials
{
    TicketCache tickets;
    gss_cred_id_t handle = GSS_C_NO_CREDENTIAL; // stays that for the process' own

    ~Credentials()
    {
        OM_uint32 minor = 0;
        gss_release_cred(&minor, &handle);
    }
};

Kerberos::Kerberos(QString host, QString user, QString password)
    : m_host(std::move(host))
    , m_user(std::move(user))
    , m_password(std::move(password))
{
}

Kerberos::~Kerberos()
{
    m_password.fill(QChar(0));
}

void Kerberos::forget()
{
    const std::lock_guard lock(m_mutex);
    m_credentials.reset();
}

// Fetches tickets as this principal and makes them known to GSSAPI.
Kerberos::Outcome Kerberos::acquireAs(const QString& principal, bool enterprise)
{
    auto credentials = std::make_shared<Credentials>();
    const TicketCache::Outcome fetched = credentials->tickets.fetch(principal, enterprise, m_password);
    if (fetched.code != 0)
        return failed(faultOf(fetched.code), fetched.text, m_host);
    gss_key_value_element_desc place{"ccache", nullptr};
    const QByteArray name = credentials->tickets.name();
    place.value = name.constData();
    const gss_key_value_set_desc store{1, &place};
    gss_OID_desc wanted[2] = {kKrb5, kSpnego};
    gss_OID_set_desc mechanisms = {2, wanted};
    OM_uint32 minor = 0;
    const OM_uint32 major = gss_acquire_cred_from(&minor, GSS_C_NO_NAME, GSS_C_INDEFINITE, &mechanisms,
        GSS_C_INITIATE, &store, &credentials->handle, nullptr, nullptr);
    if (GSS_ERROR(major))
        return failed(major, minor, m_host);
    m_credentials = std::move(credentials);
    return {};
}

Kerberos::Outcome Kerberos::acquire()
{
    constexpr qint64 kFresh = 300; // seconds that tickets must still last
    if (m_credentials && (m_user.isEmpty() || m_credentials->tickets.secondsLeft() > kFresh))
        return {};
    m_credentials.reset();
    if (m_user.isEmpty()) {
        m_credentials = std::make_shared<Credentials>(); // the mechanism finds the process' own cache
        return {};
    }
    Outcome worst;
    worst.fault = KerberosFault::UnknownUser;
    worst.reason = u"the Kerberos realm of \"%1\" is not known; enter the user as name@REALM"_s.arg(m_user);
    bool first = true;
    for (const auto& [principal, enterprise] : principalsFor(m_user, m_host, TicketCache::defaultRealm())) {
        const Outcome outcome = acquireAs(principal, enterprise);
        if (outcome.fault == KerberosFault::None || isAccountFault(outcome.fault))
            return outcome;
        if (first || outcome.fault == KerberosFault::UnknownUser)
            worst = outcome;
        first = false;
    }
    return worst;
}

// The first token of a context. SPNEGO renumbers the errors of the mechanism below, so after a failure the
// mechanism is asked by itself: that says why, and costs at most a question for a ticket that the KDC has
// refused already.
Kerberos::Outcome Kerberos::begin(KerberosContext& context, const QByteArray& channelBinding)
{
    KerberosContext::Handles& handles = *context.m_handles;
    gss_channel_bindings_struct binding{};
    binding.application_data = bufferOf(channelBinding);
    gss_buffer_desc token = GSS_C_EMPTY_BUFFER;
    OM_uint32 minor = 0;
    const OM_uint32 major = gss_init_sec_context(&minor, handles.credential, &handles.context, handles.target,
        handles.spnego ? &kSpnego : &kKrb5, GSS_C_MUTUAL_FLAG, 0,
        channelBinding.isEmpty() ? GSS_C_NO_CHANNEL_BINDINGS : &binding, GSS_C_NO_BUFFER, nullptr, &token,
        nullptr, nullptr);
    Outcome outcome;
    if (!GSS_ERROR(major)) {
        outcome.token = QByteArray(static_cast<const char*>(token.value), qsizetype(token.length));
    } else if (handles.spnego) {
        OM_uint32 ignored = 0;
        gss_delete_sec_context(&ignored, &handles.context, GSS_C_NO_BUFFER);
        handles.spnego = false;
        outcome = begin(context, channelBinding);
        if (outcome.fault == KerberosFault::None)
            outcome = failed(major, minor, m_host); // SPNEGO alone refuses
    } else {
        outcome = failed(major, minor, m_host);
    }
    OM_uint32 ignored = 0;
    gss_release_buffer(&ignored, &token);
    return outcome;
}

Kerberos::Outcome Kerberos::start(const QByteArray& channelBinding, bool spnego)
{
    const std::lock_guard lock(m_mutex);
    if (Outcome outcome = acquire(); outcome.fault != KerberosFault::None)
        return outcome;
    auto context = std::make_shared<KerberosContext>();
    KerberosContext::Handles& handles = *context->m_handles;
    handles.spnego = spnego;
    handles.host = m_host;
    handles.credentials = m_credentials;
    handles.credential = m_credentials->handle;
    OM_uint32 minor = 0;
    Name target;
    const OM_uint32 major = target.import(&minor, "HTTP@" + m_host.toUtf8(), GSS_C_NT_HOSTBASED_SERVICE);
    if (GSS_ERROR(major))
        return failed(major, minor, m_host);
    handles.target = target.take();
    Outcome outcome = begin(*context, channelBinding);
    if (outcome.fault == KerberosFault::None)
        outcome.context = std::move(context);
    return outcome;
}

std::vector<std::pair<QString, bool>> principalsFor(
    const QString& user, const QString& host, const QString& defaultRealm)
{
    std::vector<std::pair<QString, bool>> principals;
    if (const qsizetype slash = user.indexOf(u'\\'); slash >= 0) {
        const QString domain = user.left(slash).toUpper();
        const QString name = user.mid(slash + 1);
        if (domain.contains(u'.'))
            return {{name + u'@' + domain, false}};
        // A NetBIOS name is usually the first part of the domain's own.
        QStringList realms{host.section(u'.', 1).toUpper()};
        if (realms.first() == defaultRealm)
            return {{name + u'@' + defaultRealm,
                false}}; // the server is of our own domain, whatever its short name
        realms.append(defaultRealm);
        for (const QString& realm : std::as_const(realms)) {
            if (realm.section(u'.', 0, 0) == domain)
                principals.emplace_back(name + u'@' + realm, false);
        }
        return principals;
    }
    if (const qsizetype at = user.lastIndexOf(u'@'); at >= 0) {
        // Usually the suffix is the realm; if not, our own domain may know it as an enterprise name (RFC 6806
        // section 5).
        principals.emplace_back(user.left(at + 1) + user.mid(at + 1).toUpper(), false);
        principals.emplace_back(user, true);
        return principals;
    }
    principals.emplace_back(user, false); // of the default realm
    return principals;
}

} // namespace postern::wsman
