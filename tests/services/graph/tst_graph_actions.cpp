// Remote actions: what is looked at before, what is sent, what is never sent twice; and the check of a tenant
// (CON-39).
#include <QJsonDocument>
#include <QTest>

#include "services/graph/DeviceActions.h"
#include "tests/services/graph/FakeGraph.h"
#include "tests/support/RunTask.h"

using namespace Qt::StringLiterals;
using namespace postern;
using namespace postern::test;
using Kind = RemoteAction::Kind;

namespace {

QString devicePath(int number)
{
    return u"deviceManagement/managedDevices/"_s + idOf(number);
}

RemoteAction actionOn(int number, Kind kind)
{
    RemoteAction action;
    action.kind = kind;
    action.deviceId = idOf(number);
    action.userId = idOf(number + 0x100000);
    action.serialNumber = u"SN%1"_s.arg(number);
    return action;
}

QString actionPath(int number, Kind kind)
{
    return devicePath(number) + u'/' + enumText(kind).toString();
}

void serveDevice(GraphFixture& graph, const QJsonObject& device)
{
    graph.on(u"deviceManagement/managedDevices/"_s + device.value("id"_L1).toString(),
        [device](const GraphCall&) -> GraphReply { return json(device); });
}

void takeActions(GraphFixture& graph, int number)
{
    for (const auto& entry : EnumTable<Kind>::entries()) {
        graph.on(actionPath(number, entry.value),
            [](const GraphCall&) -> GraphReply { return FakeAnswer("", 204); });
    }
}

Expected<void> acted(GraphFixture& graph, RemoteAction action)
{
    auto task = runTask(graph.tenant->act(std::move(action), {}));
    Expected<void>* result = task.wait();
    return result ? *result : fail(ErrorCode::Internal, u"no end"_s);
}

// A token as Entra makes them, as far as its payload goes.
QString tokenWith(const QStringList& roles)
{
    const QJsonObject payload{{u"roles"_s, QJsonArray::fromStringList(roles)}};
    const QByteArray body = QJsonDocument(payload)
                                .toJson(QJsonDocument::Compact)
                                .toBase64(QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals);
    return u"eyJhbGciOiJub25lIn0."_s + QString::fromLatin1(body) + u".signature"_s;
}

const QStringList everyPermission{u"DeviceManagementManagedDevices.ReadWrite.All"_s,
    u"DeviceManagementManagedDevices.PrivilegedOperations.All"_s,
    u"DeviceManagementManagedDevices.Read.All"_s, u"DeviceManagementConfiguration.ReadWrite.All"_s,
    u"DeviceManagementServiceConfig.ReadWrite.All"_s, u"Policy.Read.All"_s,
    u"Policy.ReadWrite.ConditionalAccess"_s, u"Application.Read.All"_s, u"Group.Read.All"_s,
    u"GroupMember.Read.All"_s, u"User.Read.All"_s, u"Device.Read.All"_s, u"Organization.Read.All"_s,
    u"Mail.Send"_s};

QJsonObject organization()
{
    return {{u"id"_s, idOf(1)}, {u"displayName"_s, u"Contoso"_s},
        {u"verifiedDomains"_s,
            QJsonArray{QJsonObject{{u"name"_s, u"contoso.onmicrosoft.com"_s}, {u"isDefault"_s, false}},
                QJsonObject{{u"name"_s, u"contoso.com"_s}, {u"isDefault"_s, true}}}},
        {u"mobileDeviceManagementAuthority"_s, u"intune"_s}, {u"onPremisesSyncEnabled"_s, true},
        {u"onPremisesLastSyncDateTime"_s, u"2026-11-24T11:30:00Z"_s}};
}

QJsonObject subscription(const QString& plan, const QString& status)
{
    return {{u"id"_s, u"a_b"_s}, {u"skuId"_s, idOf(5)}, {u"skuPartNumber"_s, u"EMS"_s},
        {u"capabilityStatus"_s, status}, {u"consumedUnits"_s, 3},
        {u"prepaidUnits"_s, QJsonObject{{u"enabled"_s, 10}}},
        {u"servicePlans"_s,
            QJsonArray{QJsonObject{{u"servicePlanName"_s, plan}, {u"provisioningStatus"_s, u"Success"_s},
                {u"servicePlanId"_s, idOf(6)}}}}};
}

void serveTenant(GraphFixture& graph, const QJsonObject& tenant, const QJsonObject& sku)
{
    graph.on(u"organization"_s, [tenant](const GraphCall&) -> GraphReply { return json(listOf({tenant})); });
    graph.on(u"subscribedSkus"_s, [sku](const GraphCall&) -> GraphReply { return json(listOf({sku})); });
    graph.on(u"deviceManagement/managedDevices"_s,
        [](const GraphCall&) -> GraphReply { return json(listOf(many(0, 1, managedDevice))); });
}

using Lines = std::map<QString, CheckResult>;

Lines checked(GraphFixture& graph)
{
    std::vector<CheckResult> reported;
    auto task = runTask(graph.tenant->check([&](const CheckResult& line) { reported.push_back(line); }, {}));
    auto* result = task.wait();
    if (!result || !*result || **result != reported)
        return {};
    Lines lines;
    for (const CheckResult& line : reported)
        lines[line.name] = line;
    return lines;
}

CheckResult::Outcome outcome(const Lines& lines, const QString& name)
{
    const auto at = lines.find(name);
    return at == lines.end() ? CheckResult::Outcome(-1) : at->second.outcome;
}

} // namespace

