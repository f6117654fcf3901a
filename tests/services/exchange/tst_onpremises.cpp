// An organisation against scripted servers: which server answers for it (CON-03, 06, 17, 45), which
// containers it reads (CON-16), how its writes end.
#include <QTemporaryDir>
#include <QTest>

#include "services/exchange/OnPremisesExchange.h"
#include "services/psrp/clixml/Object.h"
#include "tests/services/exchange/ExchangeObjects.h"
#include "tests/services/exchange/ScriptedExchange.h"

using namespace postern;
using namespace postern::exchange;
using namespace postern::exchange::test;
using namespace Qt::StringLiterals;
using postern::test::runTask;

namespace {

QString organizationId(const QString& name)
{
    return u"CN=%1,CN=Microsoft Exchange,CN=Services,CN=Configuration,DC=contoso,DC=lab"_s.arg(name);
}

struct Fixture
{
    Fixture()
        : log({dir.filePath(u"EasDisc.log"_s)}, clock)
    {
        connector.name = u"Contoso"_s;
        connector.serverAddress = u"https://ex1.contoso.lab:8443/PowerShell/"_s;
        connector.authentication = Authentication::Basic;
        connector.user = u"CONTOSO\\svc"_s;
        exchange.siblings = {u"ex2.contoso.lab"_s, u"ex3.contoso.lab"_s};
    }
    ~Fixture() { close(); }

    OnPremisesExchange& organization()
    {
        if (!made) {
            ConnectDependencies with{log, clock, u"PS1"_s};
            with.known = known;
            with.newClient = exchange.clients();
            made = std::make_unique<OnPremisesExchange>(connector, u"secret"_s, std::move(with));
        }
        return *made;
    }
    void close()
    {
        if (!made)
            return;
        auto closed = runTask(made->close());
        if (!exchange.play(closed))
            qFatal("the organisation did not close");
        made.reset();
    }
    template <class T> Expected<T> run(QCoro::Task<Expected<T>> task)
    {
        auto running = runTask(std::move(task));
        auto* result = exchange.play(running);
        return result ? std::move(*result) : Expected<T>(fail(ErrorCode::Timeout, u"test"_s));
    }
    Expected<OrganizationInfo> open() { return run(organization().open({})); }
    // Everything of a listing; the error, when it did not end well.
    template <class T> Expected<std::vector<T>> read(std::unique_ptr<PageReader<T>> reader)
    {
        std::vector<T> items;
        for (bool last = false; !last;) {
            auto page = run(reader->next({}));
            if (!page)
                return fail(page.error());
            items.insert(items.end(), page->items.begin(), page->items.end());
            last = page->last;
        }
        return items;
    }
    std::vector<SeenCommand> seen(const QString& cmdlet) const
    {
        std::vector<SeenCommand> found;
        for (const SeenCommand& command : exchange.commands) {
            if (command.cmdlet == cmdlet)
                found.push_back(command);
        }
        return found;
    }
    bool logs(const QString& text)
    {
        QFile file(log.path());
        return file.open(QIODevice::ReadOnly) && QString::fromUtf8(file.readAll()).contains(text);
    }

