#include "app/lab/psrp/Message.h"

#include <QString>
#include <array>

using namespace Qt::StringLiterals;

namespace postern::lab {

namespace {

constexpr size_t headerSize = 40;

std::uint32_t littleEndian(std::string_view bytes, size_t at)
{
    std::uint32_t value = 0;
    for (size_t i = 0; i < 4; ++i)
        value |= std::uint32_t(static_cast<unsigned char>(bytes[at + i])) << (8 * i);
    return value;
}

void appendLittleEndian(std::string& out, std::uint32_t value)
{
    for (int i = 0; i < 4; ++i)
        out += static_cast<char>((value >> (8 * i)) & 0xff);
}

} // namespace

Expected<Message> parseMessage(std::string_view bytes)
{
    if (bytes.size() < headerSize)
        return fail(
            ErrorCode::Malformed, u"PSRP message of %1 bytes is shorter than its header"_s.arg(bytes.size()));
    if (littleEndian(bytes, 0) != 2)
        return fail(
            ErrorCode::Malformed, u"PSRP message is not meant for the server: destination at byte 0"_s);
    Message message;
    message.type = static_cast<MessageType>(littleEndian(bytes, 4));
    message.pool = Guid::fromWire(bytes.data() + 8);
    message.pipeline = Guid::fromWire(bytes.data() + 24);
    message.data = std::string(bytes.substr(headerSize));
    if (message.data.starts_with("\xef\xbb\xbf"))
        return fail(ErrorCode::Malformed, u"PSRP message from a client begins with a BOM at byte 40"_s);
    return message;
}

std::string serverMessage(MessageType type, const Guid& pool, const Guid& pipeline, std::string_view data)
{
    std::string out;
    out.reserve(headerSize + 3 + data.size());
    appendLittleEndian(out, 1);
    appendLittleEndian(out, static_cast<std::uint32_t>(type));
    pool.appendWire(out);
    pipeline.appendWire(out);
    out += "\xef\xbb\xbf";
    out += data;
    return out;
}

} // namespace postern::lab
