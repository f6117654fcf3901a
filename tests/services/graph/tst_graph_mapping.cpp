// Graph's objects to values: dates that mean "never", words we do not know, wrong types; and everything we
// ask for or send against Microsoft's own metadata (tests/data/contracts).
#include <QFile>
#include <QJsonDocument>
#include <QRandomGenerator>
#include <QTest>
#include <QTimeZone>
#include <QXmlStreamReader>

#include "services/graph/DeviceActions.h"
#include "services/graph/DeviceMapper.h"
#include "services/graph/DirectoryMapper.h"
#include "tests/services/graph/FakeGraph.h"

using namespace Qt::StringLiterals;
using namespace postern;
using namespace postern::test;

namespace {

graph::Page<ManagedDevice> mapped(const QByteArray& list)
{
    const auto body = graph::JsonBody::parseList(list, u"test"_s);
    return body ? graph::managedDeviceMapper()(**body, 0, nullptr) : graph::Page<ManagedDevice>();
}

graph::Page<ManagedDevice> mapped(const QJsonArray& items)
{
    return mapped(QJsonDocument(listOf(items)).toJson());
}

ManagedDevice deviceWith(const QString& property, const QJsonValue& value)
{
    QJsonObject object = managedDevice(1);
    object.insert(property, value);
    const auto page = mapped(QJsonArray{object});
    return page.items.empty() ? ManagedDevice() : page.items.front();
}

// Names and types of Microsoft's metadata.
struct Contract
{
    QHash<QString, QHash<QString, QString>> properties; // entity or complex type -> name -> type
    QHash<QString, QString> base;
    QHash<QString, QStringList> members; // of enums
    QHash<QString, QHash<QString, QString>> parameters; // of actions

    bool read()
    {
        QFile file(QStringLiteral(POSTERN_TEST_DATA "/contracts/graph-v1.0-slice.csdl.xml"));
        if (!file.open(QIODevice::ReadOnly))
            return false;
        QXmlStreamReader xml(&file);
        QString type;
        while (!xml.atEnd()) {
            if (xml.readNext() != QXmlStreamReader::StartElement)
                continue;
            const QString name = xml.attributes().value("Name"_L1).toString();
            const QString itsType = xml.attributes().value("Type"_L1).toString();
            const auto tag = xml.name();
            if (tag == "EntityType"_L1 || tag == "ComplexType"_L1 || tag == "EnumType"_L1
                || tag == "Action"_L1) {
                type = name;
                base[type] = xml.attributes().value("BaseType"_L1).toString().section(u'.', -1);
            } else if (tag == "Property"_L1 || tag == "NavigationProperty"_L1) {
                properties[type][name] = itsType;
            } else if (tag == "Member"_L1) {
                members[type] += name;
            } else if (tag == "Parameter"_L1) {
                parameters[type][name] = itsType;
            }
        }
        return !xml.hasError();
    }
    [[nodiscard]] QString typeOf(QString type, const QString& name) const
    {
        for (; !type.isEmpty(); type = base.value(type)) {
            if (properties.value(type).contains(name))
                return properties.value(type).value(name);
        }
        return name == "id"_L1 ? u"Edm.String"_s : QString();
    }
};

const Contract& contract()
{
    static const Contract read = [] {
        Contract made;
        made.read();
        return made;
    }();
    return read;
}

bool fits(const QJsonValue& value, const QString& type)
{
    if (value.isNull())
        return true;
    if (type.startsWith("Collection("_L1))
        return value.isArray();
    if (type == "Edm.Boolean"_L1)
        return value.isBool();
    if (type.startsWith("Edm.Int"_L1))
        return value.isDouble();
    return value.isString() || (value.isObject() && !type.startsWith("Edm."_L1));
}

template <class E> QStringList textsOf()
{
    QStringList texts;
    for (const auto& entry : EnumTable<E>::entries()) {
        if (!entry.text.isEmpty())
            texts += entry.text.toString();
    }
    texts.sort();
    return texts;
}

QStringList contractEnum(const QString& name)
{
    QStringList texts = contract().members.value(name);
    texts.removeAll(u"unknownFutureValue"_s);
    texts.sort();
    return texts;
}

} // namespace

