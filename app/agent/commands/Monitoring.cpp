#include <QCoroFuture>
#include <QJsonArray>
#include <QJsonObject>
#include <QRegularExpression>

#include "app/agent/Command.h"
#include "models/base/EnumText.h"

using namespace Qt::StringLiterals;

namespace postern::agent {

namespace {

// "30m", "24h", "7d": that long ago; or an ISO time.
Expected<QDateTime> sinceFrom(const QString& text)
{
    static const QRegularExpression span(u"^([1-9][0-9]{0,4})([mhd])\\z"_s);
    if (const auto match = span.match(text); match.hasMatch()) {
        const QString unit = match.captured(2);
        const qint64 seconds = unit == "m"_L1 ? 60 : unit == "h"_L1 ? 3600 : 86'400;
        return QDateTime::currentDateTimeUtc().addSecs(-match.captured(1).toLongLong() * seconds);
    }
    const QDateTime time = QDateTime::fromString(text, Qt::ISODateWithMs);
    if (!time.isValid())
        return fail(ErrorCode::InvalidInput, u"such as 30m, 24h, 7d or 2026-03-01T08:00:00Z"_s,
            u"--since %1"_s.arg(text));
    return time.toUTC();
}

Expected<int> limitFrom(const CommandLine& line, int otherwise)
{
    if (!line.has(u"limit"_s))
        return otherwise;
    bool ok = false;
    const int limit = line.value(u"limit"_s).toInt(&ok);
    if (!ok || limit < 1 || limit > 1'000'000)
        return fail(ErrorCode::InvalidInput, u"1 to 1000000"_s, u"--limit %1"_s.arg(line.value(u"limit"_s)));
    return limit;
}

Expected<site::StatusMessageQuery> queryFrom(const CommandLine& line)
{
    site::StatusMessageQuery query;
    if (line.has(u"since"_s)) {
        const auto since = sinceFrom(line.value(u"since"_s));
        if (!since)
            return fail(since.error());
        query.since = *since;
    }
    if (line.has(u"severity"_s)) {
        query.severity = enumFromText<Severity>(line.value(u"severity"_s));
        if (!query.severity)
            return fail(ErrorCode::InvalidInput, u"information, warning or error"_s,
                u"--severity %1"_s.arg(line.value(u"severity"_s)));
    }
    const auto limit = limitFrom(line, 1'000);
    if (!limit)
        return fail(limit.error());
    query.limit = *limit;
    return query;
}

QJsonValue timeJson(const std::optional<QDateTime>& time)
{
    return time ? QJsonValue(time->toString(Qt::ISODateWithMs)) : QJsonValue();
}

QJsonObject toJson(const StatusMessage& message)
{
    return {{u"time"_s, message.time.toString(Qt::ISODateWithMs)},
        {u"severity"_s, enumText(message.severity).toString()}, {u"component"_s, message.component},
        {u"messageId"_s, message.messageId}, {u"siteCode"_s, message.siteCode},
        {u"machine"_s, message.machine}, {u"text"_s, message.text},
        {u"arguments"_s, QJsonArray::fromStringList(message.arguments)}};
}

QJsonObject toJson(const WriteRecord& record)
{
    return {{u"id"_s, record.id.value}, {u"state"_s, enumText(record.state).toString()},
        {u"kind"_s, kindOf(record.write)}, {u"target"_s, targetOf(record.write)},
        {u"origin"_s, enumText(record.origin).toString()}, {u"cause"_s, record.cause},
        {u"command"_s, record.commandText}, {u"attempts"_s, record.attempts},
        {u"plannedAt"_s, timeJson(record.plannedAt)}, {u"sentAt"_s, timeJson(record.sentAt)},
        {u"appliedAt"_s, timeJson(record.appliedAt)}, {u"confirmedAt"_s, timeJson(record.confirmedAt)},
        {u"problem"_s, record.problem}};
}

void show(const std::vector<StatusMessage>& messages, Terminal* terminal)
{
    QJsonArray json;
    std::vector<QStringList> rows;
    for (const StatusMessage& message : messages) {
        json.append(toJson(message));
        rows.push_back({message.time.toString(Qt::ISODate), enumText(message.severity).toString(),
            QString::number(message.messageId), message.text});
    }
    terminal->printJson(QJsonDocument(json));
    for (const QStringList& row : rows)
        terminal->print(visibleText(row.join(u"  ")));
}

void show(const std::vector<WriteRecord>& records, Terminal* terminal)
{
    QJsonArray json;
    for (const WriteRecord& record : records) {
        json.append(toJson(record));
        const QString command = record.commandText.isEmpty() ? targetOf(record.write) : record.commandText;
        terminal->print(visibleText(u"%1  %2  %3  %4"_s.arg(record.plannedAt.toString(Qt::ISODate),
            enumText(record.state).toString(), command, record.cause)));
        if (!record.problem.isEmpty())
            terminal->print(visibleText(u"    %1"_s.arg(record.problem)));
    }
    terminal->printJson(QJsonDocument(json));
}

QCoro::Task<Expected<void>> statusOn(site::SiteSession* session, CommandLine line, Terminal* terminal)
{
    Expected<site::StatusMessageQuery> query = queryFrom(line);
    if (!query)
        co_return fail(query.error());
    if (line.has(u"connector"_s)) {
        const Expected<std::vector<Connector>> connectors
            = co_await connectorsOf(session, line.value(u"connector"_s));
        if (!connectors)
            co_return fail(connectors.error());
        query->connectorId = connectors->front().id;
    }
    const Expected<std::vector<StatusMessage>> messages = co_await session->statusMessages(*query);
    if (!messages)
        co_return fail(messages.error());
    show(*messages, terminal);
    co_return Expected<void>{};
}

QCoro::Task<Expected<void>> writesOn(site::SiteSession* session, CommandLine line, Terminal* terminal)
{
    const Expected<int> limit = limitFrom(line, 1'000);
    if (!limit)
        co_return fail(limit.error());
    const Expected<std::vector<Connector>> connectors = co_await connectorsOf(session, line.words.last());
    if (!connectors)
        co_return fail(connectors.error());
    const Expected<std::vector<WriteRecord>> records
        = co_await session->writes(connectors->front().id, *limit);
    if (!records)
        co_return fail(records.error());
    show(*records, terminal);
    co_return Expected<void>{};
}

} // namespace

QCoro::Task<Expected<void>> status(CommandLine line, Terminal* terminal, std::stop_token)
{
    const Expected<std::unique_ptr<site::SiteSession>> session = co_await openSite(line, Serve::No);
    if (!session)
        co_return fail(session.error());
    Expected<void> done = co_await statusOn(session->get(), line, terminal);
    co_await (*session)->close();
    co_return done;
}

QCoro::Task<Expected<void>> writes(CommandLine line, Terminal* terminal, std::stop_token)
{
    const Expected<std::unique_ptr<site::SiteSession>> session = co_await openSite(line, Serve::No);
    if (!session)
        co_return fail(session.error());
    Expected<void> done = co_await writesOn(session->get(), line, terminal);
    co_await (*session)->close();
    co_return done;
}

} // namespace postern::agent
