// Inventory pages of Graph to values: our reader against QJsonDocument doing the same work, and against the
// bound of parsing alone. Ratios of one run are what counts.
//   bench_graph [--pages N] [--json FILE]
#include <QCommandLineParser>
#include <QCoreApplication>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <cstdio>
#include <numeric>

#include "services/graph/DeviceMapper.h"
#include "tests/benchmarks/Report.h"

using namespace postern;
using namespace Qt::StringLiterals;

namespace {

constexpr int perPage = 1000;
constexpr int rounds = 5;

QString guid(int number, int kind)
{
    return u"%1-%2-4a5b-9c8d-0123456789ab"_s.arg(number, 8, 16, QLatin1Char('0'))
        .arg(kind, 4, 16, QLatin1Char('0'));
}

// A selected device as Graph sends it: about 1.6 KB.
QJsonObject device(int i)
{
    const bool apple = i % 2 == 0;
    QJsonObject o;
    for (const QString& name : graph::managedDeviceSelect().split(u','))
        o.insert(name, u"0001-01-01T00:00:00Z"_s);
    for (const auto* name : {"udid", "meid", "wiFiMacAddress", "subscriberCarrier",
             "deviceCategoryDisplayName", "androidSecurityPatchLevel"})
        o.insert(QLatin1StringView(name), i % 3 ? QJsonValue(u"value%1"_s.arg(i % 50)) : QJsonValue());
    for (const auto* name : {"easActivated", "isEncrypted", "isSupervised", "azureADRegistered"})
        o.insert(QLatin1StringView(name), i % 5 != 0);
    o.insert(u"id"_s, guid(i, 1));
    o.insert(u"userId"_s, guid(i / 2, 2));
    o.insert(u"azureADDeviceId"_s, guid(i, 3));
    o.insert(u"deviceName"_s, u"Anna's phone %1"_s.arg(i));
    o.insert(u"managedDeviceName"_s, u"anna%1_iOS_2026"_s.arg(i));
    o.insert(u"userPrincipalName"_s, u"anna.berg%1@contoso.com"_s.arg(i / 2));
    o.insert(u"emailAddress"_s, u"anna.berg%1@contoso.com"_s.arg(i / 2));
    o.insert(u"userDisplayName"_s, u"Anna Bergström %1"_s.arg(i / 2));
    o.insert(u"serialNumber"_s, u"F17X%1"_s.arg(i, 8, 36, QLatin1Char('0')));
    o.insert(u"imei"_s, u"35%1"_s.arg(i, 13, 10, QLatin1Char('0')));
    o.insert(u"phoneNumber"_s, u"+46701%1"_s.arg(i, 6, 10, QLatin1Char('0')));
    o.insert(u"easDeviceId"_s, u"ApplF17X%1"_s.arg(i, 8, 36, QLatin1Char('0')));
    o.insert(u"operatingSystem"_s, apple ? u"iOS"_s : u"Android"_s);
    o.insert(u"osVersion"_s, u"17.%1"_s.arg(i % 7));
    o.insert(u"model"_s, apple ? u"iPhone %1"_s.arg(10 + i % 6) : u"SM-G99%1"_s.arg(i % 9));
    o.insert(u"manufacturer"_s, apple ? u"Apple"_s : u"samsung"_s);
    o.insert(u"jailBroken"_s, u"False"_s);
    o.insert(u"complianceState"_s, i % 9 ? u"compliant"_s : u"noncompliant"_s);
    o.insert(u"managementState"_s, u"managed"_s);
    o.insert(u"managedDeviceOwnerType"_s, i % 3 ? u"company"_s : u"personal"_s);
    o.insert(u"managementAgent"_s, u"mdm"_s);
    o.insert(u"deviceRegistrationState"_s, u"registered"_s);
    o.insert(u"deviceEnrollmentType"_s, u"userEnrollment"_s);
    o.insert(u"partnerReportedThreatState"_s, u"unknown"_s);
    o.insert(u"exchangeAccessState"_s, u"allowed"_s);
    o.insert(u"exchangeAccessStateReason"_s, u"compliant"_s);
    o.insert(u"lastSyncDateTime"_s,
        u"2026-11-24T%1:%2:07.1234567Z"_s.arg(i % 24, 2, 10, QLatin1Char('0'))
            .arg(i % 60, 2, 10, QLatin1Char('0')));
    o.insert(u"enrolledDateTime"_s, u"2025-03-%1T08:15:00Z"_s.arg(1 + i % 28, 2, 10, QLatin1Char('0')));
    return o;
}

std::vector<QByteArray> makePages(int count)
{
    std::vector<QByteArray> pages;
    for (int page = 0; page < count; ++page) {
        QJsonArray items;
        for (int i = 0; i < perPage; ++i)
            items.append(device(page * perPage + i));
        pages.push_back(QJsonDocument(QJsonObject{{u"value"_s, items}}).toJson(QJsonDocument::Compact));
    }
    return pages;
}

std::optional<QDateTime> time(const QJsonValue& value)
{
    const QByteArray text = value.toString().toLatin1();
    const auto at = graph::graphTime(std::string_view(text.constData(), size_t(text.size())));
    if (!at || *at < -62'104'060'800'000)
        return std::nullopt;
    return QDateTime::fromMSecsSinceEpoch(*at, Qt::UTC);
}

template <class E> OpenEnum<E> word(const QJsonValue& value)
{
    return OpenEnum<E>::fromText(value.toString());
}

// What one writes with QJsonDocument, into the same value.
ManagedDevice peerDevice(const QJsonObject& o)
{
    ManagedDevice d;
    const auto text = [&o](const char* name) { return o.value(QLatin1StringView(name)).toString(); };
    d.id = text("id"), d.deviceName = text("deviceName"), d.managedDeviceName = text("managedDeviceName");
    d.serialNumber = text("serialNumber"), d.imei = text("imei"), d.meid = text("meid"),
    d.udid = text("udid");
    d.phoneNumber = text("phoneNumber"), d.wiFiMacAddress = text("wiFiMacAddress"), d.userId = text("userId");
    d.userPrincipalName = text("userPrincipalName"), d.userDisplayName = text("userDisplayName");
    d.emailAddress = text("emailAddress"), d.azureADDeviceId = text("azureADDeviceId");
    d.operatingSystem = text("operatingSystem"), d.osVersion = text("osVersion"), d.model = text("model");
    d.manufacturer = text("manufacturer"), d.subscriberCarrier = text("subscriberCarrier");
    d.androidSecurityPatchLevel = text("androidSecurityPatchLevel"), d.jailBroken = text("jailBroken");
    d.deviceCategoryDisplayName = text("deviceCategoryDisplayName");
    d.easDeviceId = EasDeviceId(text("easDeviceId"));
    d.azureADRegistered = o.value("azureADRegistered"_L1).toBool();
    d.easActivated = o.value("easActivated"_L1).toBool();
    d.isEncrypted = o.value("isEncrypted"_L1).toBool();
    d.isSupervised = o.value("isSupervised"_L1).toBool();
    d.easActivationDateTime = time(o.value("easActivationDateTime"_L1));
    d.enrolledDateTime = time(o.value("enrolledDateTime"_L1));
    d.lastSyncDateTime = time(o.value("lastSyncDateTime"_L1));
    d.exchangeLastSuccessfulSyncDateTime = time(o.value("exchangeLastSuccessfulSyncDateTime"_L1));
    d.complianceGracePeriodExpirationDateTime = time(o.value("complianceGracePeriodExpirationDateTime"_L1));
    d.managementCertificateExpirationDate = time(o.value("managementCertificateExpirationDate"_L1));
    d.managedDeviceOwnerType = word<DeviceOwnerType>(o.value("managedDeviceOwnerType"_L1));
    d.complianceState = word<ComplianceState>(o.value("complianceState"_L1));
    d.managementState = word<ManagementState>(o.value("managementState"_L1));
    d.managementAgent = word<ManagementAgent>(o.value("managementAgent"_L1));
    d.deviceRegistrationState = word<DeviceRegistrationState>(o.value("deviceRegistrationState"_L1));
    d.deviceEnrollmentType = word<DeviceEnrollmentType>(o.value("deviceEnrollmentType"_L1));
    d.partnerReportedThreatState = word<PartnerThreatState>(o.value("partnerReportedThreatState"_L1));
    d.exchangeAccessState = word<IntuneAccessState>(o.value("exchangeAccessState"_L1));
    d.exchangeAccessStateReason = word<AccessStateReason>(o.value("exchangeAccessStateReason"_L1));
    return d;
}

std::vector<ManagedDevice> peerPage(const QByteArray& body)
{
    std::vector<ManagedDevice> items;
    for (const auto& value : QJsonDocument::fromJson(body).object().value("value"_L1).toArray())
        items.push_back(peerDevice(value.toObject()));
    return items;
}

std::vector<ManagedDevice> ourPage(const QByteArray& body)
{
    const auto parsed = graph::JsonBody::parseList(body, u"bench"_s);
    return parsed ? graph::managedDeviceMapper()(**parsed, 0, nullptr).items : std::vector<ManagedDevice>();
}

bool agree(const std::vector<QByteArray>& pages)
{
    return std::all_of(
        pages.begin(), pages.end(), [](const QByteArray& page) { return peerPage(page) == ourPage(page); });
}

} // namespace