class TestGraphMapping : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase() { QVERIFY(!contract().properties.isEmpty()); }
    void wholeDevice();
    void unsetTimes_data();
    void unsetTimes();
    void times_data();
    void times();
    void timesAgainstQt();
    void jailBrokenIsAText();
    void unknownWordsAreKept();
    void nullsAreAbsent();
    void wrongTypesAreProblems();
    void objectsWithoutId();
    void otherOrderAndUnknownProperties();
    void licences();
    void enumsAreTheContracts();
    void selectsAreInTheContract();
    void fixturesFollowTheContract();
    void wipeFollowsTheContract();
};

void TestGraphMapping::wholeDevice()
{
    const auto page = mapped(many(1, 3, managedDevice));
    QVERIFY(page.problems.empty());
    QCOMPARE(int(page.items.size()), 2);
    const ManagedDevice& device = page.items.back();
    QCOMPARE(device.id, idOf(2));
    QCOMPARE(device.easDeviceId.raw(), u"APPLSN2"_s);
    QCOMPARE(device.easDeviceId.normalised(), u"applsn2"_s);
    QVERIFY(device.easActivated && device.isEncrypted && !device.isSupervised);
    QCOMPARE(device.azureADRegistered, std::optional(true));
    QVERIFY(device.complianceState == ComplianceState::Compliant);
    QVERIFY(device.managementState == ManagementState::Managed);
    QVERIFY(device.managedDeviceOwnerType == DeviceOwnerType::Personal);
    QVERIFY(device.exchangeAccessState == IntuneAccessState::Allowed);
    QVERIFY(device.exchangeAccessStateReason == AccessStateReason::Compliant);
    QVERIFY(device.deviceRegistrationState == DeviceRegistrationState::Registered);
    QCOMPARE(*device.lastSyncDateTime, QDateTime(QDate(2026, 11, 24), QTime(11, 0), Qt::UTC));
    QVERIFY(!device.complianceGracePeriodExpirationDateTime);
}

void TestGraphMapping::unsetTimes_data()
{
    QTest::addColumn<QString>("text");
    QTest::newRow("year 1") << u"0001-01-01T00:00:00Z"_s;
    QTest::newRow("year 1 in another zone") << u"0001-01-01T05:00:00+05:00"_s;
    QTest::newRow("year 9999") << u"9999-12-31T23:59:59.9999999Z"_s;
    QTest::newRow("empty") << u""_s;
}

void TestGraphMapping::unsetTimes()
{
    QFETCH(QString, text);
    QVERIFY(!deviceWith(u"easActivationDateTime"_s, text).easActivationDateTime);
    QJsonObject object = managedDevice(1);
    object.insert(u"easActivationDateTime"_s, text);
    QVERIFY(mapped(QJsonArray{object}).problems.empty()); // normal, nothing to report
}

void TestGraphMapping::times_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<bool>("valid");
    QTest::addColumn<qint64>("milliseconds");
    QTest::newRow("epoch") << QByteArray("1970-01-01T00:00:00Z") << true << qint64(0);
    QTest::newRow("fraction") << QByteArray("1970-01-01T00:00:01.5Z") << true << qint64(1'500);
    QTest::newRow("seven digits") << QByteArray("1970-01-01T00:00:00.1239999Z") << true << qint64(123);
    QTest::newRow("offset") << QByteArray("1970-01-01T02:30:00+02:30") << true << qint64(0);
    QTest::newRow("leap day") << QByteArray("2024-02-29T00:00:00Z") << true << qint64(1'709'164'800'000);
    QTest::newRow("no leap day") << QByteArray("2023-02-29T00:00:00Z") << false << qint64(0);
    QTest::newRow("no zone") << QByteArray("2023-02-20T00:00:00") << false << qint64(0);
    QTest::newRow("date only") << QByteArray("2023-02-20") << false << qint64(0);
    QTest::newRow("month 13") << QByteArray("2023-13-20T00:00:00Z") << false << qint64(0);
    QTest::newRow("rubbish behind") << QByteArray("2023-12-20T00:00:00Zx") << false << qint64(0);
    QTest::newRow("point alone") << QByteArray("2023-12-20T00:00:00.Z") << false << qint64(0);
    QTest::newRow("cut") << QByteArray("2023-12-20T00:00") << false << qint64(0);
    QTest::newRow("empty") << QByteArray() << false << qint64(0);
}

