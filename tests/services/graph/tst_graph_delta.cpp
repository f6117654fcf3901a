// Deltas of the directory: full listings, changes, what Graph forgets (410), and batches whose parts fail one
// by one.
#include <QTest>

#include "services/graph/Batch.h"
#include "tests/services/graph/FakeGraph.h"
#include "tests/support/RunTask.h"

using namespace Qt::StringLiterals;
using namespace postern;
using namespace postern::test;

namespace {

const QString usersDelta = u"users/delta"_s;

QString deltaLink(int number)
{
    return graphRoot + usersDelta + u"?$deltatoken="_s + QString::number(number);
}

// What a sync would hold after storing the pages.
struct Copy
{
    std::map<QString, DirectoryUser> users;
    QString link;
    std::optional<Error> error;
    int restarts = 0;
    int pages = 0;
    qint64 problems = 0;
};

QCoro::Task<Copy> follow(graph::DeltaReader<DirectoryUser>* reader, Copy copy)
{
    for (bool last = false; !last;) {
        Expected<graph::DeltaPage<DirectoryUser>> page = co_await reader->next(std::stop_token());
        if (!page) {
            copy.error = page.error();
            co_return std::move(copy);
        }
        ++copy.pages;
        copy.problems += qint64(page->page.problems.size());
        if (page->restarted) {
            ++copy.restarts;
            copy.users.clear();
        }
        for (const DirectoryUser& user : page->page.items)
            copy.users.insert_or_assign(user.id, user);
        for (const QString& id : page->removed)
            copy.users.erase(id);
        last = page->page.last;
        if (last)
            copy.link = page->deltaLink;
    }
    co_return std::move(copy);
}

Copy synchronised(GraphFixture& graph, Copy copy = {})
{
    copy.restarts = 0;
    copy.pages = 0;
    auto reader = graph.tenant->readUsers(copy.link);
    auto task = runTask(follow(reader.get(), std::move(copy)));
    Copy* result = task.wait();
    return result ? std::move(*result) : Copy();
}

QJsonObject withDelta(QJsonObject list, int number)
{
    list.insert(u"@odata.deltaLink"_s, deltaLink(number));
    return list;
}

QJsonObject withNext(QJsonObject list, const QString& token)
{
    list.insert(u"@odata.nextLink"_s, graphRoot + usersDelta + u"?$skiptoken="_s + token);
    return list;
}

QJsonObject removedUser(int number, const QString& reason)
{
    return {{u"id"_s, idOf(number)}, {u"@removed"_s, QJsonObject{{u"reason"_s, reason}}}};
}

// Answers the parts of a batch like Graph: in another order, each with its own status.
Respond batchOf(std::function<QJsonObject(const QJsonObject& part)> answer)
{
    return [answer](const GraphCall& call) -> GraphReply {
        QJsonArray responses;
        for (const QJsonValue part : call.json().value("requests"_L1).toArray()) {
            QJsonObject response = answer(part.toObject());
            if (response.isEmpty())
                continue;
            response.insert(u"id"_s, part.toObject().value("id"_L1));
            responses.prepend(response);
        }
        return json({{u"responses"_s, responses}});
    };
}

int numberOf(const QJsonObject& part)
{
    return part.value("url"_L1).toString().section(u'/', 2).left(8).toInt(nullptr, 16);
}

QJsonObject wholeUser(const QJsonObject& part)
{
    QJsonObject user = directoryUser(numberOf(part));
    user.insert(u"department"_s, u"read again"_s);
    return {{u"status"_s, 200}, {u"body"_s, user}};
}

graph::GraphRequest userRequest(int number)
{
    graph::GraphRequest request;
    request.path = u"users/"_s + idOf(number);
    request.area = graph::ServiceArea::Directory;
    return request;
}

using Outcomes = Expected<std::vector<Expected<graph::GraphAnswer>>>;

Outcomes batch(GraphFixture& graph, std::vector<graph::GraphRequest> parts)
{
    auto task = runTask(graph::sendBatch(&graph.client(), std::move(parts), {}));
    Outcomes* result = task.wait();
    return result ? std::move(*result) : fail(ErrorCode::Internal, {});
}

} // namespace

