#include "models/base/Csv.h"

namespace postern {

namespace {

bool startsFormula(QChar c)
{
    static const QString starts = QStringLiteral("=+-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20");
    return starts.contains(c);
}

} // namespace

QString csvGuard(const QString& text)
{
    return !text.isEmpty() && startsFormula(text.front()) ? QStringLiteral("'") + text : text;
}

QString csvUnguard(const QString& text)
{
    return text.size() > 1 && text.front() == u'\'' && startsFormula(text.at(1)) ? text.mid(1) : text;
}

QString csvLine(const QStringList& fields)
{
    QString line;
    for (qsizetype i = 0; i < fields.size(); ++i) {
        if (i > 0)
            line += u',';
        QString field = csvGuard(fields.at(i));
        if (field.contains(u',') || field.contains(u'"') || field.contains(u'\n') || field.contains(u'\r')) {
            field.replace(QStringLiteral("\""), QStringLiteral("\"\""));
            field = u'"' + field + u'"';
        }
        line += field;
    }
    return line + QStringLiteral("\r\n");
}

} // namespace postern
