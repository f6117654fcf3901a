// What is due by itself: the decisions as tables, and the service on a clock that the test moves.
#include <QCoroTask>
#include <QTest>

#include "services/site/SiteService.h"
#include "services/store/ConnectorRepository.h"
#include "services/store/JobRepository.h"
#include "services/store/RequestRepository.h"
#include "services/store/StatusMessageRepository.h"
#include "tests/services/sync/SyncFixture.h"

using namespace postern;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using namespace postern::sync::test;
using site::ScheduleInput;

Q_DECLARE_METATYPE(postern::site::ScheduleInput)

namespace {

constexpr int patience = 5'000;
constexpr auto full = RequestKind::SynchronizeFull;
constexpr auto delta = RequestKind::SynchronizeDelta;

template <class T> T get(QFuture<Expected<T>> future)
{
    const Expected<T> result = future.result();
    if (!result)
        qFatal("%s", qPrintable(result.error().toLogText()));
    if constexpr (!std::is_void_v<T>)
        return *result;
}

const QDateTime noon(QDate(2026, 3, 2), QTime(12, 0), Qt::UTC);

// Synchronised at noon with success, every day at midnight UTC, deltas every four hours.
ScheduleInput healthy()
{
    ScheduleInput input;
    input.connector.id = {1};
    input.connector.fullSchedule = u"1d@00:00"_s;
    input.connector.state = ConnectorState::Connected;
    input.connector.watermark = input.connector.lastFullStart = noon;
    input.full.lastStart = input.full.lastSuccess = noon;
    input.full.lastEnd = noon.addSecs(600);
    return input;
}

} // namespace

class TestScheduler : public QObject
{
    Q_OBJECT
private:
    std::unique_ptr<SyncFixture> m_fixture;
    identity::MemorySecretStore m_secrets;
    std::function<void(FakeOrganization&)> m_prepare;

    std::unique_ptr<site::SiteService> makeService();
    static void stop(site::SiteService& service) { QCoro::waitFor(service.stop()); }
    void configure(const QString& schedule, int deltaMinutes, bool enabled = true);
    Request submit(RequestKind kind);
    Request stored(RequestId id);
    std::vector<Job> jobs();
    int succeeded(RequestKind kind);
    int ended(RequestKind kind);
    int messagesWith(int id);
    void settle(site::SiteService& service);
    void move(site::SiteService& service, std::chrono::seconds by);
    void slowly(std::chrono::milliseconds page);

private slots:
    void init();
    void cleanup() { m_fixture.reset(); }
    void decides_data();
    void decides();
    void ladder_data();
    void ladder();
    void runsWhenDue();
    void oneCatchUpOnly();
    void backsOffAndSaysWhen();
    void disabledAndWithoutSchedule();
    void deltaOff();
    void fullWaitsForDelta();
    void deltaIsSkippedDuringFull();
    void shrinkGuardIsNotRetried();
    void anotherServicesConnectorIsLeftAlone();
    void withoutSchedulesNothingStarts();
};

void TestScheduler::init()
{
    m_prepare = nullptr;
    m_fixture = std::make_unique<SyncFixture>();
}

std::unique_ptr<site::SiteService> TestScheduler::makeService()
{
    auto connectTo
        = [this](const Connector&, const QString&) -> std::unique_ptr<exchange::ExchangeOrganization> {
        auto organization = std::make_unique<FakeOrganization>(FakeEstate::make(20, 1));
        if (m_prepare)
            m_prepare(*organization);
        return organization;
    };
    site::SiteService::Dependencies with{
        *m_fixture->site, m_secrets, *m_fixture->trace, m_fixture->clock, connectTo};
    with.schedules = true;
    with.zone = QTimeZone::utc();
    return std::make_unique<site::SiteService>(with);
}

void TestScheduler::configure(const QString& schedule, int deltaMinutes, bool enabled)
{
    Connector connector = m_fixture->stored();
    connector.fullSchedule = schedule;
    connector.deltaMinutes = deltaMinutes;
    connector.enabled = enabled;
    get(m_fixture->site->write(
        [connector](store::Session& s) { return store::ConnectorRepository(s).update(connector); }));
}

