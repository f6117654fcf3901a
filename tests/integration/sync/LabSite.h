// A site whose connector is a running lab's, and full and delta synchronisations of it over the real
// protocols.
#pragma once

#include "services/exchange/Connect.h"
#include "services/store/ConnectorRepository.h"
#include "services/sync/DeltaSync.h"
#include "tests/integration/sync/RunningLab.h"
#include "tests/services/sync/SyncFixture.h"

namespace postern::sync::test {

// A site whose connector is the lab's.
struct LabSite
{
    LabSite(const Connector& lab, const QString& thePassword)
        : password(thePassword)
    {
        const Connector made = configured(lab);
        auto future = site.site->write(
            [made](store::Session& session) { return store::ConnectorRepository(session).update(made); });
        future.waitForFinished();
        if (!future.result())
            qFatal("%s", qPrintable(future.result().error().toLogText()));
    }

    [[nodiscard]] Connector configured(const Connector& lab)
    {
        Connector made = lab;
        const Connector stored = site.stored();
        made.id = stored.id;
        made.revision = stored.revision;
        made.maxInactiveDays = 0;
        return made;
    }

    SyncOutcome sync(SyncOptions options = SyncFixture::quick())
    {
        auto organization
            = exchange::connect(site.stored(), password, {*site.trace, site.clock, QStringLiteral("PS1")});
        return site.runOn(*organization, std::move(options));
    }

    SyncOutcome delta(SyncOptions options = SyncFixture::quick())
    {
        auto organization
            = exchange::connect(site.stored(), password, {*site.trace, site.clock, QStringLiteral("PS1")});
        site.progress.clear();
        DeltaSync sync(
            site.stored(), {*organization, *site.site, *site.trace, site.clock}, std::move(options));
        return QCoro::waitFor(sync.run(
            [this](const SyncProgress& step) { site.progress.push_back(step); }, site.stop.get_token()));
    }

    SyncFixture site;
    QString password;
};

} // namespace postern::sync::test
