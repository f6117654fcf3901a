// What people read of a tenant: clouds, ways to sign in, states, its facts and permissions. Translated. GUI
// thread.
#pragma once

#include "models/domain/Exchange.h"
#include "models/domain/Tenant.h"
#include "ui/widgets/FactList.h"
#include "ui/widgets/StepList.h"

namespace postern::cloud {

[[nodiscard]] QString cloudText(NationalCloud cloud);
[[nodiscard]] QString signInText(TenantSignIn method);
[[nodiscard]] QString signInHint(TenantSignIn method);
[[nodiscard]] widgets::Tone stateTone(TenantState state);

[[nodiscard]] QList<widgets::Fact> summaryFacts(const Tenant& tenant);
// CON-39: each by name, missing ones first with what is lost.
[[nodiscard]] QList<widgets::Fact> permissionFacts(const Tenant& tenant);
// "3 of 15 permissions are missing"; "" while nothing was checked.
[[nodiscard]] QString permissionSentence(const std::vector<TenantPermission>& permissions);

// A line of a tenant's check.
[[nodiscard]] widgets::Step stepOf(const CheckResult& line);
// Missing permissions by name among the lines of a check, essential ones first.
[[nodiscard]] QStringList missingPermissions(const std::vector<CheckResult>& lines);

} // namespace postern::cloud
