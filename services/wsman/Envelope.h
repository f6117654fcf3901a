// SOAP requests of WS-Management, written: the header block of exchange-protocols a.3 and the operations of
// a.5. Pure, any thread. Knows shells and streams, nothing of PowerShell: payloads come in as bytes and leave
// as base64.
#pragma once

#include <QByteArray>
#include <QString>
#include <QUuid>
#include <chrono>
#include <vector>

namespace postern::wsman {

// What stays the same in all requests of one client.
struct Conversation
{
    QByteArray to; // full URL, with the query
    QString resourceUri;
    int maxEnvelopeSize = 512'000;
    std::chrono::milliseconds operationTimeout{20'000};
    QString locale;
    QByteArray sessionId; // upper-case GUID
};

enum class Action { Create, Delete, Command, Send, Receive, Signal, Identify };
[[nodiscard]] QByteArrayView actionName(Action action);

struct Option
{
    QByteArray name;
    QByteArray value;
    bool mustComply = false;
};

// One operation before it is addressed.
struct Operation
{
    Operation() = default;
    explicit Operation(Action what)
        : action(what)
    {
    }

    Action action = Action::Receive;
    QByteArray body; // XML inside s:Body, uses the prefixes rsp and wsmid
    QByteArray shellId; // as the server gave it; empty for Create and Identify
    std::vector<Option> options;
};

namespace Operations {

// `creationElement`: complete XML of a vendor element inside rsp:Shell, or nothing.
[[nodiscard]] Operation create(const QByteArray& proposedShellId, QByteArrayView inputStreams,
    QByteArrayView outputStreams, const QByteArray& creationElement, std::vector<Option> options);
[[nodiscard]] Operation command(
    const QByteArray& shellId, const QByteArray& commandId, QByteArrayView arguments);
// commandId empty: to the shell itself.
[[nodiscard]] Operation send(
    const QByteArray& shellId, const QByteArray& commandId, QByteArrayView stream, QByteArrayView bytes);
[[nodiscard]] Operation receive(
    const QByteArray& shellId, const QByteArray& commandId, QByteArrayView streams);
[[nodiscard]] Operation signal(const QByteArray& shellId, const QByteArray& commandId, QByteArrayView code);
[[nodiscard]] Operation remove(const QByteArray& shellId);
[[nodiscard]] Operation identify();

} // namespace Operations

// "76056A84-51DC-4F24-9262-CA2A55464B2B", as Windows writes GUIDs in SOAP.
[[nodiscard]] QByteArray upperGuid(const QUuid& id);
[[nodiscard]] QByteArray escapeXml(QByteArrayView text);
// The whole envelope, UTF-8. messageId: upper-case GUID without "uuid:".
[[nodiscard]] QByteArray writeEnvelope(
    const Conversation& conversation, const Operation& operation, const QByteArray& messageId);
// How many bytes of payload fit into one request of this size (base64 and header taken off).
[[nodiscard]] qsizetype payloadCapacity(int maxEnvelopeSize);

} // namespace postern::wsman
