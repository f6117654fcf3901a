// Every write, over the real protocols to postern-lab, and what the lab says of it afterwards: by our own
// read-back and by its truth. Accounts of lesser roles are told by name what they lack.
#include <QElapsedTimer>
#include <QJsonDocument>
#include <QTemporaryDir>
#include <QTest>

#include "services/exchange/Connect.h"
#include "services/exchange/ServerLadder.h"
#include "tests/integration/sync/RunningLab.h"
#include "tests/support/RunTask.h"

using namespace postern;
using namespace postern::exchange;
using namespace Qt::StringLiterals;
using postern::test::RunningLab;
using postern::test::runTask;
using Outcome = CheckResult::Outcome;

namespace {

// An open organisation of one of the lab's accounts.
class Session
{
public:
    Session(RunningLab& lab, const QString& role)
        : Session(lab.connector(role), lab.password(role))
    {
    }
    Session(const Connector& connector, const QString& password, std::shared_ptr<KnownServers> known = {})
        : log({m_dir.filePath(u"EasDisc.log"_s)}, m_clock)
    {
        ConnectDependencies with{log, m_clock, u"PS1"_s};
        with.known = std::move(known);
        organization = connect(connector, password, with);
    }
    ~Session()
    {
        auto closed = runTask(organization->close());
        if (!closed.wait())
            qFatal("the organisation did not close");
    }
    template <class T> Expected<T> run(QCoro::Task<Expected<T>> task)
    {
        auto running = runTask(std::move(task));
        auto* result = running.wait(30'000);
        return result ? std::move(*result) : Expected<T>(fail(ErrorCode::Timeout, u"test"_s));
    }
    Expected<OrganizationInfo> open() { return run(organization->open({})); }
    // Empty: done.
    QString apply(const ExchangeWrite& write)
    {
        const auto done = run(organization->apply(write, {}));
        return done ? QString() : done.error().toLogText();
    }
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
    QList<CheckResult> check()
    {
        QList<CheckResult> lines;
        const auto results
            = run(organization->check([&lines](const CheckResult& line) { lines.append(line); }, {}));
        if (!results)
            lines.clear();
        return lines;
    }

private:
    core::SystemClock m_clock;
    QTemporaryDir m_dir;

public:
    tracelog::TraceLogWriter log;
    std::unique_ptr<ExchangeOrganization> organization;
};

CheckResult lineOf(const QList<CheckResult>& lines, const QString& name)
{
    for (const CheckResult& line : lines) {
        if (line.name.startsWith(name))
            return line;
    }
    return {u"none"_s, name, Outcome::NotApplicable, u"there is no such line"_s, true};
}

MailboxPolicySettings settings()
{
    MailboxPolicySettings made;
    made.general.emplace().refreshHours = 26;
    made.password.emplace() = {true, PasswordComplexity::Strong, 3, false, 8, 90, 5, true, 10, 15};
    EmailPolicySettings& email = made.email.emplace();
    email.maxEmailAge = EmailAge::OneWeek;
    email.maxCalendarAge = CalendarAge::ThreeMonths;
    email.pushWhileRoaming = false;
    email.maxAttachmentKb = 500;
    email.maxHtmlBodyKb = 64;
    made.security.emplace().bluetooth = BluetoothUse::HandsFreeOnly;
    made.application.emplace().blockedApplications = {u"a.exe"_s, u"b.exe"_s};
    return made;
}

} // namespace

class TestExchangeWrites : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase();
    void lists_data();
    void lists();
    void hostileIds();
    void nobody();
    void organization();
    void rules();
    void policies_data();
    void policies();
    void devices_data();
    void devices();
    void lesserAccounts_data();
    void lesserAccounts();
    void busyServer();
    void serverThatIsDown();
    void containers();
    void checkLines();
    void cleanupTestCase();

private:
    QJsonObject phoneOf(const QString& device)
    {
        const QJsonArray phones = m_lab->truth();
        for (const QJsonValue& phone : phones) {
            if (phone["device"_L1].toString() == device)
                return phone.toObject();
        }
        return {};
    }
    std::unique_ptr<RunningLab> m_lab;
    std::vector<Mailbox> m_mailboxes;
    std::vector<Partnership> m_phones;
};

