// The commands that a listing may be, best first (Alternative): the MobileDevice family before the ActiveSync
// one (CON-35), with the filter before without, with -OrganizationalUnit before the whole organisation of
// which the caller keeps what is in the container (CON-16). Pure, any thread.
#pragma once

#include <QDateTime>
#include <vector>

#include "services/exchange/Listing.h"

namespace postern::exchange {

[[nodiscard]] psrp::PsCommand unlimitedCommand(QStringView cmdlet);
[[nodiscard]] Alternative plainAlternative(QStringView cmdlet);
// `tail`: whose parameters both get.
[[nodiscard]] std::vector<Alternative> bothFamilies(
    const CommandSet& commands, QStringView modern, QStringView legacy, const psrp::PsCommand& tail);
// Each with its filter first, and whole when that is refused.
[[nodiscard]] std::vector<Alternative> withFilter(
    std::vector<Alternative> alternatives, const QString& filter);
// Each cmdlet in the container first, and for all when it has no such parameter. Empty container: as they
// are.
[[nodiscard]] std::vector<Alternative> inContainer(
    std::vector<Alternative> alternatives, const QString& container, const CommandSet& commands);

[[nodiscard]] QString changedSince(const QDateTime& since);
// Get-CASMailbox of mailboxes with phones, those changed since then if it is valid; Get-Recipient instead.
[[nodiscard]] std::vector<Alternative> mailboxCommands(const CommandSet& commands, const QDateTime& since);
// Get-User and Get-MobileDevice and their elders.
[[nodiscard]] std::vector<Alternative> recipientCommands(const CommandSet& commands, const QDateTime& since);
[[nodiscard]] std::vector<Alternative> partnershipCommands(
    const CommandSet& commands, const QDateTime& since);

} // namespace postern::exchange
