// What a connector's fields may hold (CON-01 to 26), as pure functions: value -> complaint, ""
// when it can be used. Sentences are translated, so a QCoreApplication must exist. Any thread.
#pragma once

#include <QString>

#include "models/domain/Connector.h"
#include "models/domain/ScheduleText.h"

namespace postern::connectors {

// "Every day at 00:00", "every 12 hours".
[[nodiscard]] QString scheduleSentence(const ScheduleText& schedule);
// The same of a text that is stored; one that is not understood as it is.
[[nodiscard]] QString scheduleSentence(const QString& stored);
// The locale's time format without seconds.
[[nodiscard]] QString clockFormat();

[[nodiscard]] QString nameComplaint(const QString& name);
// A URL http(s)://host/PowerShell, or a host name.
[[nodiscard]] QString addressComplaint(const QString& typed, Authentication authentication);
[[nodiscard]] QString addressAdvice(const QString& typed, Authentication authentication);
// A host name becomes http://host/PowerShell/ (https with Basic, which must not send a password in the
// clear); an address without a path gets /PowerShell/. Of an address that cannot be used: as typed.
[[nodiscard]] QString expandedAddress(const QString& typed, Authentication authentication);

[[nodiscard]] QString fileComplaint(
    const QString& path); // a PEM file with at least one certificate; "" is fine
[[nodiscard]] QString serverComplaint(const QString& typed); // CON-03: a host name or an address
[[nodiscard]] QString mailComplaint(const QString& address); // an SMTP address; "" is fine
[[nodiscard]] QString ewsComplaint(const QString& address); // CON-11; "" is fine
// CON-16: an LDAP distinguished name (RFC 4514) with the domain at its end. Names the part that is wrong.
[[nodiscard]] QString containerComplaint(const QString& name);
// `low` to `high`; 0 passes when `zeroIs` says what it means ("no limit").
[[nodiscard]] QString rangeComplaint(int value, int low, int high, const QString& zeroIs = {});

[[nodiscard]] QString scheduleComplaint(const QString& typed);
[[nodiscard]] QString deltaComplaint(int minutes, const ScheduleText& full);
[[nodiscard]] QString deltaAdvice(int minutes);
[[nodiscard]] QString scheduleAdvice(const ScheduleText& full);

} // namespace postern::connectors