class TestGraphActions : public QObject
{
    Q_OBJECT
private slots:
    void harmlessActionsGoAtOnce();
    void wipeBody();
    void destructiveActionsLookFirst();
    void refusedBeforeSending_data();
    void refusedBeforeSending();
    void lostAnswerIsLookedUp_data();
    void lostAnswerIsLookedUp();
    void statusIsReadBack();
    void answerForAnotherDevice();
    void everythingInOrder();
    void everyShortcomingHasALine();
    void signInFails();
    void tenantIsRead();
};

void TestGraphActions::harmlessActionsGoAtOnce()
{
    for (const Kind kind : {Kind::SyncDevice, Kind::RemoteLock, Kind::ResetPasscode}) {
        GraphFixture graph;
        takeActions(graph, 4);
        QVERIFY(acted(graph, actionOn(4, kind)));
        QCOMPARE(int(graph.wire->calls().size()), 1);
        const GraphCall& call = graph.wire->calls().front();
        QCOMPARE(call.method, QByteArray("POST"));
        QCOMPARE(call.path, actionPath(4, kind));
        QVERIFY(call.body.isEmpty());
    }
}

void TestGraphActions::wipeBody()
{
    GraphFixture graph;
    QJsonObject mac = managedDevice(4);
    mac.insert(u"operatingSystem"_s, u"macOS"_s);
    serveDevice(graph, mac);
    takeActions(graph, 4);
    RemoteAction action = actionOn(4, Kind::Wipe);
    action.wipe.keepUserData = true;
    action.wipe.macOsUnlockCode = u"123456"_s;
    action.wipe.persistEsimDataPlan = true;
    QVERIFY(acted(graph, action));
    const QJsonObject expected{{u"keepEnrollmentData"_s, false}, {u"keepUserData"_s, true},
        {u"macOsUnlockCode"_s, u"123456"_s}, {u"persistEsimDataPlan"_s, true}};
    QCOMPARE(graph.wire->calls().back().json(), expected);
    QCOMPARE(graph.wire->calls().back().http.rawHeader("Content-Type"), QByteArray("application/json"));
}

void TestGraphActions::destructiveActionsLookFirst()
{
    for (const Kind kind : {Kind::Retire, Kind::Wipe}) {
        GraphFixture graph;
        serveDevice(graph, managedDevice(4));
        takeActions(graph, 4);
        QVERIFY(acted(graph, actionOn(4, kind)));
        QCOMPARE(int(graph.wire->calls().size()), 2);
        QCOMPARE(graph.wire->calls()[0].path, devicePath(4));
        QVERIFY(graph.wire->calls()[0].option(u"$select"_s).contains(u"serialNumber"_s));
        QCOMPARE(graph.wire->calls()[1].path, actionPath(4, kind));
    }
}

void TestGraphActions::refusedBeforeSending_data()
{
    QTest::addColumn<QString>("property");
    QTest::addColumn<QString>("value");
    QTest::addColumn<ErrorCode>("code");
    QTest::newRow("another user") << u"userId"_s << idOf(77) << ErrorCode::Conflict;
    QTest::newRow("no user any more") << u"userId"_s << u""_s << ErrorCode::Conflict;
    QTest::newRow("another phone") << u"serialNumber"_s << u"SNX"_s << ErrorCode::Conflict;
    QTest::newRow("wipe pending") << u"managementState"_s << u"wipePending"_s << ErrorCode::AlreadyRunning;
    QTest::newRow("retire issued") << u"managementState"_s << u"retireIssued"_s << ErrorCode::AlreadyRunning;
    QTest::newRow("work profile") << u"operatingSystem"_s << u"AndroidForWork"_s << ErrorCode::InvalidInput;
}

