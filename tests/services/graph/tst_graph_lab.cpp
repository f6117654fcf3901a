// GraphTenant against the lab's Entra, Graph and Intune, as processes and over TLS: the whole inventory,
// deltas, actions, faults.
#include <QTest>

#include "tests/services/graph/FakeGraph.h"
#include "tests/services/graph/LabTenant.h"
#include "tests/support/RunTask.h"

using namespace Qt::StringLiterals;
using namespace postern;
using namespace postern::test;

namespace {

constexpr int patience = 60'000;

// For messages, which QVERIFY2 makes also when all is well.
template <class T> QString why(const Expected<T>* result)
{
    return !result ? u"no answer in time"_s : *result ? QString() : result->error().toLogText();
}

template <class T> ReadOut<T> all(std::unique_ptr<graph::PageReader<T>> reader)
{
    auto task = runTask(readOut<T>(reader.get()));
    ReadOut<T>* out = task.wait(patience);
    return out ? std::move(*out) : ReadOut<T>();
}

template <class T> struct DeltaOut
{
    std::map<QString, T> items;
    QStringList removed;
    QString link;
    std::optional<Error> error;
    qint64 problems = 0;
    int restarts = 0;
    int changed = 0;
};

template <class T> QCoro::Task<DeltaOut<T>> readDelta(graph::DeltaReader<T>* reader, DeltaOut<T> out)
{
    for (bool last = false; !last;) {
        Expected<graph::DeltaPage<T>> page = co_await reader->next(std::stop_token());
        if (!page) {
            out.error = page.error();
            co_return std::move(out);
        }
        if (page->restarted) {
            ++out.restarts;
            out.items.clear();
        }
        for (const T& item : page->page.items)
            out.items.insert_or_assign(item.id, item);
        out.changed += int(page->page.items.size());
        out.removed += page->removed;
        out.problems += qint64(page->page.problems.size());
        last = page->page.last;
        out.link = page->deltaLink;
    }
    co_return std::move(out);
}

template <class T> DeltaOut<T> delta(std::unique_ptr<graph::DeltaReader<T>> reader)
{
    auto task = runTask(readDelta<T>(reader.get(), DeltaOut<T>()));
    DeltaOut<T>* out = task.wait(patience);
    return out ? std::move(*out) : DeltaOut<T>();
}

} // namespace

class TestGraphLab : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase();
    void init();
    void check();
    void missingConsentIsNamed();
    void inventory_data();
    void inventory();
    void inventoryThroughThrottling();
    void faults_data();
    void faults();
    void rowsThatAreNotListed();
    void changedSince();
    void peopleAndTheirChanges();
    void groupsAndMembers();
    void directoryDevices();
    void actions();

private:
    int count(const QString& what) { return m_lab.get(u"cloud"_s).object().value(what).toInt(); }
    void set(const QJsonObject& settings) { QVERIFY(!m_lab.post(u"cloud/settings"_s, settings).isNull()); }
    LabFixture m_lab;
};

void TestGraphLab::initTestCase()
{
    const bool started = m_lab.start({u"--users"_s, u"300"_s, u"--seed"_s, u"5"_s});
    if (!started)
        QSKIP(qPrintable(m_lab.reason()));
}

void TestGraphLab::init()
{
    m_lab.clearFaults();
    set({{u"pageSize"_s, 100}, {u"throttling"_s, true}, {u"lagMs"_s, 0}});
}

void TestGraphLab::check()
{
    LabTenant lab(m_lab, u"full"_s);
    auto task = runTask(lab.tenant->check({}, {}));
    auto* lines = task.wait(patience);
    QVERIFY(lines && *lines);
    for (const CheckResult& line : **lines)
        QVERIFY2(line.outcome == CheckResult::Outcome::Pass, qPrintable(line.name + u": "_s + line.detail));
    QVERIFY((*lines)->size() >= 6);
}