class TestGraphDelta : public QObject
{
    Q_OBJECT
private slots:
    void fullListing();
    void changesAreReadAgain();
    void repeatedInFullListing();
    void forgottenDelta_data();
    void forgottenDelta();
    void forgottenInTheMiddle();
    void forgottenAgainAndAgain();
    void linkOfAnotherGraph();
    void endsWithoutLink();
    void failedReadKeepsTheOldLink();
    void batchOrderAndSize();
    void batchSendsOnlyThrottledPartsAgain();
    void batchGivesUpOnParts();
    void batchPartsMissingOrUnknown();
    void batchRepeatsNoActions();
    void goneOnlyWhenAllWereAsked();
};

void TestGraphDelta::fullListing()
{
    GraphFixture graph;
    graph.on(usersDelta, [](const GraphCall& call) -> GraphReply {
        if (call.option(u"$skiptoken"_s) == u"a"_s)
            return json(withNext(listOf({}), u"b"_s)); // pages may be empty
        if (call.option(u"$skiptoken"_s) == u"b"_s)
            return json(withDelta(listOf(many(3, 5, directoryUser)), 1));
        return json(withNext(listOf(many(0, 3, directoryUser)), u"a"_s));
    });
    const Copy copy = synchronised(graph);
    QVERIFY(!copy.error);
    QCOMPARE(int(copy.users.size()), 5);
    QCOMPARE(copy.restarts, 1);
    QCOMPARE(copy.pages, 3);
    QCOMPARE(copy.link, deltaLink(1));
    QVERIFY(graph.wire->calls().front().option(u"$select"_s).contains(u"proxyAddresses"_s));
    QVERIFY(!graph.wire->calls().front().query.hasQueryItem(u"$top"_s));
}

// A change brings only what changed: the rest of what is known must not be lost.
void TestGraphDelta::changesAreReadAgain()
{
    GraphFixture graph;
    graph.on(usersDelta, [](const GraphCall& call) -> GraphReply {
        if (call.option(u"$deltatoken"_s) != u"1"_s)
            return json(withDelta(listOf(many(0, 5, directoryUser)), 1));
        QJsonArray changes{QJsonObject{{u"id"_s, idOf(2)}, {u"department"_s, u"x"_s}},
            removedUser(0, u"deleted"_s), QJsonObject{{u"id"_s, idOf(2)}, {u"mail"_s, u"y"_s}},
            removedUser(4, u"changed"_s), QJsonObject{{u"id"_s, idOf(9)}}, QJsonObject{{u"id"_s, idOf(3)}}};
        return json(withDelta(listOf(changes), 2));
    });
    graph.on(u"$batch"_s, batchOf([](const QJsonObject& part) -> QJsonObject {
        if (numberOf(part) == 3) // deleted meanwhile
            return {{u"status"_s, 404}, {u"body"_s, QJsonObject()}};
        return wholeUser(part);
    }));
    Copy copy = synchronised(graph, synchronised(graph));
    QVERIFY2(!copy.error, copy.error ? qPrintable(copy.error->toLogText()) : "");
    QCOMPARE(copy.restarts, 0);
    QCOMPARE(copy.link, deltaLink(2));
    QStringList left;
    for (const auto& [id, user] : copy.users)
        left += id;
    QCOMPARE(left, (QStringList{idOf(1), idOf(2), idOf(9)}));
    QCOMPARE(copy.users[idOf(2)].department, u"read again"_s);
    QCOMPARE(copy.users[idOf(2)].userPrincipalName, u"user2@contoso.com"_s);
    QCOMPARE(graph.wire->callsOf(u"$batch"_s), 1);
}

