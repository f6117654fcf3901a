// The requests that write to Exchange, through the service: settings, removal of a connector, wipes, and the
// confirmed shrink guard; with a service that dies in the middle.
#include <QCoroTask>
#include <QTemporaryDir>
#include <QTest>

#include "services/site/Housekeeping.h"
#include "services/site/SiteService.h"
#include "services/store/ConnectorRepository.h"
#include "services/store/JobRepository.h"
#include "services/store/ListEntryRepository.h"
#include "services/store/MailboxRepository.h"
#include "services/store/PartnershipRepository.h"
#include "services/store/RequestRepository.h"
#include "services/store/StatusMessageRepository.h"
#include "services/store/WriteRepository.h"
#include "tests/services/site/SharedOrganization.h"

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

class MovableClock final : public core::Clock
{
public:
    [[nodiscard]] QDateTime now() const override { return QDateTime::currentDateTimeUtc().addSecs(ahead); }
    qint64 ahead = 0;
};

class TestWriteJobs : public QObject
{
    Q_OBJECT

private:
    QTemporaryDir m_folder;
    MovableClock m_clock;
    std::unique_ptr<store::Store> m_store;
    std::unique_ptr<tracelog::TraceLogWriter> m_log;
    identity::MemorySecretStore m_secrets;
    std::unique_ptr<FakeOrganization> m_exchange;
    std::unique_ptr<site::SiteService> m_service;
    Connector m_connector;
    int m_sites = 0;

    void startService();
    void stopService();
    Request submit(RequestKind kind, const QByteArray& parameters = {});
    Request stored(RequestId id);
    Request finished(RequestKind kind, const QByteArray& parameters = {});
    std::optional<Connector> connector();
    Job lastJob();
    void configure(const ConnectorSettings& settings);
    void putOurEntry(int mailbox, const QString& device);
    qint64 entries();
    bool wasSaid(int messageId);
    PartnershipId phoneOf(int mailbox);

private slots:
    void init();
    void cleanup();
    void aFullPushesDriftedSettings();
    void settingsAreAppliedAtOnce();
    void settingsThatFailSaySo();
    void removalTakesOutWhatPosternWrote();
    void removalGoesOnAfterACrash();
    void removalWithoutExchangeSaysWhatRemains();
    void removalMayLeaveTheEntries();
    void removalEndsASynchronization();
    void wipesArePlannedAuditedAndConfirmed();
    void accountOnlyNeedsANewEnoughPhone();
    void removedPartnershipsGo();
    void shrinkIsConfirmedByARequest();
    void openWritesAreSettledByTheNextService();
    void historyIsForgottenAfterThirtyDays();
};

void TestWriteJobs::init()
{
    m_clock.ahead = 0;
    const auto address = store::SiteAddress::parse(m_folder.filePath(u"site%1.db"_s.arg(++m_sites)));
    store::OpenOptions options;
    options.create = true;
    auto opened = store::Store::open(*address, options);
    QVERIFY(opened);
    m_store = std::move(*opened);
    QVERIFY(m_store->initialise(u"PS1"_s, m_clock.now()).result());
    m_log = std::make_unique<tracelog::TraceLogWriter>(
        tracelog::TraceLogOptions{m_folder.filePath(u"EasDisc%1.log"_s.arg(m_sites))}, m_clock);
    FakeEstate estate = FakeEstate::make(20, 1);
    estate.blockedIds[3] = QStringList{u"THEIRS"_s};
    m_exchange = std::make_unique<FakeOrganization>(estate);
    Connector fresh;
    fresh.name = u"ex1"_s;
    fresh.siteCode = u"PS1"_s;
    fresh.serverAddress = u"https://fake/PowerShell/"_s;
    fresh.user = u"CONTOSO\\svc"_s;
    fresh.maxInactiveDays = 0;
    m_connector = get(
        m_store->write([fresh](store::Session& s) { return store::ConnectorRepository(s).insert(fresh); }));
    QVERIFY(QCoro::waitFor(m_secrets.write(m_connector.secretKey(), u"secret"_s)));
    startService();
    QCOMPARE(finished(RequestKind::SynchronizeFull).state, RequestState::Done);
}

