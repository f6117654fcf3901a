// A network that the test plays by hand (style.md 1.1): the client must send X, the server answers Y. Stands
// in for QNetworkAccessManager under the real Client, Shell, RunspacePool. Test's thread only.
//
//   FakeWire* wire = ...;                    // owned by the Client
//   cClient("Create");                       // waits for that request; it becomes wire->current()
//   cServer(Soap::created(wire->current(), "1234"));
//   cEmpty();                                // nothing else was sent
#pragma once

#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QPointer>
#include <QTest>
#include <deque>

namespace postern::test {

class FakeReply;

// One request as it left the client.
struct SeenRequest
{
    QByteArray action; // last part of the action URI: "Create"; "" when the body is no SOAP
    QByteArray messageId; // with "uuid:"
    QByteArray shellId;
    QByteArray commandId;
    QByteArray signalCode;
    QByteArray body;
    QList<QByteArray> payloads; // decoded base64 of creationXml, Arguments, Stream
    QNetworkRequest http;
    QPointer<FakeReply> reply;
};

struct FakeAnswer
{
    FakeAnswer(QByteArray theBody, int theStatus = 200)
        : body(std::move(theBody))
        , status(theStatus)
    {
    }
    FakeAnswer& with(QByteArray name, QByteArray value)
    {
        headers.append(QNetworkReply::RawHeaderPair(std::move(name), std::move(value)));
        return *this;
    }
    QByteArray body;
    int status;
    QList<QNetworkReply::RawHeaderPair> headers{{"Content-Type", "application/soap+xml;charset=UTF-8"}};
};

class FakeReply : public QNetworkReply
{
    Q_OBJECT
public:
    FakeReply(QNetworkAccessManager::Operation operation, const QNetworkRequest& request, QObject* parent);
    void abort() override;
    qint64 bytesAvailable() const override
    {
        return m_body.size() - m_read + QNetworkReply::bytesAvailable();
    }
    void deliver(const FakeAnswer& answer);
    void breakOff(NetworkError error);

protected:
    qint64 readData(char* data, qint64 maxSize) override;

private:
    void end();
    QByteArray m_body;
    qint64 m_read = 0;
};

class FakeWire : public QNetworkAccessManager
{
    Q_OBJECT
public:
    // Waits until a request with this action waits for its answer, oldest first, and makes it current.
    bool take(QByteArrayView action, int milliseconds = 5'000);
    [[nodiscard]] const SeenRequest& current() const { return m_current; }
    void answer(const FakeAnswer& answer);
    void breakOff(QNetworkReply::NetworkError error = QNetworkReply::RemoteHostClosedError);
    // The requests that wait for an answer, for messages of failed tests.
    [[nodiscard]] QByteArray waitingText() const;
    [[nodiscard]] int waiting() const;
    [[nodiscard]] int sent() const { return m_sent; }
    // Nothing waits, also after the events that are under way.
    bool isQuiet();

protected:
    QNetworkReply* createRequest(
        Operation operation, const QNetworkRequest& request, QIODevice* outgoing) override;

private:
    std::deque<SeenRequest> m_waiting;
    SeenRequest m_current;
    int m_sent = 0;
};

} // namespace postern::test

#define cClient(ACTION)                                                                                      \
    QVERIFY2(wire->take(ACTION),                                                                             \
        (QByteArray("no request \"" ACTION "\"; waiting: ") + wire->waitingText()).constData())
#define cServer(ANSWER) wire->answer(ANSWER)
#define cBreak() wire->breakOff()
#define cEmpty() QVERIFY2(wire->isQuiet(), wire->waitingText().constData())
