#include "models/frame/Filter.h"

#include <algorithm>

#include "models/frame/CellText.h"
#include "models/frame/Chunk.h"
#include "models/frame/ChunkSearch.h"
#include "models/frame/Sort.h"

namespace postern::frame {

namespace {

using C = DeviceColumn;

constexpr C quickColumns[]
    = {C::Name, C::UserName, C::UserPrincipalName, C::EmailAddress, C::EasDeviceId, C::Imei, C::SerialNumber};

constexpr auto allTextColumns = [] {
    std::array<C, textColumnCount> columns{};
    for (std::size_t i = 0; i < columns.size(); ++i)
        columns[i] = C(int(i));
    return columns;
}();

// Text of a cell against an operator that looks at the cell as a whole.
RowBits wholeText(const Chunk& chunk, DeviceColumn column, const Test& test)
{
    const Needle needle(test.text);
    const TextColumn& cells = chunk.textColumn(column);
    const auto matches = [&](std::string_view cell) {
        if (test.op == Operator::Empty || test.op == Operator::NotEmpty)
            return cell.empty();
        return test.op == Operator::StartsWith ? needle.begins(cell) : needle.equals(cell);
    };
    RowBits hits(chunk.rows());
    std::string scratch;
    if (cells.form() != TextColumn::Form::Dictionary) {
        for (std::size_t row = 0; row < chunk.rows(); ++row) {
            if (matches(chunk.text(row, column, scratch)))
                hits.set(row);
        }
        return hits;
    }
    RowBits entries(cells.entries().size());
    for (std::size_t i = 0; i < entries.rows(); ++i) {
        if (matches(cells.entries().at(i)))
            entries.set(i);
    }
    for (std::size_t row = 0; row < chunk.rows(); ++row) {
        if (entries.test(cells.entryOf(row)))
            hits.set(row);
    }
    return hits;
}

RowBits containing(const Chunk& chunk, DeviceColumn column, const Test& test)
{
    const Needle needle(test.text);
    RowBits hits(chunk.rows());
    if (needle.isEmpty())
        hits.invert(); // every text contains the empty one
    else
        hits |= ChunkSearch(chunk, needle).search(std::span(&column, 1));
    return hits;
}

bool isEmptyValue(DeviceColumn column, qint64 value)
{
    return value == noValue
        || (deviceColumnInfo(column).kind == ColumnKind::Code && codeText(column, value).isEmpty());
}

bool meets(DeviceColumn column, const Test& test, qint64 value, qint64 nowMs)
{
    constexpr qint64 day = 24 * 60 * 60 * 1000;
    const bool empty = value == noValue;
    switch (test.op) {
    case Operator::Equal:
    case Operator::NotEqual: // inverted by the caller
        return !empty && value >= test.low && value < test.high;
    case Operator::Empty:
    case Operator::NotEmpty:
        return isEmptyValue(column, value);
    case Operator::Before:
        return !empty && value < test.low;
    case Operator::After:
        return !empty && value >= test.high;
    case Operator::InLastDays:
        return !empty && value >= nowMs - test.low * day;
    case Operator::Contains:
    case Operator::NotContains:
    case Operator::StartsWith:
        break;
    }
    return false;
}

RowBits numbers(const Chunk& chunk, DeviceColumn column, const Test& test, qint64 nowMs)
{
    RowBits hits(chunk.rows());
    std::vector<qint64> values(chunk.rows());
    chunk.numbers(column).decode(values.data());
    for (std::size_t row = 0; row < values.size(); ++row) {
        if (meets(column, test, values[row], nowMs))
            hits.set(row);
    }
    return hits;
}

bool isNegative(Operator op)
{
    return op == Operator::NotEqual || op == Operator::NotContains || op == Operator::NotEmpty;
}

RowBits evaluate(const Chunk& chunk, DeviceColumn column, const Test& test, qint64 nowMs)
{
    const auto positive = [&] {
        if (!isText(column))
            return numbers(chunk, column, test, nowMs);
        if (test.op == Operator::Contains || test.op == Operator::NotContains)
            return containing(chunk, column, test);
        return wholeText(chunk, column, test);
    };
    RowBits hits = positive();
    if (isNegative(test.op))
        hits.invert();
    return hits;
}

void appendRows(RowVector& rows, const RowBits& hits, RowIndex start)
{
    hits.each([&rows, start](std::size_t row) { rows.push_back(start + RowIndex(row)); });
}

} // namespace

std::span<const DeviceColumn> quickSearchColumns()
{
    return quickColumns;
}

std::span<const DeviceColumn> textColumns()
{
    return allTextColumns;
}

RowVector filterRows(
    const DeviceFrame& frame, QStringView text, std::span<const DeviceColumn> columns, std::stop_token stop)
{
    const Needle needle(text);
    if (needle.isEmpty())
        return allRows(frame);
    RowVector rows;
    for (std::size_t i = 0; i < frame.chunks().size(); ++i) {
        if (stop.stop_requested())
            return {};
        appendRows(rows, ChunkSearch(*frame.chunks()[i], needle).search(columns), frame.chunkStart(i));
    }
    return rows;
}

RowVector filterRows(const DeviceFrame& frame, const Criteria& criteria, qint64 nowMs, std::stop_token stop)
{
    if (criteria.isEmpty())
        return allRows(frame);
    RowVector rows;
    for (std::size_t i = 0; i < frame.chunks().size(); ++i) {
        if (stop.stop_requested())
            return {};
        const Chunk& chunk = *frame.chunks()[i];
        RowBits all(chunk.rows());
        all.invert();
        for (const Clause& clause : criteria.clauses) {
            RowBits any(chunk.rows());
            for (const Test& test : clause.alternatives)
                any |= evaluate(chunk, clause.field, test, nowMs);
            all &= any;
        }
        appendRows(rows, all, frame.chunkStart(i));
    }
    return rows;
}

RowVector intersectRows(const RowVector& a, const RowVector& b)
{
    RowVector rows;
    std::ranges::set_intersection(a, b, std::back_inserter(rows));
    return rows;
}

} // namespace postern::frame
