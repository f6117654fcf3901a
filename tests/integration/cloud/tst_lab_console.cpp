// The site that `postern --lab` and `./dev run` open: the lab's Exchange and its Intune are both connected,
// and the device list has what only Intune knows before anybody clicks.
#include <QSignalSpy>
#include <QTest>

#include "app/composition/ConsoleSite.h"
#include "models/frame/CellText.h"

using namespace postern;
using namespace Qt::StringLiterals;

class TestLabConsole : public QObject
{
    Q_OBJECT

private slots:
    void readsTheAddresses();
    void opensWithIntune();
};

namespace {

struct Seen
{
    int rows = 0, matched = 0, compliant = 0;
};

Seen look(const frame::DeviceFrame& frame)
{
    Seen seen;
    seen.rows = int(frame.rowCount());
    for (frame::RowIndex row = 0; row < frame.rowCount(); ++row) {
        const bool managed = !frame::cellText(frame, row, frame::DeviceColumn::IntuneDeviceId).isEmpty();
        seen.matched
            += managed && !frame::cellText(frame, row, frame::DeviceColumn::DeviceIdentity).isEmpty() ? 1 : 0;
        seen.compliant
            += managed && !frame::cellText(frame, row, frame::DeviceColumn::ComplianceState).isEmpty() ? 1
                                                                                                       : 0;
    }
    return seen;
}

} // namespace

void TestLabConsole::readsTheAddresses()
{
    const auto lab = composition::labAddressesFromJson(
        R"({"exchange":{"url":"https://h/PowerShell/"},"accounts":[{"user":"C\\u","password":"p"}],"caFile":"/ca",)"
        R"("cloud":{"tenant":"t","clientId":"c","clientSecret":"s","authority":"https://a","graphUrl":"https://g"}})");
    QVERIFY(lab);
    QCOMPARE(QStringList({lab->tenant, lab->clientId, lab->clientSecret, lab->authority, lab->graphUrl}),
        QStringList({u"t"_s, u"c"_s, u"s"_s, u"https://a"_s, u"https://g"_s}));
    const auto old = composition::labAddressesFromJson(
        R"({"exchange":{"url":"https://h/PowerShell/"},"accounts":[{"user":"C\\u","password":"p"}]})");
    QVERIFY(old && old->tenant.isEmpty());
}

void TestLabConsole::opensWithIntune()
{
    composition::ConsoleSite site({{}, true, {u"--users"_s, u"40"_s, u"--seed"_s, u"7"_s}});
    QSignalSpy ready(&site, &composition::ConsoleSite::ready);
    QSignalSpy failed(&site, &composition::ConsoleSite::failed);
    site.open();
    QVERIFY(site.client());
    std::shared_ptr<const frame::DeviceFrame> shown;
    connect(site.client(), &site::SiteClient::devicesChanged, this,
        [&shown](const std::shared_ptr<const frame::DeviceFrame>& frame) { shown = frame; });
    QTRY_COMPARE_WITH_TIMEOUT(ready.size(), 1, 30'000);
    QCOMPARE(failed.size(), 0);
    const auto connected = [&] {
        const std::vector<Tenant> tenants = site.client()->tenants();
        return tenants.size() == 1 && tenants.front().state == TenantState::Connected;
    };
    QTRY_VERIFY_WITH_TIMEOUT(connected(), 60'000);
    QTRY_COMPARE_WITH_TIMEOUT(site.client()->connectors().size(), std::size_t(1), 10'000);
    // The tenant was read first: partnerships that Exchange brings now find their phones all the same.
    Request synchronize;
    synchronize.connectorId = site.client()->connectors().front().id;
    site.client()->submit(synchronize);
    QTRY_VERIFY_WITH_TIMEOUT(shown && look(*shown).matched > 10, 60'000);
    const Seen seen = look(*shown);
    QVERIFY2(seen.compliant > 30, qPrintable(QString::number(seen.compliant)));
    // The list of people is read again every ten seconds at most.
    QTRY_VERIFY_WITH_TIMEOUT(site.client()->users()->size() >= 40, 40'000);
}

QTEST_GUILESS_MAIN(TestLabConsole)
#include "tst_lab_console.moc"
