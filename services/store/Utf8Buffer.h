// QStrings on their way into statements: converted to UTF-8 into blocks that are reused for every row, so
// that a bulk write allocates nothing. Views live until clear(). One thread.
#pragma once

#include <QStringEncoder>
#include <QUuid>
#include <QtEndian>
#include <memory>
#include <string_view>
#include <vector>

namespace postern::store {

class Utf8Buffer
{
public:
    [[nodiscard]] std::string_view add(const QString& text)
    {
        const auto need = std::size_t(text.size()) * 3 + 1; // the most a UTF-16 unit can become
        char* const start = room(need);
        auto length = std::size_t(text.size());
        if (!narrow(text, start))
            length = encode(text, start);
        m_used += length;
        return {start, length};
    }
    // As QUuid::WithoutBraces.
    [[nodiscard]] std::string_view addUuid(const QUuid& uuid)
    {
        static constexpr char digits[] = "0123456789abcdef";
        char* const start = room(36);
        char* out = start;
        const auto bytes = uuid.toRfc4122();
        for (int i = 0; i < 16; ++i) {
            if (i == 4 || i == 6 || i == 8 || i == 10)
                *out++ = '-';
            *out++ = digits[static_cast<unsigned char>(bytes[i]) >> 4];
            *out++ = digits[static_cast<unsigned char>(bytes[i]) & 15];
        }
        m_used += 36;
        return {start, 36};
    }
    void clear()
    {
        if (m_blocks.size() > 1)
            m_blocks.erase(m_blocks.begin(), m_blocks.end() - 1); // the last one is the largest
        m_used = 0;
    }

private:
    // Nearly all of it is ASCII: four units at a time. false: something else, or NUL, is in it.
    static bool narrow(const QString& text, char* out)
    {
        const auto* in = reinterpret_cast<const char*>(text.utf16());
        const auto size = std::size_t(text.size());
        std::size_t i = 0;
        for (; i + 4 <= size; i += 4) {
            auto four = qFromLittleEndian<quint64>(in + 2 * i);
            const quint64 zeros = (four - 0x0001000100010001ULL) & ~four & 0x8000800080008000ULL;
            if (((four & 0xff80ff80ff80ff80ULL) | zeros) != 0)
                return false;
            four = (four | (four >> 8)) & 0x0000ffff0000ffffULL;
            qToLittleEndian(quint32(four | (four >> 16)), out + i);
        }
        for (; i < size; ++i) {
            const auto unit = text.at(qsizetype(i)).unicode();
            if (unit == 0 || unit >= 0x80)
                return false;
            out[i] = char(unit);
        }
        return true;
    }
    std::size_t encode(const QString& text, char* out)
    {
        if (!text.contains(QChar(u'\0')))
            return std::size_t(m_encoder.appendToBuffer(out, text) - out);
        const QString clean = QString(text).replace(QChar(u'\0'), QChar(QChar::ReplacementCharacter));
        return std::size_t(m_encoder.appendToBuffer(out, clean) - out);
    }
    char* room(std::size_t need)
    {
        if (m_blocks.empty() || m_used + need > m_size) {
            m_size = std::max(m_size * 2, std::max<std::size_t>(need, 4096));
            m_blocks.push_back(std::make_unique<char[]>(m_size));
            m_used = 0;
        }
        return m_blocks.back().get() + m_used;
    }

    QStringEncoder m_encoder{QStringConverter::Utf8, QStringConverter::Flag::Stateless};
    std::vector<std::unique_ptr<char[]>> m_blocks;
    std::size_t m_size = 0;
    std::size_t m_used = 0;
};

} // namespace postern::store
