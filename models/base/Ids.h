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
