// Lists over pages: odd sizes, duplicates, holes, circles, links that lead elsewhere, tokens that end on the
// way, filters that Graph ignores.
#include <QTest>

#include "tests/services/graph/FakeGraph.h"
#include "tests/support/RunTask.h"

using namespace Qt::StringLiterals;
using namespace postern;
using namespace postern::test;

namespace {

const QString devices = u"deviceManagement/managedDevices"_s;

template <class T> ReadOut<T> all(std::unique_ptr<graph::PageReader<T>> reader)
{
    auto task = runTask(readOut<T>(reader.get()));
    ReadOut<T>* out = task.wait();
    return out ? std::move(*out) : ReadOut<T>();
}

QSet<QString> ids(const std::vector<ManagedDevice>& items)
{
    QSet<QString> set;
    for (const ManagedDevice& item : items)
        set.insert(item.id);
    return set;
}

QJsonObject linked(QJsonObject list, const QString& token)
{
    list.insert(u"@odata.nextLink"_s, graphRoot + devices + u"?$skiptoken="_s + token);
    return list;
}

} // namespace

class TestGraphLists : public QObject
{
    Q_OBJECT
private slots:
    void oddPages_data();
    void oddPages();
    void selectsAndFollowsLinksAsTheyCame();
    void duplicatesComeOnce();
    void holesMakeItIncomplete();
    void intunesPageCountIsNoTotal();
    void failedPageIsNoEnd();
    void circles_data();
    void circles();
    void endlessRepetition();
    void foreignNextLink();
    void tokenEndsOnTheWay();
    void throttledOnTheWay();
    void malformedPages_data();
    void malformedPages();
    void nextPageIsAskedForAhead();
    void readerDroppedEarly();
    void stopsInTheMiddle();
    void ignoredFilter();
    void refusedFilter();
    void transitiveMembers();
    void membershipIsWholeOrNothing();
};

void TestGraphLists::oddPages_data()
{
    QTest::addColumn<int>("count");
    QTest::addColumn<int>("size");
    QTest::newRow("none") << 0 << 10;
    QTest::newRow("one page") << 7 << 10;
    QTest::newRow("full page") << 10 << 10;
    QTest::newRow("one more") << 11 << 10;
    QTest::newRow("ones") << 5 << 1;
    QTest::newRow("odd") << 100 << 7;
}

void TestGraphLists::oddPages()
{
    QFETCH(int, count);
    QFETCH(int, size);
    GraphFixture graph;
    graph.on(devices, paged(many(0, count, managedDevice), size, true));
    const auto out = all(graph.tenant->readManagedDevices());
    QVERIFY(out.whole && !out.error);
    QCOMPARE(int(out.items.size()), count);
    QCOMPARE(int(ids(out.items).size()), count);
    QCOMPARE(out.pages, std::max(1, (count + size - 1) / size));
    QVERIFY(out.problems.empty());
}

void TestGraphLists::selectsAndFollowsLinksAsTheyCame()
{
    GraphFixture graph;
    const QString link = graphRoot + devices + u"?$skiptoken=LastId%3D%27a%2Bb%27&x=%7B%7D"_s;
    graph.on(devices, [link](const GraphCall& call) -> GraphReply {
        QJsonObject list = listOf(many(0, 1, managedDevice));
        if (call.query.hasQueryItem(u"$skiptoken"_s))
            return json(listOf(many(1, 2, managedDevice)));
        list.insert(u"@odata.nextLink"_s, link);
        return json(list);
    });
    const auto out = all(graph.tenant->readManagedDevices());
    QVERIFY(out.whole);
    QCOMPARE(int(graph.wire->calls().size()), 2);
    const QString select = graph.wire->calls()[0].option(u"$select"_s);
    QVERIFY(select.contains(u"easDeviceId"_s) && select.contains(u"complianceState"_s));
    QVERIFY(!graph.wire->calls()[0].query.hasQueryItem(u"$filter"_s));
    QCOMPARE(graph.wire->calls()[1].url.toString(QUrl::FullyEncoded), link);
}

void TestGraphLists::duplicatesComeOnce()
{
    GraphFixture graph;
    QJsonArray items = many(0, 20, managedDevice);
    QJsonObject again = managedDevice(3);
    again.insert(u"id"_s, idOf(3).toUpper()); // the same GUID
    items.append(again);
    items.append(managedDevice(7));
    graph.on(devices, paged(items, 6));
    const auto out = all(graph.tenant->readManagedDevices());
    QVERIFY(out.whole);
    QCOMPARE(int(out.items.size()), 20);
    QCOMPARE(out.repeated, 2);
}