void TestGraphLab::missingConsentIsNamed()
{
    LabTenant lab(m_lab, u"unconsented"_s);
    auto read = lab.tenant->readManagedDevices();
    auto task = runTask(read->next({}));
    auto* page = task.wait(patience);
    QVERIFY(page && !*page);
    QVERIFY2(page->error().code == ErrorCode::ConsentRequired, qPrintable(page->error().toLogText()));

    LabTenant reader(m_lab, u"readOnly"_s);
    const auto devices = all(reader.tenant->readManagedDevices());
    QVERIFY(devices.whole);
    RemoteAction action;
    action.kind = RemoteAction::Kind::SyncDevice;
    action.deviceId = devices.items.front().id;
    auto acting = runTask(reader.tenant->act(action, {}));
    auto* acted = acting.wait(patience);
    QVERIFY(acted && !*acted);
    QCOMPARE(acted->error().code, ErrorCode::ConsentRequired);
    QVERIFY2(acted->error().detail.contains(u"DeviceManagementManagedDevices.PrivilegedOperations.All"_s),
        qPrintable(acted->error().detail));
}

void TestGraphLab::inventory_data()
{
    QTest::addColumn<int>("pageSize");
    QTest::newRow("7") << 7;
    QTest::newRow("100") << 100;
    QTest::newRow("1000") << 1000;
}

void TestGraphLab::inventory()
{
    QFETCH(int, pageSize);
    set({{u"pageSize"_s, pageSize}});
    LabTenant lab(m_lab, u"full"_s);
    const auto out = all(lab.tenant->readManagedDevices());
    QVERIFY2(out.whole, out.error ? qPrintable(out.error->toLogText()) : "");
    QCOMPARE(int(out.items.size()), count(u"managedDevices"_s));
    QVERIFY2(out.problems.empty(), out.problems.empty() ? "" : qPrintable(out.problems.front().reason));
    int withEas = 0, never = 0;
    for (const ManagedDevice& device : out.items) {
        withEas += device.easDeviceId.isEmpty() ? 0 : 1;
        never += device.easActivationDateTime ? 0 : 1; // year 1
        QVERIFY(device.complianceState.isKnown() && device.managementState.isKnown());
        QVERIFY(!device.lastSyncDateTime || device.lastSyncDateTime->date().year() > 2000);
    }
    QVERIFY(withEas > 50 && never > 0);
}

// More often than the budget of the client foresees: others use up the tenant's share.
void TestGraphLab::inventoryThroughThrottling()
{
    set({{u"pageSize"_s, 40}, {u"intuneLimit"_s, 8}});
    LabTenant lab(m_lab, u"full"_s);
    const auto out = all(lab.tenant->readManagedDevices());
    set({{u"intuneLimit"_s, 2000}});
    QVERIFY2(out.whole, out.error ? qPrintable(out.error->toLogText()) : "");
    QCOMPARE(int(out.items.size()), count(u"managedDevices"_s));
    QVERIFY(lab.tenant->client().requestsSent() > out.pages);
}

void TestGraphLab::faults_data()
{
    QTest::addColumn<QString>("kind");
    QTest::addColumn<bool>("overcome"); // else: an error, and never a list that claims to be whole
    QTest::newRow("429") << u"429"_s << true;
    QTest::newRow("429 without a time") << u"429NoRetryAfter"_s << true;
    QTest::newRow("503") << u"503"_s << true;
    QTest::newRow("cut connection") << u"cut"_s << true;
    QTest::newRow("truncated body") << u"truncate"_s << true;
    QTest::newRow("slow") << u"slow"_s << true;
    QTest::newRow("token ends") << u"expiredToken"_s << true;
    QTest::newRow("claims challenge") << u"claimsChallenge"_s << true;
    QTest::newRow("duplicate rows") << u"duplicateRows"_s << true;
    QTest::newRow("a page instead of JSON") << u"htmlAs200"_s << false;
}

