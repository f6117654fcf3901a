#include "services/site/Housekeeping.h"

#include "services/store/ConnectorRepository.h"
#include "services/store/MailboxRepository.h"
#include "services/store/PartnershipRepository.h"
#include "services/store/Query.h"
#include "services/store/WriteRepository.h"

namespace postern::site {

Expected<bool> houseworkDue(store::Session& session, const QDateTime& now)
{
    store::Query query(session,
        "SELECT (SELECT count(*) FROM connector WHERE removed_at < :history)"
        " + (SELECT count(*) FROM partnership WHERE gone_since < :history)"
        " + (SELECT count(*) FROM exchange_write WHERE ended_at < :journal)");
    query.bind(":history", now.addDays(-historyDays)).bind(":journal", now.addDays(-journalDays));
    const bool due = query.next() && query.integer(0) > 0;
    if (auto result = query.result(); !result)
        return fail(result.error());
    return due;
}

Expected<void> doHousework(store::Session& session, const QDateTime& now)
{
    const QDateTime history = now.addDays(-historyDays);
    if (auto done = store::ConnectorRepository(session).purgeRemoved(history); !done)
        return fail(done.error());
    if (auto done = store::PartnershipRepository(session).purgeGone(history); !done)
        return fail(done.error());
    if (auto done = store::MailboxRepository(session).purgeGone(history); !done)
        return fail(done.error());
    if (auto done = store::WriteRepository(session).prune(now.addDays(-journalDays)); !done)
        return fail(done.error());
    return {};
}

} // namespace postern::site
