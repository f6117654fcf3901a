// Times and sizes of Exchange objects that have become text on the way (SYN-30), whatever the server's
// culture: TimeSpan's invariant form and xs:duration; ByteQuantifiedSize as it prints itself and as a person
// types it. Pure, any thread, no errors: nullopt is "cannot be known".
#pragma once

#include <QString>
#include <QStringView>
#include <optional>

namespace postern::exchange {

[[nodiscard]] bool isUnlimited(QStringView text);

// "1.00:00:00", "00:15:00", "P1D", "PT15M" in seconds; parts of a second are dropped.
[[nodiscard]] std::optional<qint64> secondsFromText(QStringView text);
// 86400 -> "1.00:00:00", as Exchange reads it in every culture.
[[nodiscard]] QString textOfSeconds(qint64 seconds);

// "500 KB (512,000 bytes)" in any culture's separators, "512000", "500KB", "500 KB". "1.5 MB" alone is
// nullopt: whether it is one and a half or fifteen hundred depends on the culture.
[[nodiscard]] std::optional<qint64> bytesFromText(QStringView text);

} // namespace postern::exchange