void TestGraphLab::faults()
{
    QFETCH(QString, kind);
    QFETCH(bool, overcome);
    const int times
        = kind == u"expiredToken"_s || kind == u"claimsChallenge"_s ? 1 : 2; // a request gets one new token
    LabTenant lab(m_lab, u"full"_s);
    QVERIFY(m_lab.fault({{u"kind"_s, kind}, {u"count"_s, times}, {u"after"_s, 1}, {u"retryAfter"_s, 1},
        {u"ms"_s, 300}, {u"path"_s, u"/v1.0/deviceManagement/managedDevices"_s}}));
    const auto out = all(lab.tenant->readManagedDevices());
    const QJsonObject rule = m_lab.get(u"faults"_s).object().value("faults"_L1).toArray().first().toObject();
    QVERIFY2(rule.value("fired"_L1).toInt() > 0, "the lab did not do it");
    QVERIFY2(out.whole == overcome, out.error ? qPrintable(out.error->toLogText()) : "whole");
    QCOMPARE(out.error.has_value(), !overcome);
    if (overcome)
        QCOMPARE(int(out.items.size()), count(u"managedDevices"_s));
}

// Nothing in Intune's answer tells that a row is missing; so nobody is gone before Intune says so of him.
void TestGraphLab::rowsThatAreNotListed()
{
    LabTenant lab(m_lab, u"full"_s);
    const auto before = all(lab.tenant->readManagedDevices());
    QVERIFY(m_lab.fault(
        {{u"kind"_s, u"missingRows"_s}, {u"path"_s, u"/v1.0/deviceManagement/managedDevices"_s}}));
    const auto after = all(lab.tenant->readManagedDevices());
    QVERIFY(before.whole && after.whole);
    QVERIFY(after.items.size() < before.items.size());
    QSet<QString> absent;
    for (const ManagedDevice& device : before.items)
        absent.insert(device.id);
    for (const ManagedDevice& device : after.items)
        absent.remove(device.id);
    QStringList asked(absent.begin(), absent.end());
    asked += idOf(0x7fff0001); // never was
    auto task = runTask(lab.tenant->confirmGone(asked, {}));
    auto* gone = task.wait(patience);
    QVERIFY2(gone && *gone, qPrintable(why(gone)));
    QCOMPARE(**gone, QStringList{idOf(0x7fff0001)});
}

void TestGraphLab::changedSince()
{
    LabTenant lab(m_lab, u"full"_s);
    const auto everything = all(lab.tenant->readManagedDevices());
    QVERIFY(everything.whole);
    std::vector<QDateTime> times;
    for (const ManagedDevice& device : everything.items) {
        if (device.lastSyncDateTime)
            times.push_back(*device.lastSyncDateTime);
    }
    std::sort(times.begin(), times.end());
    const QDateTime since = times[times.size() * 9 / 10];
    const auto changed = all(lab.tenant->readManagedDevicesChangedSince(since));
    QVERIFY(changed.whole);
    qint64 expected = 0;
    for (const ManagedDevice& device : everything.items)
        expected += !device.lastSyncDateTime || *device.lastSyncDateTime >= since ? 1 : 0;
    QCOMPARE(qint64(changed.items.size()), expected);
    QVERIFY(expected < qint64(everything.items.size()) / 2);
}

void TestGraphLab::peopleAndTheirChanges()
{
    LabTenant lab(m_lab, u"full"_s);
    const auto first = delta(lab.tenant->readUsers({}));
    QVERIFY2(!first.error, first.error ? qPrintable(first.error->toLogText()) : "");
    QCOMPARE(int(first.items.size()), count(u"users"_s));
    QCOMPARE(first.restarts, 1);
    QCOMPARE(first.problems, 0);
    int licensed = 0;
    for (const auto& [id, user] : first.items)
        licensed += user.hasIntuneLicence ? 1 : 0;
    QVERIFY(licensed > 0 && licensed < int(first.items.size()));

    const auto nothing = delta(lab.tenant->readUsers(first.link));
    QVERIFY2(!nothing.error, nothing.error ? qPrintable(nothing.error->toLogText()) : "");
    QCOMPARE(nothing.restarts, 0);
    QCOMPARE(nothing.changed, 0);

    // A token that no Graph knows: everything again.
    QString broken = first.link;
    broken.replace(QRegularExpression(u"deltatoken=.*$"_s, QRegularExpression::CaseInsensitiveOption),
        u"deltatoken=unknown"_s);
    const auto again = delta(lab.tenant->readUsers(broken));
    QVERIFY2(!again.error, again.error ? qPrintable(again.error->toLogText()) : "");
    QCOMPARE(again.restarts, 1);
    QCOMPARE(again.items.size(), first.items.size());
}