    PlayedClock clock;
    QTemporaryDir dir;
    tracelog::TraceLogWriter log;
    ScriptedExchange exchange;
    Connector connector;
    std::shared_ptr<KnownServers> known = std::make_shared<KnownServers>();
    std::unique_ptr<OnPremisesExchange> made;
};

QByteArray mailboxObject(const QString& canonical)
{
    return document({{u"Identity"_s, identity(canonical)},
        {u"Guid"_s, clixml::Value::fromGuid(QUuid::createUuidV5(QUuid(), canonical))},
        {u"UserPrincipalName"_s, text(canonical.section(u'/', -1) + u"@contoso.lab"_s)},
        {u"ActiveSyncAllowedDeviceIDs"_s, clixml::Value::arrayList({u"Appl1"_s})},
        {u"ActiveSyncBlockedDeviceIDs"_s, clixml::Value::arrayList(QStringList())}});
}

QByteArray phoneObject(const QString& owner)
{
    return document(
        with(phone(), u"Identity"_s, identity(owner + u"/ExchangeActiveSyncDevices/iPhone§ApplC39"_s)));
}

const QStringList everybody = {u"contoso.lab/Staff/Anna"_s, u"contoso.lab/Staff/Berlin/Bert"_s,
    u"contoso.lab/Staffing/Carl"_s, u"contoso.lab/Students/Dora"_s, u"contoso.lab/Guests/Emil"_s};

// A server with everybody, that knows -OrganizationalUnit or not.
std::optional<ScriptedReply> directory(const SeenCommand& seen, bool knowsUnits)
{
    const bool isPhone = seen.cmdlet == "Get-MobileDevice"_L1;
    if (!isPhone && seen.cmdlet != "Get-CASMailbox"_L1 && seen.cmdlet != "Get-User"_L1)
        return std::nullopt;
    ScriptedReply reply;
    const auto unit = seen.arguments.constFind(u"OrganizationalUnit"_s);
    if (unit != seen.arguments.constEnd() && !knowsUnits) {
        reply.failure = "A parameter cannot be found that matches parameter name 'OrganizationalUnit'.";
        reply.errorId = "NamedParameterNotFound," + seen.cmdlet.toUtf8();
        return reply;
    }
    for (const QString& person : everybody) {
        if (unit == seen.arguments.constEnd() || person.startsWith(unit->toText() + u'/'))
            reply.objects.append(isPhone ? phoneObject(person) : mailboxObject(person));
    }
    return reply;
}

} // namespace

class TestOnPremises : public QObject
{
    Q_OBJECT
private slots:
    void configuredOrder();
    void discoveredServersServeNextTime();
    void servicesRememberByConnector();
    void pinned();
    void foreignOrganization();
    void anotherOrganizationIsNotKept();
    void oddServerNames();
    void containers_data();
    void containers();
    void containerThatDoesNotExist();
    void containerThatIsNoName();
    void oneMailboxOutside();
    void writes();
    void writeIsNotRepeated();
    void writeFallsBackToTheOlderFamily();
    void writeThatIsRefused();
    void stopLetsAWriteEnd();
    void readsListsBack();
    void listsOfNobody();
};

void TestOnPremises::configuredOrder()
{
    Fixture fixture;
    fixture.connector.clientAccessServers
        = {{u"Berlin"_s, u"cas1"_s}, {u"Paris"_s, u"https://cas2:444/PowerShell/"_s}, {u"Rome"_s, u"CAS1"_s}};
    for (const char* host : {"cas1", "cas2"})
        fixture.exchange.hosts[QString::fromLatin1(host)].breaks = QNetworkReply::ConnectionRefusedError;
    const auto opened = fixture.open();
    QVERIFY(opened);
    QCOMPARE(fixture.exchange.creates.mid(0, 3).join(u' '), u"cas1 cas2 ex1.contoso.lab"_s);
    QCOMPARE(opened->id, organizationId(u"Contoso"_s));
    QVERIFY(fixture.organization().address().startsWith(u"https://ex1.contoso.lab:8443/"_s));
    QVERIFY(fixture.logs(u"Failed to open runspace for site PS1"_s));
}

void TestOnPremises::discoveredServersServeNextTime()
{
    Fixture fixture;
    QVERIFY(fixture.open());
    fixture.close();
    QCOMPARE(int(fixture.known->servers.size()), 3);
    fixture.exchange.hosts[u"ex1.contoso.lab"_s].breaks = QNetworkReply::ConnectionRefusedError;
    fixture.exchange.creates.clear();
    const auto again = fixture.open();
    QVERIFY(again);
    QCOMPARE(fixture.exchange.creates.mid(0, 2).join(u' '), u"ex1.contoso.lab ex2.contoso.lab"_s);
    QCOMPARE(again->serverName, u"ex2.contoso.lab"_s);
    // As the named one is reached.
    QCOMPARE(fixture.organization().address(), u"https://ex2.contoso.lab:8443/PowerShell/"_s);
}