// Graph says 21, a duplicate hides that one never came.
void TestGraphLists::holesMakeItIncomplete()
{
    GraphFixture graph;
    QJsonArray items = many(0, 20, managedDevice);
    items.append(managedDevice(3));
    graph.on(devices, paged(items, 6, true));
    const auto out = all(graph.tenant->readManagedDevices());
    QCOMPARE(int(out.items.size()), 20); // handed over, but …
    QVERIFY(!out.whole);
    QVERIFY(out.error);
    QCOMPARE(out.error->code, ErrorCode::Incomplete);
    QVERIFY2(out.error->detail.contains(u"21"_s), qPrintable(out.error->detail));
}

void TestGraphLists::intunesPageCountIsNoTotal()
{
    GraphFixture graph;
    graph.on(devices, [](const GraphCall& call) -> GraphReply {
        const bool second = call.query.hasQueryItem(u"$skiptoken"_s);
        QJsonObject list = listOf(second ? many(10, 13, managedDevice) : many(0, 10, managedDevice));
        list.insert(u"@odata.count"_s, second ? 3 : 10);
        return json(second ? list : linked(list, u"1"_s));
    });
    const auto out = all(graph.tenant->readManagedDevices());
    QVERIFY(out.whole);
    QCOMPARE(int(out.items.size()), 13);
}

void TestGraphLists::failedPageIsNoEnd()
{
    GraphFixture graph;
    graph.on(devices, [](const GraphCall& call) -> GraphReply {
        if (call.query.hasQueryItem(u"$skiptoken"_s))
            return fault(400, u"BadRequest"_s, u"the token is broken"_s);
        return json(linked(listOf(many(0, 3, managedDevice)), u"1"_s));
    });
    const auto out = all(graph.tenant->readManagedDevices());
    QCOMPARE(int(out.items.size()), 3);
    QVERIFY(!out.whole && out.error);
    QCOMPARE(out.error->code, ErrorCode::InvalidInput);
}

void TestGraphLists::circles_data()
{
    QTest::addColumn<QString>("second"); // what the second page links to
    QTest::newRow("same link") << graphRoot + devices + u"?$skiptoken=1"_s;
    QTest::newRow("same token") << graphRoot + devices + u"?$skiptoken=1&x=2"_s;
    QTest::newRow("other spelling") << graphRoot + devices + u"?x=3&$skipToken=1"_s;
}

void TestGraphLists::circles()
{
    QFETCH(QString, second);
    GraphFixture graph;
    graph.on(devices, [second](const GraphCall& call) -> GraphReply {
        QJsonObject list = linked(listOf(many(0, 3, managedDevice)), u"1"_s);
        if (call.url.query().contains(u"skip"_s, Qt::CaseInsensitive))
            list.insert(u"@odata.nextLink"_s, second);
        return json(list);
    });
    const auto out = all(graph.tenant->readManagedDevices());
    QVERIFY(!out.whole && out.error);
    QCOMPARE(out.error->code, ErrorCode::Incomplete);
    QCOMPARE(int(graph.wire->calls().size()), 2);
}

// A new link each time, and never anything new.
void TestGraphLists::endlessRepetition()
{
    GraphFixture graph;
    int page = 0;
    graph.on(devices, [&page](const GraphCall&) -> GraphReply {
        return json(linked(listOf(many(0, 2, managedDevice)), QString::number(++page)));
    });
    const auto out = all(graph.tenant->readManagedDevices());
    QVERIFY(!out.whole && out.error);
    QCOMPARE(out.error->code, ErrorCode::Incomplete);
    QVERIFY(page < 60);
}

void TestGraphLists::foreignNextLink()
{
    GraphFixture graph;
    graph.on(devices, [](const GraphCall&) -> GraphReply {
        QJsonObject list = listOf(many(0, 3, managedDevice));
        list.insert(u"@odata.nextLink"_s, u"https://evil.example.test/v1.0/users?$skiptoken=1"_s);
        return json(list);
    });
    const auto out = all(graph.tenant->readManagedDevices());
    QCOMPARE(int(out.items.size()), 3);
    QVERIFY(!out.whole && out.error);
    QCOMPARE(out.error->code, ErrorCode::Redirected);
    QCOMPARE(int(graph.wire->calls().size()), 1); // the token went nowhere else
}

