// Text of Exchange objects that lost its type on the way (SYN-30): dates as the server's culture prints them,
// version strings, distinguished names. Read invariantly or not at all; a date whose order cannot be proven
// is no date. Pure, any thread, no errors: nullopt is "cannot be known".
#pragma once

#include <QDateTime>
#include <QString>
#include <QStringView>
#include <optional>

namespace postern::exchange {

// UTC. Year first (ISO, Japanese), RFC 1123, or day and month in an order that only one reading allows
// ("14.03.2026"). "03/04/2026", two-digit years and years of other calendars are nullopt. A text without a
// zone counts as UTC, as a DateTime without a kind does.
[[nodiscard]] std::optional<QDateTime> dateFromText(QStringView text);

// .NET's "never": DateTime.MinValue and the FILETIME epoch.
[[nodiscard]] bool isNever(const QDateTime& time);

// "Version 15.2 (Build 1544.4)" -> "15.2.1544.4"; "15.2.1544.4" stays; anything else: empty.
[[nodiscard]] QString versionFromText(QStringView text);

// The canonical name of a distinguished name: "CN=Anna\, B.,OU=Staff,DC=contoso,DC=lab" ->
// "contoso.lab/Staff/Anna, B.". Slashes inside a name come out as "\/", as Active Directory writes them.
// Empty when it is no distinguished name.
[[nodiscard]] QString canonicalFromDistinguishedName(QStringView dn);

// One relative name after the other from the front: "CN=a\,b,DC=c" gives "CN=a\,b" and leaves "DC=c".
[[nodiscard]] QStringView takeRelativeName(QStringView& dn);

} // namespace postern::exchange