void TestGraphActions::refusedBeforeSending()
{
    QFETCH(QString, property);
    QFETCH(QString, value);
    QFETCH(ErrorCode, code);
    GraphFixture graph;
    QJsonObject device = managedDevice(4);
    device.insert(property, value);
    serveDevice(graph, device);
    takeActions(graph, 4);
    const auto result = acted(graph, actionOn(4, Kind::Wipe));
    QVERIFY(!result);
    QCOMPARE(result.error().code, code);
    QCOMPARE(graph.wire->callsOf(actionPath(4, Kind::Wipe)), 0);
    QVERIFY(result.error().origin.contains(u"wipe"_s));
}

void TestGraphActions::lostAnswerIsLookedUp_data()
{
    QTest::addColumn<QString>("state"); // afterwards
    QTest::addColumn<QString>("started"); // of the action result afterwards
    QTest::addColumn<bool>("taken");
    QTest::newRow("not taken") << u"managed"_s << QString() << false;
    QTest::newRow("pending") << u"wipePending"_s << QString() << true;
    QTest::newRow("listed") << u"managed"_s << u"2026-11-24T12:00:03Z"_s << true;
    QTest::newRow("an old one is listed") << u"managed"_s << u"2026-11-24T09:00:00Z"_s << false;
}

void TestGraphActions::lostAnswerIsLookedUp()
{
    QFETCH(QString, state);
    QFETCH(QString, started);
    QFETCH(bool, taken);
    for (const GraphReply& lost : {GraphReply(Broken()), GraphReply(fault(504, u"GatewayTimeout"_s))}) {
        GraphFixture graph;
        bool sent = false;
        graph.on(devicePath(4), [&](const GraphCall&) -> GraphReply {
            QJsonObject device = managedDevice(4);
            if (!sent)
                return json(device);
            device.insert(u"managementState"_s, state);
            if (!started.isEmpty())
                device.insert(u"deviceActionResults"_s,
                    QJsonArray{QJsonObject{{u"actionName"_s, u"factoryReset"_s},
                        {u"actionState"_s, u"pending"_s}, {u"startDateTime"_s, started}}});
            return json(device);
        });
        graph.on(actionPath(4, Kind::Wipe), [&](const GraphCall&) -> GraphReply {
            sent = true;
            return lost;
        });
        const auto result = acted(graph, actionOn(4, Kind::Wipe));
        QCOMPARE(bool(result), taken);
        QCOMPARE(graph.wire->callsOf(actionPath(4, Kind::Wipe)), 1);
        if (!taken)
            QVERIFY2(result.error().detail.contains(u"was not taken"_s), qPrintable(result.error().detail));
    }
}

void TestGraphActions::statusIsReadBack()
{
    GraphFixture graph;
    QJsonObject device = managedDevice(4);
    const auto entry = [](const QString& name, const QString& state, const QString& started) {
        return QJsonObject{{u"actionName"_s, name}, {u"actionState"_s, state}, {u"startDateTime"_s, started},
            {u"lastUpdatedDateTime"_s, u"0001-01-01T00:00:00Z"_s}};
    };
    device.insert(u"deviceActionResults"_s,
        QJsonArray{entry(u"remoteLock"_s, u"done"_s, u"2026-11-23T10:00:00Z"_s),
            entry(u"remoteLock"_s, u"failed"_s, u"2026-11-24T10:00:00Z"_s),
            entry(u"factoryReset"_s, u"somethingNew"_s, u"2026-11-24T11:00:00Z"_s)});
    serveDevice(graph, device);
    auto task = runTask(graph.tenant->managedDevice(idOf(4), {}));
    auto* read = task.wait();
    QVERIFY(read && *read);
    const auto lock = latestResult((*read)->deviceActionResults, Kind::RemoteLock);
    QVERIFY(lock && lock->state == DeviceActionState::Failed && !lock->lastUpdated);
    const auto wipe = latestResult((*read)->deviceActionResults, Kind::Wipe);
    QVERIFY(wipe);
    QCOMPARE(wipe->state.text(), u"somethingNew"_s);
    QVERIFY(!latestResult((*read)->deviceActionResults, Kind::Retire));
}

