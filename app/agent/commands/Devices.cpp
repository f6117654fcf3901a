#include <QCoroFuture>
#include <QJsonArray>
#include <QJsonObject>

#include "app/agent/Command.h"
#include "models/base/Csv.h"
#include "models/frame/CellText.h"
#include "models/frame/Criteria.h"
#include "models/frame/DeviceFrameBuilder.h"
#include "models/frame/Filter.h"
#include "models/frame/Sort.h"
#include "services/store/cloud/SiteDeviceReader.h"

using namespace Qt::StringLiterals;

namespace postern::agent {

namespace {

using frame::DeviceColumn;

using FramePointer = std::shared_ptr<const frame::DeviceFrame>;

struct Query
{
    std::vector<DeviceColumn> columns;
    frame::Criteria where;
    std::vector<frame::SortKey> sort;
    QString format;
};

QString knownColumns()
{
    QStringList keys;
    for (const auto& info : frame::deviceColumns())
        keys.append(info.key.toString());
    return keys.join(u", "_s);
}

Expected<DeviceColumn> columnFrom(const QString& key)
{
    const auto column = frame::deviceColumnFromKey(key);
    if (!column)
        return fail(ErrorCode::InvalidInput, u"there is no such column; there are %1"_s.arg(knownColumns()),
            u"column \"%1\""_s.arg(key));
    return *column;
}

// Those of the grid, and the two that this program exists for.
std::vector<DeviceColumn> defaultColumns()
{
    std::vector<DeviceColumn> columns;
    for (const auto& info : frame::deviceColumns()) {
        if (info.visibleByDefault)
            columns.push_back(info.column);
    }
    columns.push_back(DeviceColumn::AccessState);
    columns.push_back(DeviceColumn::LastSuccessSync);
    return columns;
}

Expected<Query> queryFrom(const CommandLine& line)
{
    Query query;
    query.format = line.json ? u"json"_s : line.value(u"format"_s, u"table"_s);
    if (!QStringList{u"table"_s, u"csv"_s, u"json"_s}.contains(query.format))
        return fail(ErrorCode::InvalidInput, u"table, csv or json"_s, u"--format %1"_s.arg(query.format));
    const QStringList keys = line.value(u"columns"_s).split(u',', Qt::SkipEmptyParts);
    for (const QString& key : keys) {
        const auto column = columnFrom(key.trimmed());
        if (!column)
            return fail(column.error());
        query.columns.push_back(*column);
    }
    if (query.columns.empty())
        query.columns = defaultColumns();
    auto criteria = frame::Criteria::parse(line.value(u"where"_s));
    if (!criteria)
        return fail(criteria.error());
    query.where = *criteria;
    const QStringList sort = line.value(u"sort"_s).split(u',', Qt::SkipEmptyParts);
    for (const QString& part : sort) {
        const QStringList words = part.trimmed().split(u' ', Qt::SkipEmptyParts);
        const auto column = columnFrom(words.value(0));
        if (!column)
            return fail(column.error());
        query.sort.push_back(
            {*column, words.value(1) == "desc"_L1 ? Qt::DescendingOrder : Qt::AscendingOrder});
    }
    return query;
}

Expected<FramePointer> readFrame(store::Session& session)
{
    frame::DeviceFrameBuilder builder;
    const auto read
        = store::readSiteDevices(session, 0, [&builder](const frame::DeviceRow& row) { builder.apply(row); });
    if (!read)
        return fail(read.error());
    return builder.publish();
}

QStringList cells(const frame::DeviceFrame& frame, frame::RowIndex row, const Query& query)
{
    QStringList texts;
    for (const DeviceColumn column : query.columns)
        texts.append(frame::cellText(frame, row, column));
    return texts;
}

QStringList headerOf(const Query& query)
{
    QStringList keys;
    for (const DeviceColumn column : query.columns)
        keys.append(frame::deviceColumnInfo(column).key.toString());
    return keys;
}

void printCsv(
    const frame::DeviceFrame& frame, const frame::RowVector& rows, const Query& query, Terminal& terminal)
{
    terminal.printRaw(csvLine(headerOf(query)).toUtf8());
    for (const frame::RowIndex row : rows)
        terminal.printRaw(csvLine(cells(frame, row, query)).toUtf8());
}

void printJson(
    const frame::DeviceFrame& frame, const frame::RowVector& rows, const Query& query, Terminal& terminal)
{
    const QStringList keys = headerOf(query);
    terminal.printRaw("[");
    bool first = true;
    for (const frame::RowIndex row : rows) {
        const QStringList texts = cells(frame, row, query);
        QJsonObject object;
        for (qsizetype i = 0; i < keys.size(); ++i)
            object.insert(keys.at(i), texts.at(i).isEmpty() ? QJsonValue() : QJsonValue(texts.at(i)));
        terminal.printRaw((first ? "\n" : ",\n") + QJsonDocument(object).toJson(QJsonDocument::Compact));
        first = false;
    }
    terminal.printRaw("\n]\n");
}

void printTable(
    const frame::DeviceFrame& frame, const frame::RowVector& rows, const Query& query, Terminal& terminal)
{
    std::vector<QStringList> table;
    table.reserve(rows.size());
    for (const frame::RowIndex row : rows)
        table.push_back(cells(frame, row, query));
    terminal.printTable(headerOf(query), table);
    terminal.note(u"%1 of %2 devices"_s.arg(rows.size()).arg(frame.rowCount()));
}

} // namespace

QCoro::Task<Expected<void>> devices(CommandLine line, Terminal* terminal, std::stop_token)
{
    const Expected<Query> query = queryFrom(line);
    if (!query)
        co_return fail(query.error());
    const Expected<std::unique_ptr<site::SiteSession>> session = co_await openSite(line, Serve::No);
    if (!session)
        co_return fail(session.error());
    auto work = (*session)->store().read([](store::Session& s) { return readFrame(s); });
    const Expected<FramePointer> frame = co_await work;
    co_await (*session)->close();
    if (!frame)
        co_return fail(frame.error());
    const qint64 now = QDateTime::currentMSecsSinceEpoch();
    const frame::RowVector rows
        = frame::sortRows(**frame, frame::filterRows(**frame, query->where, now), query->sort);
    if (query->format == "csv"_L1)
        printCsv(**frame, rows, *query, *terminal);
    else if (query->format == "json"_L1)
        printJson(**frame, rows, *query, *terminal);
    else
        printTable(**frame, rows, *query, *terminal);
    co_return Expected<void>{};
}

} // namespace postern::agent
