// Entra's end points in the test's own process, on real TLS: answers that the test chose, in order, and what
// was asked. Test's thread only.
//
//   entra.next(FakeEntra::tokens());             // the next request gets this
//   auto asked = runTask(client->askOnce(...));
//   QCOMPARE(entra.seen(0).field("client_id"), ...);
#pragma once

#include <QHash>
#include <QJsonObject>
#include <QPointer>
#include <deque>
#include <functional>

#include "services/core/Clock.h"
#include "services/identity/Tenant.h"
#include "services/identity/TokenClient.h"
#include "tests/support/TlsFixture.h"

namespace postern::test {

// Time that only the test moves; sleeping moves it.
class TestTime final : public core::Clock
{
public:
    [[nodiscard]] QDateTime now() const override { return m_now; }
    void advance(std::chrono::milliseconds by) { m_now = m_now.addMSecs(by.count()); }
    [[nodiscard]] identity::Sleep sleep();
    // What was slept, in milliseconds.
    QList<qint64> slept;

private:
    static QCoro::Task<bool> pass(TestTime* time, std::chrono::milliseconds howLong, std::stop_token token);
    QDateTime m_now = QDateTime::fromString(QStringLiteral("2026-03-01T12:00:00Z"), Qt::ISODate);
};

struct SeenForm
{
    QByteArray head; // request line and headers
    QByteArray body;
    QHash<QString, QString> fields;
    [[nodiscard]] QString field(const char* name) const { return fields.value(QString::fromLatin1(name)); }
};

class FakeEntra
{
public:
    using Raw = std::function<void(QSslSocket*)>;

    // False: no openssl to make certificates with.
    bool start();
    [[nodiscard]] identity::Tenant tenant() const;
    [[nodiscard]] std::unique_ptr<identity::TokenClient> client(TestTime* time) const;

    void next(int status, const QJsonObject& json, const QByteArray& headers = {});
    void nextBytes(int status, const QByteArray& body, const QByteArray& headers);
    void nextRaw(Raw raw);
    // The next request waits for release(); several may wait.
    void nextHeld();
    void release(int status, const QJsonObject& json);
    [[nodiscard]] int held() const { return int(m_held.size()); }

    void forget() { m_answers.clear(); } // answers nobody asked for
    [[nodiscard]] int asked() const { return int(m_seen.size()); }
    [[nodiscard]] const SeenForm& seen(int at) const { return m_seen.at(at); }

    // A good answer; `number` makes its tokens distinct: "access-1", "refresh-1".
    static QJsonObject tokens(int number = 1, int expiresIn = 3600);
    static QJsonObject appTokens(int number = 1, int expiresIn = 3600);
    static QJsonObject error(
        const QString& name, int aadsts = 0, const QString& words = QStringLiteral("words of Entra."));
    // An unsigned token with this payload.
    static QString jwt(const QJsonObject& payload);

private:
    static TestCertificates& certificates();
    void answer(QSslSocket* socket, const QByteArray& request);

    std::unique_ptr<TlsFixture> m_server;
    std::deque<Raw> m_answers;
    QList<SeenForm> m_seen;
    std::deque<QPointer<QSslSocket>> m_held;
};

} // namespace postern::test
