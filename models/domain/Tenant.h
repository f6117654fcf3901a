// One Microsoft Entra tenant with Intune: how Postern signs in to it, and how it is doing. Plain value, any
// thread. No secret is in here: refresh token, client secret or certificate with key live in the key ring
// only. graph-reference 1, 2; CON-39.
#pragma once

#include <QDateTime>
#include <QString>
#include <optional>
#include <vector>

#include "models/base/EnumText.h"
#include "models/base/Ids.h"

namespace postern {

// Texts as identity::CloudId has them: the service finds its hosts by text.
enum class NationalCloud {
    Global, // also GCC
    UsGovHigh, // GCC High
    UsGovDod,
    China, // 21Vianet
};

// Who signs in: a person (the first two, with a refresh token that is renewed), or the app itself.
enum class TenantSignIn {
    Browser, // authorization code with PKCE
    DeviceCode,
    Certificate,
    Secret,
};

enum class TenantState {
    New, // saved, not tried yet
    Connected,
    Synchronizing,
    SignInRequired, // only a person can go on
    ConsentRequired, // an essential permission is missing
    Degraded, // works in part: stateDetail says what does not
    Disconnected,
    Disabled,
    Removing,
};

template <> struct EnumTable<NationalCloud>
{
    static std::span<const EnumEntry<NationalCloud>> entries();
};
template <> struct EnumTable<TenantSignIn>
{
    static std::span<const EnumEntry<TenantSignIn>> entries();
};
template <> struct EnumTable<TenantState>
{
    static std::span<const EnumEntry<TenantState>> entries();
};

// A person signs in interactively; an app needs a credential of its own.
[[nodiscard]] constexpr bool isInteractive(TenantSignIn method)
{
    return method == TenantSignIn::Browser || method == TenantSignIn::DeviceCode;
}

// One permission that Postern uses (CON-39), by Graph's name.
struct TenantPermission
{
    QString name; // "DeviceManagementManagedDevices.Read.All"
    bool granted = false;
    bool essential = false; // without it nothing works with this tenant
    QString lost; // what is lost without it; English sentence
    bool operator==(const TenantPermission&) const = default;
};

struct Tenant
{
    TenantId id;
    QString name; // as people call it; unique, at most 128
    NationalCloud cloud = NationalCloud::Global;
    QString tenantId; // GUID or verified domain
    QString clientId; // application (client) id of the app registration
    QString authority; // https address in place of the cloud's sign-in host; empty: the cloud's
    QString graphUrl; // the same for Graph, without version
    QString caFile; // PEM of a private authority, trusted for this tenant only; empty: the system's
    TenantSignIn signIn = TenantSignIn::Browser;
    QString siteCode;
    QString fullSchedule = QStringLiteral("1d@00:00"); // as Connector::fullSchedule
    int pollSeconds = 60; // SYN-27: how often changes are looked for; 0: off
    bool enabled = true;

    // What it is doing; written by the service only.
    TenantState state = TenantState::New;
    QString stateDetail; // a sentence when it is not Connected
    QString organizationName; // the tenant's own display name
    QString account; // who signed in; empty for an app
    std::vector<TenantPermission> permissions; // of the last check, in the order of their weight
    std::optional<QDateTime> permissionsAt;
    std::optional<QDateTime> credentialExpires; // of a certificate, where it is known
    std::optional<QDateTime> lastSyncStart, lastSyncEnd, lastPoll;
    QString lastSyncResult;
    int deviceCount = 0, userCount = 0, groupCount = 0;
    int matchedCount = 0; // partnerships linked to a managed device
    int suggestionCount = 0; // SYN-11 e: wait for an operator
    qint64 revision = 0; // optimistic lock
    bool operator==(const Tenant&) const = default;

    // identity::tenantSecretKey() makes the same.
    [[nodiscard]] QString secretKey() const { return QStringLiteral("tenant/%1/%2").arg(siteCode, tenantId); }
};

// What a person has to do elsewhere while a sign-in waits (RFC 8628).
struct DeviceCodePrompt
{
    QString userCode;
    QString verificationUrl; // https
    QDateTime expiresAt;
    bool operator==(const DeviceCodePrompt&) const = default;
};

} // namespace postern
