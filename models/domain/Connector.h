// OBJ-01 ExchangeConnector: how to reach one Exchange organisation, and how it is doing. Plain value, any
// thread. No secret is in here: the password lives in the key ring under secretKey().
#pragma once

#include <QDateTime>
#include <QString>
#include <optional>

#include "models/domain/ConnectorSettings.h"
#include "models/domain/Exchange.h"

namespace postern {

enum class ConnectorKind { OnPremises, Hosted };
enum class Authentication { Basic, Negotiate, Certificate, Secret };
// CON-40.
enum class ConnectorState {
    Installing,
    InstallRetrying,
    Connected,
    Synchronizing,
    Degraded,
    Disconnected,
    Disabled,
    Removing
};
enum class SyncKind { Full, Delta };

template <> struct EnumTable<ConnectorKind>
{
    static std::span<const EnumEntry<ConnectorKind>> entries();
};
template <> struct EnumTable<Authentication>
{
    static std::span<const EnumEntry<Authentication>> entries();
};
template <> struct EnumTable<ConnectorState>
{
    static std::span<const EnumEntry<ConnectorState>> entries();
};
template <> struct EnumTable<SyncKind>
{
    static std::span<const EnumEntry<SyncKind>> entries();
};

// CON-03: which Client Access server (or array) answers for an Active Directory site.
struct ClientAccessServer
{
    QString adSite;
    QString server; // host name or URL
    bool operator==(const ClientAccessServer&) const = default;
};

struct Connector
{
    ConnectorId id;
    QString name; // unique, at most 128
    ConnectorKind kind = ConnectorKind::OnPremises;
    QString serverAddress; // URL
    Authentication authentication = Authentication::Negotiate;
    QString user; // DOMAIN\user or UPN; empty with Negotiate: the process' own Kerberos credentials
    QString caFile; // PEM of a private authority, trusted for this connector only; empty: the system's
    QString notificationAccount; // SMTP address of the mailbox that sends to users (CON-10)
    QString ewsUrl; // CON-11; empty: Autodiscover
    QString siteCode;
    QString fullSchedule; // "1d@00:00" (every day at midnight, local), "12h"
    int deltaMinutes = 240; // 0: off
    int maxInactiveDays = 60; // CON-15; 0: read all
    int parallelSessions = 1; // CON-18, 1 to 8
    QStringList adContainers; // CON-16; empty: the whole organisation
    std::vector<ClientAccessServer> clientAccessServers; // CON-03, tried in this order; empty: discover
    bool discoverServers = true; // CON-17: others of the organisation serve when these fail (CON-45)
    ConnectorSettings settings; // CON-19 to 26
    bool enabled = true;

    // What it is doing; written by the service only.
    ConnectorState state = ConnectorState::Installing;
    QString stateDetail; // a sentence when Degraded or Disconnected
    QString organizationId;
    QString organizationName;
    QString exchangeVersion;
    int deviceCount = 0;
    int mailboxCount = 0;
    std::optional<QDateTime> lastFullStart, lastFullEnd, lastDeltaStart, lastDeltaEnd, watermark;
    QString lastFullResult, lastDeltaResult;
    qint64 revision = 0; // optimistic lock
    bool operator==(const Connector&) const = default;

    [[nodiscard]] QString secretKey() const { return QStringLiteral("connector/%1/%2").arg(siteCode, name); }
};

} // namespace postern
