#include "app/lab/text/Guid.h"

#include <openssl/rand.h>

namespace postern::lab {

namespace {

constexpr std::array<int, 16> wireOrder = {3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15};

int hexDigit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

std::string formatted(const Guid& guid, const char* digits)
{
    std::string out;
    out.reserve(36);
    for (size_t i = 0; i < 16; ++i) {
        if (i == 4 || i == 6 || i == 8 || i == 10)
            out += '-';
        out += digits[guid.bytes[i] >> 4];
        out += digits[guid.bytes[i] & 15];
    }
    return out;
}

} // namespace

std::optional<Guid> Guid::parse(std::string_view text)
{
    if (text.size() == 38 && text.front() == '{' && text.back() == '}')
        text = text.substr(1, 36);
    if (text.size() != 36)
        return std::nullopt;
    Guid guid;
    size_t at = 0;
    for (size_t i = 0; i < 16; ++i) {
        if (i == 4 || i == 6 || i == 8 || i == 10) {
            if (text[at++] != '-')
                return std::nullopt;
        }
        const int high = hexDigit(text[at]), low = hexDigit(text[at + 1]);
        if (high < 0 || low < 0)
            return std::nullopt;
        guid.bytes[i] = std::uint8_t(high * 16 + low);
        at += 2;
    }
    return guid;
}

Guid Guid::random()
{
    Guid guid;
    RAND_bytes(guid.bytes.data(), int(guid.bytes.size()));
    guid.bytes[6] = std::uint8_t((guid.bytes[6] & 0x0f) | 0x40);
    guid.bytes[8] = std::uint8_t((guid.bytes[8] & 0x3f) | 0x80);
    return guid;
}

Guid Guid::fromWire(const char* sixteen)
{
    Guid guid;
    for (size_t i = 0; i < 16; ++i)
        guid.bytes[size_t(wireOrder[i])] = static_cast<std::uint8_t>(sixteen[i]);
    return guid;
}

Guid Guid::fromNumbers(std::uint64_t high, std::uint64_t low)
{
    Guid guid;
    for (size_t i = 0; i < 8; ++i) {
        guid.bytes[i] = std::uint8_t(high >> (56 - 8 * i));
        guid.bytes[8 + i] = std::uint8_t(low >> (56 - 8 * i));
    }
    guid.bytes[6] = std::uint8_t((guid.bytes[6] & 0x0f) | 0x40);
    guid.bytes[8] = std::uint8_t((guid.bytes[8] & 0x3f) | 0x80);
    return guid;
}

std::string Guid::lower() const
{
    return formatted(*this, "0123456789abcdef");
}
std::string Guid::upper() const
{
    return formatted(*this, "0123456789ABCDEF");
}

void Guid::appendWire(std::string& out) const
{
    for (size_t i = 0; i < 16; ++i)
        out += static_cast<char>(bytes[size_t(wireOrder[i])]);
}

} // namespace postern::lab