void TestGraphActions::answerForAnotherDevice()
{
    GraphFixture graph;
    graph.on(devicePath(4), [](const GraphCall&) -> GraphReply { return json(managedDevice(5)); });
    takeActions(graph, 4);
    const auto result = acted(graph, actionOn(4, Kind::Wipe));
    QVERIFY(!result);
    QCOMPARE(result.error().code, ErrorCode::Malformed);
    QCOMPARE(int(graph.wire->calls().size()), 1);
}

void TestGraphActions::everythingInOrder()
{
    GraphFixture graph;
    graph.tokens.fixed = tokenWith(everyPermission);
    serveTenant(graph, organization(), subscription(u"INTUNE_A"_s, u"Enabled"_s));
    const Lines lines = checked(graph);
    QCOMPARE(int(lines.size()), 6);
    for (const auto& [name, line] : lines) {
        QVERIFY2(line.outcome == CheckResult::Outcome::Pass, qPrintable(name + u": "_s + line.detail));
        QCOMPARE(line.id, u"CON-39"_s);
        QVERIFY(!line.detail.contains(graph.tokens.fixed));
    }
}

void TestGraphActions::everyShortcomingHasALine()
{
    GraphFixture graph;
    QStringList some = everyPermission;
    some.removeAll(u"User.Read.All"_s);
    graph.tokens.fixed = tokenWith(some);
    QJsonObject tenant = organization();
    tenant.insert(u"mobileDeviceManagementAuthority"_s, u"sccm"_s);
    tenant.insert(u"onPremisesSyncEnabled"_s, QJsonValue::Null);
    serveTenant(graph, tenant, subscription(u"INTUNE_O365"_s, u"Enabled"_s));
    graph.on(u"deviceManagement/managedDevices"_s,
        [](const GraphCall&) -> GraphReply { return fault(403, u"Forbidden"_s, u"no licence"_s); });
    const Lines lines = checked(graph);
    using enum CheckResult::Outcome;
    QCOMPARE(outcome(lines, u"Permission User.Read.All"_s), Fail);
    QCOMPARE(outcome(lines, u"Intune subscription"_s), Fail);
    QCOMPARE(outcome(lines, u"Mobile device management authority"_s), Fail);
    QCOMPARE(outcome(lines, u"Directory synchronization"_s), Fail);
    QCOMPARE(outcome(lines, u"Intune devices can be read"_s), Fail);
    QCOMPARE(outcome(lines, u"Sign-in to contoso.com"_s), Pass);

    tenant.insert(u"onPremisesSyncEnabled"_s, true);
    tenant.insert(u"onPremisesLastSyncDateTime"_s, u"2026-11-23T12:00:00Z"_s);
    serveTenant(graph, tenant, subscription(u"INTUNE_A"_s, u"Suspended"_s));
    const Lines later = checked(graph);
    QCOMPARE(outcome(later, u"Directory synchronization"_s), Warning);
    QCOMPARE(outcome(later, u"Intune subscription"_s), Fail);
}

void TestGraphActions::signInFails()
{
    GraphFixture graph;
    graph.tokens.refusal = Error{ErrorCode::SignInRequired, u"AADSTS50076"_s, u"contoso.com"_s, std::nullopt};
    const Lines lines = checked(graph);
    QCOMPARE(int(lines.size()), 5);
    QCOMPARE(outcome(lines, u"Sign-in to contoso.com"_s), CheckResult::Outcome::Fail);
    QCOMPARE(outcome(lines, u"Intune subscription"_s), CheckResult::Outcome::NotApplicable);
    QVERIFY(graph.wire->calls().empty());
}

void TestGraphActions::tenantIsRead()
{
    GraphFixture graph;
    serveTenant(graph, organization(), subscription(u"INTUNE_A"_s, u"Enabled"_s));
    auto opened = runTask(graph.tenant->open({}));
    auto* tenant = opened.wait();
    QVERIFY(tenant && *tenant);
    QCOMPARE((*tenant)->displayName, u"Contoso"_s);
    QCOMPARE((*tenant)->defaultDomain, u"contoso.com"_s);
    QVERIFY((*tenant)->mobileDeviceManagementAuthority == MdmAuthority::Intune);
    auto read = runTask(graph.tenant->subscriptions({}));
    auto* skus = read.wait();
    QVERIFY(skus && *skus && (*skus)->size() == 1);
    QVERIFY((*skus)->front().includesIntune && !(*skus)->front().includesExchangeOnline);
    QCOMPARE((*skus)->front().enabledUnits, 10);
}

QTEST_GUILESS_MAIN(TestGraphActions)
#include "tst_graph_actions.moc"
