#include "app/lab/auth/Ntlm.h"

#include <QString>
#include <array>
#include <chrono>
#include <cstdint>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

namespace postern::lab::ntlm {

namespace {

constexpr std::string_view signature("NTLMSSP\0", 8);
enum Flag : std::uint32_t {
    Unicode = 0x1,
    RequestTarget = 0x4,
    Ntlm = 0x200,
    AlwaysSign = 0x8000,
    TargetDomain = 0x10000,
    ExtendedSecurity = 0x80000,
    TargetInfo = 0x800000,
    Version = 0x2000000,
    Key128 = 0x20000000,
    Key56 = 0x80000000
};

std::uint32_t little(std::string_view bytes, size_t at, size_t count)
{
    std::uint32_t value = 0;
    for (size_t i = 0; i < count && at + i < bytes.size(); ++i)
        value |= std::uint32_t(static_cast<unsigned char>(bytes[at + i])) << (8 * i);
    return value;
}

void append(std::string& out, std::uint64_t value, int count)
{
    for (int i = 0; i < count; ++i)
        out += static_cast<char>((value >> (8 * i)) & 0xff);
}

std::string utf16(std::string_view utf8)
{
    const QString text = QString::fromUtf8(utf8.data(), qsizetype(utf8.size()));
    std::string out;
    for (const QChar c : text)
        append(out, c.unicode(), 2);
    return out;
}

std::string utf8(std::string_view utf16)
{
    QString text;
    for (size_t i = 0; i + 1 < utf16.size(); i += 2)
        text += QChar(ushort(little(utf16, i, 2)));
    return text.toStdString();
}

std::string hmacMd5(std::string_view key, std::string_view data)
{
    std::array<unsigned char, EVP_MAX_MD_SIZE> out{};
    unsigned size = 0;
    HMAC(EVP_md5(), key.data(), int(key.size()), reinterpret_cast<const unsigned char*>(data.data()),
        data.size(), out.data(), &size);
    return {reinterpret_cast<const char*>(out.data()), size};
}

void avPair(std::string& out, std::uint16_t id, std::string_view value)
{
    append(out, id, 2);
    append(out, value.size(), 2);
    out += value;
}

// A security buffer of a type 3 message; nullopt: it points outside.
std::optional<std::string_view> buffer(std::string_view message, size_t at)
{
    const size_t length = little(message, at, 2), offset = little(message, at + 4, 4);
    if (at + 8 > message.size() || offset > message.size() || length > message.size() - offset)
        return std::nullopt;
    return message.substr(offset, length);
}

constexpr std::uint32_t rotated(std::uint32_t x, int n)
{
    return (x << n) | (x >> (32 - n));
}

void md4Block(std::array<std::uint32_t, 4>& state, const unsigned char* block)
{
    std::array<std::uint32_t, 16> x{};
    for (size_t i = 0; i < 64; ++i)
        x[i / 4] |= std::uint32_t(block[i]) << (8 * (i % 4));
    auto [a, b, c, d] = state;
    constexpr std::array<int, 12> shifts{3, 7, 11, 19, 3, 5, 9, 13, 3, 9, 11, 15};
    constexpr std::array<size_t, 16> third{0, 8, 4, 12, 2, 10, 6, 14, 1, 9, 5, 13, 3, 11, 7, 15};
    for (size_t i = 0; i < 48; ++i) {
        const size_t round = i / 16, n = i % 16;
        const std::uint32_t f = round == 0 ? (b & c) | (~b & d)
            : round == 1                   ? (b & c) | (b & d) | (c & d)
                                           : b ^ c ^ d;
        const std::uint32_t add = round == 0 ? 0U : round == 1 ? 0x5a827999U : 0x6ed9eba1U;
        const size_t k = round == 0 ? n : round == 1 ? (n % 4) * 4 + n / 4 : third[n];
        const std::uint32_t turned = rotated(a + f + x[k] + add, shifts[round * 4 + n % 4]);
        a = d;
        d = c;
        c = b;
        b = turned;
    }
    state[0] += a;
    state[1] += b;
    state[2] += c;
    state[3] += d;
}

} // namespace

std::string md4(std::string_view data)
{
    std::string padded(data);
    padded += static_cast<char>(0x80);
    while (padded.size() % 64 != 56)
        padded += '\0';
    append(padded, std::uint64_t(data.size()) * 8, 8);
    std::array<std::uint32_t, 4> state{0x67452301U, 0xefcdab89U, 0x98badcfeU, 0x10325476U};
    for (size_t at = 0; at < padded.size(); at += 64)
        md4Block(state, reinterpret_cast<const unsigned char*>(padded.data()) + at);
    std::string out;
    for (const std::uint32_t word : state)
        append(out, word, 4);
    return out;
}

std::string ntowfv2(std::string_view user, std::string_view domain, std::string_view password)
{
    const std::string upper = QString::fromUtf8(user.data(), qsizetype(user.size())).toUpper().toStdString();
    return hmacMd5(md4(utf16(password)), utf16(upper) + utf16(domain));
}

bool isMessage(std::string_view token)
{
    return token.starts_with(signature) && token.size() >= 12;
}
bool isNegotiate(std::string_view token)
{
    return isMessage(token) && little(token, 8, 4) == 1 && token.size() >= 16;
}

Challenge challengeFor(std::string_view negotiate)
{
    Challenge challenge;
    challenge.serverChallenge.resize(8);
    RAND_bytes(reinterpret_cast<unsigned char*>(challenge.serverChallenge.data()), 8);
    const std::uint32_t asked = little(negotiate, 12, 4);
    const std::uint32_t flags = Unicode | RequestTarget | Ntlm | AlwaysSign | TargetDomain | ExtendedSecurity
        | TargetInfo | Version | (asked & (Key128 | Key56 | 0x40000000U | 0x10U | 0x20U));
    const std::string target = utf16("CONTOSO");
    std::string info;
    avPair(info, 2, target);
    avPair(info, 1, utf16("EX1"));
    avPair(info, 4, utf16("contoso.lab"));
    avPair(info, 3, utf16("ex1.contoso.lab"));
    std::string time;
    const auto since1970 = std::chrono::duration_cast<std::chrono::microseconds>(
        std::chrono::system_clock::now().time_since_epoch())
                               .count();
    append(time, std::uint64_t(since1970) * 10 + 116444736000000000ULL, 8);
    avPair(info, 7, time);
    avPair(info, 0, {});
    std::string& m = challenge.message;
    m = signature;
    append(m, 2, 4);
    append(m, target.size(), 2);
    append(m, target.size(), 2);
    append(m, 56, 4);
    append(m, flags, 4);
    m += challenge.serverChallenge;
    append(m, 0, 8);
    append(m, info.size(), 2);
    append(m, info.size(), 2);
    append(m, 56 + target.size(), 4);
    m += std::string_view("\x0a\0\x63\x45\0\0\0\x0f", 8); // 10.0.17763, NTLM revision 15
    m += target + info;
    return challenge;
}

std::optional<UserName> userOf(std::string_view message)
{
    if (!isMessage(message) || little(message, 8, 4) != 3 || message.size() < 64)
        return std::nullopt;
    const auto domain = buffer(message, 28), user = buffer(message, 36);
    if (!domain || !user || user->empty())
        return std::nullopt;
    return UserName{utf8(*domain), utf8(*user)};
}

bool verifies(std::string_view message, std::string_view serverChallenge, std::string_view password)
{
    const auto name = userOf(message);
    const auto response = buffer(message, 20);
    if (!name || !response || response->size() < 48) // 24 bytes would be NTLMv1: refused
        return false;
    const std::string proof(response->substr(0, 16));
    const std::string expected = hmacMd5(ntowfv2(name->user, name->domain, password),
        std::string(serverChallenge) + std::string(response->substr(16)));
    return expected.size() == proof.size() && CRYPTO_memcmp(expected.data(), proof.data(), proof.size()) == 0;
}

} // namespace postern::lab::ntlm