void TestExchangeWrites::initTestCase()
{
    m_lab = std::make_unique<RunningLab>(
        QStringList({u"--users"_s, u"120"_s, u"--seed"_s, u"7"_s, u"--time-scale"_s, u"0"_s}));
    Session session(*m_lab, u"full"_s);
    QVERIFY(session.open());
    const auto mailboxes = session.read(session.organization->readMailboxes());
    const auto phones = session.read(session.organization->readPartnerships());
    QVERIFY(mailboxes && phones);
    m_mailboxes = *mailboxes;
    m_phones = *phones;
    QVERIFY(m_mailboxes.size() > 50 && m_phones.size() > 80);
}

// Both families have the one cmdlet for lists; each account uses mailboxes of its own.
void TestExchangeWrites::lists_data()
{
    QTest::addColumn<QString>("role");
    QTest::addColumn<int>("mailbox");
    QTest::newRow("current") << u"full"_s << 0;
    QTest::newRow("2010") << u"exchange2010"_s << 1;
}

void TestExchangeWrites::lists()
{
    QFETCH(QString, role);
    QFETCH(int, mailbox);
    Session session(*m_lab, role);
    QVERIFY(session.open());
    const QString identity = m_mailboxes.at(size_t(mailbox)).identity;
    const auto before = session.run(session.organization->readLists(identity, {}));
    QVERIFY(before);
    ListWrite write;
    write.mailboxIdentity = identity;
    write.addAllowed = {u"PosternA"_s, u"PosternB"_s};
    write.addBlocked = {u"PosternC"_s};
    QCOMPARE(session.apply(write), QString());
    ListWrite back;
    back.mailboxIdentity = identity;
    back.removeAllowed = {u"posterna"_s}; // Exchange compares without case
    back.removeBlocked = {u"PosternC"_s};
    back.addBlocked = {u"PosternD"_s};
    QCOMPARE(session.apply(back), QString());
    const auto after = session.run(session.organization->readLists(identity, {}));
    QVERIFY(after);
    // What others had put there is there still.
    QCOMPARE(after->allowedIds, QStringList(before->allowedIds + QStringList{u"PosternB"_s}));
    QCOMPARE(after->blockedIds, QStringList(before->blockedIds + QStringList{u"PosternD"_s}));
    QCOMPARE(session.apply(back), QString()); // once more changes nothing
    const auto again = session.run(session.organization->readLists(identity, {}));
    QVERIFY(again && *again == *after);
}

void TestExchangeWrites::hostileIds()
{
    Session session(*m_lab, u"full"_s);
    QVERIFY(session.open());
    ListWrite write;
    write.mailboxIdentity = m_mailboxes.at(2).identity;
    write.addBlocked
        = {u"a'; Remove-Mailbox x; '"_s, u"$(x)"_s, u"\u2019\u2019"_s, u"<b>&amp;_x0041_"_s, u"\U0001F4F1"_s};
    QCOMPARE(session.apply(write), QString());
    const auto after = session.run(session.organization->readLists(write.mailboxIdentity, {}));
    QVERIFY(after);
    for (const QString& id : write.addBlocked)
        QVERIFY2(after->blockedIds.contains(id), qPrintable(after->blockedIds.join(u'\n')));
}

void TestExchangeWrites::nobody()
{
    Session session(*m_lab, u"full"_s);
    QVERIFY(session.open());
    ListWrite write;
    write.mailboxIdentity = u"contoso.lab/Users/Nobody At All"_s;
    write.addBlocked = {u"x"_s};
    QVERIFY2(
        session.apply(write).startsWith(u"NotFound: Set-CASMailbox"_s), qPrintable(session.apply(write)));
    const auto lists = session.run(session.organization->readLists(write.mailboxIdentity, {}));
    QVERIFY(!lists);
    QCOMPARE(lists.error().code, ErrorCode::NotFound);
    const auto policy = session.run(session.organization->policySettings(u"No Such Policy"_s, {}));
    QVERIFY(!policy);
    QCOMPARE(policy.error().code, ErrorCode::NotFound);
}