void TestWriteJobs::cleanup()
{
    stopService();
    m_store.reset();
}

void TestWriteJobs::startService()
{
    auto connectTo
        = [this](const Connector&, const QString&) -> std::unique_ptr<exchange::ExchangeOrganization> {
        return std::make_unique<site::test::SharedOrganization>(*m_exchange);
    };
    m_service = std::make_unique<site::SiteService>(
        site::SiteService::Dependencies{*m_store, m_secrets, *m_log, m_clock, connectTo});
    m_service->start();
}

void TestWriteJobs::stopService()
{
    if (m_service)
        QCoro::waitFor(m_service->stop());
    m_service.reset();
}

Request TestWriteJobs::submit(RequestKind kind, const QByteArray& parameters)
{
    Request request;
    request.kind = kind;
    request.connectorId = m_connector.id;
    request.parameters = parameters;
    request.requestedBy = u"anna"_s;
    request.requestedAt = m_clock.now();
    return get(m_store->write([request](store::Session& s) {
        return store::RequestRepository(s).insert(request);
    })).request;
}

Request TestWriteJobs::stored(RequestId id)
{
    return get(m_store->read([id](store::Session& s) {
        return store::RequestRepository(s).find(id);
    })).value();
}

Request TestWriteJobs::finished(RequestKind kind, const QByteArray& parameters)
{
    const Request request = submit(kind, parameters);
    const auto over = [&] {
        const RequestState state = stored(request.id).state;
        return state != RequestState::Queued && state != RequestState::Taken;
    };
    if (!QTest::qWaitFor(over, patience))
        qWarning() << "the request did not end";
    return stored(request.id);
}

std::optional<Connector> TestWriteJobs::connector()
{
    return get(m_store->read(
        [id = m_connector.id](store::Session& s) { return store::ConnectorRepository(s).find(id); }));
}

Job TestWriteJobs::lastJob()
{
    const auto jobs = get(m_store->read([](store::Session& s) { return store::JobRepository(s).list(50); }));
    return jobs.empty() ? Job() : jobs.front();
}

void TestWriteJobs::configure(const ConnectorSettings& settings)
{
    Connector changed = *connector();
    changed.settings = settings;
    (void)get(m_store->write(
        [changed](store::Session& s) { return store::ConnectorRepository(s).update(changed); }));
}

// As a policy will: planned, then applied by whatever runs next.
void TestWriteJobs::putOurEntry(int mailbox, const QString& device)
{
    (void)get(m_store->write([=, this](store::Session& s) -> Expected<std::vector<WriteId>> {
        const auto keys = store::MailboxRepository(s).loadKeyMap(m_connector.id);
        if (!keys)
            return fail(keys.error());
        store::PlannedWrite planned;
        planned.origin = WriteOrigin::Policy;
        planned.cause = u"not compliant"_s;
        ListWrite list;
        list.mailboxIdentity = sync::test::mailboxIdentity(mailbox);
        list.addBlocked = QStringList{device};
        planned.write = list;
        planned.mailboxId = keys->find(list.mailboxIdentity);
        return store::WriteRepository(s).plan(m_connector.id, {planned}, m_clock.now());
    }));
}

qint64 TestWriteJobs::entries()
{
    return get(m_store->read(
        [id = m_connector.id](store::Session& s) { return store::ListEntryRepository(s).count(id); }));
}

bool TestWriteJobs::wasSaid(int messageId)
{
    const auto messages
        = get(m_store->read([](store::Session& s) { return store::StatusMessageRepository(s).list({}); }));
    return std::any_of(messages.begin(), messages.end(),
        [messageId](const StatusMessage& message) { return message.messageId == messageId; });
}