Request TestScheduler::submit(RequestKind kind)
{
    Request request;
    request.kind = kind;
    request.connectorId = m_fixture->connector.id;
    request.requestedBy = u"anna"_s;
    request.requestedAt = m_fixture->clock.now();
    return get(m_fixture->site->write([request](store::Session& s) {
        return store::RequestRepository(s).insert(request);
    })).request;
}

Request TestScheduler::stored(RequestId id)
{
    return get(m_fixture->site->read([id](store::Session& s) {
        return store::RequestRepository(s).find(id);
    })).value();
}

std::vector<Job> TestScheduler::jobs()
{
    return get(m_fixture->site->read([](store::Session& s) { return store::JobRepository(s).list(50); }));
}

int TestScheduler::succeeded(RequestKind kind)
{
    const auto list = jobs();
    return int(std::count_if(list.begin(), list.end(),
        [kind](const Job& job) { return job.kind == kind && job.state == JobState::Succeeded; }));
}

int TestScheduler::ended(RequestKind kind)
{
    const auto list = jobs();
    return int(std::count_if(
        list.begin(), list.end(), [kind](const Job& job) { return job.kind == kind && job.isOver(); }));
}

int TestScheduler::messagesWith(int id)
{
    const std::vector<int> ids = m_fixture->statusIds();
    return int(std::count(ids.begin(), ids.end(), id));
}

// The service has looked at its schedules since: a request that it refuses at once is taken after them.
void TestScheduler::settle(site::SiteService& service)
{
    for (int i = 0; i < 2; ++i) {
        const Request marker = submit(RequestKind::CheckConnector);
        service.wake();
        QTRY_COMPARE_WITH_TIMEOUT(stored(marker.id).state, RequestState::Failed, patience);
    }
    QTRY_VERIFY_WITH_TIMEOUT(!service.isBusy(m_fixture->connector.id), patience);
}

void TestScheduler::move(site::SiteService& service, std::chrono::seconds by)
{
    m_fixture->clock.time = m_fixture->clock.time.addDuration(by);
    settle(service);
}

void TestScheduler::slowly(std::chrono::milliseconds page)
{
    m_prepare = [page](FakeOrganization& organization) { organization.pageTime = page; };
}

void TestScheduler::decides_data()
{
    QTest::addColumn<ScheduleInput>("input");
    QTest::addColumn<QDateTime>("now");
    QTest::addColumn<int>("due"); // -1: nothing
    QTest::addColumn<QDateTime>("next");
    const QDateTime midnight(QDate(2026, 3, 3), QTime(0, 0), Qt::UTC);
    const auto row = [](const char* name, const ScheduleInput& input, const QDateTime& now, int due,
                         const QDateTime& next) { QTest::newRow(name) << input << now << due << next; };
    row("nothing yet", healthy(), noon.addSecs(3600), -1, noon.addSecs(4 * 3600));
    row("delta", healthy(), noon.addSecs(4 * 3600), int(delta), midnight);
    row("full", healthy(), midnight, int(full), {});
    row("full rather than delta", healthy(), midnight.addDays(1), int(full), {});
    ScheduleInput input = healthy();
    input.deltaOpen = true;
    row("delta asked for already", input, noon.addSecs(5 * 3600), -1, midnight);
    row("a full comes due during a delta", input, midnight, int(full), {});
    input = healthy();
    input.fullOpen = true;
    row("full asked for already", input, midnight.addDays(3), -1, {});
    input = healthy();
    input.connector.enabled = false;
    row("disabled", input, midnight.addDays(3), -1, {});
    input = healthy();
    input.connector.state = ConnectorState::Removing;
    row("being removed", input, midnight.addDays(3), -1, {});
    input = healthy();
    input.connector.deltaMinutes = 0;
    row("delta off", input, noon.addSecs(11 * 3600), -1, midnight);
    input = healthy();
    input.connector.fullSchedule = u"sometimes"_s;
    input.connector.deltaMinutes = 0;
    row("no schedule", input, midnight.addDays(3), -1, {});
    input = healthy();
    input.delta.lastStart = noon.addSecs(3 * 3600);
    input.delta.lastEnd = noon.addSecs(3 * 3600 + 5);
    row("delta after a delta", input, noon.addSecs(4 * 3600), -1, noon.addSecs(7 * 3600));
    input.connector.watermark = noon.addSecs(3 * 3600 + 1800);
    input.delta.failures = 3;
    row("a later success forgives failed deltas", input, noon.addSecs(4 * 3600), -1,
        noon.addSecs(7 * 3600 + 1800));
    input = healthy();
    input.full.lastStart = midnight;
    input.full.lastEnd = midnight.addSecs(60);
    input.full.failures = 1;
    row("full again after a minute", input, midnight.addSecs(120), int(full), {});
    input.waitsForPerson = true;
    input.connector.deltaMinutes = 0;
    row("not when a person has to confirm", input, midnight.addSecs(120), -1, midnight.addDays(1));
    input = ScheduleInput();
    input.connector.fullSchedule = u"1d@00:00"_s;
    row("never ran: a minute after it was seen", input, noon.addSecs(59), -1, noon.addSecs(60));
    row("never ran", input, noon.addSecs(60), int(full), {});
}

