// The service and the change feed of a site, on a real store and an Exchange organisation of numbers.
#include <QCoroTask>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include "services/site/Feed.h"
#include "services/site/SiteService.h"
#include "services/store/ConnectorRepository.h"
#include "services/store/JobRepository.h"
#include "services/store/LeaseRepository.h"
#include "services/store/PartnershipRepository.h"
#include "services/store/RequestRepository.h"
#include "tests/services/sync/FakeOrganization.h"

using namespace postern;
using namespace Qt::StringLiterals;
using postern::sync::test::FakeEstate;
using postern::sync::test::FakeOrganization;

namespace {

constexpr int patience = 20'000;

template <class T> T get(QFuture<Expected<T>> future)
{
    const Expected<T> result = future.result();
    if (!result)
        qFatal("%s", qPrintable(result.error().toLogText()));
    if constexpr (!std::is_void_v<T>)
        return *result;
}

class TestSiteService : public QObject
{
    Q_OBJECT

private:
    QTemporaryDir m_folder;
    core::SystemClock m_clock;
    std::unique_ptr<store::Store> m_store;
    std::unique_ptr<tracelog::TraceLogWriter> m_log;
    identity::MemorySecretStore m_secrets;
    Connector m_connector;
    std::function<void(FakeOrganization&)> m_prepare; // each organisation that a service connects to
    int m_sites = 0;

    std::unique_ptr<site::SiteService> makeService()
    {
        auto connectTo = [this](const Connector&,
                             const QString& password) -> std::unique_ptr<exchange::ExchangeOrganization> {
            if (password != u"secret"_s)
                qFatal("the password did not come from the secret store");
            auto organization = std::make_unique<FakeOrganization>(FakeEstate::make(60, 2));
            if (m_prepare)
                m_prepare(*organization);
            return organization;
        };
        return std::make_unique<site::SiteService>(
            site::SiteService::Dependencies{*m_store, m_secrets, *m_log, m_clock, connectTo});
    }

    static void stop(site::SiteService& service) { QCoro::waitFor(service.stop()); }

    Request submit(RequestKind kind = RequestKind::SynchronizeFull)
    {
        Request request;
        request.kind = kind;
        request.connectorId = m_connector.id;
        request.requestedBy = u"anna"_s;
        request.requestedAt = m_clock.now();
        return get(m_store->write([request](store::Session& s) {
            return store::RequestRepository(s).insert(request);
        })).request;
    }

    Request stored(RequestId id)
    {
        return get(m_store->read([id](store::Session& s) {
            return store::RequestRepository(s).find(id);
        })).value();
    }

    Connector connector()
    {
        return get(m_store->read([id = m_connector.id](store::Session& s) {
            return store::ConnectorRepository(s).find(id);
        })).value();
    }

    std::vector<Job> jobs()
    {
        return get(m_store->read([](store::Session& s) { return store::JobRepository(s).list(50); }));
    }

    // Listing pages take so long that the run can be caught in the middle.
    void slowly()
    {
        m_prepare = [](FakeOrganization& organization) {
            organization.pageTime = std::chrono::milliseconds(60);
            organization.statisticsTime = std::chrono::milliseconds(120);
        };
    }

