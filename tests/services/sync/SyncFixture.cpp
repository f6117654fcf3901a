#include "tests/services/sync/SyncFixture.h"

#include <QCoroTask>
#include <QDir>
#include <QFileInfo>
#include <QLoggingCategory>

#include "services/store/ConnectorRepository.h"
#include "services/store/DeviceReader.h"
#include "services/store/StatusMessageRepository.h"
#include "services/store/SyncRunRepository.h"

namespace postern::sync::test {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

template <class T> T now(QFuture<Expected<T>> future)
{
    future.waitForFinished();
    Expected<T> result = future.result();
    if (!result)
        qFatal("%s", qPrintable(result.error().toLogText()));
    return *result;
}

QString textOf(const frame::DeviceRow& row)
{
    QStringList cells;
    for (int i = 0; i < frame::deviceColumnCount; ++i)
        cells << QString::fromUtf8(row.text[size_t(i)].data(), qsizetype(row.text[size_t(i)].size()))
              << QString::number(row.number[size_t(i)]);
    return cells.join(u'|');
}

} // namespace

QString SyncFixture::folderTemplate()
{
    const QFileInfo memory(u"/dev/shm"_s);
    return (memory.isWritable() ? memory.filePath() : QDir::tempPath()) + u"/postern-XXXXXX"_s;
}

SyncFixture::SyncFixture(int inactiveDays, std::function<bool()> storeFault)
{
    QLoggingCategory::setFilterRules(u"postern.store.info=false\npostern.sync.warning=false"_s);
    store::OpenOptions options;
    options.create = true;
    options.faultHook = std::move(storeFault);
    auto opened = store::Store::open(*store::SiteAddress::parse(folder.filePath(u"site.db"_s)), options);
    if (!opened)
        qFatal("%s", qPrintable(opened.error().toLogText()));
    site = std::move(*opened);
    now(site->initialise(u"PS1"_s, clock.now()));
    Connector fresh;
    fresh.name = u"Head office"_s;
    fresh.serverAddress = u"https://fake/PowerShell/"_s;
    fresh.siteCode = u"PS1"_s;
    fresh.parallelSessions = 2;
    fresh.maxInactiveDays = inactiveDays;
    connector = now(site->write(
        [fresh](store::Session& session) { return store::ConnectorRepository(session).insert(fresh); }));
    tracelog::TraceLogOptions log;
    log.path = folder.filePath(u"EasDisc.log"_s);
    trace = std::make_unique<tracelog::TraceLogWriter>(log, clock);
}

SyncOptions SyncFixture::quick()
{
    SyncOptions options;
    options.backOff = {0ms, 0ms};
    options.machine = u"test"_s;
    return options;
}

SyncOutcome SyncFixture::run(FakeOrganization& organization, SyncOptions options, bool stopBefore)
{
    stop = std::stop_source();
    if (stopBefore)
        stop.request_stop();
    organization.calls = 0;
    return runOn(organization, std::move(options));
}

SyncOutcome SyncFixture::runOn(exchange::ExchangeOrganization& organization, SyncOptions options)
{
    progress.clear();
    FullSync sync(stored(), {organization, *site, *trace, clock}, std::move(options));
    // An event loop of its own: QTest's waiting sleeps 10 ms between two events, and a run has hundreds.
    return QCoro::waitFor(
        sync.run([this](const SyncProgress& step) { progress.push_back(step); }, stop.get_token()));
}

QStringList SyncFixture::devices()
{
    const auto read = [](store::Session& session) -> Expected<QStringList> {
        QStringList rows;
        auto done
            = store::readDevices(session, 0, [&rows](const frame::DeviceRow& row) { rows << textOf(row); });
        if (!done)
            return tl::unexpected(done.error());
        rows.sort();
        return rows;
    };
    return now(site->read(read));
}

QStringList SyncFixture::names()
{
    const auto read = [](store::Session& session) -> Expected<QStringList> {
        QStringList rows;
        auto done = store::readDevices(session, 0, [&rows](const frame::DeviceRow& row) {
            const auto cell = [&row](frame::DeviceColumn column) {
                const auto view = row.text[size_t(column)];
                return QString::fromUtf8(view.data(), qsizetype(view.size()));
            };
            rows << cell(frame::DeviceColumn::UserName) + u'/' + cell(frame::DeviceColumn::EasDeviceId);
        });
        if (!done)
            return tl::unexpected(done.error());
        rows.sort();
        return rows;
    };
    return now(site->read(read));
}

Connector SyncFixture::stored()
{
    const ConnectorId id = connector.id;
    return now(site->read([id](store::Session& session) -> Expected<Connector> {
        auto found = store::ConnectorRepository(session).find(id);
        if (!found)
            return tl::unexpected(found.error());
        return **found;
    }));
}

std::vector<int> SyncFixture::statusIds()
{
    auto messages = now(
        site->read([](store::Session& session) { return store::StatusMessageRepository(session).list({}); }));
    std::vector<int> ids;
    for (auto message = messages.rbegin(); message != messages.rend(); ++message)
        ids.push_back(message->messageId);
    return ids;
}

bool SyncFixture::hasUnfinishedRun()
{
    const ConnectorId id = connector.id;
    return now(site->read([id](store::Session& session) {
        return store::SyncRunRepository(session).unfinished(id);
    })).has_value();
}

QString SyncFixture::log() const
{
    QFile file(trace->path());
    return file.open(QIODevice::ReadOnly) ? QString::fromUtf8(file.readAll()) : QString();
}

} // namespace postern::sync::test
