#include "app/lab/graph/Zip.h"

#include <QByteArray>
#include <array>
#include <cstdint>

namespace postern::lab {

namespace {

std::uint32_t crc32(std::string_view bytes)
{
    static const std::array<std::uint32_t, 256> table = [] {
        std::array<std::uint32_t, 256> made{};
        for (std::uint32_t i = 0; i < 256; ++i) {
            std::uint32_t c = i;
            for (int bit = 0; bit < 8; ++bit)
                c = (c & 1U) != 0 ? 0xedb88320U ^ (c >> 1U) : c >> 1U;
            made[i] = c;
        }
        return made;
    }();
    std::uint32_t crc = 0xffffffffU;
    for (const char c : bytes)
        crc = table[(crc ^ static_cast<unsigned char>(c)) & 0xffU] ^ (crc >> 8U);
    return crc ^ 0xffffffffU;
}

void number(std::string& out, std::uint64_t value, int bytes)
{
    for (int i = 0; i < bytes; ++i)
        out += static_cast<char>((value >> (8 * i)) & 0xffU);
}

// What the local header and the central directory have in common.
void common(std::string& out, std::uint32_t crc, size_t packed, size_t whole, size_t nameLength)
{
    number(out, 20, 2); // version needed: 2.0, deflate
    number(out, 0x0800, 2); // names are UTF-8
    number(out, 8, 2); // deflated
    number(out, 0, 2); // time
    number(out, 0x5b78, 2); // date
    number(out, crc, 4);
    number(out, packed, 4);
    number(out, whole, 4);
    number(out, nameLength, 2);
    number(out, 0, 2); // no extra field
}

} // namespace

std::string zipOf(std::string_view fileName, std::string_view contents)
{
    // zlib's stream without Qt's length, zlib's header and its checksum is deflate itself.
    const QByteArray stream
        = qCompress(reinterpret_cast<const uchar*>(contents.data()), qsizetype(contents.size()), 1);
    const std::string_view packed(stream.constData() + 6, size_t(stream.size()) - 10);
    const std::uint32_t crc = crc32(contents);
    std::string out("PK\x03\x04", 4);
    common(out, crc, packed.size(), contents.size(), fileName.size());
    out.append(fileName).append(packed);
    const size_t directory = out.size();
    out.append("PK\x01\x02", 4);
    number(out, 20, 2);
    common(out, crc, packed.size(), contents.size(), fileName.size());
    number(out, 0, 2); // no comment
    number(out, 0, 2); // disk
    number(out, 0, 2); // attributes
    number(out, 0, 4);
    number(out, 0, 4); // the local header is at the start
    out.append(fileName);
    const size_t length = out.size() - directory;
    out.append("PK\x05\x06", 4);
    number(out, 0, 4); // disks
    number(out, 1, 2);
    number(out, 1, 2);
    number(out, length, 4);
    number(out, directory, 4);
    number(out, 0, 2); // no comment
    return out;
}

} // namespace postern::lab