void TestGraphMapping::times()
{
    QFETCH(QByteArray, text);
    QFETCH(bool, valid);
    QFETCH(qint64, milliseconds);
    const auto at = graph::graphTime(std::string_view(text.constData(), size_t(text.size())));
    QCOMPARE(at.has_value(), valid);
    if (valid)
        QCOMPARE(*at, milliseconds);
}

void TestGraphMapping::timesAgainstQt()
{
    QRandomGenerator random(20261124);
    for (int i = 0; i < 20'000; ++i) {
        const qint64 at = qint64(random.bounded(double(253'402'300'000'000LL))); // up to year 9999
        const QByteArray text
            = QDateTime::fromMSecsSinceEpoch(at, Qt::UTC).toString(Qt::ISODateWithMs).toLatin1();
        const auto read = graph::graphTime(std::string_view(text.constData(), size_t(text.size())));
        QVERIFY2(read && *read == at, text.constData());
    }
}

void TestGraphMapping::jailBrokenIsAText()
{
    QCOMPARE(deviceWith(u"jailBroken"_s, u"True"_s).isJailBroken(), std::optional(true));
    QCOMPARE(deviceWith(u"jailBroken"_s, u"false"_s).isJailBroken(), std::optional(false));
    const ManagedDevice unknown = deviceWith(u"jailBroken"_s, u"Unknown"_s);
    QVERIFY(!unknown.isJailBroken());
    QCOMPARE(unknown.jailBroken, u"Unknown"_s);
    QVERIFY(!deviceWith(u"jailBroken"_s, true).isJailBroken()); // no text: a problem, not a guess
}

void TestGraphMapping::unknownWordsAreKept()
{
    const ManagedDevice device = deviceWith(u"complianceState"_s, u"halfCompliant"_s);
    QVERIFY(!device.complianceState.isKnown());
    QCOMPARE(device.complianceState.raw, u"halfCompliant"_s);
    QVERIFY(!(device.complianceState == ComplianceState::Compliant));
    QVERIFY(!(device.complianceState == ComplianceState::Unknown));
    QCOMPARE(device.complianceState.text(), u"halfCompliant"_s);
    QVERIFY(
        deviceWith(u"complianceState"_s, u"NonCompliant"_s).complianceState == ComplianceState::Noncompliant);
    QCOMPARE(deviceWith(u"managementState"_s, u"beamedUp"_s).managementState.value, ManagementState::Unknown);
}

void TestGraphMapping::nullsAreAbsent()
{
    QJsonObject object;
    for (const QString& name : graph::managedDeviceSelect().split(u','))
        object.insert(name, QJsonValue::Null);
    object.insert(u"id"_s, idOf(1));
    const auto page = mapped(QJsonArray{object});
    QVERIFY(page.problems.empty());
    ManagedDevice bare;
    bare.id = idOf(1);
    QVERIFY(page.items.front() == bare);
    QVERIFY(!page.items.front().azureADRegistered);
}

