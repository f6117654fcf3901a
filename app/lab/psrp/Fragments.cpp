#include "app/lab/psrp/Fragments.h"

#include <QString>

using namespace Qt::StringLiterals;

namespace postern::lab {

namespace {

constexpr size_t maximumObject = 10 * 1024 * 1024; // as Windows caps one object

std::uint64_t bigEndian(std::string_view bytes, size_t at, size_t count)
{
    std::uint64_t value = 0;
    for (size_t i = 0; i < count; ++i)
        value = (value << 8) | static_cast<unsigned char>(bytes[at + i]);
    return value;
}

void appendBigEndian(std::string& out, std::uint64_t value, int count)
{
    for (int i = count - 1; i >= 0; --i)
        out += static_cast<char>((value >> (8 * i)) & 0xff);
}

tl::unexpected<Error> malformed(const char* what, size_t offset)
{
    return fail(
        ErrorCode::Malformed, u"PSRP fragment: %1 at byte %2"_s.arg(QString::fromUtf8(what)).arg(offset));
}

} // namespace

Expected<std::vector<std::string>> FragmentReader::feed(std::string_view bytes)
{
    std::vector<std::string> messages;
    size_t at = 0;
    while (at < bytes.size()) {
        if (bytes.size() - at < fragmentHeaderSize)
            return malformed("header cut short", at);
        const auto flags = static_cast<unsigned char>(bytes[at + 16]);
        const auto length = size_t(bigEndian(bytes, at + 17, 4));
        if ((flags & 0xfc) != 0)
            return malformed("reserved flag bits set", at + 16);
        if (length > bytes.size() - at - fragmentHeaderSize)
            return malformed("BlobLength beyond the data", at + 17);
        const auto taken = take(bytes.substr(at + fragmentHeaderSize, length), bigEndian(bytes, at, 8),
            bigEndian(bytes, at + 8, 8), (flags & 1) != 0);
        if (!taken)
            return malformed(taken.error().detail.toUtf8().constData(), at);
        if (flags & 2) {
            m_open = false;
            messages.push_back(std::move(m_pending));
            m_pending.clear();
        }
        at += fragmentHeaderSize + length;
    }
    return messages;
}

Expected<void> FragmentReader::take(
    std::string_view blob, std::uint64_t objectId, std::uint64_t fragmentId, bool start)
{
    if (start == m_open)
        return fail(ErrorCode::Malformed,
            start ? u"start inside an unfinished object"_s : u"continuation without start"_s);
    if (start) {
        if (fragmentId != 0)
            return fail(ErrorCode::Malformed, u"first fragment is not number 0"_s);
        if (objectId <= m_objectId)
            return fail(ErrorCode::Malformed, u"object id used twice"_s);
        m_objectId = objectId;
        m_nextFragment = 0;
        m_open = true;
    }
    if (objectId != m_objectId || fragmentId != m_nextFragment)
        return fail(ErrorCode::Malformed, u"gap in object or fragment ids"_s);
    ++m_nextFragment;
    if (m_pending.size() + blob.size() > maximumObject)
        return fail(ErrorCode::LimitExceeded, u"object larger than 10 MiB"_s);
    m_pending += blob;
    return {};
}

std::vector<std::string> fragments(std::string_view message, std::uint64_t objectId, size_t maximum)
{
    const size_t room = maximum > fragmentHeaderSize + 1 ? maximum - fragmentHeaderSize : 1;
    std::vector<std::string> out;
    for (size_t at = 0, id = 0; at < message.size() || id == 0; at += room, ++id) {
        const std::string_view blob = message.substr(at, room);
        const bool last = at + room >= message.size();
        std::string fragment;
        fragment.reserve(fragmentHeaderSize + blob.size());
        appendBigEndian(fragment, objectId, 8);
        appendBigEndian(fragment, id, 8);
        fragment += static_cast<char>((id == 0 ? 1 : 0) | (last ? 2 : 0));
        appendBigEndian(fragment, blob.size(), 4);
        fragment += blob;
        out.push_back(std::move(fragment));
        if (last)
            break;
    }
    return out;
}

} // namespace postern::lab
