// Which Graph permissions a token carries, and which of those Postern needs are missing, with what is lost
// without each (CON-39). Pure, any thread. Reads the access token's payload without verifying it: for people
// to see, never for a decision. Errors: Unsupported when neither token nor answer tells. graph-reference 2.7.
#pragma once

#include <QString>
#include <QStringList>
#include <span>

#include "models/base/Error.h"
#include "services/identity/TokenAnswer.h"

namespace postern::identity {

struct GrantedPermissions
{
    QStringList names; // "User.Read.All", sorted, without openid and the like
    bool application = false; // roles of an app; else scopes of a signed-in person
};

struct RequiredPermission
{
    const char* name; // the least one
    const char* coveredBy; // others that include it, with blanks between
    bool essential; // without it Postern cannot work at all with this tenant
    const char* lost; // what is lost without it, English
};

struct MissingPermission
{
    QString name;
    QString lost;
    bool essential = false;
};

// The `roles` or `scp` of the access token; when it is opaque, the answer's `scope`.
[[nodiscard]] Expected<GrantedPermissions> grantedPermissions(const TokenAnswer& answer);

// Everything Postern uses, most important first.
[[nodiscard]] std::span<const RequiredPermission> requiredPermissions();
// Those of `wanted` that `granted` does not cover, by name, in that order.
[[nodiscard]] QList<MissingPermission> missingPermissions(
    const GrantedPermissions& granted, std::span<const RequiredPermission> wanted = requiredPermissions());

} // namespace postern::identity
