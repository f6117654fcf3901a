// Strong ids. A store key never mixes with another table's; a device id never compares as a naked string. Any
// thread.
#pragma once

#include <QHash>
#include <QString>
#include <QtGlobal>

namespace postern {

// A row's integer key in the store; 0 means "not stored yet".
template <class Tag> struct RowId
{
    qint64 value = 0;
    [[nodiscard]] bool isValid() const { return value > 0; }
    friend auto operator<=>(const RowId&, const RowId&) = default;
    friend size_t qHash(const RowId& id, size_t seed = 0) { return ::qHash(id.value, seed); }
};

using ConnectorId = RowId<struct ConnectorTag>;
using MailboxId = RowId<struct MailboxTag>;
using PartnershipId = RowId<struct PartnershipTag>;
using RequestId = RowId<struct RequestTag>;
using JobId = RowId<struct JobTag>;
using StatusMessageId = RowId<struct StatusMessageTag>;
using ManagedDeviceId = RowId<struct ManagedDeviceTag>; // a device that Intune knows
using TenantId = RowId<struct TenantTag>;
using UserId = RowId<struct UserTag>; // a person: of the directory, a mailbox, or both

// The key of a row of the device list (SYN-14): a managed device with its partnerships, or a partnership that
// belongs to none. A partnership's own id is its key; managed devices have theirs above all of those.
struct DeviceKey
{
    qint64 value = 0;

    DeviceKey() = default;
    DeviceKey(PartnershipId id) // a partnership is a row of its own wherever rows are spoken of
        : value(id.value)
    {
    }
    DeviceKey(ManagedDeviceId id)
        : value(id.isValid() ? id.value | managedBit : 0)
    {
    }
    [[nodiscard]] static DeviceKey fromValue(qint64 value)
    {
        DeviceKey key;
        key.value = value;
        return key;
    }
    [[nodiscard]] bool isValid() const { return value > 0; }
    [[nodiscard]] bool isManaged() const { return (value & managedBit) != 0; }
    // Invalid when it is the other kind.
    [[nodiscard]] PartnershipId partnership() const { return {isManaged() ? 0 : value}; }
    [[nodiscard]] ManagedDeviceId managedDevice() const { return {isManaged() ? value & ~managedBit : 0}; }
    friend auto operator<=>(const DeviceKey&, const DeviceKey&) = default;
    friend size_t qHash(const DeviceKey& key, size_t seed = 0) { return ::qHash(key.value, seed); }

private:
    static constexpr qint64 managedBit = qint64(1) << 48;
};

// The id an EAS client sends (GLO-02): unique only inside one mailbox, case-insensitive. Compares by the
// normalised form (SYN-12: trimmed, lower case, braces and dashes stripped); raw() is what Exchange gets back
// on writes.
class EasDeviceId
{
public:
    EasDeviceId() = default;
    explicit EasDeviceId(QString raw);
    [[nodiscard]] const QString& raw() const { return m_raw; }
    [[nodiscard]] const QString& normalised() const { return m_normalised; }
    [[nodiscard]] bool isEmpty() const { return m_normalised.isEmpty(); }
    friend bool operator==(const EasDeviceId& a, const EasDeviceId& b)
    {
        return a.m_normalised == b.m_normalised;
    }
    friend bool operator<(const EasDeviceId& a, const EasDeviceId& b)
    {
        return a.m_normalised < b.m_normalised;
    }
    friend size_t qHash(const EasDeviceId& id, size_t seed = 0) { return ::qHash(id.m_normalised, seed); }

private:
    QString m_raw;
    QString m_normalised;
};

} // namespace postern