void TestOnPremises::servicesRememberByConnector()
{
    Fixture fixture;
    ConnectDependencies with{fixture.log, fixture.clock, u"PS1"_s};
    with.newClient = fixture.exchange.clients();
    const auto connectTo = rememberingConnect(with);
    const auto opens = [&](qint64 id) {
        fixture.connector.id.value = id;
        const auto organization = connectTo(fixture.connector, u"secret"_s);
        const bool opened = fixture.run(organization->open({})).has_value();
        auto closed = runTask(organization->close());
        return fixture.exchange.play(closed) && opened;
    };
    QVERIFY(opens(1));
    fixture.exchange.hosts[u"ex1.contoso.lab"_s].breaks = QNetworkReply::ConnectionRefusedError;
    QVERIFY(opens(1));
    QVERIFY(!opens(2)); // of which nothing is known
}

void TestOnPremises::pinned()
{
    Fixture fixture;
    QVERIFY(fixture.open());
    fixture.close();
    fixture.connector.discoverServers = false;
    fixture.exchange.hosts[u"ex1.contoso.lab"_s].breaks = QNetworkReply::ConnectionRefusedError;
    fixture.exchange.creates.clear();
    const auto refused = fixture.open();
    QVERIFY(!refused);
    QCOMPARE(refused.error().code, ErrorCode::ConnectionRefused);
    QCOMPARE(fixture.exchange.creates.join(u' '), u"ex1.contoso.lab"_s); // nobody else heard of us
}

// CON-06: a server that has moved to another organisation, or whose name has, gets no command of ours.
void TestOnPremises::foreignOrganization()
{
    Fixture fixture;
    QVERIFY(fixture.open());
    fixture.close();
    fixture.exchange.hosts[u"ex1.contoso.lab"_s].breaks = QNetworkReply::ConnectionRefusedError;
    fixture.exchange.hosts[u"ex2.contoso.lab"_s].organization = u"Fabrikam"_s;
    fixture.exchange.commands.clear();
    const auto opened = fixture.open();
    QVERIFY(opened);
    QCOMPARE(opened->serverName, u"ex3.contoso.lab"_s);
    for (const SeenCommand& command : fixture.exchange.commands)
        QVERIFY(command.host != "ex2.contoso.lab"_L1 || command.cmdlet == "Get-ExchangeServer"_L1
            || command.cmdlet == "Set-ADServerSettings"_L1);
    QVERIFY(fixture.logs(u"belongs to the organization"_s));
}

void TestOnPremises::anotherOrganizationIsNotKept()
{
    Fixture fixture;
    fixture.connector.organizationId = organizationId(u"Contoso"_s);
    fixture.exchange.hosts[u"ex1.contoso.lab"_s].organization = u"Fabrikam"_s;
    const auto opened = fixture.open();
    QVERIFY(opened); // whoever asked compares and says so
    QCOMPARE(opened->name, u"Fabrikam"_s);
    QVERIFY(fixture.known->servers.empty());
}

