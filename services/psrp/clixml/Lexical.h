// The text forms of CLIXML primitives, strictly: what .NET's XmlConvert would refuse gives nullopt.
// Surrounding XML whitespace is allowed, as there. Pure, any thread. [MS-PSRP] 2.2.5.1.
#pragma once

#include <QByteArray>
#include <QByteArrayView>
#include <QUuid>
#include <optional>

#include "services/psrp/clixml/Tag.h"

namespace postern::clixml::Lexical {

[[nodiscard]] QByteArrayView trimmed(QByteArrayView text); // space, tab, CR, LF
[[nodiscard]] std::optional<bool> boolean(QByteArrayView text); // true false 1 0
[[nodiscard]] std::optional<qint64> integer(QByteArrayView text);
// Within the range of C, By, SB, U16, I16, U32, I32 or I64; U64 as far as it fits.
[[nodiscard]] std::optional<qint64> integer(Tag tag, QByteArrayView text);
[[nodiscard]] std::optional<quint64> unsignedInteger(QByteArrayView text);
[[nodiscard]] std::optional<double> real(QByteArrayView text); // INF, -INF, NaN; out of range is refused
[[nodiscard]] std::optional<float> single(QByteArrayView text);
[[nodiscard]] bool isDecimal(QByteArrayView text); // digits, point, sign, exponent
[[nodiscard]] bool isVersion(QByteArrayView text); // two to four numbers with dots
[[nodiscard]] std::optional<QUuid> guid(QByteArrayView text); // with or without dashes and braces
[[nodiscard]] QByteArray fromReal(double value); // the shortest text that reads back to the same number
[[nodiscard]] QByteArray fromSingle(float value);

} // namespace postern::clixml::Lexical
