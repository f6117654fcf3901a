// Get-CASMailbox objects to Mailbox, and what another listing (Get-User, Get-Recipient) adds: user principal
// name, department, container. Pure but for its cache of repeated texts; one mapper a listing, one thread at
// a time. nullopt: the row cannot be keyed; why is in `problems`.
#pragma once

#include <optional>

#include "models/domain/ExchangeWrite.h"
#include "services/exchange/RowMapping.h"

namespace postern::exchange {

class MailboxMapper
{
public:
    [[nodiscard]] std::optional<Mailbox> map(
        const clixml::PropertyBag& bag, std::vector<ObjectProblem>& problems);

private:
    RowMapping m_row;
};

// The lists of one Get-CASMailbox object (SYN-23). Malformed when it does not carry both: an account that may
// not see them must not read them as empty.
[[nodiscard]] Expected<MailboxLists> mapLists(const clixml::PropertyBag& bag);

} // namespace postern::exchange