void TestExchangeWrites::organization()
{
    Session session(*m_lab, u"full"_s);
    QVERIFY(session.open());
    const auto before = session.run(session.organization->organizationSettings({}));
    QVERIFY(before);
    const auto now = [&]() -> std::optional<OrganizationSettings> {
        const auto read = session.run(session.organization->organizationSettings({}));
        return read ? std::optional(*read) : std::nullopt;
    };
    OrganizationWrite write;
    write.settings.defaultAccessLevel = AccessLevel::Quarantine;
    write.settings.userMailInsert = u"Frag die IT: „Ärger“ & <Hilfe>"_s;
    write.settings.adminMailRecipients = {u"a@contoso.lab"_s, u"b@contoso.lab"_s};
    QCOMPARE(session.apply(write), QString());
    QVERIFY(now() == write.settings);
    write.settings = {};
    QCOMPARE(session.apply(write), QString()); // both lists emptied
    QVERIFY(now() == write.settings);
    QCOMPARE(session.apply(OrganizationWrite{*before}), QString());
}

void TestExchangeWrites::rules()
{
    Session session(*m_lab, u"full"_s);
    QVERIFY(session.open());
    const auto rule = [&]() -> std::optional<AccessRule> {
        const auto all = session.run(session.organization->accessRules({}));
        for (const AccessRule& one : all ? *all : std::vector<AccessRule>()) {
            if (one.query == "Postern's Phone"_L1)
                return one;
        }
        return std::nullopt;
    };
    AccessRuleCreate create;
    create.rule.characteristic = AccessRuleCharacteristic::DeviceModel;
    create.rule.query = u"Postern's Phone"_s;
    create.rule.level = AccessLevel::Block;
    QCOMPARE(session.apply(create), QString());
    QVERIFY(rule());
    QCOMPARE(rule()->level, AccessLevel::Block);
    QCOMPARE(rule()->characteristic, AccessRuleCharacteristic::DeviceModel);
    QVERIFY2(session.apply(create).startsWith(u"Conflict"_s), qPrintable(session.apply(create)));
    const QString identity = rule()->identity;
    QCOMPARE(session.apply(AccessRuleChange{identity, AccessLevel::Quarantine}), QString());
    QCOMPARE(rule()->level, AccessLevel::Quarantine);
    QCOMPARE(session.apply(AccessRuleChange{identity, AccessLevel::Quarantine}), QString()); // a warning only
    QCOMPARE(session.apply(AccessRuleRemove{identity}), QString());
    QVERIFY(!rule());
    QVERIFY(session.apply(AccessRuleRemove{identity}).startsWith(u"NotFound"_s));
}

void TestExchangeWrites::policies_data()
{
    QTest::addColumn<QString>("role");
    QTest::newRow("current") << u"full"_s;
    QTest::newRow("2010") << u"exchange2010"_s;
}

void TestExchangeWrites::policies()
{
    QFETCH(QString, role);
    Session session(*m_lab, role);
    QVERIFY(session.open());
    MailboxPolicyCreate create;
    create.name = u"Postern "_s + role;
    create.isDefault = false;
    create.settings.password = settings().password;
    QCOMPARE(session.apply(create), QString());
    const auto made = session.run(session.organization->policySettings(create.name, {}));
    QVERIFY2(made, made ? "" : qPrintable(made.error().toLogText()));
    QVERIFY(made->password == settings().password);
    QVERIFY(made->general && made->email && made->security && made->application);
    QVERIFY(made->general != settings().general);
    MailboxPolicyChange change;
    change.identity = create.name;
    change.settings = settings();
    QCOMPARE(session.apply(change), QString());
    const auto changed = session.run(session.organization->policySettings(create.name, {}));
    QVERIFY(changed);
    QVERIFY(*changed == settings());
    change.settings = {};
    change.settings.application.emplace(); // emptied; the rest stays
    QCOMPARE(session.apply(change), QString());
    const auto emptied = session.run(session.organization->policySettings(create.name, {}));
    QVERIFY(emptied && emptied->application == change.settings.application);
    QVERIFY(emptied->password == settings().password);
}

void TestExchangeWrites::devices_data()
{
    QTest::addColumn<QString>("role");
    QTest::addColumn<int>("nth");
    QTest::newRow("current") << u"full"_s << 0;
    QTest::newRow("2010") << u"exchange2010"_s << 1;
}