void TestOnPremises::oddServerNames()
{
    Connector connector;
    connector.serverAddress = u"ex1"_s;
    connector.authentication = Authentication::Basic;
    connector.user = u"a"_s;
    const auto configured = configuredEndpoints(connector, u"p"_s);
    QVERIFY(configured);
    const auto server
        = [](const QString& fqdn, const QString& version, bool cas, bool edge, const QString& site) {
              ExchangeServer made;
              made.fqdn = fqdn;
              made.version = version;
              made.isClientAccess = cas;
              made.isMailbox = true;
              made.isEdge = edge;
              made.site = site;
              return made;
          };
    const std::vector<ExchangeServer> servers = {server(u"evil.example/@x"_s, u"15.2.1.1"_s, true, false, {}),
        server(u"evil.example:99"_s, u"15.2.1.1"_s, true, false, {}),
        server(u"edge"_s, u"15.2.1.1"_s, true, true, {}),
        server(u"mbx2010"_s, u"14.3.1.1"_s, false, false, {}),
        server(u"cas2010"_s, u"14.3.1.1"_s, true, false, u"Berlin"_s),
        server(u"far2019"_s, u"15.2.1.1"_s, true, false, u"Paris"_s),
        server(u"near2013"_s, u"15.0.1.1"_s, true, false, u"Berlin"_s),
        server(u"mbx2016"_s, u"15.1.1.1"_s, false, false, u"Berlin"_s),
        server(u"EX1"_s, u"15.2.1.1"_s, true, false, u"Berlin"_s),
        server(u"near2013"_s, {}, true, false, {})};
    QStringList hosts;
    for (const wsman::Endpoint& endpoint : discoveredEndpoints(connector, servers, *configured, u"ex1"_s)) {
        hosts.append(endpoint.url.host());
        QCOMPARE(endpoint.url.scheme(), u"https"_s);
    }
    QCOMPARE(hosts.join(u' '), u"mbx2016 near2013 cas2010 far2019 mbx2010"_s);
}

void TestOnPremises::containers_data()
{
    QTest::addColumn<QStringList>("containers");
    QTest::addColumn<bool>("knowsUnits");
    QTest::addColumn<QString>("read"); // who
    QTest::addColumn<int>("commands"); // Get-CASMailbox
    for (const bool knows : {true, false}) {
        const auto row
            = [knows](const char* name, const QStringList& containers, const char* read, int commands) {
                  QTest::addRow("%s%s", name, knows ? "" : ", cut here")
                      << containers << knows << QString::fromLatin1(read) << commands;
              };
        row("everything", {}, "Anna Bert Carl Dora Emil", 1);
        row("with what is below", {u"OU=Staff,DC=contoso,DC=lab"_s}, "Anna Bert", knows ? 1 : 2);
        row("two", {u"OU=Students,DC=contoso,DC=lab"_s, u"contoso.lab/Guests/"_s}, "Dora Emil",
            knows ? 2 : 3);
        row("one in the other", {u"OU=Berlin,OU=Staff,DC=contoso,DC=lab"_s, u"ou=staff,dc=CONTOSO,dc=lab"_s},
            "Anna Bert", knows ? 1 : 2);
        row("the domain", {u"DC=contoso,DC=lab"_s}, "Anna Bert Carl Dora Emil", knows ? 1 : 2);
        row("of another domain", {u"OU=Staff,DC=fabrikam,DC=lab"_s}, "", knows ? 1 : 2);
    }
}

void TestOnPremises::containers()
{
    QFETCH(QStringList, containers);
    QFETCH(bool, knowsUnits);
    QFETCH(QString, read);
    Fixture fixture;
    fixture.connector.adContainers = containers;
    // "contoso.lab" in any case is one name to a directory.
    fixture.exchange.answer = [knowsUnits](const SeenCommand& seen) {
        SeenCommand lower = seen;
        if (lower.arguments.contains(u"OrganizationalUnit"_s))
            lower.arguments[u"OrganizationalUnit"_s]
                = text(lower.arguments[u"OrganizationalUnit"_s].toText().replace(
                    u"CONTOSO.lab/staff"_s, u"contoso.lab/Staff"_s));
        return directory(lower, knowsUnits);
    };
    QVERIFY(fixture.open());
    const auto mailboxes = fixture.read(fixture.organization().readMailboxes());
    QVERIFY2(mailboxes, mailboxes ? "" : qPrintable(mailboxes.error().toLogText()));
    QStringList names;
    for (const Mailbox& mailbox : *mailboxes) {
        names.append(mailbox.identity.section(u'/', -1));
        QVERIFY(!mailbox.upn.isEmpty());
    }
    names.sort();
    QCOMPARE(names.join(u' '), read);
    QTEST(int(fixture.seen(u"Get-CASMailbox"_s).size()), "commands");
    const auto phones = fixture.read(fixture.organization().readPartnerships());
    QVERIFY(phones);
    QStringList owners;
    for (const Partnership& one : *phones)
        owners.append(one.ownerIdentity.section(u'/', -1));
    owners.sort();
    QCOMPARE(owners.join(u' '), read);
}

