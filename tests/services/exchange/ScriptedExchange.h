// Exchange servers on FakeWires, one a session: they answer by themselves as the script says a host, so that
// tests of pools, ladders and whole organisations say only what is special. Test's thread only.
//
//   ScriptedExchange exchange;
//   exchange.hosts[u"ex1"_s].breaks = QNetworkReply::ConnectionRefusedError;
//   auto opened = runTask(pool.take(SessionUse::Alone, {}));
//   QVERIFY(exchange.play(opened));
#pragma once

#include <QMap>
#include <functional>
#include <map>

#include "services/core/Clock.h"
#include "services/psrp/clixml/Value.h"
#include "services/wsman/Client.h"
#include "tests/support/FakeWire.h"
#include "tests/support/RunTask.h"
#include "tests/support/Soap.h"

namespace postern::exchange::test {

struct SeenCommand
{
    QString host;
    QString cmdlet;
    QMap<QString, clixml::Value> arguments;
};

struct ScriptedReply
{
    QList<QByteArray> objects; // CLIXML
    QByteArrayList warnings;
    QByteArray error; // a record that does not end the command: its text, and
    QByteArray errorId = "X"; // its id, and
    QByteArray errorType = "System.Exception"; // its exception
    QByteArray failure; // a record that ends it
    bool breaks = false; // the connection breaks instead
};

struct ScriptedHost
{
    std::optional<QNetworkReply::NetworkError> breaks; // at the Create
    std::optional<postern::test::FakeAnswer> refusal; // of the Create, as it stands
    quint32 fault = 0; // of the Create
    QByteArray faultText;
    QString organization = QStringLiteral("Contoso"); // what Get-ExchangeServer says
};

// Time that passes only where somebody waits for it.
class PlayedClock final : public core::Clock
{
public:
    [[nodiscard]] QDateTime now() const override { return time; }
    QDateTime time{QDate(2026, 3, 1), QTime(12, 0), Qt::UTC};
};

class ScriptedExchange
{
public:
    [[nodiscard]] std::function<std::unique_ptr<wsman::Client>(const wsman::Endpoint&, const core::Clock&)>
    clients();

    std::map<QString, ScriptedHost> hosts; // a host that is not named works
    // Asked before the default answers (Get-ExchangeServer: that host and `siblings`; others: nothing).
    std::function<std::optional<ScriptedReply>(const SeenCommand&)> answer;
    QStringList siblings; // further servers of every organisation
    bool holdsCommands = false; // answers no Receive of a command until it is false again

    std::vector<SeenCommand> commands; // in order
    QStringList creates; // hosts
    QStringList deletes;
    QByteArrayList authorizations; // of the Creates

    template <class T> T* play(postern::test::RunningTask<T>& task, int milliseconds = 10'000)
    {
        const bool came = QTest::qWaitFor(
            [&] {
                pump();
                return task.done();
            },
            milliseconds);
        return came ? task.wait(0) : nullptr;
    }
    bool play(postern::test::RunningTask<void>& task)
    {
        return QTest::qWaitFor([&] {
            pump();
            return task.done();
        });
    }
    // Answers what waits now.
    void pump();

private:
    struct Line
    {
        QString host;
        QPointer<postern::test::FakeWire> wire;
        postern::test::PsrpSide side;
        QByteArray shell;
        std::map<QByteArray, std::pair<QUuid, ScriptedReply>> running; // by command id
    };
    void serve(Line& line);
    void create(Line& line);
    void command(Line& line);
    void receive(Line& line);
    [[nodiscard]] ScriptedReply replyTo(const SeenCommand& seen) const;

    std::vector<std::unique_ptr<Line>> m_lines;
};

// The object that Get-ExchangeServer gives for a server of this organisation.
[[nodiscard]] QByteArray serverObject(const QString& host, const QString& organization,
    const QString& version = QStringLiteral("Version 15.2 (Build 1544.4)"));

} // namespace postern::exchange::test