void TestGraphLists::tokenEndsOnTheWay()
{
    GraphFixture graph;
    const Respond pages = paged(many(0, 50, managedDevice), 5, true);
    int served = 0;
    graph.on(devices, [&](const GraphCall& call) -> GraphReply {
        if (++served == 4)
            graph.tokens.expire();
        return pages(call);
    });
    const auto out = all(graph.tenant->readManagedDevices());
    QVERIFY2(out.whole, out.error ? qPrintable(out.error->toLogText()) : "");
    QCOMPARE(int(out.items.size()), 50);
    QCOMPARE(int(graph.wire->calls().size()), 11); // one of them refused
    QCOMPARE(int(graph.tokens.claims.size()), 1);
}

void TestGraphLists::throttledOnTheWay()
{
    GraphFixture graph;
    const Respond pages = paged(many(0, 40, managedDevice), 5, true);
    int asked = 0;
    graph.on(devices, [&](const GraphCall& call) -> GraphReply {
        ++asked;
        if (asked % 3 == 0)
            return fault(429, u"TooManyRequests"_s).with("Retry-After", "5");
        return pages(call);
    });
    const auto out = all(graph.tenant->readManagedDevices());
    QVERIFY(out.whole);
    QCOMPARE(int(out.items.size()), 40);
    QCOMPARE(graph.time.elapsed(), (asked - 8) * 5'000);
}

void TestGraphLists::malformedPages_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<ErrorCode>("code");
    QTest::addColumn<QString>("words");
    const QByteArray deep = "{\"value\":" + QByteArray(200, '[') + QByteArray(200, ']') + "}";
    QTest::newRow("cut") << QByteArray("{\"value\":[{\"id\":\"a\"},{\"id\":") << ErrorCode::Malformed
                         << u"byte 27 of 27"_s;
    QTest::newRow("page of a proxy") << QByteArray("<html><title>Sign in</title></html>")
                                     << ErrorCode::Malformed << u"line 1"_s;
    QTest::newRow("empty") << QByteArray() << ErrorCode::Malformed << u"byte 0"_s;
    QTest::newRow("no object") << QByteArray("[1,2]") << ErrorCode::Malformed << u"no object"_s;
    QTest::newRow("no list") << QByteArray("{\"value\":{\"id\":1}}") << ErrorCode::Malformed << u"value"_s;
    QTest::newRow("link is a number")
        << QByteArray("{\"value\":[],\"@odata.nextLink\":7}") << ErrorCode::Malformed << u"link"_s;
    QTest::newRow("not UTF-8") << QByteArray("{\"value\":[{\"id\":\"\xff\xfe\"}]}") << ErrorCode::Malformed
                               << u"byte"_s;
    QTest::newRow("rubbish behind") << QByteArray("{\"value\":[]} x") << ErrorCode::Malformed << u"byte 13"_s;
    QTest::newRow("too deep") << deep << ErrorCode::LimitExceeded << u"deeper"_s;
}

void TestGraphLists::malformedPages()
{
    QFETCH(QByteArray, body);
    QFETCH(ErrorCode, code);
    QFETCH(QString, words);
    GraphFixture graph;
    graph.on(devices, [body](const GraphCall&) -> GraphReply { return FakeAnswer(body); });
    const auto out = all(graph.tenant->readManagedDevices());
    QVERIFY(!out.whole && out.error);
    QVERIFY2(out.error->code == code, qPrintable(out.error->toLogText()));
    QVERIFY2(out.error->toLogText().contains(words), qPrintable(out.error->toLogText()));
    QVERIFY(out.error->origin.contains(u"managedDevices"_s));
}

void TestGraphLists::nextPageIsAskedForAhead()
{
    GraphFixture graph;
    graph.on(devices, paged(many(0, 9, managedDevice), 3));
    auto reader = graph.tenant->readManagedDevices();
    auto first = runTask(reader->next({}));
    QVERIFY(first.wait());
    // While the caller does something else.
    QTRY_COMPARE(int(graph.wire->calls().size()), 2);
    // One ahead, not all of them.
    QVERIFY(!QTest::qWaitFor([&] { return graph.wire->calls().size() > 2; }, 50));
}

void TestGraphLists::readerDroppedEarly()
{
    GraphFixture graph;
    graph.on(devices, [](const GraphCall& call) -> GraphReply {
        if (call.query.hasQueryItem(u"$skiptoken"_s))
            return Silence();
        return json(linked(listOf(many(0, 3, managedDevice)), u"1"_s));
    });
    auto reader = graph.tenant->readManagedDevices();
    auto first = runTask(reader->next({}));
    QVERIFY(first.wait());
    QTRY_COMPARE(int(graph.wire->calls().size()), 2);
    QCOMPARE(graph.client().scope().running(), 1);
    reader.reset();
    QTRY_COMPARE(graph.client().scope().running(), 0);
}

