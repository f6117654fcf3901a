// What a console asks of a site beyond frames: lists of messages, writes and checks, previews, and what
// saving a connector sets in motion. A real store, a service thread, no Exchange.
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include "services/site/LocalSiteClient.h"
#include "services/store/CheckRepository.h"
#include "services/store/ConnectorRepository.h"
#include "services/store/OrganizationRepository.h"
#include "services/store/RequestRepository.h"
#include "services/store/StatusMessageRepository.h"
#include "services/store/WriteRepository.h"

using namespace postern;
using namespace Qt::StringLiterals;

namespace {

constexpr int patience = 20'000;

template <class T> T get(QFuture<Expected<T>> future)
{
    future.waitForFinished();
    const Expected<T> result = future.result();
    if (!result)
        qFatal("%s", qPrintable(result.error().toLogText()));
    if constexpr (!std::is_void_v<T>)
        return *result;
}

class TestLocalSiteClient : public QObject
{
    Q_OBJECT

private:
    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<store::Store> m_store; // beside the client, as another process
    std::unique_ptr<site::LocalSiteClient> m_client;

    [[nodiscard]] Connector save(const Connector& connector);
    [[nodiscard]] static Connector sample();

private slots:
    void init();
    void cleanup();
    void savingAConnectorTellsItsInstallation();
    void wrongConnectorsAreRefused_data();
    void wrongConnectorsAreRefused();
    void statusMessagesByTimeAndSeverity();
    void writesAndChecksComeAsTheyAreStored();
    void previewsAreTheCommands();
    void changedSettingsAreAskedFor();
    void removalIsARequest();
};

Connector TestLocalSiteClient::sample()
{
    Connector connector;
    connector.name = u"ex1"_s;
    connector.serverAddress = u"https://localhost:9/PowerShell/"_s; // nobody answers there
    connector.user = u"CONTOSO\\svc"_s;
    connector.authentication = Authentication::Basic;
    connector.fullSchedule = u"1d@00:00"_s;
    return connector;
}

void TestLocalSiteClient::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    const auto address = store::SiteAddress::parse(m_folder->filePath(u"site.db"_s));
    site::SiteOptions options;
    options.address = *address;
    options.create = true;
    options.siteCode = u"PS1"_s;
    options.serve = false; // requests stay where they can be looked at
    options.logPath = m_folder->filePath(u"EasDisc.log"_s);
    options.makeSecretStore = [] { return std::make_unique<identity::MemorySecretStore>(); };
    m_client = std::make_unique<site::LocalSiteClient>(options);
    QSignalSpy opened(m_client.get(), &site::LocalSiteClient::opened);
    m_client->open();
    QVERIFY(opened.wait(patience));
    auto store = store::Store::open(*address);
    QVERIFY(store);
    m_store = std::move(*store);
}

void TestLocalSiteClient::cleanup()
{
    m_store.reset();
    m_client.reset();
}

Connector TestLocalSiteClient::save(const Connector& connector)
{
    QSignalSpy saved(m_client.get(), &site::SiteClient::connectorSaved);
    QSignalSpy refused(m_client.get(), &site::SiteClient::connectorRefused);
    m_client->saveConnector(connector, u"secret"_s);
    if (!QTest::qWaitFor([&] { return saved.size() + refused.size() > 0; }, patience) || saved.isEmpty())
        return {};
    return saved.first().first().value<Connector>();
}

void TestLocalSiteClient::savingAConnectorTellsItsInstallation()
{
    const Connector saved = save(sample());
    QVERIFY(saved.id.isValid());
    QSignalSpy loaded(m_client.get(), &site::SiteClient::statusMessagesLoaded);
    site::StatusMessageQuery query;
    query.token = 7;
    m_client->loadStatusMessages(query);
    QVERIFY(loaded.wait(patience));
    QCOMPARE(loaded.first().at(0).value<site::StatusMessageQuery>().token, 7);
    const auto messages = loaded.first().at(1).value<std::vector<StatusMessage>>();
    QCOMPARE(messages.size(), 1U);
    QCOMPARE(messages[0].messageId, 1015);
    QFile log(m_folder->filePath(u"SiteComp.log"_s));
    QVERIFY(log.open(QIODevice::ReadOnly));
    const QByteArray text = log.readAll();
    QVERIFY(text.contains("Component SMS_EXCHANGE_CONNECTOR flagged for installation"));
    QVERIFY(text.contains("STATMSG: ID=1015"));
}

