// CLIXML objects of every family to values: both cmdlet families' names, typed and textual values, hostile
// and odd ones.
#include <QElapsedTimer>
#include <QTest>

#include "services/exchange/MailboxMapper.h"
#include "services/exchange/OrganizationMapper.h"
#include "services/exchange/PartnershipMapper.h"
#include "services/exchange/RecipientIndex.h"
#include "services/exchange/StatisticsMapper.h"
#include "tests/services/exchange/ExchangeObjects.h"

using namespace postern;
using namespace postern::exchange;
using namespace postern::exchange::test;
using namespace Qt::StringLiterals;
using clixml::Value;

namespace {

const QString device = u"contoso.lab/Users/Anna Berg/ExchangeActiveSyncDevices/iPhone§ApplC39"_s;

QDateTime utc(int year, int month, int day, int hour, int minute, int second)
{
    return {QDate(year, month, day), QTime(hour, minute, second), Qt::UTC};
}

template <class Mapper> auto mapped(const QByteArray& bytes, std::vector<ObjectProblem>& problems)
{
    clixml::PropertyBag bag;
    Mapper mapper;
    const auto parsed = bag.parse(bytes);
    if (!parsed)
        qFatal("%s", qPrintable(parsed.error().toLogText()));
    return mapper.map(bag, problems);
}

Properties statistics()
{
    return {
        {u"FirstSyncTime"_s, Value::fromDateTime(utc(2025, 1, 2, 3, 4, 5))},
        {u"LastPolicyUpdateTime"_s, Value::fromDateTime(utc(2025, 6, 1, 0, 0, 0))},
        {u"LastSyncAttemptTime"_s, Value::fromDateTime(utc(2025, 6, 2, 0, 0, 0))},
        {u"LastSuccessSync"_s, Value::fromDateTime(utc(2025, 6, 2, 0, 0, 1))},
        {u"DeviceID"_s, text(u"ApplC39"_s)},
        {u"Identity"_s, identity(device)},
        {u"IsRemoteWipeSupported"_s, Value::fromBoolean(true)},
        {u"Status"_s, enumeration(u"DeviceOk"_s)},
        {u"DeviceAccessState"_s, enumeration(u"Allowed"_s)},
        {u"DeviceAccessStateReason"_s, enumeration(u"Global"_s)},
        {u"DevicePolicyApplied"_s, identity(u"Default"_s)},
        {u"DevicePolicyApplicationStatus"_s, enumeration(u"AppliedInFull"_s)},
        {u"NumberOfFoldersSynced"_s, Value::fromInt32(7)},
    };
}

Properties mailbox()
{
    return {
        {u"EmailAddresses"_s,
            Value::arrayList(QStringList{u"SMTP:anna@contoso.lab"_s, u"smtp:a.berg@contoso.lab"_s})},
        {u"PrimarySmtpAddress"_s, text(u"anna@contoso.lab"_s)},
        {u"SamAccountName"_s, text(u"anna"_s)},
        {u"ServerName"_s, text(u"ex1"_s)},
        {u"DisplayName"_s, text(u"Anna Berg"_s)},
        {u"ActiveSyncAllowedDeviceIDs"_s, Value::arrayList(QStringList{u"ApplC39"_s})},
        {u"ActiveSyncBlockedDeviceIDs"_s, Value::arrayList(QStringList())},
        {u"ActiveSyncMailboxPolicy"_s, identity(u"Default"_s)},
        {u"ActiveSyncEnabled"_s, Value::fromBoolean(true)},
        {u"Identity"_s, identity(u"contoso.lab/Users/Anna Berg"_s)},
        {u"Guid"_s, Value::fromGuid(QUuid::fromString(u"11111111-51dc-4f24-9262-ca2a55464b2b"_s))},
    };
}

} // namespace

class TestMappers : public QObject
{
    Q_OBJECT
private slots:
    void partnership();
    void partnershipOddities_data();
    void partnershipOddities();
    void legacyNames();
    void unusableRows_data();
    void unusableRows();
    void everyPropertyMayBeMissingOrOdd();
    void statisticsObject();
    void textDates_data();
    void textDates();
    void wipes_data();
    void wipes();
    void mailboxObject();
    void mailboxOddities();
    void recipientsComplete();
    void rules_data();
    void rules();
    void settings();
    void policies();
    void servers();
    void hundredThousand();
};

