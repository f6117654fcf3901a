// Requests, jobs, leases, sync runs and status messages, the same class on both databases
// (POSTERN_TEST_DIALECT).
#include "services/store/JobRepository.h"
#include "services/store/LeaseRepository.h"
#include "services/store/RequestRepository.h"
#include "services/store/StatusMessageRepository.h"
#include "services/store/SyncRunRepository.h"
#include "tests/services/store/StoreTest.h"

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace postern::store {

class WorkRepositoryTest : public StoreTest
{
    Q_OBJECT
public:
    WorkRepositoryTest()
        : StoreTest(Dialect::POSTERN_TEST_DIALECT)
    {
    }
private slots:
    void equalRequestIsFound();
    void requestsAreTakenByTheLeaseHolder();
    void requestsEndOnce();
    void jobs();
    void leases();
    void syncRunSurvives();
    void statusMessages();
};

void WorkRepositoryTest::equalRequestIsFound()
{
    const auto connector = addConnector();
    const auto ask = [&](RequestKind kind) {
        return write([=](Session& s) {
            Request request;
            request.kind = kind;
            request.connectorId = connector;
            request.requestedBy = u"CONTOSO\\anna"_s;
            request.requestedAt = sampleTime();
            return RequestRepository(s).insert(request);
        });
    };
    const auto first = ask(RequestKind::SynchronizeFull);
    VERIFY_OK(first);
    QVERIFY(!first->existed);
    const auto second = ask(RequestKind::SynchronizeFull);
    QVERIFY(second->existed);
    QCOMPARE(second->request.id, first->request.id);
    QVERIFY(!ask(RequestKind::SynchronizeDelta)->existed);
    VERIFY_OK(write([id = first->request.id](Session& s) { return RequestRepository(s).cancel(id); }));
    QVERIFY(!ask(RequestKind::SynchronizeFull)->existed);
    const auto stored = read([id = first->request.id](Session& s) { return RequestRepository(s).find(id); });
    QCOMPARE(stored.value()->state, RequestState::Cancelled);
    QCOMPARE(stored.value()->requestedBy, u"CONTOSO\\anna"_s);
    QCOMPARE(read([](Session& s) { return RequestRepository(s).list(2); })->size(), std::size_t(2));
    Request orphan;
    orphan.connectorId = {999};
    orphan.requestedAt = sampleTime();
    QCOMPARE(write([orphan](Session& s) { return RequestRepository(s).insert(orphan); }).error().code,
        ErrorCode::NotFound);
}

void WorkRepositoryTest::requestsAreTakenByTheLeaseHolder()
{
    const auto connector = addConnector();
    Request request;
    request.connectorId = connector;
    request.requestedAt = sampleTime();
    const auto asked = write([request](Session& s) { return RequestRepository(s).insert(request); });
    VERIFY_OK(asked);
    const auto take = [&](const QString& owner, int minute) {
        return write([=](Session& s) { return RequestRepository(s).takeNext(owner, sampleTime(minute)); });
    };
    const qint64 before = revision();
    QVERIFY(!take(u"a"_s, 0)->has_value()); // no lease
    QCOMPARE(revision(), before);
    VERIFY_OK(
        write([=](Session& s) { return LeaseRepository(s).acquire(connector, u"a"_s, sampleTime(), 60s); }));
    QVERIFY(!take(u"b"_s, 0)->has_value());
    QVERIFY(!take(u"a"_s, 2)->has_value()); // expired
    const auto taken = take(u"a"_s, 0);
    QCOMPARE(taken.value()->id, asked->request.id);
    QCOMPARE(taken.value()->state, RequestState::Taken);
    QVERIFY(!take(u"a"_s, 0)->has_value());
    QCOMPARE(
        write([id = asked->request.id](Session& s) { return RequestRepository(s).cancel(id); }).error().code,
        ErrorCode::Conflict);
    // a dies, b takes over
    VERIFY_OK(
        write([=](Session& s) { return LeaseRepository(s).acquire(connector, u"b"_s, sampleTime(5), 60s); }));
    QCOMPARE(
        write([=](Session& s) { return RequestRepository(s).requeueAbandoned(connector, u"b"_s); }).value(),
        1);
    QCOMPARE(take(u"b"_s, 5).value()->id, asked->request.id);
}

void WorkRepositoryTest::requestsEndOnce()
{
    const auto connector = addConnector();
    Request request;
    request.connectorId = connector;
    request.requestedAt = sampleTime();
    const auto id = write([request](Session& s) { return RequestRepository(s).insert(request); })->request.id;
    const auto end = [&](RequestId which, RequestState state) {
        return write([=](Session& s) { return RequestRepository(s).finish(which, state, u"said"_s); });
    };
    QCOMPARE(end(id, RequestState::Queued).error().code, ErrorCode::InvalidInput);
    VERIFY_OK(end(id, RequestState::Failed));
    QCOMPARE(end(id, RequestState::Done).error().code, ErrorCode::Conflict);
    QCOMPARE(end({99}, RequestState::Done).error().code, ErrorCode::NotFound);
    const auto stored = read([id](Session& s) { return RequestRepository(s).find(id); });
    QCOMPARE(stored.value()->state, RequestState::Failed);
    QCOMPARE(stored.value()->result, u"said"_s);
}

void WorkRepositoryTest::jobs()
{
    const auto connector = addConnector();
    Job job;
    job.connectorId = connector;
    job.state = JobState::Running;
    job.startedAt = sampleTime();
    auto made = write([job](Session& s) { return JobRepository(s).insert(job, u"a"_s); });
    VERIFY_OK(made);
    job = *made;
    job.step = u"partnerships"_s;
    job.done = 5;
    job.total = 10;
    job.devicesRead = 4;
    QCOMPARE(write([job](Session& s) { return JobRepository(s).update(job); }).value(), JobState::Running);
    VERIFY_OK(write([job](Session& s) { return JobRepository(s).requestCancel(job.id); }));
    QCOMPARE(write([job](Session& s) { return JobRepository(s).update(job); }).value(), JobState::Cancelling);
    QCOMPARE(write([job](Session& s) { return JobRepository(s).finish(job); }).error().code,
        ErrorCode::InvalidInput);
    job.state = JobState::Cancelled;
    job.endedAt = sampleTime(3);
    job.result = u"cancelled by anna"_s;
    VERIFY_OK(write([job](Session& s) { return JobRepository(s).finish(job); }));
    QVERIFY(read([job](Session& s) { return JobRepository(s).find(job.id); }).value().value() == job);
    QCOMPARE(
        write([job](Session& s) { return JobRepository(s).finish(job); }).error().code, ErrorCode::Conflict);
    QCOMPARE(
        write([job](Session& s) { return JobRepository(s).update(job); }).error().code, ErrorCode::Conflict);

    Job second = job;
    second.state = JobState::Running;
    second.endedAt.reset();
    VERIFY_OK(write([second](Session& s) { return JobRepository(s).insert(second, u"a"_s); }));
    auto list = read([](Session& s) { return JobRepository(s).list(50); });
    QCOMPARE(list->size(), std::size_t(2));
    QCOMPARE(list->front().state, JobState::Running);
    const auto abandon = [&](const QString& owner) {
        return write(
            [=](Session& s) { return JobRepository(s).failAbandoned(connector, owner, sampleTime(9)); });
    };
    QCOMPARE(abandon(u"a"_s).value(), 0);
    QCOMPARE(abandon(u"b"_s).value(), 1);
    list = read([](Session& s) { return JobRepository(s).list(1); });
    QCOMPARE(list->size(), std::size_t(1));
    QCOMPARE(list->front().state, JobState::Failed);
    QVERIFY(list->front().result.contains(u"stopped"_s));
    QCOMPARE(write([](Session& s) { return JobRepository(s).prune(sampleTime(5)); }).value(), 1);
}

void WorkRepositoryTest::leases()
{
    const auto connector = addConnector();
    const auto acquire = [&](const QString& owner, int minute) {
        return write([=](Session& s) {
            return LeaseRepository(s).acquire(connector, owner, sampleTime(minute), 60s);
        });
    };
    const auto first = acquire(u"HOST1:1:x"_s, 0);
    VERIFY_OK(first);
    QCOMPARE(first->generation, 1);
    QCOMPARE(first->expiresAt, sampleTime(1));
    const auto refused = acquire(u"HOST2:1:y"_s, 0);
    QCOMPARE(refused.error().code, ErrorCode::LeaseHeld);
    QCOMPARE(refused.error().detail, u"HOST1:1:x"_s);
    const qint64 before = revision();
    const auto renewed = write(
        [=](Session& s) { return LeaseRepository(s).renew(connector, u"HOST1:1:x"_s, sampleTime(1), 60s); });
    QCOMPARE(renewed->expiresAt, sampleTime(2));
    QCOMPARE(revision(), before); // a renewal is no news
    QCOMPARE(acquire(u"HOST2:1:y"_s, 2)->generation, 2); // exactly at its end it is free
    const auto lost = write(
        [=](Session& s) { return LeaseRepository(s).renew(connector, u"HOST1:1:x"_s, sampleTime(2), 60s); });
    QCOMPARE(lost.error().code, ErrorCode::LeaseHeld);
    VERIFY_OK(write([=](Session& s) { return LeaseRepository(s).release(connector, u"HOST1:1:x"_s); }));
    const auto holder = [&](int minute) {
        return read([=](Session& s) { return LeaseRepository(s).holder(connector, sampleTime(minute)); });
    };
    QCOMPARE(holder(2).value()->owner, u"HOST2:1:y"_s);
    QVERIFY(!holder(3)->has_value());
    VERIFY_OK(write([=](Session& s) { return LeaseRepository(s).release(connector, u"HOST2:1:y"_s); }));
    QVERIFY(!holder(2)->has_value());
    QCOMPARE(acquire(u"HOST1:1:x"_s, 2)->generation, 3);
}

void WorkRepositoryTest::syncRunSurvives()
{
    const auto connector = addConnector();
    SyncRun run{{}, connector, {}, SyncKind::Full, u"mailboxes"_s, sampleTime()};
    auto begun = write([run](Session& s) { return SyncRunRepository(s).begin(run); });
    VERIFY_OK(begun);
    run = *begun;
    QCOMPARE(write([run](Session& s) { return SyncRunRepository(s).begin(run); }).error().code,
        ErrorCode::Conflict);
    run.step = u"statistics"_s;
    run.partnershipsComplete = true;
    const std::vector<MailboxId> batches[] = {{{5}, {3}, {1'000'000}}, {{4}, {5}}};
    for (const auto& batch : batches) {
        VERIFY_OK(write([=](Session& s) -> Expected<void> {
            return SyncRunRepository(s).update(run).and_then(
                [&] { return SyncRunRepository(s).markMailboxesDone(run.id, batch); });
        }));
    }
    restart();
    QVERIFY(
        read([=](Session& s) { return SyncRunRepository(s).unfinished(connector); }).value().value() == run);
    const auto done = read([run](Session& s) { return SyncRunRepository(s).doneMailboxes(run.id); });
    QCOMPARE(done.value(), (std::vector<MailboxId>{{3}, {4}, {5}, {1'000'000}}));
    VERIFY_OK(write([run](Session& s) { return SyncRunRepository(s).finish(run.id); }));
    QVERIFY(!read([=](Session& s) { return SyncRunRepository(s).unfinished(connector); })->has_value());
    QCOMPARE(write([run](Session& s) { return SyncRunRepository(s).update(run); }).error().code,
        ErrorCode::NotFound);
}

void WorkRepositoryTest::statusMessages()
{
    StatusMessage message;
    message.time = sampleTime();
    message.severity = Severity::Warning;
    message.component = u"SMS_EXCHANGE_CONNECTOR"_s;
    message.messageId = 30012;
    message.siteCode = u"PS1"_s;
    message.machine = u"CM1"_s;
    message.arguments = QStringList{u"a\nb"_s, u"]\""_s, {}};
    message.text = u"<img src=x> %1"_s;
    message.connectorId = {7};
    const auto first = write([message](Session& s) { return StatusMessageRepository(s).append(message); });
    VERIFY_OK(first);
    StatusMessage other = message;
    other.severity = Severity::Error;
    other.time = sampleTime(60);
    other.connectorId = {};
    const auto second = write([other](Session& s) { return StatusMessageRepository(s).append(other); });
    const auto list = [&](StatusMessageFilter filter) {
        return read([filter](Session& s) { return StatusMessageRepository(s).list(filter); }).value();
    };
    QVERIFY(list({}) == (std::vector<StatusMessage>{*second, *first}));
    QVERIFY(list({Severity::Warning}) == std::vector<StatusMessage>{*first});
    QVERIFY(list({{}, {7}}) == std::vector<StatusMessage>{*first});
    QVERIFY(list({{}, {}, first->id}) == std::vector<StatusMessage>{*second});
    QCOMPARE(write([](Session& s) { return StatusMessageRepository(s).prune(sampleTime(1)); }).value(), 1);
    QCOMPARE(list({}).size(), std::size_t(1));
}

} // namespace postern::store

QTEST_GUILESS_MAIN(postern::store::WorkRepositoryTest)
#include "tst_work_repositories.moc"