void TestExchangeWrites::devices()
{
    QFETCH(QString, role);
    QFETCH(int, nth);
    Session session(*m_lab, role);
    QVERIFY(session.open());
    std::vector<Partnership> eas;
    for (const Partnership& one : m_phones) {
        if (one.clientType == ClientType::Eas)
            eas.push_back(one);
    }
    const Partnership target = eas.at(size_t(nth));
    const auto wipe = [&] {
        const auto batch = session.run(session.organization->statistics({target.ownerIdentity}, {}));
        for (const PartnershipStatistics& one : batch ? batch->items : std::vector<PartnershipStatistics>()) {
            if (one.easDeviceId == target.easDeviceId)
                return one.wipeStatus;
        }
        return WipeStatus::Failed;
    };
    QCOMPARE(
        session.apply(DeviceClear{target.deviceIdentity, false, false, {u"a@contoso.lab"_s}}), QString());
    QCOMPARE(wipe(), WipeStatus::Pending);
    QCOMPARE(session.apply(DeviceClear{target.deviceIdentity, false, true, {}}), QString());
    QVERIFY(wipe() != WipeStatus::Pending && wipe() != WipeStatus::Failed);
    QVERIFY(!phoneOf(target.easDeviceId.raw()).isEmpty());
    QCOMPARE(session.apply(DeviceRemove{target.deviceIdentity}), QString());
    QVERIFY(phoneOf(target.easDeviceId.raw()).isEmpty()); // the lab's own word
    QVERIFY(session.apply(DeviceRemove{target.deviceIdentity}).startsWith(u"NotFound"_s));
}

void TestExchangeWrites::lesserAccounts_data()
{
    QTest::addColumn<QString>("role");
    QTest::addColumn<QString>("says");
    QTest::newRow("read only") << u"readOnly"_s << u"CmdletMissing: Set-CASMailbox: Set-CASMailbox"_s;
    QTest::newRow("a parameter is stripped")
        << u"strippedParameters"_s << u"ParameterMissing: Set-CASMailbox: ActiveSyncBlockedDeviceIDs"_s;
}

void TestExchangeWrites::lesserAccounts()
{
    QFETCH(QString, role);
    Session session(*m_lab, role);
    QVERIFY(session.open());
    ListWrite write;
    write.mailboxIdentity = m_mailboxes.at(3).identity;
    write.addBlocked = {u"x"_s};
    QTEST(session.apply(write), "says");
    QVERIFY(session.organization->commandText(write).startsWith(u"Set-CASMailbox -Identity "_s));
}

// CON-46: a write that the server had no time for was not done, and nothing is sent before the time it named.
void TestExchangeWrites::busyServer()
{
    Connector connector = m_lab->connector();
    connector.parallelSessions = 1; // no spare one is opened meanwhile and meets the fault instead
    Session session(connector, m_lab->password());
    QVERIFY(session.open());
    ListWrite write;
    write.mailboxIdentity = m_mailboxes.at(4).identity;
    write.addBlocked = {u"PosternBusy"_s};
    // For every request: one alone could be met by the release of an earlier command.
    m_lab->setFaults({QJsonObject{{u"kind"_s, u"loadQuota"_s}, {u"ms"_s, 700}}});
    const auto refused = session.run(session.organization->apply(write, {}));
    QElapsedTimer since;
    since.start();
    m_lab->clearFaults();
    QVERIFY(!refused);
    QCOMPARE(refused.error().code, ErrorCode::ServerBusy);
    QCOMPARE(
        refused.error().retryAfter.value_or(std::chrono::milliseconds(0)), std::chrono::milliseconds(700));
    const auto lists = session.run(session.organization->readLists(write.mailboxIdentity, {}));
    QVERIFY(lists && !lists->blockedIds.contains(u"PosternBusy"_s));
    QVERIFY2(since.elapsed() >= 650, qPrintable(QString::number(since.elapsed())));
    QCOMPARE(session.apply(write), QString());
}

// CON-45 over real sockets: nobody listens on port 1.
void TestExchangeWrites::serverThatIsDown()
{
    Connector connector = m_lab->connector();
    connector.clientAccessServers = {{u"Berlin"_s, u"https://127.0.0.1:1/PowerShell/"_s}};
    Session session(connector, m_lab->password());
    const auto opened = session.open();
    QVERIFY2(opened, opened ? "" : qPrintable(opened.error().toLogText()));
    QFile log(session.log.path());
    QVERIFY(log.open(QIODevice::ReadOnly));
    QVERIFY(log.readAll().contains("Failed to open runspace for site PS1"));
    const CheckResult first = lineOf(session.check(), u"Connection to 127.0.0.1:1"_s);
    QCOMPARE(first.outcome, Outcome::Fail);
}

