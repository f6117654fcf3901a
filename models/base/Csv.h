// CSV as RFC 4180 with CRLF, safe to open in a spreadsheet: a text cell that a spreadsheet would take for a
// formula
// (= + - @ TAB CR LF first, also their full-width forms) gets a leading apostrophe, which csvUnguard() takes
// off again. Pure, any thread.
#pragma once

#include <QString>
#include <QStringList>

namespace postern {

[[nodiscard]] QString csvGuard(const QString& text);
[[nodiscard]] QString csvUnguard(const QString& text);
// One record with its line end. Every field is guarded and quoted where needed.
[[nodiscard]] QString csvLine(const QStringList& fields);

} // namespace postern
