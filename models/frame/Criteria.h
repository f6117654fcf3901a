// Search criteria (SHL-12): AND between clauses, OR between the alternatives of one field. A plain value with
// a text form, used by saved searches and by `devices --where`:
//   exchangeAccessState = Blocked or Quarantined and lastSuccessSyncTime before 2026-11-01
//   deviceOS starts with "iOS 17" and lastSuccessSyncTime is not empty and name does not contain test
// Fields are column keys (DeviceColumns.h). Dates and times are UTC; a date alone means the whole day. Any
// thread.
#pragma once

#include <QString>
#include <vector>

#include "models/base/Error.h"
#include "models/frame/DeviceColumns.h"

namespace postern::frame {

enum class Operator : std::uint8_t {
    Equal,
    NotEqual,
    Contains,
    NotContains,
    StartsWith,
    Empty,
    NotEmpty,
    Before, // times: before; numbers: less than
    After, // times: after; numbers: greater than
    InLastDays,
};

// One test of a cell. Text columns use `text`; all others [low, high): a date without time is a range of a
// day.
struct Test
{
    Operator op = Operator::Equal;
    QString text; // the value as written, for every kind
    qint64 low = noValue;
    qint64 high = noValue;
    bool operator==(const Test&) const = default;
};

struct Clause
{
    DeviceColumn field = DeviceColumn::Name;
    std::vector<Test> alternatives; // never empty
    bool operator==(const Clause&) const = default;
};

struct Criteria
{
    std::vector<Clause> clauses; // empty: everything matches
    bool operator==(const Criteria&) const = default;
    [[nodiscard]] bool isEmpty() const { return clauses.empty(); }

    // InvalidInput with the place: "position 12: there is no field 'foo'; …" (positions count characters from
    // 1).
    [[nodiscard]] static Expected<Criteria> parse(QStringView text);
    [[nodiscard]] QString toText() const; // parse(toText()) gives an equal value
};

// Whether an operator makes sense for a kind of column; an editor offers only these.
[[nodiscard]] bool isApplicable(Operator op, ColumnKind kind);

} // namespace postern::frame
