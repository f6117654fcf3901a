// Rows for COPY … (FORMAT binary): a value is its length and its bytes, so no text of a phone can be mistaken
// for syntax. A buffer; any thread.
#pragma once

#include <QByteArray>
#include <QtEndian>
#include <string_view>

namespace postern::store {

class PostgresCopy
{
public:
    PostgresCopy() { m_rows.append("PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0\0", 19); }

    void beginRow(int columns) { append(qint16(columns)); }
    void addInteger(qint64 value)
    {
        append(qint32(8));
        append(value);
    }
    void addText(std::string_view utf8)
    {
        append(qint32(utf8.size()));
        m_rows.append(utf8.data(), qsizetype(utf8.size()));
    }
    void addNull() { append(qint32(-1)); }
    [[nodiscard]] const QByteArray& finish()
    {
        append(qint16(-1));
        return m_rows;
    }

private:
    template <class T> void append(T value)
    {
        const T big = qToBigEndian(value);
        m_rows.append(reinterpret_cast<const char*>(&big), qsizetype(sizeof big));
    }

    QByteArray m_rows;
};

} // namespace postern::store