// Not an empty list, after which everything would be gone.
void TestOnPremises::containerThatDoesNotExist()
{
    Fixture fixture;
    fixture.connector.adContainers = {u"OU=Gone,DC=contoso,DC=lab"_s};
    fixture.exchange.answer = [](const SeenCommand& seen) -> std::optional<ScriptedReply> {
        if (!seen.arguments.contains(u"OrganizationalUnit"_s))
            return directory(seen, true);
        ScriptedReply reply;
        reply.error = "The organizational unit \"contoso.lab/Gone\" could not be found.";
        reply.errorType = "Microsoft.Exchange.Configuration.Tasks.ManagementObjectNotFoundException";
        return reply;
    };
    QVERIFY(fixture.open());
    const auto full = fixture.read(fixture.organization().readPartnerships());
    QVERIFY(!full);
    QVERIFY(full.error().detail.contains(u"Gone"_s));
    const auto since = QDateTime(QDate(2026, 1, 1), QTime(0, 0), Qt::UTC);
    QVERIFY(!fixture.read(fixture.organization().readPartnershipsChangedSince(since)));
    QVERIFY(!fixture.read(fixture.organization().readMailboxes()));
}

void TestOnPremises::containerThatIsNoName()
{
    for (const QString& name : {u"Staff"_s, u"OU=Staff"_s, u" "_s, u"CN=x,OU"_s}) {
        Fixture fixture;
        fixture.connector.adContainers = {name};
        QVERIFY(fixture.open());
        const auto read = fixture.read(fixture.organization().readMailboxes());
        QVERIFY2(!read, qPrintable(name));
        QCOMPARE(read.error().code, ErrorCode::InvalidInput);
        QVERIFY(fixture.seen(u"Get-CASMailbox"_s).empty());
    }
}

// Nobody comes in by the back door of a phone whose mailbox was not in the list.
void TestOnPremises::oneMailboxOutside()
{
    Fixture fixture;
    fixture.connector.adContainers = {u"OU=Staff,DC=contoso,DC=lab"_s};
    fixture.exchange.answer = [](const SeenCommand& seen) -> std::optional<ScriptedReply> {
        if (seen.cmdlet != "Get-CASMailbox"_L1)
            return std::nullopt;
        ScriptedReply reply;
        reply.objects.append(mailboxObject(seen.arguments[u"Identity"_s].toText()));
        return reply;
    };
    QVERIFY(fixture.open());
    QVERIFY(fixture.run(fixture.organization().mailbox(u"contoso.lab/Staff/Anna"_s, {})));
    const auto outside = fixture.run(fixture.organization().mailbox(u"contoso.lab/Students/Dora"_s, {}));
    QVERIFY(!outside);
    QCOMPARE(outside.error().code, ErrorCode::NotFound);
}

