// A site with one connector and the means to run full synchronisations on it and to look at what they left.
#pragma once

#include <QTemporaryDir>

#include "services/store/Store.h"
#include "services/sync/FullSync.h"
#include "tests/services/sync/FakeOrganization.h"

namespace postern::sync::test {

class MovableClock final : public core::Clock
{
public:
    [[nodiscard]] QDateTime now() const override { return time; }
    QDateTime time = QDateTime(QDate(2026, 3, 2), QTime(6, 0), Qt::UTC);
};

class SyncFixture
{
public:
    explicit SyncFixture(int inactiveDays = 0, std::function<bool()> storeFault = {});

    // Runs to its end. `stopBefore`: cancelled before it begins.
    SyncOutcome runOn(exchange::ExchangeOrganization& organization, SyncOptions options = quick());
    SyncOutcome run(FakeOrganization& organization, SyncOptions options = quick(), bool stopBefore = false);
    // Back-off that does not wait.
    [[nodiscard]] static SyncOptions quick();

    // Every device that is not gone, all its columns, sorted: what two runs are compared by.
    [[nodiscard]] QStringList devices();
    [[nodiscard]] QStringList names(); // "User 1/APPL1N0", sorted
    [[nodiscard]] Connector stored();
    [[nodiscard]] std::vector<int> statusIds(); // oldest first
    [[nodiscard]] bool hasUnfinishedRun();
    [[nodiscard]] QString log() const;

    // In memory where there is such a place: a test opens hundreds of sites, and a disk would be waited for.
    [[nodiscard]] static QString folderTemplate();

    QTemporaryDir folder{folderTemplate()};
    MovableClock clock;
    std::unique_ptr<store::Store> site;
    std::unique_ptr<tracelog::TraceLogWriter> trace;
    Connector connector;
    std::stop_source stop;
    std::vector<SyncProgress> progress;
};

} // namespace postern::sync::test
