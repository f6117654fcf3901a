// A GraphTenant of the lab, signed in as one of its apps by secret. Test's thread.
#pragma once

#include <QJsonArray>

#include "services/graph/GraphTenant.h"
#include "services/identity/ApplicationTokenSource.h"
#include "tests/services/identity/WatchedStore.h"
#include "tests/support/LabFixture.h"
#include "tests/support/RunTask.h"

namespace postern::test {

// An app of the lab, signed in by its secret.
struct LabTenant
{
    LabTenant(const LabFixture& lab, const QString& role)
    {
        using namespace Qt::StringLiterals;
        const QJsonObject cloud = lab.about().value("cloud"_L1).toObject();
        identity::Tenant to;
        to.cloud.authority = QUrl(cloud.value("authority"_L1).toString());
        to.id = cloud.value("tenant"_L1).toString();
        to.authorities = lab.authorities();
        for (const auto& value : cloud.value("applications"_L1).toArray()) {
            const QJsonObject application = value.toObject();
            if (application.value("role"_L1).toString() != role)
                continue;
            to.clientId = application.value("clientId"_L1).toString();
            store.secrets.insert(u"key"_s, application.value("clientSecret"_L1).toString());
        }
        signIn = std::make_unique<identity::TokenClient>(to);
        tokens = std::make_unique<identity::ApplicationTokenSource>(
            signIn.get(), &store, u"key"_s, identity::AppCredential::Secret);
        const auto endpoint
            = graph::endpointOf(QUrl(cloud.value("graphUrl"_L1).toString()), to.tls(), u"the lab"_s);
        tenant = std::make_unique<graph::GraphTenant>(*endpoint, *tokens);
    }
    ~LabTenant()
    {
        auto closed = runTask(tenant->close());
        closed.wait();
        auto stopped = runTask(tokens->stop());
        stopped.wait();
    }

    WatchedStore store;
    std::unique_ptr<identity::TokenClient> signIn;
    std::unique_ptr<identity::ApplicationTokenSource> tokens;
    std::unique_ptr<graph::GraphTenant> tenant;
};

} // namespace postern::test