void TestMappers::partnership()
{
    std::vector<ObjectProblem> problems;
    const auto found = mapped<PartnershipMapper>(document(phone()), problems);
    QVERIFY(found);
    QVERIFY(problems.empty());
    QCOMPARE(found->easDeviceId.raw(), u"ApplC39"_s);
    QCOMPARE(found->deviceIdentity, device);
    QCOMPARE(found->ownerIdentity, u"contoso.lab/Users/Anna Berg"_s);
    QCOMPARE(found->guid, QUuid::fromString(u"76056a84-51dc-4f24-9262-ca2a55464b2b"_s));
    QCOMPARE(found->deviceType, u"iPhone"_s);
    QCOMPARE(found->deviceModel, u"iPhone14C2"_s);
    QCOMPARE(found->friendlyName, u"Anna's phone"_s);
    QCOMPARE(found->deviceOS, u"iOS 16.5 20F66"_s);
    QCOMPARE(found->userAgent, u"Apple-iPhone14C2/2006.66"_s);
    QCOMPARE(found->clientType, ClientType::Eas);
    QCOMPARE(found->clientVersion, u"16.1"_s);
    QCOMPARE(found->imei, u"350123451234560"_s);
    QCOMPARE(found->phoneNumber, u"*******1234"_s);
    QCOMPARE(found->mobileOperator, u"Contoso Mobile"_s);
    QCOMPARE(found->firstSyncTime, std::optional(utc(2025, 1, 2, 3, 4, 5)));
    QCOMPARE(found->whenChanged, std::optional(utc(2025, 1, 2, 4, 4, 5))); // the UTC one, not the text
    QCOMPARE(found->accessState, AccessState::Quarantined);
    QCOMPARE(found->accessStateReason, AccessStateReason::ExchangeIndividualRule);
    QCOMPARE(found->accessStateReasonText, u"Individual"_s);
    QVERIFY(found->accessControlRule.isEmpty());
}

void TestMappers::partnershipOddities_data()
{
    QTest::addColumn<QString>("property");
    QTest::addColumn<Value>("value");
    QTest::addColumn<AccessState>("state");
    QTest::addColumn<AccessStateReason>("reason");
    QTest::addColumn<QString>("reasonText");
    const auto quarantined = AccessState::Quarantined;
    const auto individual = AccessStateReason::ExchangeIndividualRule;
    const QString word = u"Individual"_s;
    QTest::newRow("state as text") << u"DeviceAccessState"_s << text(u"blocked"_s) << AccessState::Blocked
                                   << individual << word;
    QTest::newRow("state in discovery") << u"DeviceAccessState"_s << enumeration(u"DeviceDiscovery"_s)
                                        << AccessState::Unknown << individual << word;
    QTest::newRow("state unheard of") << u"DeviceAccessState"_s << enumeration(u"Purgatory"_s)
                                      << AccessState::Unknown << individual << word;
    QTest::newRow("state empty is not 'not seen'")
        << u"DeviceAccessState"_s << text(QString()) << AccessState::Unknown << individual << word;
    QTest::newRow("state missing") << u"DeviceAccessState"_s << Value() << AccessState::Unknown << individual
                                   << word;
    QTest::newRow("state in Turkish case")
        << u"DeviceAccessState"_s << text(u"QUARANTINED"_s) << quarantined << individual << word;
    QTest::newRow("reason unheard of") << u"DeviceAccessStateReason"_s << enumeration(u"Watsons"_s)
                                       << quarantined << AccessStateReason::Other << u"Watsons"_s;
    QTest::newRow("reason missing") << u"DeviceAccessStateReason"_s << Value() << quarantined
                                    << AccessStateReason::None << QString();
    QTest::newRow("reason hostile") << u"DeviceAccessStateReason"_s << text(u"'; Remove-Mailbox x #"_s)
                                    << quarantined << AccessStateReason::Other << u"'; Remove-Mailbox x #"_s;
}

void TestMappers::partnershipOddities()
{
    QFETCH(QString, property);
    QFETCH(Value, value);
    std::vector<ObjectProblem> problems;
    const auto found = mapped<PartnershipMapper>(document(with(phone(), property, value)), problems);
    QVERIFY(found);
    QVERIFY(problems.empty());
    QTEST(found->accessState, "state");
    QTEST(found->accessStateReason, "reason");
    QTEST(found->accessStateReasonText, "reasonText");
}

