#include "tests/services/psrp/LineReader.h"

namespace postern::psrp::test {

using namespace Qt::StringLiterals;

namespace {

class Reader
{
public:
    explicit Reader(QString line)
        : m_line(std::move(line))
    {
    }

    std::optional<ReadLine> read()
    {
        ReadLine line;
        if (peek() == u'&') {
            ++m_at;
            blanks();
            if (!isQuote(peek()))
                return std::nullopt;
            line.cmdlet = quoted();
        } else {
            line.cmdlet = word(true);
        }
        while (m_ok && !line.cmdlet.isEmpty() && m_at < m_line.size()) {
            if (!blanks())
                return std::nullopt;
            ReadArgument argument;
            if (peek() == u'-') {
                ++m_at;
                argument.name = word(false);
                if (argument.name.isEmpty() || (peek() != u':' && peek() != u' '))
                    return std::nullopt;
                ++m_at;
            }
            argument.value = value();
            line.arguments.push_back(std::move(argument));
        }
        return m_ok && !line.cmdlet.isEmpty() ? std::optional(line) : std::nullopt;
    }

private:
    // ‘ ’ ‚ ‛ are as good as '.
    static bool isQuote(QChar c) { return c == u'\'' || (c >= QChar(0x2018) && c <= QChar(0x201B)); }
    QChar peek(qsizetype ahead = 0) const
    {
        return m_at + ahead < m_line.size() ? m_line.at(m_at + ahead) : QChar();
    }
    bool blanks()
    {
        const qsizetype from = m_at;
        while (peek() == u' ')
            ++m_at;
        return m_at > from;
    }
    bool take(QStringView text)
    {
        if (!QStringView(m_line).mid(m_at).startsWith(text))
            return false;
        m_at += text.size();
        return true;
    }
    QString word(bool withDash)
    {
        QString read;
        while (peek().unicode() < 128
            && (peek().isLetterOrNumber() || peek() == u'_' || (withDash && peek() == u'-')))
            read += m_line.at(m_at++);
        return read;
    }
    QString quoted()
    {
        QString text;
        for (++m_at; m_at < m_line.size(); ++m_at) {
            if (isQuote(peek())) {
                if (!isQuote(peek(1))) {
                    ++m_at;
                    return text;
                }
                text += peek(); // the first of the two
                ++m_at;
                continue;
            }
            text += peek();
        }
        m_ok = false; // PowerShell would wait for the rest
        return text;
    }
    ReadValue list(QChar end)
    {
        ReadValue list;
        list.kind = end == u')' ? ReadValue::Kind::List : ReadValue::Kind::Table;
        while (m_ok && peek() != end) {
            if (list.kind == ReadValue::Kind::Table) {
                list.keys.append(isQuote(peek()) ? quoted() : word(false));
                m_ok = m_ok && take(u"=");
            }
            list.items.push_back(value());
            if (peek() == u';' || peek() == u',')
                ++m_at;
            else if (peek() != end)
                m_ok = false;
            blanks();
        }
        ++m_at;
        return list;
    }
    // ('text' + [char]0x000A + …); the first decides that + joins texts.
    ReadValue sum()
    {
        ReadValue sum;
        sum.kind = ReadValue::Kind::Text;
        if (!isQuote(peek())) {
            sum.kind = ReadValue::Kind::Number;
            while (peek() == u'-' || peek().isDigit())
                sum.text += m_line.at(m_at++);
            m_ok = m_ok && take(u")");
            return sum;
        }
        sum.text = quoted();
        while (m_ok && !take(u")")) {
            if (!take(u" + ")) {
                m_ok = false;
            } else if (take(u"[char]0x")) {
                sum.text += QChar(m_line.mid(m_at, 4).toUShort(&m_ok, 16));
                m_at += 4;
            } else if (isQuote(peek())) {
                sum.text += quoted();
            } else {
                m_ok = false;
            }
        }
        return sum;
    }
    ReadValue value()
    {
        ReadValue read;
        if (take(u"@("))
            return list(u')');
        if (take(u"@{"))
            return list(u'}');
        if (take(u"("))
            return sum();
        if (take(u"$null"))
            return read;
        if (take(u"$true") || take(u"$false")) {
            read.kind = ReadValue::Kind::Boolean;
            read.truth = m_line.at(m_at - 2) == u'u';
            return read;
        }
        if (isQuote(peek())) {
            read.kind = ReadValue::Kind::Text;
            read.text = quoted();
            return read;
        }
        read.kind = ReadValue::Kind::Number;
        while (peek() >= u'0' && peek() <= u'9')
            read.text += m_line.at(m_at++);
        m_ok = m_ok && !read.text.isEmpty();
        return read;
    }

    const QString m_line;
    qsizetype m_at = 0;
    bool m_ok = true;
};

} // namespace

std::optional<ReadLine> readLine(const QString& line)
{
    return Reader(line).read();
}

} // namespace postern::psrp::test