void TestLocalSiteClient::wrongConnectorsAreRefused_data()
{
    QTest::addColumn<Connector>("connector");
    QTest::addColumn<QString>("place");
    Connector wrong = sample();
    wrong.fullSchedule = u"daily"_s;
    QTest::newRow("schedule") << wrong << u"schedule"_s;
    wrong = sample();
    wrong.ewsUrl = u"http://mail/EWS"_s;
    QTest::newRow("EWS") << wrong << u"EWS"_s;
    wrong = sample();
    wrong.clientAccessServers = {{u"Berlin"_s, u"a"_s}, {u"berlin"_s, u"b"_s}};
    QTest::newRow("two servers for a site") << wrong << u"berlin"_s;
    wrong = sample();
    wrong.settings.policy.password.emplace();
    wrong.settings.policy.password->minimumLength = 99;
    QTest::newRow("settings") << wrong << u"Password"_s;
}

void TestLocalSiteClient::wrongConnectorsAreRefused()
{
    QFETCH(const Connector, connector);
    QFETCH(const QString, place);
    QSignalSpy refused(m_client.get(), &site::SiteClient::connectorRefused);
    m_client->saveConnector(connector, u"secret"_s);
    QVERIFY(refused.wait(patience));
    const Error error = refused.first().at(1).value<Error>();
    QCOMPARE(error.code, ErrorCode::InvalidInput);
    QVERIFY2(error.origin.contains(place), qPrintable(error.toLogText()));
}

void TestLocalSiteClient::statusMessagesByTimeAndSeverity()
{
    const QDateTime now = QDateTime::currentDateTimeUtc();
    get(m_store->write([now](store::Session& session) -> Expected<void> {
        for (int i = 0; i < 6; ++i) {
            StatusMessage message;
            message.time = now.addDays(-i);
            message.severity = i % 2 ? Severity::Warning : Severity::Information;
            message.messageId = 100 + i;
            if (auto said = store::StatusMessageRepository(session).append(message); !said)
                return fail(said.error());
        }
        return {};
    }));
    QSignalSpy loaded(m_client.get(), &site::SiteClient::statusMessagesLoaded);
    site::StatusMessageQuery query;
    query.since = now.addDays(-3).addSecs(-60);
    query.severity = Severity::Warning;
    m_client->loadStatusMessages(query);
    QVERIFY(loaded.wait(patience));
    QList<int> ids;
    for (const StatusMessage& message : loaded.first().at(1).value<std::vector<StatusMessage>>())
        ids << message.messageId;
    std::sort(ids.begin(), ids.end());
    QCOMPARE(ids, (QList<int>{101, 103}));
}

void TestLocalSiteClient::writesAndChecksComeAsTheyAreStored()
{
    const Connector saved = save(sample());
    QSignalSpy checks(m_client.get(), &site::SiteClient::lastCheckLoaded);
    m_client->loadLastCheck(saved.id);
    QVERIFY(checks.wait(patience));
    QVERIFY(!checks.first().at(2).toDateTime().isValid()); // never checked
    const QDateTime at(QDate(2026, 3, 2), QTime(6, 0), Qt::UTC);
    CheckResult line;
    line.id = u"CON-31"_s;
    line.outcome = CheckResult::Outcome::Warning;
    get(m_store->write([=](store::Session& session) -> Expected<void> {
        if (auto kept = store::CheckRepository(session).replace(saved.id, {{line}, at}); !kept)
            return kept;
        store::PlannedWrite planned;
        planned.cause = u"anna"_s;
        planned.write = AccessRuleRemove{u"rule"_s};
        auto ids = store::WriteRepository(session).plan(saved.id, {planned}, at);
        return ids ? Expected<void>() : Expected<void>(fail(ids.error()));
    }));
    m_client->loadLastCheck(saved.id);
    QVERIFY(checks.wait(patience));
    QCOMPARE(checks.last().at(2).toDateTime(), at);
    QVERIFY(checks.last().at(1).value<std::vector<CheckResult>>() == std::vector{line});
    QSignalSpy writes(m_client.get(), &site::SiteClient::writesLoaded);
    m_client->loadWrites(saved.id, 10);
    QVERIFY(writes.wait(patience));
    const auto records = writes.first().at(1).value<std::vector<WriteRecord>>();
    QCOMPARE(records.size(), 1U);
    QCOMPARE(records[0].cause, u"anna"_s);
}