void TestGraphMapping::wrongTypesAreProblems()
{
    QJsonObject object = managedDevice(1);
    object.insert(u"serialNumber"_s, 17);
    object.insert(u"isEncrypted"_s, u"yes"_s);
    object.insert(u"lastSyncDateTime"_s, u"yesterday"_s);
    object.insert(u"complianceState"_s, QJsonArray{1});
    const auto page = mapped(QJsonArray{object, managedDevice(2)});
    QCOMPARE(int(page.items.size()), 2);
    QCOMPARE(int(page.problems.size()), 4);
    QStringList reasons;
    for (const ObjectProblem& problem : page.problems) {
        QCOMPARE(problem.object, idOf(1));
        reasons += problem.reason;
    }
    QVERIFY2(reasons.contains(u"lastSyncDateTime: not a time: yesterday"_s), qPrintable(reasons.join(u'|')));
    QVERIFY(reasons.contains(u"serialNumber: not a text"_s));
    QVERIFY(page.items.front().complianceState == ComplianceState::Unknown);
}

void TestGraphMapping::objectsWithoutId()
{
    const auto page
        = mapped("{\"value\":[{\"id\":\"a\"},7,{\"deviceName\":\"x\"},{\"id\":\"\"},{\"id\":\"b\"}]}");
    QCOMPARE(int(page.items.size()), 2);
    QCOMPARE(page.skipped, 3);
    QCOMPARE(int(page.problems.size()), 3);
    QCOMPARE(page.problems[0].object, u"managed devices, object 2"_s);
    QCOMPARE(page.problems[2].object, u"managed devices, object 4"_s);
}

void TestGraphMapping::otherOrderAndUnknownProperties()
{
    const auto page
        = mapped("{\"value\":[{\"id\":\"a\",\"model\":\"m1\",\"serialNumber\":\"s1\"},"
                 "{\"futureThing\":{\"x\":[1]},\"serialNumber\":\"s2\",\"@odata.etag\":\"W\",\"id\":\"b\","
                 "\"model\":\"m2\"},{\"id\":\"c\"}]}");
    QVERIFY(page.problems.empty());
    QCOMPARE(page.items[1].serialNumber, u"s2"_s);
    QCOMPARE(page.items[1].model, u"m2"_s);
    QCOMPARE(page.items[2].serialNumber, QString());
}

void TestGraphMapping::licences()
{
    const auto userWith = [](const QString& service, const QString& plan, const QString& status) {
        QJsonObject user = directoryUser(1);
        user.insert(u"assignedPlans"_s,
            QJsonArray{QJsonObject{{u"service"_s, service}, {u"servicePlanId"_s, plan},
                {u"capabilityStatus"_s, status}, {u"assignedDateTime"_s, u"2026-01-01T00:00:00Z"_s}}});
        user.insert(u"assignedLicenses"_s,
            QJsonArray{QJsonObject{{u"skuId"_s, idOf(3)}, {u"disabledPlans"_s, QJsonArray()}}});
        const auto read = graph::directoryObjectOf<DirectoryUser>(QJsonDocument(user).toJson(), u"user"_s);
        return read ? *read : DirectoryUser();
    };
    const QString intune = u"c1ec4a95-1f05-45b3-a911-aa3fa01094f5"_s;
    QVERIFY(userWith(u"SCO"_s, intune, u"Enabled"_s).hasIntuneLicence);
    QVERIFY(userWith(u"SCO"_s, intune, u"Warning"_s).hasIntuneLicence);
    QVERIFY(!userWith(u"SCO"_s, intune, u"Suspended"_s).hasIntuneLicence);
    QVERIFY(!userWith(u"SCO"_s, intune, u"Deleted"_s).hasIntuneLicence);
    QVERIFY(!userWith(u"SCO"_s, u"882e1d05-acd1-4ccb-8708-6ee03664b117"_s, u"Enabled"_s).hasIntuneLicence);
    QVERIFY(userWith(u"exchange"_s, idOf(1), u"Enabled"_s).hasExchangeOnlineLicence);
    QVERIFY(!userWith(u"exchange"_s, u"113feb6c-3fe4-4440-bddc-54d774bf0318"_s, u"Enabled"_s)
                 .hasExchangeOnlineLicence);
    QCOMPARE(userWith(u"x"_s, intune, u"Enabled"_s).skuIds, (std::vector<QUuid>{QUuid::fromString(idOf(3))}));
}

