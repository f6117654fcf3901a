// A PSRP message: the 40-byte little-endian header and the CLIXML behind it. Pure, any thread. Errors:
// Malformed with the offset. [MS-PSRP] 2.2.1.
#pragma once

#include <QByteArray>
#include <QByteArrayView>
#include <QUuid>
#include <concepts>

#include "models/base/Error.h"
#include "services/psrp/MessageTypes.h"

namespace postern::psrp {

enum class Destination : quint32 { Client = 1, Server = 2 };

// `data` views the bytes given to decodeMessage, past the byte order mark that servers put in front.
struct MessageView
{
    Destination destination = Destination::Client;
    MessageType type = MessageType::SessionCapability; // may be a number without a name: see isKnown
    QUuid runspacePoolId; // zero in the server's SESSION_CAPABILITY and ENCRYPTED_SESSION_KEY
    QUuid pipelineId; // null for messages of the pool
    QByteArrayView data;
};

struct Message
{
    Destination destination = Destination::Server;
    MessageType type = MessageType::SessionCapability;
    QUuid runspacePoolId;
    QUuid pipelineId;
    QByteArray data;
    friend bool operator==(const Message&, const Message&) = default;
};

inline constexpr qsizetype kMessageHeaderBytes = 40;

[[nodiscard]] Expected<MessageView> decodeMessage(QByteArrayView bytes);
template <std::same_as<QByteArray> T>
Expected<MessageView> decodeMessage(T&& temporary) = delete; // the view would outlive it
[[nodiscard]] Message toMessage(const MessageView& view); // copies the data
[[nodiscard]] QByteArray encodeMessage(const Message& message);
[[nodiscard]] bool isKnown(MessageType type);

} // namespace postern::psrp