void TestGraphLab::groupsAndMembers()
{
    LabTenant lab(m_lab, u"full"_s);
    const auto groups = delta(lab.tenant->readGroups({}));
    QVERIFY2(!groups.error, groups.error ? qPrintable(groups.error->toLogText()) : "");
    QCOMPARE(int(groups.items.size()), count(u"groups"_s));
    int people = 0;
    for (const auto& [id, group] : groups.items) {
        auto task = runTask(lab.tenant->membership(id, {}));
        auto* membership = task.wait(patience);
        QVERIFY2(membership && *membership, qPrintable(why(membership)));
        for (const GroupMember& member : (*membership)->members)
            people += member.kind == GroupMemberKind::User ? 1 : 0;
    }
    QVERIFY(people > 0);
    auto skus = runTask(lab.tenant->subscriptions({}));
    QVERIFY(skus.wait(patience) && *skus.wait());
    QVERIFY(std::any_of((*skus.wait())->begin(), (*skus.wait())->end(),
        [](const Subscription& sku) { return sku.includesIntune && sku.consumedUnits > 0; }));
}

void TestGraphLab::directoryDevices()
{
    LabTenant lab(m_lab, u"full"_s);
    const auto out = delta(lab.tenant->readDirectoryDevices({}));
    QVERIFY2(!out.error, out.error ? qPrintable(out.error->toLogText()) : "");
    QCOMPARE(int(out.items.size()), count(u"directoryDevices"_s));
    QCOMPARE(out.problems, 0);
}

void TestGraphLab::actions()
{
    LabTenant lab(m_lab, u"full"_s);
    const auto devices = all(lab.tenant->readManagedDevices());
    const auto at = std::find_if(devices.items.begin(), devices.items.end(), [](const ManagedDevice& device) {
        return device.managementState == ManagementState::Managed && device.operatingSystem == "iOS"_L1
            && !device.userId.isEmpty();
    });
    QVERIFY(at != devices.items.end());
    for (const auto kind :
        {RemoteAction::Kind::SyncDevice, RemoteAction::Kind::RemoteLock, RemoteAction::Kind::Wipe}) {
        RemoteAction action;
        action.kind = kind;
        action.deviceId = at->id;
        action.userId = at->userId;
        action.serialNumber = at->serialNumber;
        auto acting = runTask(lab.tenant->act(action, {}));
        auto* acted = acting.wait(patience);
        QVERIFY2(acted && *acted, qPrintable(why(acted)));
        auto reading = runTask(lab.tenant->managedDevice(at->id, {}));
        auto* now = reading.wait(patience);
        QVERIFY(now && *now);
        QVERIFY2(latestResult((*now)->deviceActionResults, kind), qPrintable(enumText(kind).toString()));
    }
    // The second wipe finds the first.
    RemoteAction again{RemoteAction::Kind::Wipe, at->id, at->userId, at->serialNumber, {}};
    auto acting = runTask(lab.tenant->act(again, {}));
    auto* acted = acting.wait(patience);
    QVERIFY(acted && !*acted);
    QVERIFY2(acted->error().code == ErrorCode::AlreadyRunning, qPrintable(why(acted)));
}

QTEST_GUILESS_MAIN(TestGraphLab)
#include "tst_graph_lab.moc"