    bool running()
    {
        const auto list = jobs();
        return !list.empty() && list.front().state == JobState::Running && list.front().total > 0;
    }

private slots:
    void init();
    void cleanup() { m_store.reset(); }
    void worksOffARequest();
    void findsTheRunningOne();
    void cancelledByAPerson();
    void endOfTheProgramIsNoCancel();
    void missingPassword();
    void failureAfterSuccessIsDegraded();
    void unreachableIsDisconnected();
    void whatIsNotBuiltSaysSo();
    void deltaNeedsAFullBefore();
    void oneServiceAConnector();
    void takesOverAnExpiredLease();
    void feedShowsEachChangeOnce();
    void feedSeesOtherProcesses();
};

void TestSiteService::init()
{
    m_prepare = nullptr;
    const auto address = store::SiteAddress::parse(m_folder.filePath(u"site%1.db"_s.arg(++m_sites)));
    store::OpenOptions options;
    options.create = true;
    auto opened = store::Store::open(*address, options);
    QVERIFY(opened);
    m_store = std::move(*opened);
    QVERIFY(m_store->initialise(u"PS1"_s, m_clock.now()).result());
    m_log = std::make_unique<tracelog::TraceLogWriter>(
        tracelog::TraceLogOptions{m_folder.filePath(u"EasDisc.log"_s)}, m_clock);
    Connector connector;
    connector.name = u"ex1"_s;
    connector.siteCode = u"PS1"_s;
    connector.serverAddress = u"https://fake/PowerShell/"_s;
    connector.user = u"CONTOSO\\svc"_s;
    connector.maxInactiveDays = 0;
    m_connector = get(m_store->write(
        [connector](store::Session& s) { return store::ConnectorRepository(s).insert(connector); }));
    QVERIFY(QCoro::waitFor(m_secrets.write(m_connector.secretKey(), u"secret"_s)));
}

void TestSiteService::worksOffARequest()
{
    auto service = makeService();
    const Request request = submit();
    service->start();
    QTRY_COMPARE_WITH_TIMEOUT(stored(request.id).state, RequestState::Done, patience);
    const auto list = jobs();
    QCOMPARE(list.size(), 1U);
    QCOMPARE(list.front().state, JobState::Succeeded);
    QCOMPARE(list.front().requestId, request.id);
    QCOMPARE(list.front().done, 60);
    QCOMPARE(list.front().total, 60);
    QCOMPARE(list.front().devicesRead, 120);
    QCOMPARE(list.front().added, 120);
    QVERIFY(list.front().endedAt);
    QCOMPARE(connector().state, ConnectorState::Connected);
    QCOMPARE(connector().deviceCount, 120);
    QVERIFY(connector().watermark);
    stop(*service);
    const auto lease = get(m_store->read(
        [&](store::Session& s) { return store::LeaseRepository(s).holder(m_connector.id, m_clock.now()); }));
    QVERIFY2(!lease, "stop() gives the lease back");
}

void TestSiteService::findsTheRunningOne()
{
    slowly();
    auto service = makeService();
    const Request first = submit();
    service->start();
    QTRY_VERIFY_WITH_TIMEOUT(running(), patience);
    QVERIFY(service->isBusy(m_connector.id));
    QCOMPARE(submit().id, first.id);
    QTRY_COMPARE_WITH_TIMEOUT(stored(first.id).state, RequestState::Done, patience);
    QCOMPARE(jobs().size(), 1U);
    stop(*service);
}

void TestSiteService::cancelledByAPerson()
{
    slowly();
    auto service = makeService();
    const Request request = submit();
    service->start();
    QTRY_VERIFY_WITH_TIMEOUT(running(), patience);
    const JobId job = jobs().front().id;
    get(m_store->write([job](store::Session& s) { return store::JobRepository(s).requestCancel(job); }));
    QTRY_COMPARE_WITH_TIMEOUT(stored(request.id).state, RequestState::Cancelled, patience);
    QCOMPARE(jobs().front().state, JobState::Cancelled);
    QVERIFY2(!connector().watermark, "a cancelled run moves no watermark (CON-42)");
    stop(*service);
}

void TestSiteService::endOfTheProgramIsNoCancel()
{
    slowly();
    const Request request = submit();
    {
        auto service = makeService();
        service->start();
        QTRY_VERIFY_WITH_TIMEOUT(running(), patience);
        stop(*service);
    }
    QCOMPARE(stored(request.id).state, RequestState::Taken);
    auto next = makeService();
    next->start();
    QTRY_COMPARE_WITH_TIMEOUT(stored(request.id).state, RequestState::Done, patience);
    QCOMPARE(connector().deviceCount, 120);
    stop(*next);
}

void TestSiteService::missingPassword()
{
    QVERIFY(QCoro::waitFor(m_secrets.remove(m_connector.secretKey())));
    auto service = makeService();
    const Request request = submit();
    service->start();
    QTRY_COMPARE_WITH_TIMEOUT(stored(request.id).state, RequestState::Failed, patience);
    QVERIFY2(stored(request.id).result.startsWith(u"No password or other secret is stored"_s),
        qPrintable(stored(request.id).result));
    QCOMPARE(connector().state, ConnectorState::Disconnected);
    QCOMPARE(connector().stateDetail, stored(request.id).result);
    stop(*service);
}

void TestSiteService::failureAfterSuccessIsDegraded()
{
    auto service = makeService();
    const Request first = submit();
    service->start();
    QTRY_COMPARE_WITH_TIMEOUT(stored(first.id).state, RequestState::Done, patience);
    m_prepare = [](FakeOrganization& organization) {
        organization.faults.emplace(
            1, Error{ErrorCode::AuthenticationFailed, u"401"_s, u"https://fake/"_s, {}});
    };
    const Request second = submit();
    QTRY_COMPARE_WITH_TIMEOUT(stored(second.id).state, RequestState::Failed, patience);
    QCOMPARE(connector().state, ConnectorState::Degraded);
    QVERIFY(connector().stateDetail.contains(u"sign-in was refused"_s));
    QCOMPARE(connector().deviceCount, 120); // nothing already read is lost
    stop(*service);
}

void TestSiteService::unreachableIsDisconnected()
{
    m_prepare = [](FakeOrganization& organization) {
        organization.faults.emplace(1, Error{ErrorCode::ConnectionRefused, {}, u"https://fake/"_s, {}});
    };
    auto service = makeService();
    const Request request = submit();
    service->start();
    QTRY_COMPARE_WITH_TIMEOUT(stored(request.id).state, RequestState::Failed, patience);
    QCOMPARE(connector().state, ConnectorState::Disconnected);
    QVERIFY(stored(request.id).result.startsWith(u"Nothing accepts connections at https://fake/"_s));
    stop(*service);
}

void TestSiteService::whatIsNotBuiltSaysSo()
{
    auto service = makeService();
    const Request request = submit(RequestKind::CheckConnector);
    service->start();
    QTRY_COMPARE_WITH_TIMEOUT(stored(request.id).state, RequestState::Failed, patience);
    QVERIFY(stored(request.id).result.startsWith(u"Not supported"_s));
    QVERIFY(jobs().empty());
    stop(*service);
}

void TestSiteService::deltaNeedsAFullBefore()
{
    auto service = makeService();
    const Request early = submit(RequestKind::SynchronizeDelta);
    service->start();
    QTRY_COMPARE_WITH_TIMEOUT(stored(early.id).state, RequestState::Failed, patience);
    QVERIFY2(stored(early.id).result.startsWith(u"A full synchronization has to succeed before"_s),
        qPrintable(stored(early.id).result));
    QCOMPARE(connector().state, ConnectorState::Installing); // nothing is known of the server yet
    const Request first = submit();
    QTRY_COMPARE_WITH_TIMEOUT(stored(first.id).state, RequestState::Done, patience);
    const Request request = submit(RequestKind::SynchronizeDelta);
    QTRY_COMPARE_WITH_TIMEOUT(stored(request.id).state, RequestState::Done, patience);
    QCOMPARE(jobs().front().kind, RequestKind::SynchronizeDelta);
    QCOMPARE(connector().state, ConnectorState::Connected);
    QVERIFY(connector().lastDeltaEnd);
    stop(*service);
}

void TestSiteService::oneServiceAConnector()
{
    slowly();
    auto first = makeService();
    first->start();
    const Request request = submit();
    QTRY_VERIFY_WITH_TIMEOUT(running(), patience);
    auto second = makeService();
    second->start();
    QTest::qWait(int(site::SiteService::pollInterval.count()) + 200); // it has looked at least once
    QVERIFY(!second->isBusy(m_connector.id));
    QTRY_COMPARE_WITH_TIMEOUT(stored(request.id).state, RequestState::Done, patience);
    QCOMPARE(jobs().size(), 1U);
    stop(*first);
    const Request later = submit();
    QTRY_COMPARE_WITH_TIMEOUT(stored(later.id).state, RequestState::Done, patience);
    stop(*second);
}

void TestSiteService::takesOverAnExpiredLease()
{
    const Request request = submit();
    // Another machine's service took it and died; its lease ran out.
    get(m_store->write([&](store::Session& s) -> Expected<void> {
        const QString owner = u"elsewhere:1:x"_s;
        const QDateTime then = m_clock.now().addSecs(-3600);
        if (auto taken
            = store::LeaseRepository(s).acquire(m_connector.id, owner, then, std::chrono::minutes(1));
            !taken)
            return fail(taken.error());
        auto request_ = store::RequestRepository(s).takeNext(owner, then.addSecs(1));
        if (!request_)
            return fail(request_.error());
        Job job;
        job.connectorId = m_connector.id;
        job.state = JobState::Running;
        job.startedAt = then;
        auto inserted = store::JobRepository(s).insert(job, owner);
        return inserted ? Expected<void>{} : Expected<void>(fail(inserted.error()));
    }));
    QCOMPARE(stored(request.id).state, RequestState::Taken);
    auto service = makeService();
    service->start();
    QTRY_COMPARE_WITH_TIMEOUT(stored(request.id).state, RequestState::Done, patience);
    const auto list = jobs();
    QCOMPARE(list.size(), 2U);
    QCOMPARE(list.back().state, JobState::Failed); // the dead one's, with a sentence
    QVERIFY(!list.back().result.isEmpty());
    stop(*service);
}

void TestSiteService::feedShowsEachChangeOnce()
{
    site::Feed feed(*m_store);
    QSignalSpy frames(&feed, &site::Feed::devicesChanged);
    QSignalSpy connectors(&feed, &site::Feed::connectorsChanged);
    QSignalSpy jobLists(&feed, &site::Feed::jobsChanged);
    feed.start();
    QTRY_COMPARE_WITH_TIMEOUT(frames.count(), 1, patience); // the empty one
    QTRY_COMPARE(connectors.count(), 1);
    auto service = makeService();
    const Request request = submit();
    service->start();
    QTRY_COMPARE_WITH_TIMEOUT(stored(request.id).state, RequestState::Done, patience);
    const auto rows = [&frames] {
        return frames.constLast().constFirst().value<std::shared_ptr<const frame::DeviceFrame>>()->rowCount();
    };
    QTRY_COMPARE_WITH_TIMEOUT(rows(), 120U, patience);
    QTRY_VERIFY(jobLists.count() >= 2);
    stop(*service);
    // Nothing happens: nothing is announced.
    QTest::qWait(300);
    const auto seen = frames.count();
    QTest::qWait(int(site::Feed::pollInterval.count()) + 300);
    QCOMPARE(frames.count(), seen);
    QCoro::waitFor(feed.stop());
}

void TestSiteService::feedSeesOtherProcesses()
{
    site::Feed feed(*m_store);
    QSignalSpy connectors(&feed, &site::Feed::connectorsChanged);
    feed.start();
    QTRY_COMPARE_WITH_TIMEOUT(connectors.count(), 1, patience);
    // A store of another process: no commit of ours, no doorbell.
    auto other = store::Store::open(m_store->address(), {});
    QVERIFY(other);
    get((*other)->write([id = m_connector.id](store::Session& s) {
        return store::ConnectorRepository(s).setState(id, ConnectorState::Degraded, u"elsewhere"_s);
    }));
    QTRY_VERIFY_WITH_TIMEOUT(connectors.count() >= 2, patience);
    const auto list = connectors.constLast().constFirst().value<std::vector<Connector>>();
    QCOMPARE(list.front().state, ConnectorState::Degraded);
    QCoro::waitFor(feed.stop());
}

} // namespace

QTEST_GUILESS_MAIN(TestSiteService)
#include "tst_site_service.moc"
