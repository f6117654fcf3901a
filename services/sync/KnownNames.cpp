#include "services/sync/KnownNames.h"

namespace postern::sync {

Expected<void> keepKnownNames(
    store::Session& session, const std::vector<MailboxId>& known, std::vector<Mailbox>& rows)
{
    store::MailboxRepository mailboxes(session);
    for (size_t i = 0; i < rows.size(); ++i) {
        Mailbox& row = rows[i];
        if (!row.upn.isEmpty() || !known[i].isValid())
            continue;
        const auto stored = mailboxes.find(known[i]);
        if (!stored)
            return fail(stored.error());
        if (!*stored)
            continue;
        row.upn = (*stored)->upn;
        for (const auto field :
            {&Mailbox::samAccountName, &Mailbox::organizationalUnit, &Mailbox::department}) {
            if ((row.*field).isEmpty())
                row.*field = (**stored).*field;
        }
    }
    return {};
}

} // namespace postern::sync