// Get-ActiveSyncDevice of 2010: DeviceActiveSyncVersion, no client type.
void TestMappers::legacyNames()
{
    Properties legacy = without(without(phone(), u"ClientVersion"_s), u"ClientType"_s);
    legacy.push_back({u"DeviceActiveSyncVersion"_s, text(u"14.1"_s)});
    legacy = without(legacy, u"WhenChangedUTC"_s);
    legacy = with(legacy, u"WhenChanged"_s, text(u"2025-01-02T04:04:05Z"_s));
    std::vector<ObjectProblem> problems;
    const auto found = mapped<PartnershipMapper>(document(legacy), problems);
    QVERIFY(found);
    QCOMPARE(found->clientVersion, u"14.1"_s);
    QCOMPARE(found->clientType, ClientType::Eas);
    QCOMPARE(found->whenChanged, std::optional(utc(2025, 1, 2, 4, 4, 5)));
    // Without a DeviceId the name has it, in each form of identity.
    for (const QString& form : {device, u"Anna Berg\\ExchangeActiveSyncDevices\\iPhone§ApplC39"_s,
             u"CN=iPhone§ApplC39,CN=ExchangeActiveSyncDevices,CN=Anna Berg,OU=Users,DC=contoso,DC=lab"_s}) {
        const auto cut = mapped<PartnershipMapper>(
            document(with(without(phone(), u"DeviceId"_s), u"Identity"_s, identity(form))), problems);
        QVERIFY2(cut, qPrintable(form));
        QCOMPARE(cut->easDeviceId, EasDeviceId(u"applc39"_s));
        QVERIFY(cut->ownerIdentity.endsWith(u"Anna Berg"_s));
    }
}

void TestMappers::unusableRows_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QString>("object");
    QTest::addColumn<QString>("reason");
    Properties noId = without(phone(), u"DeviceId"_s);
    noId = with(noId, u"Identity"_s, identity(u"d/u/ExchangeActiveSyncDevices/iPhone"_s));
    QTest::newRow("no device id") << document(noId) << u"d/u/ExchangeActiveSyncDevices/iPhone"_s
                                  << u"DeviceId is missing"_s;
    Properties noOwner = without(phone(), u"UserDisplayName"_s);
    noOwner = with(noOwner, u"Identity"_s, text(u"just text"_s));
    QTest::newRow("no owner") << document(noOwner) << u"just text"_s << u"Identity names no owner"_s;
    QTest::newRow("no identity") << document(without(phone(), u"Identity"_s)) << QString()
                                 << u"Identity is missing"_s;
    QTest::newRow("no properties") << document({}) << QString() << u"DeviceId is missing"_s;
    QTest::newRow("id of braces only")
        << document(with(phone(), u"DeviceId"_s, text(u"{--}"_s))) << device << u"DeviceId is missing"_s;
}

void TestMappers::unusableRows()
{
    QFETCH(QByteArray, bytes);
    std::vector<ObjectProblem> problems;
    QVERIFY(!mapped<PartnershipMapper>(bytes, problems));
    QCOMPARE(problems.size(), size_t(1));
    QTEST(problems.front().object, "object");
    QTEST(problems.front().reason, "reason");
}