void TestGraphLists::stopsInTheMiddle()
{
    GraphFixture graph;
    graph.on(devices, [](const GraphCall& call) -> GraphReply {
        if (call.query.hasQueryItem(u"$skiptoken"_s))
            return Silence();
        return json(linked(listOf(many(0, 3, managedDevice)), u"1"_s));
    });
    auto reader = graph.tenant->readManagedDevices();
    std::stop_source stop;
    auto task = runTask(readOut<ManagedDevice>(reader.get(), stop.get_token()));
    QTRY_COMPARE(int(graph.wire->calls().size()), 2);
    stop.request_stop();
    ReadOut<ManagedDevice>* out = task.wait();
    QVERIFY(out && out->error);
    QCOMPARE(out->error->code, ErrorCode::Cancelled);
    QCOMPARE(int(out->items.size()), 3);
}

void TestGraphLists::ignoredFilter()
{
    GraphFixture graph;
    QJsonArray items = many(0, 10, managedDevice); // 11:00
    for (int i = 10; i < 13; ++i) {
        QJsonObject device = managedDevice(i);
        device.insert(u"lastSyncDateTime"_s, u"2026-11-24T11:59:30.5Z"_s);
        items.append(device);
    }
    graph.on(devices, paged(items, 4, true));
    const QDateTime since(QDate(2026, 11, 24), QTime(11, 59), Qt::UTC);
    const auto out = all(graph.tenant->readManagedDevicesChangedSince(since));
    QVERIFY(out.whole);
    QCOMPARE(ids(out.items), (QSet<QString>{idOf(10), idOf(11), idOf(12)}));
    QCOMPARE(
        graph.wire->calls().front().option(u"$filter"_s), u"lastSyncDateTime ge 2026-11-24T11:59:00.000Z"_s);
}

void TestGraphLists::refusedFilter()
{
    GraphFixture graph;
    const Respond pages = paged(many(0, 10, managedDevice), 4);
    graph.on(devices, [&](const GraphCall& call) -> GraphReply {
        if (call.query.hasQueryItem(u"$filter"_s))
            return fault(400, u"BadRequest"_s, u"Invalid filter"_s);
        return pages(call);
    });
    const QDateTime since(QDate(2026, 11, 24), QTime(11, 0), Qt::UTC);
    const auto out = all(graph.tenant->readManagedDevicesChangedSince(since));
    QVERIFY(out.whole && !out.error);
    QCOMPARE(int(out.items.size()), 10);
    const auto none = all(graph.tenant->readManagedDevicesChangedSince(since.addSecs(1)));
    QVERIFY(none.whole);
    QVERIFY(none.items.empty());
}

void TestGraphLists::transitiveMembers()
{
    GraphFixture graph;
    QJsonArray members;
    for (const auto* type : {"user", "group", "device", "servicePrincipal"}) {
        members.append(QJsonObject{{u"@odata.type"_s, u"#microsoft.graph."_s + QLatin1StringView(type)},
            {u"id"_s, idOf(int(members.size()))}, {u"displayName"_s, QLatin1StringView(type)}});
    }
    graph.on(u"groups/%1/transitiveMembers"_s.arg(idOf(9)), paged(members, 3));
    const auto out = all(graph.tenant->readTransitiveMembers(idOf(9)));
    QVERIFY(out.whole);
    QCOMPARE(int(out.items.size()), 4);
    const QList<GroupMemberKind> kinds{
        out.items[0].kind, out.items[1].kind, out.items[2].kind, out.items[3].kind};
    QCOMPARE(kinds,
        (QList<GroupMemberKind>{
            GroupMemberKind::User, GroupMemberKind::Group, GroupMemberKind::Device, GroupMemberKind::Other}));
    auto whole = runTask(graph.tenant->membership(idOf(9), {}));
    QVERIFY(whole.wait() && *whole.wait());
    QCOMPARE(int((*whole.wait())->members.size()), 4);
}

void TestGraphLists::membershipIsWholeOrNothing()
{
    GraphFixture graph;
    QJsonArray members = many(0, 3, directoryUser);
    members.append(QJsonObject{{u"displayName"_s, u"nobody"_s}});
    graph.on(u"groups/%1/transitiveMembers"_s.arg(idOf(9)), paged(members, 10));
    auto task = runTask(graph.tenant->membership(idOf(9), {}));
    Expected<GroupMembership>* result = task.wait();
    QVERIFY(result && !*result);
    QCOMPARE(result->error().code, ErrorCode::Incomplete);
}

QTEST_GUILESS_MAIN(TestGraphLists)
#include "tst_graph_lists.moc"