PartnershipId TestWriteJobs::phoneOf(int mailbox)
{
    return get(m_store->read([=, this](store::Session& s) -> Expected<PartnershipId> {
        const auto keys = store::MailboxRepository(s).loadKeyMap(m_connector.id);
        if (!keys)
            return fail(keys.error());
        const MailboxId owner = keys->find(sync::test::mailboxIdentity(mailbox));
        const auto phone
            = store::PartnershipRepository(s).find(owner, EasDeviceId(u"APPL%1N0"_s.arg(mailbox)));
        return phone && *phone ? Expected<PartnershipId>((*phone)->id) : fail(ErrorCode::NotFound, {});
    }));
}

ConnectorSettings quarantine()
{
    ConnectorSettings settings;
    settings.access.manage = true;
    settings.access.defaultLevel = AccessLevel::Quarantine;
    return settings;
}

void TestWriteJobs::aFullPushesDriftedSettings()
{
    configure(quarantine());
    const Request first = finished(RequestKind::SynchronizeFull);
    QCOMPARE(first.state, RequestState::Done);
    QVERIFY2(first.result.contains(u"1 change(s) were made in Exchange"_s), qPrintable(first.result));
    QCOMPARE(m_exchange->estate.settings.defaultAccessLevel, AccessLevel::Quarantine);
    m_exchange->estate.settings.defaultAccessLevel = AccessLevel::Allow;
    QCOMPARE(finished(RequestKind::SynchronizeFull).state, RequestState::Done);
    QCOMPARE(m_exchange->estate.settings.defaultAccessLevel, AccessLevel::Quarantine);
    QVERIFY(wasSaid(30016));
    const auto sent = m_exchange->applied.size();
    QCOMPARE(finished(RequestKind::SynchronizeFull).state, RequestState::Done);
    QCOMPARE(m_exchange->applied.size(), sent);
}

void TestWriteJobs::settingsAreAppliedAtOnce()
{
    configure(quarantine());
    const Request request = finished(RequestKind::ApplySettings);
    QCOMPARE(request.state, RequestState::Done);
    QCOMPARE(m_exchange->estate.settings.defaultAccessLevel, AccessLevel::Quarantine);
    QCOMPARE(lastJob().kind, RequestKind::ApplySettings);
    QCOMPARE(lastJob().state, JobState::Succeeded);
    QCOMPARE(connector()->state, ConnectorState::Connected); // it was no synchronisation
}

void TestWriteJobs::settingsThatFailSaySo()
{
    configure(quarantine());
    m_exchange->organizationId = u"CN=Somebody else"_s;
    Request request = finished(RequestKind::ApplySettings);
    QCOMPARE(request.state, RequestState::Failed);
    QVERIFY(m_exchange->applied.empty()); // never to another organisation
    m_exchange->organizationId = u"CN=Contoso"_s;
    m_exchange->ignoresWrites = true;
    request = finished(RequestKind::ApplySettings);
    QVERIFY2(request.result.contains(u"1 are still open"_s), qPrintable(request.result));
}

void TestWriteJobs::removalTakesOutWhatPosternWrote()
{
    putOurEntry(3, u"OURS"_s);
    putOurEntry(5, u"OURS"_s);
    QCOMPARE(finished(RequestKind::ApplySettings).state, RequestState::Done);
    QCOMPARE(entries(), 2);
    const Request request = finished(RequestKind::RemoveConnector, "{\"keepEntries\":false}");
    QVERIFY2(request.state == RequestState::Done, qPrintable(request.result));
    QVERIFY(request.result.contains(u"taken out of Exchange: 2"_s));
    QCOMPARE(m_exchange->estate.blockedIds.at(3), QStringList{u"THEIRS"_s});
    QVERIFY(m_exchange->estate.blockedIds.at(5).isEmpty());
    QVERIFY(!connector());
    QVERIFY(wasSaid(30017));
    QVERIFY(!QCoro::waitFor(m_secrets.read(m_connector.secretKey())));
}