void TestScheduler::decides()
{
    QFETCH(ScheduleInput, input);
    QFETCH(QDateTime, now);
    QFETCH(int, due);
    QFETCH(QDateTime, next);
    input.overdueSaid = true; // see oneCatchUpOnly
    const auto decision = site::decideSchedule(input, now, QTimeZone::utc(), noon);
    QCOMPARE(decision.due ? int(*decision.due) : -1, due);
    QCOMPARE(decision.next.value_or(QDateTime()), next);
    // Whatever is decided, a second look at the same time decides the same.
    const auto again = site::decideSchedule(input, now, QTimeZone::utc(), noon);
    QCOMPARE(again.due, decision.due);
}

void TestScheduler::ladder_data()
{
    QTest::addColumn<int>("failures");
    QTest::addColumn<int>("minutes");
    for (const auto& [failures, minutes] :
        std::vector<std::pair<int, int>>{{1, 1}, {2, 5}, {3, 15}, {4, 60}, {5, 60}, {8, 60}})
        QTest::addRow("%d", failures) << failures << minutes;
}

void TestScheduler::ladder()
{
    QFETCH(int, failures);
    QFETCH(int, minutes);
    ScheduleInput input = healthy();
    input.delta.lastStart = noon.addSecs(4 * 3600);
    input.delta.lastEnd = noon.addSecs(4 * 3600 + 30);
    input.delta.failures = failures;
    QCOMPARE(site::nextDue(input, delta, QTimeZone::utc(), noon), input.delta.lastEnd->addSecs(minutes * 60));
    input = healthy();
    input.full.failures = failures;
    QCOMPARE(site::nextDue(input, full, QTimeZone::utc(), noon), input.full.lastEnd->addSecs(minutes * 60));
}

void TestScheduler::runsWhenDue()
{
    configure(u"1d@00:00"_s, 240);
    auto service = makeService();
    service->start();
    settle(*service);
    QVERIFY(jobs().empty());
    move(*service, 61s);
    QTRY_COMPARE_WITH_TIMEOUT(succeeded(full), 1, patience);
    const auto request = stored(jobs().front().requestId);
    QCOMPARE(request.requestedBy, u"schedule"_s);
    move(*service, 239min);
    QCOMPARE(ended(delta), 0);
    move(*service, 1min);
    QTRY_COMPARE_WITH_TIMEOUT(succeeded(delta), 1, patience);
    QCOMPARE(m_fixture->stored().watermark, std::optional(m_fixture->clock.time));
    move(*service, 10h); // of the second day, 00:01
    m_fixture->clock.time = QDateTime(QDate(2026, 3, 3), QTime(0, 0), Qt::UTC);
    settle(*service);
    QTRY_COMPARE_WITH_TIMEOUT(succeeded(full), 2, patience);
    QCOMPARE(messagesWith(30014), 0);
    stop(*service);
}

