// QStrings on their way into statements: converted to UTF-8 into blocks that are reused for every row, so
// that a bulk write allocates nothing. Views live until clear(). One thread.
#pragma once

#include <QStringEncoder>
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
        char* end = m_encoder.appendToBuffer(start, text);
        if (std::memchr(start, 0, std::size_t(end - start)))
            end = replaceNul(start, text);
        m_used += std::size_t(end - start);
        return {start, std::size_t(end - start)};
    }
    void clear()
    {
        if (m_blocks.size() > 1)
            m_blocks.erase(m_blocks.begin(), m_blocks.end() - 1); // the last one is the largest
        m_used = 0;
    }

private:
    char* replaceNul(char* start, const QString& text)
    {
        return m_encoder.appendToBuffer(
            start, QString(text).replace(QChar(u'\0'), QChar(QChar::ReplacementCharacter)));
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