void TestExchangeWrites::containers()
{
    QMap<QString, int> sizes;
    for (const Mailbox& mailbox : m_mailboxes)
        ++sizes[mailbox.identity.section(u'/', 0, -2)];
    const QString container = sizes.firstKey();
    QStringList parts = container.split(u'/');
    QString dn = u"DC=contoso,DC=lab"_s;
    for (const QString& part : parts.mid(1))
        dn.prepend(u"OU=%1,"_s.arg(part));
    Connector connector = m_lab->connector();
    connector.adContainers = {dn};
    Session session(connector, m_lab->password());
    QVERIFY(session.open());
    const auto mailboxes = session.read(session.organization->readMailboxes());
    QVERIFY2(mailboxes, mailboxes ? "" : qPrintable(mailboxes.error().toLogText()));
    int expected = 0;
    for (const auto& [name, count] : sizes.toStdMap())
        expected += name == container || name.startsWith(container + u'/') ? count : 0;
    QCOMPARE(int(mailboxes->size()), expected);
    QVERIFY(expected < int(m_mailboxes.size()));
    const auto phones = session.read(session.organization->readPartnerships());
    QVERIFY(phones && !phones->empty());
    for (const Partnership& phone : *phones)
        QVERIFY2(phone.ownerIdentity.startsWith(container + u'/'), qPrintable(phone.ownerIdentity));
    connector.adContainers = {u"OU=Nowhere,DC=contoso,DC=lab"_s};
    Session nowhere(connector, m_lab->password());
    QVERIFY(nowhere.open());
    QVERIFY(!nowhere.read(nowhere.organization->readMailboxes()));
    QVERIFY(!nowhere.read(nowhere.organization->readPartnerships()));
}

void TestExchangeWrites::checkLines()
{
    Connector connector = m_lab->connector();
    connector.adContainers = {u"OU=Nowhere,DC=contoso,DC=lab"_s, u"DC=contoso,DC=lab"_s, u"Staff"_s};
    connector.notificationAccount = m_mailboxes.at(0).primarySmtp;
    const QList<CheckResult> lines = Session(connector, m_lab->password()).check();
    QCOMPARE(lineOf(lines, u"Active Directory container contoso.lab/Nowhere"_s).outcome, Outcome::Fail);
    QCOMPARE(lineOf(lines, u"Active Directory container contoso.lab"_s).id, u"CON-16"_s);
    QCOMPARE(lineOf(lines, u"Active Directory container Staff"_s).outcome, Outcome::Fail);
    QCOMPARE(lineOf(lines, u"Autodiscover of the notification account"_s).outcome, Outcome::Pass);
    const CheckResult mailbox = lineOf(lines, u"Mailbox of the notification account"_s);
    QCOMPARE(mailbox.outcome, Outcome::Warning); // the connector's account has no permission on it
    QVERIFY2(mailbox.detail.contains(u"Full Access"_s), qPrintable(mailbox.detail));
    connector.notificationAccount = u"nobody@contoso.lab"_s;
    connector.adContainers.clear();
    const QList<CheckResult> nobody = Session(connector, m_lab->password()).check();
    QCOMPARE(lineOf(nobody, u"Sign-in name of the notification account"_s).outcome, Outcome::Warning);
    QCOMPARE(lineOf(nobody, u"Autodiscover of the notification account"_s).outcome, Outcome::Warning);
    for (const CheckResult& line : nobody)
        QVERIFY2(!line.required || line.outcome == Outcome::Pass, qPrintable(line.name + u' ' + line.detail));
}

// Nothing of all this was against the protocol.
void TestExchangeWrites::cleanupTestCase()
{
    if (!m_lab)
        return;
    QJsonObject violations = m_lab->state()["violations"_L1].toObject();
    violations.remove(u"loadQuota"_s); // those that were asked for
    QVERIFY2(violations.isEmpty(), QJsonDocument(violations).toJson().constData());
    m_lab.reset();
}

QTEST_GUILESS_MAIN(TestExchangeWrites)
#include "tst_exchange_writes.moc"
