// SYN-23: whether Exchange shows what a write meant. The comparisons are pure; observe() asks Exchange.
// Service thread.
#pragma once

#include <QCoroTask>
#include <optional>
#include <stop_token>

#include "models/domain/ExchangeWrite.h"
#include "services/exchange/ExchangeOrganization.h"

namespace postern::enforce {

struct Observation
{
    bool done = false;
    QString observed; // when it is not: what Exchange has instead, a sentence
    std::optional<MailboxLists> lists; // of a list write
    QString ruleIdentity; // of a rule that was created
    std::vector<PartnershipStatistics> phones; // of the mailbox whose phone is wiped or removed
};

// Errors are those of the read; an object that is not there is an observation, not an error.
QCoro::Task<Expected<Observation>> observe(
    exchange::ExchangeOrganization* organization, ExchangeWrite write, std::stop_token token);

// What of it is not so yet, in the spelling that the lists have. Ids compare without regard to case.
[[nodiscard]] ListWrite missingOf(const ListWrite& write, const MailboxLists& lists);

} // namespace postern::enforce