void TestWriteJobs::removalGoesOnAfterACrash()
{
    for (int i = 2; i < 12; ++i)
        putOurEntry(i, u"OURS"_s);
    QCOMPARE(finished(RequestKind::ApplySettings).state, RequestState::Done);
    const int before = m_exchange->calls;
    // The service ends in the middle, several times, each time somewhere else.
    const Request request = submit(RequestKind::RemoveConnector, "{\"keepEntries\":false}");
    for (const int after : {4, 9, 17}) {
        const int limit = m_exchange->calls + after;
        (void)QTest::qWaitFor([&] { return m_exchange->calls >= limit || !connector(); }, patience);
        stopService();
        if (connector())
            QCOMPARE(connector()->state, ConnectorState::Removing);
        startService();
    }
    QVERIFY(m_exchange->calls > before);
    QTRY_COMPARE_WITH_TIMEOUT(stored(request.id).state, RequestState::Done, patience);
    QVERIFY(!connector());
    for (int i = 2; i < 12; ++i)
        QCOMPARE(m_exchange->estate.blockedIds.at(i), i == 3 ? QStringList{u"THEIRS"_s} : QStringList());
}

void TestWriteJobs::removalWithoutExchangeSaysWhatRemains()
{
    putOurEntry(5, u"OURS"_s);
    QCOMPARE(finished(RequestKind::ApplySettings).state, RequestState::Done);
    m_exchange->calls = 0;
    m_exchange->faults.emplace(1, Error{ErrorCode::ConnectionRefused, {}, u"ex1"_s, {}});
    const Request request = finished(RequestKind::RemoveConnector, "{\"keepEntries\":false}");
    QCOMPARE(request.state, RequestState::Failed);
    QVERIFY2(request.result.contains(u"still in Exchange: 1"_s), qPrintable(request.result));
    QCOMPARE(connector()->state, ConnectorState::Removing);
    QCOMPARE(connector()->stateDetail, request.result);
    QCOMPARE(finished(RequestKind::SynchronizeFull).state, RequestState::Failed); // it is being removed
    QCOMPARE(finished(RequestKind::RemoveConnector, "{\"keepEntries\":true}").state, RequestState::Done);
    QVERIFY(!connector());
}

void TestWriteJobs::removalMayLeaveTheEntries()
{
    putOurEntry(5, u"OURS"_s);
    QCOMPARE(finished(RequestKind::ApplySettings).state, RequestState::Done);
    const int calls = m_exchange->calls;
    const Request request = finished(RequestKind::RemoveConnector, "{\"keepEntries\":true}");
    QCOMPARE(request.state, RequestState::Done);
    QVERIFY(request.result.contains(u"left there: 1"_s));
    QCOMPARE(m_exchange->calls, calls); // needs no Exchange
    QCOMPARE(m_exchange->estate.blockedIds.at(5), QStringList{u"OURS"_s});
}

void TestWriteJobs::removalEndsASynchronization()
{
    m_exchange->pageTime = std::chrono::milliseconds(80);
    const Request sync = submit(RequestKind::SynchronizeFull);
    QTRY_VERIFY_WITH_TIMEOUT(m_service->isBusy(m_connector.id), patience);
    const Request request = finished(RequestKind::RemoveConnector);
    QVERIFY2(request.state == RequestState::Done, qPrintable(request.result));
    QTRY_COMPARE_WITH_TIMEOUT(stored(sync.id).state, RequestState::Cancelled, patience);
    QVERIFY(!connector());
}