void TestOnPremises::writes()
{
    Fixture fixture;
    QVERIFY(fixture.open());
    ListWrite write;
    write.mailboxIdentity = u"contoso.lab/Staff/Anna"_s;
    write.addBlocked = {u"Appl1"_s, u"Appl2"_s};
    fixture.exchange.answer = [](const SeenCommand& seen) -> std::optional<ScriptedReply> {
        if (seen.cmdlet != "Set-CASMailbox"_L1)
            return std::nullopt;
        ScriptedReply reply;
        reply.warnings = {"Something of no weight."};
        return reply;
    };
    const auto done = fixture.run(fixture.organization().apply(write, {}));
    QVERIFY2(done, done ? "" : qPrintable(done.error().toLogText()));
    const auto sent = fixture.seen(u"Set-CASMailbox"_s);
    QCOMPARE(int(sent.size()), 1);
    QCOMPARE(sent.front().arguments.keys().join(u' '), u"ActiveSyncBlockedDeviceIDs Confirm Identity"_s);
    QCOMPARE(sent.front().arguments[u"Identity"_s].toText(), write.mailboxIdentity);
    const clixml::Value table = sent.front().arguments[u"ActiveSyncBlockedDeviceIDs"_s];
    QVERIFY(table.object() && table.object()->entries.size() == 1);
    QCOMPARE(table.object()->entry(u"Add")->stringList(), write.addBlocked);
    QVERIFY(fixture.logs(u"Something of no weight."_s));
    QVERIFY(fixture.organization().commandText(write).startsWith(u"Set-CASMailbox -Identity 'contoso.lab"_s));
}

void TestOnPremises::writeIsNotRepeated()
{
    Fixture fixture;
    QVERIFY(fixture.open());
    fixture.exchange.answer = [](const SeenCommand& seen) -> std::optional<ScriptedReply> {
        if (seen.cmdlet != "Remove-MobileDevice"_L1)
            return std::nullopt;
        ScriptedReply reply;
        reply.breaks = true;
        return reply;
    };
    const auto done = fixture.run(fixture.organization().apply(DeviceRemove{u"a/b§c"_s}, {}));
    QVERIFY(!done);
    QVERIFY2(done.error().code == ErrorCode::ConnectionLost || done.error().code == ErrorCode::SessionLost,
        qPrintable(done.error().toLogText()));
    QCOMPARE(int(fixture.seen(u"Remove-MobileDevice"_s).size()), 1);
}

void TestOnPremises::writeFallsBackToTheOlderFamily()
{
    Fixture fixture;
    QVERIFY(fixture.open());
    fixture.exchange.answer = [](const SeenCommand& seen) -> std::optional<ScriptedReply> {
        if (!seen.cmdlet.contains(u"MobileDevice"_s))
            return std::nullopt;
        ScriptedReply reply;
        reply.failure = "The term 'X' is not recognized as the name of a cmdlet.";
        reply.errorId = "CommandNotFoundException";
        return reply;
    };
    QVERIFY(fixture.run(fixture.organization().apply(DeviceRemove{u"a/b§c"_s}, {})));
    QCOMPARE(int(fixture.seen(u"Remove-ActiveSyncDevice"_s).size()), 1);
    // Where neither is, the newer one is what the account lacks.
    fixture.exchange.answer = [](const SeenCommand&) -> std::optional<ScriptedReply> {
        ScriptedReply reply;
        reply.failure = "The term 'X' is not recognized as the name of a cmdlet.";
        reply.errorId = "CommandNotFoundException";
        return reply;
    };
    const auto none
        = fixture.run(fixture.organization().apply(DeviceClear{u"a/b§c"_s, false, false, {}}, {}));
    QVERIFY(!none);
    QCOMPARE(none.error().code, ErrorCode::CmdletMissing);
    QVERIFY2(none.error().detail.contains(u"Clear-MobileDevice"_s), qPrintable(none.error().toLogText()));
}

