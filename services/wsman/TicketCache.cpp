#include "services/wsman/TicketCache.h"

#include <QUuid>
#include <krb5/krb5.h>

namespace postern::wsman {

struct TicketCache::Handles
{
    krb5_context context = nullptr;
    krb5_ccache cache = nullptr;
    QByteArray name;
    qint64 endTime = 0; // seconds since 1970

    ~Handles()
    {
        if (cache)
            krb5_cc_destroy(context, cache); // wipes it, unlike close
        if (context)
            krb5_free_context(context);
    }

    [[nodiscard]] Outcome outcome(krb5_error_code code) const
    {
        Outcome result;
        result.code = code;
        if (code != 0) {
            const char* text = krb5_get_error_message(context, code);
            result.text = QString::fromUtf8(text);
            krb5_free_error_message(context, text);
        }
        return result;
    }
};

namespace {

struct Principal
{
    krb5_context context;
    krb5_principal value = nullptr;
    ~Principal() { krb5_free_principal(context, value); }
};

struct Options
{
    krb5_context context;
    krb5_get_init_creds_opt* value = nullptr;
    ~Options() { krb5_get_init_creds_opt_free(context, value); }
};

struct Credentials
{
    krb5_context context;
    krb5_creds value{};
    ~Credentials() { krb5_free_cred_contents(context, &value); }
};

} // namespace

TicketCache::TicketCache()
    : m_handles(std::make_unique<Handles>())
{
}

TicketCache::~TicketCache() = default;

QByteArray TicketCache::name() const
{
    return m_handles->name;
}

qint64 TicketCache::secondsLeft() const
{
    return m_handles->endTime == 0 ? 0 : m_handles->endTime - QDateTime::currentSecsSinceEpoch();
}

QString TicketCache::defaultRealm()
{
    krb5_context context = nullptr;
    if (krb5_init_context(&context) != 0)
        return {};
    QString realm;
    char* text = nullptr;
    if (krb5_get_default_realm(context, &text) == 0)
        realm = QString::fromUtf8(text);
    krb5_free_default_realm(context, text);
    krb5_free_context(context);
    return realm;
}

TicketCache::Outcome TicketCache::fetch(const QString& principal, bool enterprise, const QString& password)
{
    Handles& handles = *m_handles;
    if (!handles.context) {
        if (const krb5_error_code code = krb5_init_context(&handles.context); code != 0)
            return {code, QStringLiteral("the Kerberos configuration cannot be read")};
    }
    krb5_context context = handles.context;
    Principal client{context};
    const int flags = enterprise ? KRB5_PRINCIPAL_PARSE_ENTERPRISE : 0;
    krb5_error_code code
        = krb5_parse_name_flags(context, principal.toUtf8().constData(), flags, &client.value);
    if (code != 0)
        return handles.outcome(code);
    Options options{context};
    if ((code = krb5_get_init_creds_opt_alloc(context, &options.value)) != 0)
        return handles.outcome(code);
    krb5_get_init_creds_opt_set_canonicalize(options.value, enterprise ? 1 : 0);
    krb5_get_init_creds_opt_set_forwardable(options.value, 0);
    krb5_get_init_creds_opt_set_change_password_prompt(options.value, 0);
    Credentials credentials{context};
    QByteArray secret = password.toUtf8();
    code = krb5_get_init_creds_password(context, &credentials.value, client.value, secret.constData(),
        nullptr, nullptr, 0, nullptr, options.value);
    secret.fill('\0');
    if (code != 0)
        return handles.outcome(code);
    if (!handles.cache) {
        handles.name = "MEMORY:postern-" + QUuid::createUuid().toByteArray(QUuid::WithoutBraces);
        if ((code = krb5_cc_resolve(context, handles.name.constData(), &handles.cache)) != 0)
            return handles.outcome(code);
    }
    if ((code = krb5_cc_initialize(context, handles.cache, credentials.value.client)) != 0)
        return handles.outcome(code);
    if ((code = krb5_cc_store_cred(context, handles.cache, &credentials.value)) != 0)
        return handles.outcome(code);
    handles.endTime = qint64(quint32(credentials.value.times.endtime));
    return {};
}

} // namespace postern::wsman
