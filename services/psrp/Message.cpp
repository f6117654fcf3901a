#include "services/psrp/Message.h"

#include <QtEndian>
#include <algorithm>

namespace postern::psrp {

namespace {

// .NET order: the first three groups little-endian, the rest as it reads.
QUuid readGuid(const char* at)
{
    QUuid id;
    id.data1 = qFromLittleEndian<quint32>(at);
    id.data2 = qFromLittleEndian<quint16>(at + 4);
    id.data3 = qFromLittleEndian<quint16>(at + 6);
    std::copy_n(at + 8, 8, reinterpret_cast<char*>(id.data4));
    return id;
}

void writeGuid(const QUuid& id, char* at)
{
    qToLittleEndian<quint32>(id.data1, at);
    qToLittleEndian<quint16>(id.data2, at + 4);
    qToLittleEndian<quint16>(id.data3, at + 6);
    std::copy_n(reinterpret_cast<const char*>(id.data4), 8, at + 8);
}

} // namespace

Expected<MessageView> decodeMessage(QByteArrayView bytes)
{
    const auto malformed = [](qsizetype offset, const QString& what) {
        return fail(ErrorCode::Malformed, QStringLiteral("offset %1: %2").arg(offset).arg(what),
            QStringLiteral("PSRP message"));
    };
    if (bytes.size() < kMessageHeaderBytes)
        return malformed(
            bytes.size(), QStringLiteral("%1 bytes are no message, its header has 40").arg(bytes.size()));
    const auto destination = qFromLittleEndian<quint32>(bytes.data());
    if (destination != quint32(Destination::Client) && destination != quint32(Destination::Server))
        return malformed(0, QStringLiteral("destination %1 is neither client nor server").arg(destination));
    MessageView view;
    view.destination = Destination(destination);
    view.type = MessageType(qFromLittleEndian<quint32>(bytes.data() + 4));
    view.runspacePoolId = readGuid(bytes.data() + 8);
    view.pipelineId = readGuid(bytes.data() + 24);
    view.data = bytes.sliced(kMessageHeaderBytes);
    if (view.data.startsWith("\xEF\xBB\xBF"))
        view.data = view.data.sliced(3);
    return view;
}

Message toMessage(const MessageView& view)
{
    return {view.destination, view.type, view.runspacePoolId, view.pipelineId, view.data.toByteArray()};
}

QByteArray encodeMessage(const Message& message)
{
    QByteArray bytes(kMessageHeaderBytes, Qt::Uninitialized);
    qToLittleEndian(quint32(message.destination), bytes.data());
    qToLittleEndian(quint32(message.type), bytes.data() + 4);
    writeGuid(message.runspacePoolId, bytes.data() + 8);
    writeGuid(message.pipelineId, bytes.data() + 24);
    return bytes.append(message.data);
}

bool isKnown(MessageType type)
{
    return !enumText(type).isEmpty();
}

} // namespace postern::psrp
