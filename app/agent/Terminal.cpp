#include "app/agent/Terminal.h"

#include <cstdio>

#include "models/base/ErrorText.h"

using namespace Qt::StringLiterals;

namespace postern::agent {

namespace {

constexpr qsizetype widest = 40;

void writeLine(FILE* to, const QString& text)
{
    const QByteArray bytes = text.toUtf8() + '\n';
    std::fwrite(bytes.constData(), 1, size_t(bytes.size()), to);
    std::fflush(to);
}

bool isDangerous(QChar c)
{
    const ushort u = c.unicode();
    const bool bidi
        = (u >= 0x202A && u <= 0x202E) || (u >= 0x2066 && u <= 0x2069) || u == 0x200E || u == 0x200F;
    return bidi || c.category() == QChar::Other_Control;
}

} // namespace

QString visibleText(const QString& text)
{
    QString result;
    result.reserve(text.size());
    for (const QChar c : text) {
        if (isDangerous(c))
            result += u"<U+%1>"_s.arg(c.unicode(), 4, 16, QLatin1Char('0'));
        else
            result += c;
    }
    return result;
}

void Terminal::print(const QString& text)
{
    if (!m_json)
        writeLine(stdout, visibleText(text));
}

void Terminal::printRaw(const QByteArray& bytes)
{
    std::fwrite(bytes.constData(), 1, size_t(bytes.size()), stdout);
    std::fflush(stdout);
}

void Terminal::printJson(const QJsonDocument& document)
{
    if (m_json)
        printRaw(document.toJson(QJsonDocument::Compact) + '\n');
}

void Terminal::printTable(const QStringList& header, const std::vector<QStringList>& rows)
{
    std::vector<qsizetype> widths;
    for (const QString& title : header)
        widths.push_back(title.size());
    std::vector<QStringList> shown;
    shown.reserve(rows.size());
    for (const QStringList& row : rows) {
        QStringList cells;
        for (qsizetype i = 0; i < row.size(); ++i) {
            QString cell = visibleText(row.at(i));
            if (cell.size() > widest)
                cell = cell.left(widest - 1) + u'…';
            widths[size_t(i)] = std::max(widths[size_t(i)], cell.size());
            cells.append(cell);
        }
        shown.push_back(cells);
    }
    const auto line = [&widths](const QStringList& cells) {
        QString text;
        for (qsizetype i = 0; i < cells.size(); ++i)
            text += cells.at(i).leftJustified(widths[size_t(i)] + 2);
        return text.trimmed();
    };
    writeLine(stdout, line(header));
    for (const QStringList& cells : shown)
        writeLine(stdout, line(cells));
}

void Terminal::note(const QString& text)
{
    writeLine(stderr, visibleText(text));
}

void Terminal::fail(const Error& error)
{
    writeLine(stderr, visibleText(ErrorText::sentence(error)));
}

} // namespace postern::agent