// Each property in turn missing, Nil, a list, an object, of the wrong type or huge: never a crash, and a row
// that keeps its key is kept.
void TestMappers::everyPropertyMayBeMissingOrOdd()
{
    const std::vector<Value> odd{Value(), text(QString()), text(QString(200'000, u'x')), Value::fromInt32(-1),
        Value::fromBoolean(true), Value::arrayList(QStringList{u"a"_s, u"b"_s}), Value::fromBytes("\x01\x02"),
        identity(u"x/y/z"_s), text(u"\u202egnp.exe\u0000<img src=x>"_s), Value::fromDouble(1e300)};
    int kept = 0, dropped = 0;
    for (const auto& [name, value] : phone()) {
        std::vector<ObjectProblem> problems;
        const bool isKey = name == "Identity"_L1 || name == "DeviceId"_L1;
        const auto missing = mapped<PartnershipMapper>(document(without(phone(), name)), problems);
        QVERIFY2(missing || name == "Identity"_L1, qPrintable(name));
        for (const Value& strange : odd) {
            problems.clear();
            const auto found = mapped<PartnershipMapper>(document(with(phone(), name, strange)), problems);
            QVERIFY2(found || (isKey && !problems.empty()), qPrintable(name));
            ++(found ? kept : dropped);
        }
    }
    QVERIFY(kept > 150);
    QVERIFY(dropped > 0);
    for (const auto& [name, value] : statistics()) {
        for (const Value& strange : odd) {
            std::vector<ObjectProblem> problems;
            const auto found
                = mapped<StatisticsMapper>(document(with(statistics(), name, strange)), problems);
            QVERIFY2(found || !problems.empty(), qPrintable(name));
        }
    }
    for (const auto& [name, value] : mailbox()) {
        for (const Value& strange : odd) {
            std::vector<ObjectProblem> problems;
            const auto found = mapped<MailboxMapper>(document(with(mailbox(), name, strange)), problems);
            QVERIFY2(found || !problems.empty(), qPrintable(name));
        }
    }
}

void TestMappers::statisticsObject()
{
    std::vector<ObjectProblem> problems;
    const auto found = mapped<StatisticsMapper>(document(statistics()), problems);
    QVERIFY(found);
    QVERIFY(problems.empty());
    QCOMPARE(found->easDeviceId, EasDeviceId(u"applc39"_s));
    QCOMPARE(found->ownerIdentity, u"contoso.lab/Users/Anna Berg"_s);
    QCOMPARE(found->lastSuccessSync, std::optional(utc(2025, 6, 2, 0, 0, 1)));
    QCOMPARE(found->lastSyncAttempt, std::optional(utc(2025, 6, 2, 0, 0, 0)));
    QCOMPARE(found->policyApplied, u"Default"_s);
    QCOMPARE(found->policyApplicationStatus, u"AppliedInFull"_s);
    QCOMPARE(found->foldersSynced, 7);
    QVERIFY(found->isRemoteWipeSupported);
    QCOMPARE(found->wipeStatus, WipeStatus::None);
    // "Never" is absent and no problem; absent is normal for Outlook mobile (REP-07).
    const auto never = mapped<StatisticsMapper>(
        document(with(statistics(), u"LastSuccessSync"_s, Value::fromDateTime(utc(1, 1, 1, 0, 0, 0)))),
        problems);
    QVERIFY(never && !never->lastSuccessSync);
    const auto absent
        = mapped<StatisticsMapper>(document(without(statistics(), u"LastSuccessSync"_s)), problems);
    QVERIFY(absent && !absent->lastSuccessSync);
    const auto capital = mapped<StatisticsMapper>(
        document(with(statistics(), u"IsRemoteWipeSupported"_s, text(u"True"_s))), problems);
    QVERIFY(capital && capital->isRemoteWipeSupported);
    QVERIFY(problems.empty());
}

void TestMappers::textDates_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<bool>("isKnown");
    QTest::newRow("German, certain") << u"14.03.2026 05:06:07"_s << true;
    QTest::newRow("German, ambiguous") << u"04.03.2026 05:06:07"_s << false;
    QTest::newRow("Turkish") << u"14.03.2026 05:06:07"_s << true;
    QTest::newRow("Arabic") << u"25/09/47 05:06:07 ص"_s << false;
    QTest::newRow("Japanese") << u"2026/03/14 5:06:07"_s << true;
}

// SYN-30: never by the server's culture; what is not certain is absent, and its text is in the problem.
void TestMappers::textDates()
{
    QFETCH(QString, text);
    QFETCH(bool, isKnown);
    std::vector<ObjectProblem> problems;
    const auto found = mapped<StatisticsMapper>(
        document(with(statistics(), u"LastSuccessSync"_s, test::text(text))), problems);
    QVERIFY(found);
    QCOMPARE(found->lastSuccessSync.has_value(), isKnown);
    if (isKnown) {
        QCOMPARE(*found->lastSuccessSync, utc(2026, 3, 14, 5, 6, 7));
        QVERIFY(problems.empty());
    } else {
        QCOMPARE(problems.size(), size_t(1));
        QCOMPARE(problems.front().object, device);
        QCOMPARE(problems.front().reason, u"LastSuccessSync is no unambiguous date: "_s + text);
    }
}

void TestMappers::wipes_data()
{
    QTest::addColumn<QString>("requested");
    QTest::addColumn<QString>("sent");
    QTest::addColumn<QString>("acknowledged");
    QTest::addColumn<QString>("status");
    QTest::addColumn<WipeStatus>("wipe");
    const QString t1 = u"2026-03-14T01:00:00Z"_s, t2 = u"2026-03-14T02:00:00Z"_s,
                  t3 = u"2026-03-14T03:00:00Z"_s;
    const QString ok = u"DeviceOk"_s;
    QTest::newRow("none") << QString() << QString() << QString() << ok << WipeStatus::None;
    QTest::newRow("requested") << t1 << QString() << QString() << u"DeviceWipePending"_s
                               << WipeStatus::Pending;
    QTest::newRow("sent") << t1 << t2 << QString() << u"DeviceWipePending"_s << WipeStatus::Sent;
    QTest::newRow("acknowledged") << t1 << t2 << t3 << u"DeviceWipeSucceeded"_s << WipeStatus::Acknowledged;
    QTest::newRow("asked again after one that was done")
        << t3 << t1 << t2 << u"DeviceWipePending"_s << WipeStatus::Pending;
    QTest::newRow("failed") << t1 << t2 << QString() << u"DeviceWipeFailed"_s << WipeStatus::Failed;
    QTest::newRow("cancelled") << t1 << QString() << QString() << u"DeviceWipeCanceled"_s
                               << WipeStatus::Cancelled;
    QTest::newRow("only the word") << QString() << QString() << QString() << u"DeviceWipePending"_s
                                   << WipeStatus::Pending;
}

void TestMappers::wipes()
{
    QFETCH(QString, requested);
    QFETCH(QString, sent);
    QFETCH(QString, acknowledged);
    QFETCH(QString, status);
    for (const QString& prefix : {QString(), u"AccountOnly"_s}) {
        Properties properties = with(statistics(), u"Status"_s, enumeration(status));
        properties = with(properties, prefix + u"DeviceWipeRequestTime"_s, text(requested));
        properties = with(properties, prefix + u"DeviceWipeSentTime"_s, text(sent));
        properties = with(properties, prefix + u"DeviceWipeAckTime"_s, text(acknowledged));
        properties = with(properties, u"Last%1DeviceWipeRequestor"_s.arg(prefix), text(u"CONTOSO\\admin"_s));
        std::vector<ObjectProblem> problems;
        const auto found = mapped<StatisticsMapper>(document(properties), problems);
        QVERIFY(found);
        QTEST(found->wipeStatus, "wipe");
        if (!requested.isEmpty())
            QCOMPARE(found->wipeRequestedBy, u"CONTOSO\\admin"_s);
    }
}

void TestMappers::mailboxObject()
{
    std::vector<ObjectProblem> problems;
    const auto found = mapped<MailboxMapper>(document(mailbox()), problems);
    QVERIFY(found);
    QVERIFY(problems.empty());
    QCOMPARE(found->identity, u"contoso.lab/Users/Anna Berg"_s);
    QCOMPARE(found->guid, QUuid::fromString(u"11111111-51dc-4f24-9262-ca2a55464b2b"_s));
    QCOMPARE(found->domain, u"contoso.lab"_s);
    QCOMPARE(found->organizationalUnit, u"contoso.lab/Users"_s);
    QCOMPARE(found->proxyAddresses, QStringList({u"SMTP:anna@contoso.lab"_s, u"smtp:a.berg@contoso.lab"_s}));
    QCOMPARE(found->allowedIds, QStringList(u"ApplC39"_s));
    QVERIFY(found->blockedIds.isEmpty());
    QCOMPARE(found->easMailboxPolicy, u"Default"_s);
    QVERIFY(found->easEnabled);
}

void TestMappers::mailboxOddities()
{
    std::vector<ObjectProblem> problems;
    Properties odd = with(mailbox(), u"ActiveSyncEnabled"_s, text(u"FALSE"_s));
    odd = with(odd, u"ActiveSyncBlockedDeviceIDs"_s, text(u"A1, B2"_s)); // the depth ran out
    odd = with(odd, u"Identity"_s, text(u"CN=Berg\\, Anna,OU=Sales/East,DC=contoso,DC=lab"_s));
    const auto found = mapped<MailboxMapper>(document(odd), problems);
    QVERIFY(found && problems.empty());
    QVERIFY(!found->easEnabled);
    QCOMPARE(found->blockedIds, QStringList({u"A1"_s, u"B2"_s}));
    QCOMPARE(found->identity, u"contoso.lab/Sales\\/East/Berg, Anna"_s);
    QCOMPARE(found->organizationalUnit, u"contoso.lab/Sales\\/East"_s);
    QVERIFY(!mapped<MailboxMapper>(document(with(mailbox(), u"Guid"_s, text(u"no guid"_s))), problems));
    QCOMPARE(problems.back().reason, u"Guid is missing or no GUID"_s);
    QCOMPARE(problems.back().object, u"contoso.lab/Users/Anna Berg"_s);
}

void TestMappers::recipientsComplete()
{
    RecipientIndex index;
    std::vector<QUuid> guids;
    for (int i = 0; i < 1000; ++i) {
        Mailbox recipient;
        recipient.guid = QUuid::createUuid();
        recipient.upn = u"user%1@contoso.lab"_s.arg(i);
        recipient.department = i % 2 ? u"Vertrieb Ω"_s : QString();
        guids.push_back(recipient.guid);
        index.add(recipient);
    }
    index.sort();
    for (int i = 0; i < 1000; ++i) {
        Mailbox found;
        found.guid = guids.at(size_t(i));
        found.samAccountName = u"kept"_s;
        index.complete(found);
        QCOMPARE(found.upn, u"user%1@contoso.lab"_s.arg(i));
        QCOMPARE(found.department, i % 2 ? u"Vertrieb Ω"_s : QString());
        QCOMPARE(found.samAccountName, u"kept"_s);
    }
    Mailbox stranger;
    stranger.guid = QUuid::createUuid();
    index.complete(stranger);
    QVERIFY(stranger.upn.isEmpty());
}

void TestMappers::rules_data()
{
    QTest::addColumn<QString>("characteristic");
    QTest::addColumn<QString>("level");
    QTest::addColumn<QString>("problem"); // empty: a rule
    QTest::newRow("type") << u"DeviceType"_s << u"Block"_s << QString();
    QTest::newRow("case") << u"XMSWLHeader"_s << u"quarantine"_s << QString();
    QTest::newRow("unheard of characteristic")
        << u"DeviceMood"_s << u"Block"_s << u"Characteristic is not understood: DeviceMood"_s;
    QTest::newRow("unheard of level")
        << u"DeviceOS"_s << u"Maybe"_s << u"AccessLevel is not understood: Maybe"_s;
}

void TestMappers::rules()
{
    QFETCH(QString, characteristic);
    QFETCH(QString, level);
    QFETCH(QString, problem);
    clixml::PropertyBag bag;
    const QByteArray bytes = document({{u"QueryString"_s, text(u"iPhone"_s)},
        {u"Characteristic"_s, enumeration(characteristic)}, {u"AccessLevel"_s, enumeration(level)},
        {u"Name"_s, text(u"iPhone (DeviceType)"_s)}, {u"Identity"_s, identity(u"iPhone (DeviceType)"_s)}});
    QVERIFY(bag.parse(bytes));
    std::vector<ObjectProblem> problems;
    const auto rule = mapAccessRule(bag, problems);
    QCOMPARE(rule.has_value(), problem.isEmpty());
    if (!problem.isEmpty())
        QCOMPARE(problems.front().reason, problem);
    else
        QCOMPARE(rule->query, u"iPhone"_s);
}

void TestMappers::settings()
{
    clixml::PropertyBag bag;
    const QByteArray good = document(
        {{u"DefaultAccessLevel"_s, enumeration(u"quarantine"_s)}, {u"UserMailInsert"_s, text(u"Hello"_s)},
            {u"AdminMailRecipients"_s, Value::arrayList(QStringList{u"admin@contoso.lab"_s})}});
    QVERIFY(bag.parse(good));
    const auto found = mapOrganizationSettings(bag);
    QVERIFY(found);
    QCOMPARE(found->defaultAccessLevel, AccessLevel::Quarantine);
    QCOMPARE(found->adminMailRecipients, QStringList(u"admin@contoso.lab"_s));
    const QByteArray bad = document({{u"DefaultAccessLevel"_s, enumeration(u"Perhaps"_s)}});
    QVERIFY(bag.parse(bad));
    const auto refused = mapOrganizationSettings(bag);
    QVERIFY(!refused);
    QCOMPARE(refused.error().code, ErrorCode::Malformed);
    QVERIFY(refused.error().detail.contains(u"Perhaps"_s));
}

void TestMappers::policies()
{
    for (const bool modern : {true, false}) {
        clixml::PropertyBag bag;
        const QByteArray bytes
            = document({{u"Identity"_s, identity(u"Default"_s)}, {u"Name"_s, text(u"Default"_s)},
                {modern ? u"IsDefault"_s : u"IsDefaultPolicy"_s, Value::fromBoolean(true)},
                {modern ? u"PasswordEnabled"_s : u"DevicePasswordEnabled"_s, Value::fromBoolean(true)},
                {u"AllowNonProvisionableDevices"_s, Value::fromBoolean(false)}});
        QVERIFY(bag.parse(bytes));
        std::vector<ObjectProblem> problems;
        const auto policy = mapMailboxPolicy(bag, problems);
        QVERIFY(policy && problems.empty());
        QVERIFY(policy->isDefault);
        QVERIFY(policy->passwordEnabled);
        QVERIFY(!policy->allowNonProvisionableDevices);
    }
}

void TestMappers::servers()
{
    const auto server = [](const QString& name, const QString& version) {
        return document({{u"Name"_s, text(name)}, {u"Fqdn"_s, text(name + u".contoso.lab"_s)},
            {u"AdminDisplayVersion"_s, identity(version)},
            {u"DistinguishedName"_s,
                text(
                    u"CN=%1,CN=Servers,CN=Exchange Administrative Group,CN=Administrative Groups,"
                    u"CN=Contoso\\, Ltd,CN=Microsoft Exchange,CN=Services,CN=Configuration,DC=contoso,DC=lab"_s
                        .arg(name))}});
    };
    std::vector<ObjectProblem> problems;
    std::vector<ExchangeServer> servers;
    for (const QByteArray& bytes : {server(u"EX1"_s, u"Version 14.3 (Build 123.4)"_s),
             server(u"EX2"_s, u"Version 15.2 (Build 1544.4)"_s)}) {
        clixml::PropertyBag bag;
        QVERIFY(bag.parse(bytes));
        auto found = mapExchangeServer(bag, problems);
        QVERIFY(found);
        servers.push_back(*found);
    }
    QVERIFY(problems.empty());
    const OrganizationInfo info = organizationOf(servers, u"ex2.contoso.lab"_s);
    QCOMPARE(info.version, u"15.2.1544.4"_s);
    QCOMPARE(info.serverName, u"EX2.contoso.lab"_s);
    QVERIFY(info.id.startsWith(u"CN=Contoso\\, Ltd,CN=Microsoft Exchange,"_s));
    QCOMPARE(organizationOf(servers, u"mail.contoso.lab"_s).serverName, u"EX1.contoso.lab"_s);
    QCOMPARE(organizationOf({}, u"x"_s), OrganizationInfo());
}

// The hot path: 100,000 phones well under a second of one core, by a wide margin on a loaded machine.
void TestMappers::hundredThousand()
{
    std::vector<QByteArray> documents;
    for (int i = 0; i < 100; ++i)
        documents.push_back(document(with(phone(), u"DeviceId"_s, text(u"Appl%1"_s.arg(i)))));
    clixml::PropertyBag bag;
    PartnershipMapper mapper;
    std::vector<ObjectProblem> problems;
    qint64 checksum = 0;
    QElapsedTimer timer;
    timer.start();
    for (int round = 0; round < 1000; ++round) {
        for (const QByteArray& bytes : documents) {
            QVERIFY(bag.parse(bytes));
            const auto found = mapper.map(bag, problems);
            checksum += found->easDeviceId.raw().size();
        }
    }
    const qint64 elapsed = timer.elapsed();
    qInfo("100,000 partnerships parsed and mapped in %lld ms", elapsed);
    QCOMPARE(checksum, 1000 * (10 * 5 + 90 * 6));
    QVERIFY(problems.empty());
    QVERIFY(elapsed < 5000); // 0.3 s here; the bound is for sanitizers
}

QTEST_APPLESS_MAIN(TestMappers)
#include "tst_mappers.moc"