// CON-44, and 30014 once.
void TestScheduler::oneCatchUpOnly()
{
    configure(u"1d@00:00"_s, 240);
    {
        auto service = makeService();
        service->start();
        settle(*service);
        move(*service, 61s);
        QTRY_COMPARE_WITH_TIMEOUT(succeeded(full), 1, patience);
        stop(*service);
    }
    m_fixture->clock.time = m_fixture->clock.time.addDays(10);
    auto service = makeService();
    service->start();
    QTRY_COMPARE_WITH_TIMEOUT(succeeded(full), 2, patience);
    settle(*service);
    settle(*service);
    QCOMPARE(ended(full), 2);
    QCOMPARE(ended(delta), 0); // the full has read it all
    QCOMPARE(messagesWith(30014), 1);
    stop(*service);
}

void TestScheduler::backsOffAndSaysWhen()
{
    configure(u"1d@23:00"_s, 15);
    auto service = makeService();
    service->start();
    settle(*service);
    move(*service, 61s);
    QTRY_COMPARE_WITH_TIMEOUT(succeeded(full), 1, patience);
    m_prepare = [](FakeOrganization& organization) {
        organization.faults.emplace(1, Error{ErrorCode::ConnectionRefused, {}, u"https://fake/"_s, {}});
    };
    const auto watermark = m_fixture->stored().watermark;
    move(*service, 15min);
    int failures = 1;
    QTRY_COMPARE_WITH_TIMEOUT(ended(delta), failures, patience);
    for (const auto wait : {1min, 5min, 15min, 60min, 60min}) {
        QTRY_COMPARE_WITH_TIMEOUT(m_fixture->stored().state, ConnectorState::Degraded, patience);
        const QDateTime next = m_fixture->clock.time.addDuration(wait);
        const QString said = u"Next try at %1."_s.arg(next.toString(u"yyyy-MM-dd HH:mm"_s));
        QVERIFY2(m_fixture->stored().stateDetail.endsWith(said), qPrintable(m_fixture->stored().stateDetail));
        move(*service, wait - 1s);
        QCOMPARE(ended(delta), failures);
        move(*service, 1s);
        ++failures;
        QTRY_COMPARE_WITH_TIMEOUT(ended(delta), failures, patience);
    }
    QCOMPARE(m_fixture->stored().watermark, watermark);
    m_prepare = nullptr;
    move(*service, 60min);
    QTRY_COMPARE_WITH_TIMEOUT(succeeded(delta), 1, patience);
    QTRY_COMPARE_WITH_TIMEOUT(m_fixture->stored().state, ConnectorState::Connected, patience);
    QVERIFY(m_fixture->stored().stateDetail.isEmpty());
    stop(*service);
}

void TestScheduler::disabledAndWithoutSchedule()
{
    for (const bool enabled : {false, true}) {
        configure(enabled ? QString() : u"1d@00:00"_s, 15, enabled);
        auto service = makeService();
        service->start();
        settle(*service);
        move(*service, 61s);
        move(*service, 72h);
        QVERIFY(jobs().empty());
        stop(*service);
    }
}

void TestScheduler::deltaOff()
{
    configure(u"2d@12:00"_s, 0);
    auto service = makeService();
    service->start();
    settle(*service);
    move(*service, 61s);
    QTRY_COMPARE_WITH_TIMEOUT(succeeded(full), 1, patience);
    move(*service, 40h);
    QCOMPARE(ended(delta), 0);
    QCOMPARE(ended(full), 1);
    stop(*service);
}

// CON-43: one sync a connector; nobody's full is lost to a delta.
void TestScheduler::fullWaitsForDelta()
{
    configure({}, 0);
    auto service = makeService();
    service->start();
    const Request first = submit(full);
    QTRY_COMPARE_WITH_TIMEOUT(stored(first.id).state, RequestState::Done, patience);
    slowly(200ms);
    const Request short_ = submit(delta);
    QTRY_VERIFY_WITH_TIMEOUT(service->isBusy(m_fixture->connector.id), patience);
    const Request long_ = submit(full);
    QTRY_COMPARE_WITH_TIMEOUT(stored(long_.id).state, RequestState::Taken, patience);
    QCOMPARE(stored(short_.id).state, RequestState::Taken);
    QTRY_COMPARE_WITH_TIMEOUT(stored(long_.id).state, RequestState::Done, patience);
    QCOMPARE(stored(short_.id).state, RequestState::Done);
    const auto list = jobs(); // newest end first
    QCOMPARE(list.at(0).kind, full);
    QCOMPARE(list.at(1).kind, delta);
    QVERIFY(list.at(0).startedAt >= *list.at(1).endedAt);
    stop(*service);
}