void TestGraphDelta::repeatedInFullListing()
{
    GraphFixture graph;
    graph.on(usersDelta, [](const GraphCall& call) -> GraphReply {
        if (call.query.hasQueryItem(u"$skiptoken"_s)) {
            const QJsonArray second{QJsonObject{{u"id"_s, idOf(1)}, {u"mail"_s, u"z"_s}}, directoryUser(3),
                removedUser(2, u"deleted"_s)};
            return json(withDelta(listOf(second), 1));
        }
        return json(withNext(listOf(many(0, 3, directoryUser)), u"a"_s));
    });
    graph.on(u"$batch"_s, batchOf(wholeUser));
    Copy copy = synchronised(graph);
    QVERIFY(!copy.error);
    QCOMPARE(int(copy.users.size()), 3); // 0, 1, 3
    QVERIFY(!copy.users.contains(idOf(2)));
    QCOMPARE(copy.users[idOf(1)].department, u"read again"_s);
    QCOMPARE(copy.users[idOf(1)].displayName, u"User 1"_s);
}

void TestGraphDelta::forgottenDelta_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<QString>("code");
    QTest::addColumn<QString>("location");
    QTest::addColumn<QString>("askedAgain");
    const QString empty = graphRoot + usersDelta + u"?$deltatoken="_s;
    QTest::newRow("410 with a place") << 410 << u"SyncStateNotFound"_s << empty << empty;
    QTest::newRow("410 without") << 410 << u""_s << QString() << QString();
    QTest::newRow("410 to elsewhere")
        << 410 << u""_s << u"https://evil.example.test/v1.0/users/delta"_s << QString();
    QTest::newRow("404 with one code") << 404 << u"syncStateNotFound"_s << QString() << QString();
    QTest::newRow("400 badly formed") << 400 << u"BadRequest"_s << QString() << QString();
    QTest::newRow("404 with another") << 404 << u"resyncRequired"_s << QString() << QString();
}

void TestGraphDelta::forgottenDelta()
{
    QFETCH(int, status);
    QFETCH(QString, code);
    QFETCH(QString, location);
    QFETCH(QString, askedAgain);
    GraphFixture graph;
    bool forgotten = false;
    graph.on(usersDelta, [&](const GraphCall& call) -> GraphReply {
        if (call.option(u"$deltatoken"_s) == u"1"_s) {
            forgotten = true;
            FakeAnswer answer = fault(status, code);
            if (!location.isEmpty())
                answer.with("Location", location.toLatin1());
            return answer;
        }
        return json(withDelta(
            listOf(forgotten ? many(2, 6, directoryUser) : many(0, 5, directoryUser)), forgotten ? 7 : 1));
    });
    const Copy copy = synchronised(graph, synchronised(graph));
    QVERIFY2(!copy.error, copy.error ? qPrintable(copy.error->toLogText()) : "");
    QCOMPARE(copy.restarts, 1);
    QCOMPARE(copy.link, deltaLink(7));
    QCOMPARE(int(copy.users.size()), 4); // 0 and 1 are gone: the new listing does not have them
    QVERIFY(!copy.users.contains(idOf(0)));
    const GraphCall& last = graph.wire->calls().back();
    if (askedAgain.isEmpty())
        QVERIFY(last.query.hasQueryItem(u"$select"_s));
    else
        QCOMPARE(last.url.toString(), askedAgain);
    for (const GraphCall& call : graph.wire->calls())
        QCOMPARE(call.url.host(), u"graph.example.test"_s);
}

void TestGraphDelta::forgottenInTheMiddle()
{
    GraphFixture graph;
    bool forgotten = false;
    graph.on(usersDelta, [&](const GraphCall& call) -> GraphReply {
        if (call.query.hasQueryItem(u"$skiptoken"_s) && !forgotten) {
            forgotten = true;
            return fault(410, u"SyncStateNotFound"_s);
        }
        if (forgotten)
            return json(withDelta(listOf(many(10, 12, directoryUser)), 1));
        return json(withNext(listOf(many(0, 3, directoryUser)), u"a"_s));
    });
    const Copy copy = synchronised(graph);
    QVERIFY(!copy.error);
    QCOMPARE(copy.restarts, 2);
    QCOMPARE(int(copy.users.size()), 2);
    QVERIFY(copy.users.contains(idOf(10)));
}

void TestGraphDelta::forgottenAgainAndAgain()
{
    GraphFixture graph;
    graph.on(usersDelta, [](const GraphCall&) -> GraphReply { return fault(410, u"SyncStateNotFound"_s); });
    const Copy copy = synchronised(graph);
    QVERIFY(copy.error);
    QCOMPARE(copy.error->code, ErrorCode::Incomplete);
    QCOMPARE(int(graph.wire->calls().size()), 4);
}

