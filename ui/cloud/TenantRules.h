// What a tenant's fields may hold, as pure functions: value -> complaint, "" when it can be used. Sentences
// are translated, so a QCoreApplication must exist. Any thread.
#pragma once

#include <QString>

#include "models/base/Error.h"
#include "models/domain/Tenant.h"

namespace postern::cloud {

[[nodiscard]] QString nameComplaint(const QString& name);
// A GUID or a domain name; an app cannot sign in to "organizations" or "common".
[[nodiscard]] QString tenantIdComplaint(const QString& id, TenantSignIn method);
[[nodiscard]] QString clientIdComplaint(const QString& id); // a GUID
// https with a host, no user, query or fragment; "" is fine: the cloud's own.
[[nodiscard]] QString addressComplaint(const QString& address);
[[nodiscard]] QString secretComplaint(const QString& secret); // also what was pasted by mistake: its id

// The PEM text of a certificate with its private key, read from a file. InvalidInput: what it lacks.
[[nodiscard]] Expected<QString> readCertificate(const QString& path);

} // namespace postern::cloud