void TestWriteJobs::wipesArePlannedAuditedAndConfirmed()
{
    const PartnershipId phone = phoneOf(4);
    const QByteArray parameters
        = "{\"partnership\":" + QByteArray::number(phone.value) + ",\"reason\":\"lost in the train\"}";
    const Request request = finished(RequestKind::ClearDevice, parameters);
    QVERIFY2(request.state == RequestState::Done, qPrintable(request.result));
    QCOMPARE(m_exchange->estate.wipes.size(), 1);
    const auto now = get(
        m_store->read([phone](store::Session& s) { return store::PartnershipRepository(s).find(phone); }));
    QCOMPARE(now->statistics.wipeStatus, WipeStatus::Pending); // as Exchange showed it
    const auto records = get(m_store->read(
        [id = m_connector.id](store::Session& s) { return store::WriteRepository(s).list(id, 5); }));
    QCOMPARE(records.front().state, WriteState::Confirmed);
    QCOMPARE(records.front().cause, u"anna: lost in the train"_s);
    QCOMPARE(records.front().origin, WriteOrigin::Operator);
    QVERIFY(wasSaid(30018));
    QCOMPARE(finished(RequestKind::ClearDevice, "{\"partnership\":999}").state, RequestState::Failed);
}

void TestWriteJobs::accountOnlyNeedsANewEnoughPhone()
{
    const QByteArray parameters
        = "{\"partnership\":" + QByteArray::number(phoneOf(4).value) + ",\"accountOnly\":true}";
    const Request request = finished(RequestKind::ClearDevice, parameters);
    // The fake's phones do not say what they speak: never a factory reset instead.
    QCOMPARE(request.state, RequestState::Failed);
    QVERIFY(m_exchange->estate.wipes.isEmpty());
    QVERIFY(m_exchange->applied.empty());
}

void TestWriteJobs::removedPartnershipsGo()
{
    const PartnershipId phone = phoneOf(6);
    const Request request
        = finished(RequestKind::RemoveDevice, "{\"partnership\":" + QByteArray::number(phone.value) + "}");
    QVERIFY2(request.state == RequestState::Done, qPrintable(request.result));
    QCOMPARE(m_exchange->estate.phones.size(), 19U);
    const auto gone = get(
        m_store->read([phone](store::Session& s) { return store::PartnershipRepository(s).find(phone); }));
    QVERIFY(gone && gone->goneSince);
}

void TestWriteJobs::shrinkIsConfirmedByARequest()
{
    m_exchange->estate.phones.resize(10);
    m_exchange->estate.mailboxes.resize(10);
    QCOMPARE(finished(RequestKind::SynchronizeFull).state, RequestState::Failed);
    QVERIFY(lastJob().needsConfirmation);
    const Request request = finished(RequestKind::SynchronizeFull, "{\"shrinkConfirmed\":true}");
    QVERIFY2(request.state == RequestState::Done, qPrintable(request.result));
    QVERIFY(!lastJob().needsConfirmation);
    QCOMPARE(connector()->deviceCount, 10);
}

void TestWriteJobs::openWritesAreSettledByTheNextService()
{
    stopService();
    putOurEntry(7, u"OURS"_s);
    startService();
    QTRY_COMPARE_WITH_TIMEOUT(entries(), 1, patience);
    QCOMPARE(m_exchange->estate.blockedIds.at(7), QStringList{u"OURS"_s});
}

void TestWriteJobs::historyIsForgottenAfterThirtyDays()
{
    QCOMPARE(finished(RequestKind::RemoveConnector).state, RequestState::Done);
    const auto due = [this](int days) {
        return get(m_store->read(
            [now = m_clock.now().addDays(days)](store::Session& s) { return site::houseworkDue(s, now); }));
    };
    QVERIFY(!due(29));
    QVERIFY(due(31));
    get(m_store->write(
        [now = m_clock.now().addDays(31)](store::Session& s) { return site::doHousework(s, now); }));
    QVERIFY(!due(31));
    QVERIFY(lastJob().id.value == 0); // with its jobs
}

} // namespace

QTEST_GUILESS_MAIN(TestWriteJobs)
#include "tst_write_jobs.moc"
