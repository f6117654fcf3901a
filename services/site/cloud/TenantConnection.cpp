#include "services/site/cloud/TenantConnection.h"

#include <QFile>
#include <QSslCertificate>

#include "services/graph/GraphTenant.h"
#include "services/identity/ApplicationTokenSource.h"
#include "services/identity/DelegatedTokenSource.h"

using namespace Qt::StringLiterals;

namespace postern::site {

namespace {

Expected<QList<QSslCertificate>> authoritiesIn(const QString& caFile)
{
    if (caFile.isEmpty())
        return QList<QSslCertificate>();
    QFile file(caFile);
    if (!file.open(QIODevice::ReadOnly))
        return fail(ErrorCode::InvalidInput, file.errorString(), u"the CA file %1"_s.arg(caFile));
    const QList<QSslCertificate> found = QSslCertificate::fromDevice(&file, QSsl::Pem);
    if (found.isEmpty())
        return fail(
            ErrorCode::InvalidInput, u"there is no PEM certificate in it"_s, u"the CA file %1"_s.arg(caFile));
    return found;
}

// An address typed by a person; empty keeps the cloud's own.
Expected<QUrl> replaced(const QUrl& own, const QString& typed, const QString& what)
{
    if (typed.isEmpty())
        return own;
    const QUrl url(typed, QUrl::StrictMode);
    if (!url.isValid() || url.scheme() != "https"_L1 || url.host().isEmpty() || !url.userInfo().isEmpty())
        return fail(ErrorCode::InvalidAddress, u"enter it as https://host"_s, what + u' ' + typed);
    return url;
}

std::unique_ptr<identity::RenewingTokenSource> tokensOf(
    const Tenant& tenant, identity::TokenClient& client, identity::SecretStore& secrets)
{
    const QString key = tenant.secretKey();
    if (isInteractive(tenant.signIn))
        return std::make_unique<identity::DelegatedTokenSource>(&client, &secrets, key);
    return std::make_unique<identity::ApplicationTokenSource>(&client, &secrets, key,
        tenant.signIn == TenantSignIn::Certificate ? identity::AppCredential::Certificate
                                                   : identity::AppCredential::Secret);
}

} // namespace

Expected<identity::Tenant> identityOf(const Tenant& tenant)
{
    identity::Tenant result;
    const auto cloud = enumFromText<identity::CloudId>(enumText(tenant.cloud));
    result.cloud = identity::cloudOf(cloud.value_or(identity::CloudId::Global));
    const auto authority = replaced(result.cloud.authority, tenant.authority, u"the sign-in address"_s);
    if (!authority)
        return fail(authority.error());
    const auto graph = replaced(result.cloud.graph, tenant.graphUrl, u"Graph's address"_s);
    if (!graph)
        return fail(graph.error());
    const auto authorities = authoritiesIn(tenant.caFile);
    if (!authorities)
        return fail(authorities.error());
    result.cloud.authority = *authority;
    result.cloud.graph = *graph;
    result.id = tenant.tenantId;
    result.clientId = tenant.clientId;
    result.authorities = *authorities;
    if (auto valid = result.validate(); !valid)
        return fail(valid.error());
    if (!isInteractive(tenant.signIn) && !result.isOne())
        return fail(ErrorCode::InvalidInput, u"an app signs in to one tenant: enter its id or domain"_s,
            u"the tenant"_s);
    return result;
}

Expected<std::unique_ptr<TenantConnection>> TenantConnection::make(
    const Tenant& tenant, identity::SecretStore& secrets, const core::Clock& clock)
{
    const Expected<identity::Tenant> settings = identityOf(tenant);
    if (!settings)
        return fail(settings.error());
    auto endpoint = graph::endpointOf(settings->cloud.graph, settings->tls(), tenant.name);
    if (!endpoint)
        return fail(endpoint.error());
    std::unique_ptr<TenantConnection> connection(new TenantConnection);
    connection->m_client = std::make_unique<identity::TokenClient>(*settings, nullptr, &clock);
    connection->m_tokens = tokensOf(tenant, *connection->m_client, secrets);
    graph::GraphClientOptions options;
    options.clock = &clock;
    connection->m_cloud
        = std::make_unique<graph::GraphTenant>(*endpoint, *connection->m_tokens, std::move(options));
    return connection;
}

TenantConnection::~TenantConnection() = default;

QCoro::Task<void> TenantConnection::close()
{
    co_await m_cloud->close();
    co_await m_tokens->stop(); // a refresh token under way is written down first
}

} // namespace postern::site