void TestLocalSiteClient::previewsAreTheCommands()
{
    Connector connector = sample();
    connector.settings.access.manage = true;
    connector.settings.access.defaultLevel = AccessLevel::Quarantine;
    QSignalSpy previewed(m_client.get(), &site::SiteClient::settingsPreviewed);
    m_client->previewSettings(connector); // not saved yet
    QVERIFY(previewed.wait(patience));
    QStringList commands = previewed.first().at(1).toStringList();
    QCOMPARE(commands.size(), 1);
    QVERIFY2(commands[0].startsWith(u"Set-ActiveSyncOrganizationSettings"_s), qPrintable(commands[0]));
    QVERIFY2(commands[0].contains(u"Quarantine"_s), qPrintable(commands[0]));
    // Exchange has it already.
    const Connector saved = save(connector);
    (void)get(m_store->write([id = saved.id](store::Session& session) {
        return store::OrganizationRepository(session).replaceSettings(id, {AccessLevel::Quarantine, {}, {}});
    }));
    m_client->previewSettings(saved);
    QVERIFY(previewed.wait(patience));
    QVERIFY(previewed.last().at(1).toStringList().isEmpty());
}

void TestLocalSiteClient::changedSettingsAreAskedFor()
{
    Connector saved = save(sample());
    const auto asked = [this] {
        QList<RequestKind> kinds;
        const auto requests = get(m_store->read(
            [](store::Session& session) { return store::RequestRepository(session).list(10); }));
        for (const Request& request : requests)
            kinds << request.kind;
        return kinds;
    };
    saved.settings.access.manage = true;
    saved = save(saved);
    QVERIFY(asked().isEmpty()); // its first full synchronization does it
    get(m_store->write([id = saved.id](store::Session& session) {
        store::SyncOutcome outcome;
        outcome.end = QDateTime::currentDateTimeUtc();
        return store::ConnectorRepository(session).recordSync(id, outcome);
    }));
    saved.deltaMinutes = 60;
    saved = save(saved);
    QVERIFY(asked().isEmpty()); // the settings are the same
    saved.settings.access.defaultLevel = AccessLevel::Block;
    saved = save(saved);
    QCOMPARE(asked(), QList<RequestKind>{RequestKind::ApplySettings});
    // Again, while the former request waits: a second one, or its values could be lost.
    saved.settings.access.defaultLevel = AccessLevel::Allow;
    QVERIFY(save(saved).id.isValid());
    QCOMPARE(asked().size(), 2);
}

void TestLocalSiteClient::removalIsARequest()
{
    const Connector saved = save(sample());
    QSignalSpy accepted(m_client.get(), &site::SiteClient::requestAccepted);
    QSignalSpy refused(m_client.get(), &site::SiteClient::requestRefused);
    m_client->removeConnector(saved.id, false);
    QVERIFY(accepted.wait(patience));
    QCOMPARE(accepted.first().first().value<Request>().kind, RequestKind::RemoveConnector);
    m_client->removeConnector(saved.id, false);
    QVERIFY(refused.wait(patience));
    QCOMPARE(refused.first().at(1).value<Error>().code, ErrorCode::AlreadyRunning);
}

} // namespace

QTEST_GUILESS_MAIN(TestLocalSiteClient)
#include "tst_local_site_client.moc"
