#include "services/psrp/clixml/Base64.h"

#include <array>

#include "services/psrp/clixml/Base64Vector.h"

namespace postern::clixml::Base64 {

namespace {

constexpr quint8 kBad = 0xFF;
constexpr quint8 kBlank = 0xFE;
constexpr quint8 kPad = 0xFD;
constexpr char kAlphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

constexpr std::array<quint8, 256> makeValues()
{
    std::array<quint8, 256> values{};
    values.fill(kBad);
    for (quint8 i = 0; i < 64; ++i)
        values[static_cast<unsigned char>(kAlphabet[i])] = i;
    for (const char blank : {' ', '\t', '\r', '\n'})
        values[static_cast<unsigned char>(blank)] = kBlank;
    values['='] = kPad;
    return values;
}

constexpr auto kValues = makeValues();

tl::unexpected<Error> malformed(qsizetype offset, const char* what)
{
    return fail(ErrorCode::Malformed, QStringLiteral("offset %1: %2").arg(offset).arg(QLatin1String(what)),
        QStringLiteral("base64"));
}

struct Run
{
    const char* begin;
    const char* at;
    const char* end;
    char* out;
    Mode mode;
    std::array<quint8, 4> quad{};
    int filled = 0;

    [[nodiscard]] quint8 valueAt() const { return kValues[static_cast<unsigned char>(*at)]; }
    [[nodiscard]] qsizetype offset() const { return at - begin; }

    // Characters up to the end of a group of four that closes at or behind `until`; false: a bad one or
    // padding at `at`.
    bool decodeTo(const char* until)
    {
        while (at != end && (at < until || filled != 0)) {
            const quint8 value = valueAt();
            if (value == kBlank && mode == Mode::Lenient) {
                ++at;
                continue;
            }
            if (value >= 64)
                return false;
            quad[size_t(filled++)] = value;
            ++at;
            if (filled == 4)
                flush(3);
        }
        return true;
    }
    void flush(int bytes)
    {
        const quint32 word
            = quint32(quad[0]) << 18 | quint32(quad[1]) << 12 | quint32(quad[2]) << 6 | quad[3];
        *out++ = char(word >> 16);
        if (bytes > 1)
            *out++ = char(word >> 8);
        if (bytes > 2)
            *out++ = char(word);
        quad = {};
        filled = 0;
    }
    void skipBlanks()
    {
        while (mode == Mode::Lenient && at != end && valueAt() == kBlank)
            ++at;
    }

    // At the first "=": the group's rest and the end of the text.
    Expected<void> finishPadded()
    {
        if (filled < 2)
            return malformed(offset(), "padding where a character is due");
        const int bytes = filled - 1;
        for (int missing = 4 - filled; missing > 0; --missing) {
            skipBlanks();
            if (at == end || valueAt() != kPad)
                return malformed(offset(), "padding is incomplete");
            ++at;
        }
        skipBlanks();
        if (at != end)
            return malformed(offset(), "text behind the padding");
        const quint8 unused = bytes == 1 ? quad[1] & 0x0F : quad[2] & 0x03;
        if (mode == Mode::Strict && unused != 0)
            return malformed(offset() - (4 - filled) - 1, "unused bits are not zero");
        flush(bytes);
        return {};
    }

    Expected<void> decode()
    {
        while (at != end) {
            if (filled == 0)
                decodeVector(at, end, out);
            if (!decodeTo(end - at > 64 ? at + 64 : end)) {
                if (valueAt() == kPad)
                    return finishPadded();
                return malformed(offset(), valueAt() == kBlank ? "white space" : "not a base64 character");
            }
        }
        if (filled != 0)
            return malformed(offset(), "the text ends inside a group of four");
        return {};
    }
};

} // namespace

Expected<void> decodeInto(QByteArrayView text, QByteArray& out, Mode mode)
{
    const qsizetype before = out.size();
    out.resize(before + text.size() / 4 * 3 + 3 + kVectorSlack);
    Run run{text.begin(), text.begin(), text.end(), out.data() + before, mode};
    auto result = run.decode();
    out.resize(result ? run.out - out.constData() : before);
    return result;
}

Expected<QByteArray> decode(QByteArrayView text, Mode mode)
{
    QByteArray out;
    if (auto result = decodeInto(text, out, mode); !result)
        return tl::unexpected(std::move(result).error());
    return out;
}

QByteArray encode(QByteArrayView bytes)
{
    QByteArray out((bytes.size() + 2) / 3 * 4, Qt::Uninitialized);
    char* to = out.data();
    const char* at = bytes.begin();
    const char* end = bytes.end();
    encodeVector(at, end, to);
    for (; at != end;) {
        const auto left = end - at;
        const auto byte = [at](int i) { return quint32(static_cast<unsigned char>(at[i])); };
        const quint32 word = byte(0) << 16 | (left > 1 ? byte(1) << 8 : 0) | (left > 2 ? byte(2) : 0);
        *to++ = kAlphabet[word >> 18];
        *to++ = kAlphabet[word >> 12 & 63];
        *to++ = left > 1 ? kAlphabet[word >> 6 & 63] : '=';
        *to++ = left > 2 ? kAlphabet[word & 63] : '=';
        at += left > 3 ? 3 : left;
    }
    return out;
}

} // namespace postern::clixml::Base64