void TestOnPremises::writeThatIsRefused()
{
    Fixture fixture;
    QVERIFY(fixture.open());
    fixture.exchange.answer = [](const SeenCommand& seen) -> std::optional<ScriptedReply> {
        if (seen.cmdlet != "Set-ActiveSyncDeviceAccessRule"_L1)
            return std::nullopt;
        ScriptedReply reply;
        reply.error = "The operation couldn't be performed because object 'x' couldn't be found.";
        reply.errorType = "Microsoft.Exchange.Configuration.Tasks.ManagementObjectNotFoundException";
        return reply;
    };
    const auto gone = fixture.run(fixture.organization().apply(AccessRuleChange{u"x"_s}, {}));
    QVERIFY(!gone); // though the command ended well
    QCOMPARE(gone.error().code, ErrorCode::NotFound);
    QVERIFY(fixture.logs(u"Invoking cmdlet Set-ActiveSyncDeviceAccessRule failed"_s));
    const size_t before = fixture.exchange.commands.size();
    const auto invalid = fixture.run(fixture.organization().apply(DeviceRemove{}, {}));
    QVERIFY(!invalid);
    QCOMPARE(invalid.error().code, ErrorCode::InvalidInput);
    QCOMPARE(fixture.exchange.commands.size(), before); // nothing was sent
}

void TestOnPremises::stopLetsAWriteEnd()
{
    Fixture fixture;
    QVERIFY(fixture.open());
    std::stop_source stop;
    fixture.exchange.holdsCommands = true;
    auto running = runTask(fixture.organization().apply(DeviceRemove{u"a/b§c"_s}, stop.get_token()));
    QVERIFY(QTest::qWaitFor([&] {
        fixture.exchange.pump();
        return !fixture.seen(u"Remove-MobileDevice"_s).empty();
    }));
    stop.request_stop();
    QTest::qWait(50); // a stop that were passed on would signal now
    QVERIFY(!running.done());
    fixture.exchange.holdsCommands = false;
    auto* done = fixture.exchange.play(running);
    QVERIFY(done);
    QVERIFY2(*done, *done ? "" : qPrintable(done->error().toLogText())); // and is known to be done
    // Before it is sent, it is not sent.
    const auto late = fixture.run(fixture.organization().apply(DeviceRemove{u"a/b§d"_s}, stop.get_token()));
    QVERIFY(!late);
    QCOMPARE(late.error().code, ErrorCode::Cancelled);
    QCOMPARE(int(fixture.seen(u"Remove-MobileDevice"_s).size()), 1);
}

void TestOnPremises::readsListsBack()
{
    Fixture fixture;
    QVERIFY(fixture.open());
    fixture.exchange.answer = [](const SeenCommand& seen) -> std::optional<ScriptedReply> {
        if (seen.cmdlet != "Get-CASMailbox"_L1)
            return std::nullopt;
        ScriptedReply reply;
        reply.objects.append(mailboxObject(seen.arguments[u"Identity"_s].toText()));
        return reply;
    };
    const auto lists = fixture.run(fixture.organization().readLists(u"contoso.lab/Staff/Anna"_s, {}));
    QVERIFY(lists);
    QCOMPARE(lists->allowedIds, QStringList(u"Appl1"_s));
    QVERIFY(lists->blockedIds.isEmpty());
    QVERIFY(!fixture.run(fixture.organization().readLists(u" "_s, {})));
    QCOMPARE(int(fixture.seen(u"Get-CASMailbox"_s).size()), 1);
}

void TestOnPremises::listsOfNobody()
{
    Fixture fixture;
    QVERIFY(fixture.open());
    fixture.exchange.answer = [](const SeenCommand& seen) -> std::optional<ScriptedReply> {
        if (seen.cmdlet != "Get-CASMailbox"_L1)
            return std::nullopt;
        ScriptedReply reply;
        reply.error = "The operation couldn't be performed because object 'x' couldn't be found.";
        reply.errorType = "Microsoft.Exchange.Configuration.Tasks.ManagementObjectNotFoundException";
        return reply;
    };
    const auto lists = fixture.run(fixture.organization().readLists(u"x"_s, {}));
    QVERIFY(!lists);
    QCOMPARE(lists.error().code, ErrorCode::NotFound);
}

QTEST_GUILESS_MAIN(TestOnPremises)
#include "tst_onpremises.moc"