void TestGraphMapping::enumsAreTheContracts()
{
    QCOMPARE(textsOf<ComplianceState>(), contractEnum(u"complianceState"_s));
    QCOMPARE(textsOf<DeviceOwnerType>(), contractEnum(u"managedDeviceOwnerType"_s));
    QCOMPARE(textsOf<ManagementState>(), contractEnum(u"managementState"_s));
    QCOMPARE(textsOf<ManagementAgent>(), contractEnum(u"managementAgentType"_s));
    QCOMPARE(textsOf<DeviceRegistrationState>(), contractEnum(u"deviceRegistrationState"_s));
    QCOMPARE(textsOf<DeviceEnrollmentType>(), contractEnum(u"deviceEnrollmentType"_s));
    QCOMPARE(textsOf<PartnerThreatState>(), contractEnum(u"managedDevicePartnerReportedHealthState"_s));
    QCOMPARE(textsOf<IntuneAccessState>(), contractEnum(u"deviceManagementExchangeAccessState"_s));
    QCOMPARE(textsOf<AccessStateReason>(), contractEnum(u"deviceManagementExchangeAccessStateReason"_s));
    QCOMPARE(textsOf<DeviceActionState>(), contractEnum(u"actionState"_s));
    QCOMPARE(textsOf<MdmAuthority>(), contractEnum(u"mdmAuthority"_s));
}

void TestGraphMapping::selectsAreInTheContract()
{
    const QHash<QString, QString> selects{
        {u"managedDevice"_s, graph::managedDeviceSelect() + u",deviceActionResults"_s},
        {u"user"_s, graph::userSelect()}, {u"group"_s, graph::groupSelect()},
        {u"device"_s, graph::directoryDeviceSelect()}, {u"organization"_s, graph::organizationSelect()}};
    for (auto it = selects.begin(); it != selects.end(); ++it) {
        const QStringList names = it.value().split(u',');
        QCOMPARE(QSet<QString>(names.begin(), names.end()).size(), names.size());
        for (const QString& name : names)
            QVERIFY2(!contract().typeOf(it.key(), name).isEmpty(), qPrintable(it.key() + u'/' + name));
    }
}

void TestGraphMapping::fixturesFollowTheContract()
{
    const auto check = [](const QString& type, const QJsonObject& object) {
        for (auto it = object.begin(); it != object.end(); ++it) {
            const QString expected = contract().typeOf(type, it.key());
            QVERIFY2(!expected.isEmpty() && fits(it.value(), expected), qPrintable(type + u'/' + it.key()));
            if (const QStringList words = contract().members.value(expected.section(u'.', -1));
                !words.isEmpty())
                QVERIFY2(words.contains(it.value().toString()), qPrintable(it.value().toString()));
        }
    };
    check(u"managedDevice"_s, managedDevice(1));
    check(u"user"_s, directoryUser(1));
}

void TestGraphMapping::wipeFollowsTheContract()
{
    RemoteAction action;
    action.kind = RemoteAction::Kind::Wipe;
    action.deviceId = u"../x?"_s; // from data: must stay one segment
    action.wipe = {true, true, true, u"123456"_s};
    const graph::GraphRequest request = graph::actionRequest(action);
    QCOMPARE(request.path, u"deviceManagement/managedDevices/..%2Fx%3F/wipe"_s);
    const QJsonObject body = QJsonDocument::fromJson(request.body).object();
    const auto parameters = contract().parameters.value(u"wipe"_s);
    QCOMPARE(body.size(), 4);
    for (auto it = body.begin(); it != body.end(); ++it)
        QVERIFY2(parameters.contains(it.key()) && fits(it.value(), parameters.value(it.key())),
            qPrintable(it.key()));
    for (const auto& entry : EnumTable<RemoteAction::Kind>::entries())
        QVERIFY2(contract().parameters.contains(entry.text.toString()), qPrintable(entry.text.toString()));
}

QTEST_GUILESS_MAIN(TestGraphMapping)
#include "tst_graph_mapping.moc"
