// Mailbox identity -> row id, for joining a listing of partnerships to its mailboxes: 24 bytes an entry, no
// strings. Identities compare case-insensitively by a 128-bit hash. A value; movable; reading from any
// thread.
#pragma once

#include <QStringView>
#include <vector>

#include "models/base/Ids.h"

namespace postern::store {

class MailboxKeyMap
{
public:
    void reserve(std::size_t count) { m_entries.reserve(count); }
    void add(QStringView identity, MailboxId id);
    void sort(); // after the last add(), before the first find()
    // Adds what is not in it yet, or moves a renamed mailbox's new identity in; keeps the order.
    void insert(QStringView identity, MailboxId id);
    [[nodiscard]] MailboxId find(QStringView identity) const; // invalid: unknown
    [[nodiscard]] std::size_t size() const { return m_entries.size(); }

private:
    struct Key
    {
        quint64 high = 0, low = 0;
        friend auto operator<=>(const Key&, const Key&) = default;
    };
    struct Entry
    {
        Key key;
        MailboxId id;
    };
    [[nodiscard]] static Key keyOf(QStringView identity);

    std::vector<Entry> m_entries;
};

} // namespace postern::store