// The tenant's Graph address was changed: what was stored for the old one is worth nothing.
void TestGraphDelta::linkOfAnotherGraph()
{
    GraphFixture graph;
    graph.on(usersDelta,
        [](const GraphCall&) -> GraphReply { return json(withDelta(listOf(many(0, 2, directoryUser)), 1)); });
    Copy old;
    old.link = u"https://old.example.test/v1.0/users/delta?$deltatoken=5"_s;
    const Copy copy = synchronised(graph, old);
    QVERIFY(!copy.error);
    QCOMPARE(copy.restarts, 1);
    QCOMPARE(int(copy.users.size()), 2);
}

void TestGraphDelta::endsWithoutLink()
{
    GraphFixture graph;
    graph.on(
        usersDelta, [](const GraphCall&) -> GraphReply { return json(listOf(many(0, 2, directoryUser))); });
    const Copy copy = synchronised(graph);
    QVERIFY(copy.error);
    QCOMPARE(copy.error->code, ErrorCode::Incomplete);
    QVERIFY(copy.link.isEmpty());
}

void TestGraphDelta::failedReadKeepsTheOldLink()
{
    GraphFixture graph;
    graph.on(usersDelta, [](const GraphCall& call) -> GraphReply {
        return json(
            withDelta(listOf(many(0, 2, directoryUser)), call.option(u"$deltatoken"_s) == u"1"_s ? 2 : 1));
    });
    graph.on(u"$batch"_s, batchOf([](const QJsonObject&) -> QJsonObject {
        return {{u"status"_s, 403},
            {u"body"_s,
                QJsonObject{{u"error"_s, QJsonObject{{u"code"_s, u"Authorization_RequestDenied"_s}}}}}};
    }));
    const Copy copy = synchronised(graph, synchronised(graph));
    QVERIFY(copy.error);
    QCOMPARE(copy.error->code, ErrorCode::ConsentRequired);
    QVERIFY(copy.error->detail.contains(u"User.Read.All"_s));
    QCOMPARE(copy.link, deltaLink(1));
}

void TestGraphDelta::batchOrderAndSize()
{
    GraphFixture graph;
    graph.on(u"$batch"_s, batchOf(wholeUser));
    std::vector<graph::GraphRequest> parts;
    for (int i = 0; i < 45; ++i)
        parts.push_back(userRequest(i));
    const Outcomes outcomes = batch(graph, parts);
    QVERIFY(outcomes);
    QCOMPARE(int(outcomes->size()), 45);
    for (int i = 0; i < 45; ++i) {
        const auto& outcome = (*outcomes)[size_t(i)];
        QVERIFY(outcome);
        QVERIFY(outcome->body.contains(idOf(i).toLatin1()));
    }
    QCOMPARE(graph.wire->callsOf(u"$batch"_s), 3);
    for (const GraphCall& call : graph.wire->calls()) {
        const QJsonArray requests = call.json().value("requests"_L1).toArray();
        QVERIFY(requests.size() <= 20);
        QVERIFY(requests.first().toObject().value("url"_L1).toString().startsWith(u"/users/"_s));
        QCOMPARE(call.http.rawHeader("Content-Type"), QByteArray("application/json"));
    }
}

