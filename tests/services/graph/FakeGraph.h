// Microsoft Graph inside the test: a QNetworkAccessManager whose answers are functions of the request, a
// clock that only sleeping moves, and a source of tokens that can be taken back. Test's thread only.
//
//   GraphFixture graph;
//   graph.on(u"users/delta"_s, [](const GraphCall&) { return json(listOf(users)); });
//   auto client = graph.makeClient();
#pragma once

#include <QCoroTask>
#include <QJsonArray>
#include <QJsonObject>
#include <QNetworkAccessManager>
#include <QPointer>
#include <QUrlQuery>
#include <deque>
#include <functional>
#include <map>

#include "services/graph/GraphClient.h"
#include "services/graph/GraphTenant.h"
#include "tests/support/FakeWire.h"

namespace postern::test {

struct GraphCall
{
    QByteArray method;
    QUrl url;
    QString path; // below the version: "users/delta"
    QUrlQuery query;
    QByteArray body;
    QNetworkRequest http;
    qint64 at = 0; // virtual time, ms
    [[nodiscard]] QString option(const QString& name) const
    {
        return query.queryItemValue(name, QUrl::FullyDecoded);
    }
    [[nodiscard]] QJsonObject json() const;
};

// The answer that never comes, or a line that breaks.
struct Silence
{
};
struct Broken
{
    QNetworkReply::NetworkError error = QNetworkReply::RemoteHostClosedError;
};
struct GraphReply
{
    enum class Kind { Answer, Silence, Broken };
    GraphReply(FakeAnswer theAnswer)
        : answer(std::move(theAnswer))
    {
    }
    GraphReply(Silence)
        : kind(Kind::Silence)
    {
    }
    GraphReply(Broken broken)
        : kind(Kind::Broken)
        , error(broken.error)
    {
    }
    Kind kind = Kind::Answer;
    FakeAnswer answer{QByteArray()};
    QNetworkReply::NetworkError error = QNetworkReply::NoError;
};
using Respond = std::function<GraphReply(const GraphCall&)>;

[[nodiscard]] FakeAnswer json(const QJsonObject& object, int status = 200);
[[nodiscard]] FakeAnswer fault(int status, const QString& code, const QString& message = {});
[[nodiscard]] QJsonObject listOf(const QJsonArray& items);
// A list in pages of `size`, continued by $skiptoken.
[[nodiscard]] Respond paged(QJsonArray items, int size, bool count = false);

class VirtualTime final : public core::Clock
{
public:
    [[nodiscard]] QDateTime now() const override { return m_now; }
    void pass(std::chrono::milliseconds time) { m_now = m_now.addMSecs(time.count()); }
    [[nodiscard]] std::function<QCoro::Task<bool>(std::chrono::milliseconds, std::stop_token)> sleep();
    [[nodiscard]] const std::vector<qint64>& slept() const { return m_slept; } // ms
    [[nodiscard]] qint64 elapsed() const { return m_start.msecsTo(m_now); }

private:
    static QCoro::Task<bool> doze(VirtualTime* time, std::chrono::milliseconds wait, std::stop_token token);
    const QDateTime m_start = QDateTime(QDate(2026, 11, 24), QTime(12, 0), Qt::UTC);
    QDateTime m_now = m_start;
    std::vector<qint64> m_slept;
};

class FakeTokens final : public identity::TokenSource
{
public:
    QCoro::Task<Expected<QString>> accessToken(std::stop_token token) override;
    QCoro::Task<Expected<QString>> replaceToken(
        QString refused, QString claims, std::stop_token token) override;
    // The present token is refused from now on.
    void expire() { ++m_valid; }
    [[nodiscard]] bool accepts(const QByteArray& authorization) const;

    std::optional<Error> refusal; // of the sign-in
    QStringList claims; // what replaceToken was asked for
    QString fixed; // when not empty, always this token

private:
    [[nodiscard]] QString named(int number) const;
    int m_current = 1;
    int m_valid = 1;
};

class FakeGraph final : public QNetworkAccessManager
{
    Q_OBJECT
public:
    FakeGraph(VirtualTime& time, FakeTokens& tokens);
    void on(const QString& path, Respond respond) { m_responses[path] = std::move(respond); }
    // Given to the next requests, whatever they are.
    void next(GraphReply reply) { m_next.push_back(std::move(reply)); }
    [[nodiscard]] const std::vector<GraphCall>& calls() const { return m_calls; }
    [[nodiscard]] int callsOf(const QString& path) const;

protected:
    QNetworkReply* createRequest(
        Operation operation, const QNetworkRequest& request, QIODevice* outgoing) override;

private:
    [[nodiscard]] GraphReply decide(const GraphCall& call);
    VirtualTime& m_time;
    FakeTokens& m_tokens;
    std::map<QString, Respond> m_responses;
    std::deque<GraphReply> m_next;
    std::vector<GraphCall> m_calls;
};

struct GraphFixture
{
    GraphFixture();
    ~GraphFixture();
    void on(const QString& path, Respond respond) { wire->on(path, std::move(respond)); }
    [[nodiscard]] graph::GraphClient& client() { return tenant->client(); }

    VirtualTime time;
    FakeTokens tokens;
    FakeGraph* wire = nullptr; // the client's
    std::unique_ptr<graph::GraphTenant> tenant;
};

inline const QString graphRoot = QStringLiteral("https://graph.example.test/v1.0/");
// "00000001-…": readable ids.
[[nodiscard]] QString idOf(int number);
[[nodiscard]] QJsonObject managedDevice(int number);
[[nodiscard]] QJsonObject directoryUser(int number);
[[nodiscard]] QJsonArray many(int from, int to, const std::function<QJsonObject(int)>& make);

// Everything that a reader gives.
template <class T> struct ReadOut
{
    std::vector<T> items;
    std::vector<ObjectProblem> problems;
    qint64 repeated = 0;
    bool whole = false; // it said "last"
    std::optional<Error> error;
    int pages = 0;
};

template <class T> QCoro::Task<ReadOut<T>> readOut(graph::PageReader<T>* reader, std::stop_token token = {})
{
    ReadOut<T> out;
    while (!out.whole) {
        Expected<graph::Page<T>> page = co_await reader->next(token);
        if (!page) {
            out.error = page.error();
            break;
        }
        ++out.pages;
        out.repeated += page->repeated;
        out.whole = page->last;
        out.items.insert(out.items.end(), page->items.begin(), page->items.end());
        out.problems.insert(out.problems.end(), page->problems.begin(), page->problems.end());
    }
    co_return std::move(out);
}

} // namespace postern::test
