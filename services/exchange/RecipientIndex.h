// What a listing of users or recipients knows about each mailbox beyond its client-access settings: user
// principal name, department, container. Kept as UTF-8 in one arena, by GUID, so that 100,000 users cost
// about 10 MB while the mailboxes are read. Filled on one thread, then read on one thread.
#pragma once

#include <QByteArray>
#include <vector>

#include "models/domain/Exchange.h"

namespace postern::exchange {

class RecipientIndex
{
public:
    // Uses guid, upn, samAccountName, organizationalUnit and department of `recipient`.
    void add(const Mailbox& recipient);
    void sort(); // after the last add(), before the first complete()
    // Fills what is empty in `mailbox`. False: there is nothing about it.
    bool complete(Mailbox& mailbox) const;
    [[nodiscard]] size_t size() const { return m_entries.size(); }

private:
    struct Entry
    {
        QUuid guid;
        quint32 offset = 0;
    };
    void append(const QString& text);

    QByteArray m_arena; // each text with its length in front, two bytes
    std::vector<Entry> m_entries;
};

} // namespace postern::exchange