void TestGraphDelta::batchSendsOnlyThrottledPartsAgain()
{
    GraphFixture graph;
    std::map<int, int> asked;
    graph.on(u"$batch"_s, batchOf([&](const QJsonObject& part) -> QJsonObject {
        const int number = numberOf(part);
        if (++asked[number] == 1 && number % 5 == 0)
            return {{u"status"_s, 429},
                {u"headers"_s, QJsonObject{{u"Retry-After"_s, number == 5 ? u"30"_s : u"10"_s}}}};
        if (number == 7)
            return {{u"status"_s, 404}};
        return wholeUser(part);
    }));
    std::vector<graph::GraphRequest> parts;
    for (int i = 0; i < 12; ++i)
        parts.push_back(userRequest(i));
    const Outcomes outcomes = batch(graph, parts);
    QVERIFY(outcomes);
    for (int i = 0; i < 12; ++i) {
        QCOMPARE(asked[i], i % 5 == 0 ? 2 : 1);
        QCOMPARE(bool((*outcomes)[size_t(i)]), i != 7);
    }
    QCOMPARE((*outcomes)[7].error().code, ErrorCode::NotFound);
    QCOMPARE(graph.wire->calls()[1].at, 30'000); // the longest that any asked for
    QCOMPARE(graph.wire->calls()[1].json().value("requests"_L1).toArray().size(), 3);
}

void TestGraphDelta::batchGivesUpOnParts()
{
    GraphFixture graph;
    graph.on(u"$batch"_s, batchOf([](const QJsonObject& part) -> QJsonObject {
        if (numberOf(part) == 1)
            return {{u"status"_s, 429}, {u"headers"_s, QJsonObject{{u"Retry-After"_s, u"200"_s}}}};
        return wholeUser(part);
    }));
    const Outcomes outcomes = batch(graph, {userRequest(0), userRequest(1)});
    QVERIFY(outcomes);
    QVERIFY((*outcomes)[0]);
    QCOMPARE((*outcomes)[1].error().code, ErrorCode::ServerBusy);
    QVERIFY(graph.time.elapsed() <= 600'000);
}

void TestGraphDelta::batchPartsMissingOrUnknown()
{
    GraphFixture graph;
    graph.on(u"$batch"_s, batchOf([](const QJsonObject& part) -> QJsonObject {
        return numberOf(part) == 1 ? QJsonObject() : wholeUser(part);
    }));
    const Outcomes outcomes = batch(graph, {userRequest(0), userRequest(1)});
    QVERIFY(outcomes);
    QVERIFY((*outcomes)[0]);
    QCOMPARE((*outcomes)[1].error().code, ErrorCode::Malformed);

    for (const QJsonValue& id : {QJsonValue(u"77"_s), QJsonValue(u"x"_s), QJsonValue(QJsonValue::Null)}) {
        graph.on(u"$batch"_s, [id](const GraphCall&) -> GraphReply {
            return json({{u"responses"_s, QJsonArray{QJsonObject{{u"id"_s, id}, {u"status"_s, 200}}}}});
        });
        const Outcomes wrong = batch(graph, {userRequest(0)});
        QVERIFY(!wrong);
        QCOMPARE(wrong.error().code, ErrorCode::Malformed);
    }
}

void TestGraphDelta::batchRepeatsNoActions()
{
    GraphFixture graph;
    graph.on(u"$batch"_s, batchOf([](const QJsonObject&) -> QJsonObject { return {{u"status"_s, 503}}; }));
    graph::GraphRequest wipe = userRequest(1);
    wipe.method = graph::Method::Post;
    wipe.mayRepeat = false;
    const Outcomes outcomes = batch(graph, {wipe});
    QVERIFY(outcomes);
    QCOMPARE((*outcomes)[0].error().code, ErrorCode::ServerBusy);
    QCOMPARE(graph.wire->callsOf(u"$batch"_s), 1);
}

void TestGraphDelta::goneOnlyWhenAllWereAsked()
{
    GraphFixture graph;
    int status = 200;
    graph.on(u"$batch"_s, batchOf([&](const QJsonObject& part) -> QJsonObject {
        const bool second = part.value("url"_L1).toString().contains(idOf(2));
        return {{u"status"_s, second ? 404 : status}, {u"body"_s, QJsonObject()}};
    }));
    auto asked = runTask(graph.tenant->confirmGone({idOf(1), idOf(2)}, {}));
    QVERIFY(asked.wait() && *asked.wait());
    QCOMPARE(**asked.wait(), QStringList{idOf(2)});
    status = 403;
    auto refused = runTask(graph.tenant->confirmGone({idOf(1), idOf(2)}, {}));
    QVERIFY(refused.wait() && !*refused.wait());
    auto none = runTask(graph.tenant->confirmGone({}, {}));
    QVERIFY(none.wait() && *none.wait() && (*none.wait())->isEmpty());
}

QTEST_GUILESS_MAIN(TestGraphDelta)
#include "tst_graph_delta.moc"
