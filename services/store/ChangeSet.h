// What a committed transaction changed: which tables, up to which revision. The revision is one number for
// the whole site that only grows, in commit order, so that another process can ask "what changed since".
// Plain value, any thread.
#pragma once

#include <QMetaType>
#include <QtGlobal>
#include <algorithm>
#include <cstdint>

namespace postern::store {

enum class Table : std::uint8_t {
    Site,
    Connector,
    Organization, // settings, access rules, mailbox policies
    Mailbox,
    Partnership, // devices: read them with readDevices()
    Request,
    Job,
    Lease, // only when the owner changes, not at each renewal
    SyncRun,
    StatusMessage,
    Setting,
    Write, // the journal and what it says about whose entries are whose
    Check, // stored prerequisite checks
    Tenant, // and its subscriptions
    ManagedDevice,
    DirectoryUser,
    DirectoryGroup, // and its members
    Match, // whose mailbox, which device, candidates and answers
    DeviceAction,
};
inline constexpr int tableCount = int(Table::DeviceAction) + 1;

class ChangeSet
{
public:
    void add(Table table) { m_tables |= bit(table); }
    void merge(const ChangeSet& other)
    {
        m_tables |= other.m_tables;
        m_revision = std::max(m_revision, other.m_revision);
    }
    void setRevision(qint64 revision) { m_revision = revision; }

    [[nodiscard]] bool contains(Table table) const { return (m_tables & bit(table)) != 0; }
    [[nodiscard]] bool isEmpty() const { return m_tables == 0; }
    [[nodiscard]] qint64 revision() const { return m_revision; } // the newest one in it
    bool operator==(const ChangeSet&) const = default;

private:
    static constexpr std::uint32_t bit(Table table) { return 1U << unsigned(table); }

    std::uint32_t m_tables = 0;
    qint64 m_revision = 0;
};

} // namespace postern::store

Q_DECLARE_METATYPE(postern::store::ChangeSet)
