// Answers of a WS-Management server, as Windows writes them, for tests of the client. Pure.
#pragma once

#include <QByteArray>
#include <QList>

#include "services/psrp/Message.h"
#include "tests/support/FakeWire.h"

namespace postern::test {

namespace Soap {

[[nodiscard]] QByteArray envelope(QByteArrayView action, const QByteArray& relatesTo, const QByteArray& body);
[[nodiscard]] FakeAnswer created(const SeenRequest& request, const QByteArray& shellId);
[[nodiscard]] FakeAnswer commanded(const SeenRequest& request);
[[nodiscard]] FakeAnswer done(const SeenRequest& request); // Send, Signal, Delete
// streams: bytes of fragments, one a Stream element. state: "", "Running", "Done".
[[nodiscard]] FakeAnswer received(
    const SeenRequest& request, const QList<QByteArray>& streams, QByteArrayView state = {});
[[nodiscard]] FakeAnswer fault(
    const SeenRequest& request, quint32 code, QByteArrayView subcode, const QByteArray& text);
[[nodiscard]] FakeAnswer timedOut(const SeenRequest& request);

} // namespace Soap

// The PowerShell side of the answers: numbers its objects, puts the byte order mark in front, as servers do.
class PsrpSide
{
public:
    QUuid poolId, pipelineId;

    [[nodiscard]] QByteArray capability(const QByteArray& protocolVersion = "2.3");
    [[nodiscard]] QByteArray privateData();
    [[nodiscard]] QByteArray poolState(int state, const QByteArray& record = {});
    [[nodiscard]] QByteArray output(const QByteArray& clixml);
    [[nodiscard]] QByteArray error(const QByteArray& message, const QByteArray& id, int category = 0,
        const QByteArray& exceptionType = "System.Exception");
    [[nodiscard]] QByteArray warning(const QByteArray& text);
    [[nodiscard]] QByteArray pipelineState(int state, const QByteArray& record = {});
    [[nodiscard]] QByteArray pipelineMessage(psrp::MessageType type, const QByteArray& clixml);
    [[nodiscard]] QByteArray poolMessage(psrp::MessageType type, const QByteArray& clixml);
    [[nodiscard]] static QByteArray record(const QByteArray& message, const QByteArray& id, int category,
        const QByteArray& exceptionType, const QByteArray& name);
    void skipObject() { ++m_nextObject; } // one that never arrives

    // Splits into fragments of at most this many bytes; 0: one.
    qsizetype fragmentBytes = 0;
    [[nodiscard]] QList<QByteArray> fragments(
        psrp::MessageType type, bool ofPipeline, const QByteArray& clixml);

private:
    [[nodiscard]] QByteArray message(
        psrp::MessageType type, const QUuid& pool, const QUuid& pipeline, const QByteArray& clixml) const;
    quint64 m_nextObject = 1;
};

// The PSRP messages in the payloads of a request; empty when they are no whole messages.
[[nodiscard]] QList<psrp::Message> messagesIn(const SeenRequest& request);

} // namespace postern::test
