// Matching over the whole site (SYN-01 step 8): the facts of every mailbox, partnership and managed device go
// from the store through matching::match() and back as differences. Runs after any sync that changed one of
// them. Service thread; the work itself is done on store threads.
#pragma once

#include <QCoroTask>
#include <stop_token>

#include "models/base/Error.h"

namespace postern::store {
class Store;
}

namespace postern::sync {

struct MatchCounts
{
    qint64 partnerships = 0;
    qint64 linked = 0;
    qint64 suggestions = 0;
    qint64 transferred = 0; // same EAS id, another person
    qint64 unknownPeople = 0; // mailboxes whose user is nobody in the directory, or more than one
    int changed = 0; // rows written
    bool operator==(const MatchCounts&) const = default;
};

// One tenant a site. StoreFailed after a few tries when rows go away while it works.
QCoro::Task<Expected<MatchCounts>> rematch(store::Store& store, std::stop_token token);

} // namespace postern::sync