int main(int argc, char** argv)
{
    QCoreApplication app(argc, argv);
    QCommandLineParser parser;
    parser.addOptions(
        {{u"pages"_s, u"How many pages of 1000."_s, u"n"_s, u"20"_s}, {u"json"_s, u"Results."_s, u"file"_s}});
    parser.addHelpOption();
    parser.process(app);
    const std::vector<QByteArray> pages = makePages(std::max(1, parser.value(u"pages"_s).toInt()));
    if (!agree(pages)) {
        std::fprintf(stderr, "the two readers differ\n");
        return 1;
    }
    const qint64 bytes = std::accumulate(pages.begin(), pages.end(), qint64(0),
        [](qint64 sum, const QByteArray& page) { return sum + page.size(); });
    qint64 sink = 0;
    const auto over = [&](auto&& work) {
        const double ms = bench::fastest(rounds, [&] {
            for (const QByteArray& page : pages)
                sink += qint64(work(page));
        });
        return double(bytes) / 1e6 / (ms / 1e3);
    };
    const double qt = over([](const QByteArray& page) { return peerPage(page).size(); });
    const double parseQt = over([](const QByteArray& page) {
        return QJsonDocument::fromJson(page).object().value("value"_L1).toArray().size();
    });
    const double ours = over([](const QByteArray& page) { return ourPage(page).size(); });
    const double parse = over([](const QByteArray& page) {
        const auto parsed = graph::JsonBody::parseList(page, u"bench"_s);
        return parsed ? (*parsed)->size() : 0;
    });
    bench::Report report;
    report.figure(u"page of 1000 managed devices"_s, double(bytes) / double(pages.size()) / 1e6, u"MB"_s);
    report.figure(u"parsed with QJsonDocument"_s, parseQt, u"MB/s"_s);
    report.figure(u"parsed with JsonBody"_s, parse, u"MB/s"_s);
    report.figure(u"to values with QJsonDocument"_s, qt, u"MB/s"_s);
    report.figure(u"to values, ours"_s, ours, u"MB/s"_s);
    report.figure(
        u"100,000 devices to values"_s, double(bytes) / double(pages.size()) * 100 / 1e6 / ours, u"s"_s);
    report.goal(
        u"parsing against QJsonDocument"_s, parse / parseQt, u"x"_s, bench::Report::Better::Higher, 4.0);
    report.goal(u"to values against QJsonDocument"_s, ours / qt, u"x"_s, bench::Report::Better::Higher, 1.8);
    const bool written = parser.value(u"json"_s).isEmpty() || report.write(parser.value(u"json"_s));
    return sink > 0 && report.allMet() && written ? 0 : 1;
}
