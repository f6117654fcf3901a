// CAP-33: a run that would newly block more partnerships than max(50, 2 %) stops and asks. Giving access is
// never guarded. Pure, any thread.
#pragma once

#include <optional>
#include <span>

#include "models/domain/ExchangeWrite.h"

namespace postern::enforce {

struct MassChange
{
    qint64 newlyBlocked = 0;
    qint64 allowedAtOnce = 0; // what would have passed
    bool operator==(const MassChange&) const = default;
};

// How many partnerships lose access by it. Blocking an id and taking it off the allow list is one.
[[nodiscard]] qint64 newlyBlocked(const ExchangeWrite& write);

// A value: it must not be sent before a person confirms.
[[nodiscard]] std::optional<MassChange> massChange(
    std::span<const ExchangeWrite> writes, qint64 partnerships);

} // namespace postern::enforce
