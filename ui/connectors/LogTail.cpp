#include "ui/connectors/LogTail.h"

#include <QFile>
#include <QRegularExpression>
#include <algorithm>

namespace postern::connectors {

using namespace Qt::StringLiterals;

namespace {

constexpr qint64 tailBytes = 512 * 1024;
constexpr auto entryStart = "<![LOG["_L1;
constexpr auto entryMiddle = "]LOG]!><"_L1;

QString attribute(const QString& attributes, const QString& name)
{
    const QString start = name + u"=\""_s;
    const auto from = attributes.indexOf(start);
    if (from < 0)
        return {};
    const auto to = attributes.indexOf(u'"', from + start.size());
    return to < 0 ? QString() : attributes.mid(from + start.size(), to - from - start.size());
}

// time="14:05:09.123-60": CCM's bias is in minutes, to be added to local time for UTC.
QDateTime timeOf(const QString& attributes)
{
    static const QRegularExpression form(u"^([0-9:.]{12})([+-][0-9]{1,4})$"_s);
    const auto match = form.match(attribute(attributes, u"time"_s));
    const QDate date = QDate::fromString(attribute(attributes, u"date"_s), u"MM-dd-yyyy"_s);
    const QTime time = QTime::fromString(match.captured(1), u"HH:mm:ss.zzz"_s);
    if (!match.hasMatch() || !date.isValid() || !time.isValid())
        return {};
    return QDateTime(date, time, Qt::UTC).addSecs(qint64(match.captured(2).toInt()) * 60);
}

Severity severityOf(const QString& attributes)
{
    const QString type = attribute(attributes, u"type"_s);
    return type == "3"_L1 ? Severity::Error : type == "2"_L1 ? Severity::Warning : Severity::Information;
}

} // namespace

std::vector<LogEntry> parseLog(const QByteArray& bytes)
{
    const QString text = QString::fromUtf8(bytes);
    std::vector<LogEntry> entries;
    qsizetype at = text.indexOf(entryStart);
    while (at >= 0) {
        const auto begin = at + entryStart.size();
        const auto next = text.indexOf(entryStart, begin);
        const auto middle = text.indexOf(entryMiddle, begin);
        const bool whole = middle >= 0 && (next < 0 || middle < next);
        const auto end = whole ? text.indexOf("\">"_L1, middle + entryMiddle.size()) : -1;
        if (end >= 0 && (next < 0 || end < next)) {
            const auto from = middle + entryMiddle.size();
            const QString attributes = text.mid(from, end + 1 - from); // with the last quote
            entries.push_back({timeOf(attributes), severityOf(attributes),
                attribute(attributes, u"context"_s), text.mid(begin, middle - begin)});
        }
        at = next;
    }
    return entries;
}

Expected<std::vector<LogEntry>> logTail(const QString& path, const QString& context, int count)
{
    QFile file(path);
    if (!file.exists())
        return fail(ErrorCode::NotFound, {}, path);
    if (!file.open(QIODevice::ReadOnly))
        return fail(ErrorCode::InvalidInput, file.errorString(), path);
    if (file.size() > tailBytes)
        file.seek(file.size() - tailBytes);
    std::vector<LogEntry> entries = parseLog(file.read(tailBytes));
    const QString written = QString(context).replace(u'"', u'\''); // as the writer does
    std::erase_if(entries, [&written](const LogEntry& entry) { return entry.context != written; });
    std::ranges::reverse(entries);
    if (entries.size() > std::size_t(count))
        entries.resize(std::size_t(count));
    return entries;
}

} // namespace postern::connectors