void TestScheduler::deltaIsSkippedDuringFull()
{
    configure(u"1d@00:00"_s, 15);
    auto service = makeService();
    service->start();
    settle(*service);
    move(*service, 61s);
    QTRY_COMPARE_WITH_TIMEOUT(succeeded(full), 1, patience);
    slowly(300ms);
    const Request request = submit(full);
    QTRY_VERIFY_WITH_TIMEOUT(service->isBusy(m_fixture->connector.id), patience);
    m_fixture->clock.time = m_fixture->clock.time.addSecs(20 * 60);
    const auto skipped
        = [this] { return m_fixture->log().count(u"delta sync skipped, a full sync is running"_s); };
    for (int i = 0; i < 3; ++i) {
        const Request marker = submit(RequestKind::CheckConnector);
        service->wake();
        QTRY_COMPARE_WITH_TIMEOUT(stored(marker.id).state, RequestState::Failed, patience);
    }
    QVERIFY(service->isBusy(m_fixture->connector.id));
    QCOMPARE(skipped(), 1);
    // A person's is refused, and told why.
    const Request byHand = submit(delta);
    QTRY_COMPARE_WITH_TIMEOUT(stored(byHand.id).state, RequestState::Failed, patience);
    QVERIFY(stored(byHand.id).result.startsWith(u"Already running"_s));
    QCOMPARE(ended(delta), 0);
    QTRY_COMPARE_WITH_TIMEOUT(stored(request.id).state, RequestState::Done, patience);
    stop(*service);
}

// SYN-06: a person has to look; reading everything again every hour would not help.
void TestScheduler::shrinkGuardIsNotRetried()
{
    configure(u"1d@00:00"_s, 0);
    auto service = makeService();
    service->start();
    settle(*service);
    move(*service, 61s);
    QTRY_COMPARE_WITH_TIMEOUT(succeeded(full), 1, patience);
    m_prepare = [](FakeOrganization& organization) { organization.estate = FakeEstate::make(2, 1); };
    m_fixture->clock.time = QDateTime(QDate(2026, 3, 3), QTime(0, 0), Qt::UTC);
    settle(*service);
    QTRY_COMPARE_WITH_TIMEOUT(ended(full), 2, patience);
    QCOMPARE(messagesWith(30015), 1);
    move(*service, 23h);
    QCOMPARE(ended(full), 2);
    move(*service, 1h);
    QTRY_COMPARE_WITH_TIMEOUT(ended(full), 3, patience);
    stop(*service);
}

void TestScheduler::anotherServicesConnectorIsLeftAlone()
{
    configure(u"1d@00:00"_s, 15);
    auto first = makeService(), second = makeService();
    first->start();
    settle(*first);
    second->start();
    second->wake();
    move(*first, 30s);
    move(*first, 31s);
    QTRY_COMPARE_WITH_TIMEOUT(succeeded(full), 1, patience);
    second->wake();
    settle(*first);
    QCOMPARE(ended(full), 1);
    QVERIFY(!second->isBusy(m_fixture->connector.id));
    stop(*second);
    stop(*first);
}

void TestScheduler::withoutSchedulesNothingStarts()
{
    configure(u"1d@00:00"_s, 15);
    site::SiteService::Dependencies with{*m_fixture->site, m_secrets, *m_fixture->trace, m_fixture->clock,
        [](const Connector&, const QString&) -> std::unique_ptr<exchange::ExchangeOrganization> {
            qFatal("nobody asked");
            return {};
        }};
    site::SiteService service(with);
    service.start();
    settle(service);
    move(service, 61s);
    move(service, 72h);
    QVERIFY(jobs().empty());
    stop(service);
}

QTEST_GUILESS_MAIN(TestScheduler)
#include "tst_scheduler.moc"
