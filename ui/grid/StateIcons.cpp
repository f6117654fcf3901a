#include "ui/grid/StateIcons.h"

#include "models/domain/Connector.h"
#include "models/domain/DeviceMatch.h"
#include "models/domain/Intune.h"
#include "models/domain/Tenant.h"
#include "models/domain/Work.h"
#include "models/items/ComponentStatusModel.h"
#include "models/items/Freshness.h"
#include "ui/widgets/IconSet.h"

using namespace Qt::StringLiterals;

namespace postern::grid {

using items::CodeKind;
using widgets::Tone;

namespace {

StateLook accessLook(AccessState state)
{
    switch (state) {
    case AccessState::Allowed:
        return {u"ok"_s, Tone::Good};
    case AccessState::Blocked:
        return {u"state-blocked"_s, Tone::Bad};
    case AccessState::Quarantined:
        return {u"state-quarantined"_s, Tone::Warning};
    case AccessState::Unknown:
        return {u"state-unknown"_s, Tone::Neutral};
    case AccessState::NotSeen:
        break;
    }
    return {};
}

StateLook connectorLook(ConnectorState state)
{
    switch (state) {
    case ConnectorState::Connected:
        return {u"ok"_s, Tone::Good};
    case ConnectorState::Synchronizing:
        return {u"synchronize"_s, Tone::Accent};
    case ConnectorState::Degraded:
        return {u"warning"_s, Tone::Warning};
    case ConnectorState::Disconnected:
        return {u"error"_s, Tone::Bad};
    case ConnectorState::Disabled:
        return {u"not-applicable"_s, Tone::Neutral};
    case ConnectorState::Installing:
    case ConnectorState::InstallRetrying:
    case ConnectorState::Removing:
        break;
    }
    return {u"waiting"_s, Tone::Neutral};
}

StateLook jobLook(JobState state)
{
    switch (state) {
    case JobState::Succeeded:
        return {u"ok"_s, Tone::Good};
    case JobState::Failed:
        return {u"error"_s, Tone::Bad};
    case JobState::Cancelled:
        return {u"cancel"_s, Tone::Neutral};
    case JobState::Running:
        return {u"synchronize"_s, Tone::Accent};
    case JobState::Waiting:
    case JobState::Cancelling:
        break;
    }
    return {u"waiting"_s, Tone::Neutral};
}

StateLook wipeLook(WipeStatus status)
{
    switch (status) {
    case WipeStatus::Pending:
    case WipeStatus::Sent:
        return {u"waiting"_s, Tone::Warning};
    case WipeStatus::Acknowledged:
        return {u"delete"_s, Tone::Bad};
    case WipeStatus::Failed:
        return {u"error"_s, Tone::Bad};
    case WipeStatus::None:
    case WipeStatus::Cancelled:
        break;
    }
    return {};
}

StateLook severityLook(Severity severity)
{
    switch (severity) {
    case Severity::Error:
        return {u"error"_s, Tone::Bad};
    case Severity::Warning:
        return {u"warning"_s, Tone::Warning};
    case Severity::Information:
        break;
    }
    return {u"info"_s, Tone::Accent};
}

StateLook componentLook(items::ComponentState state)
{
    switch (state) {
    case items::ComponentState::Critical:
        return {u"error"_s, Tone::Bad};
    case items::ComponentState::Warning:
        return {u"warning"_s, Tone::Warning};
    case items::ComponentState::Ok:
        break;
    }
    return {u"ok"_s, Tone::Good};
}

StateLook complianceLook(ComplianceState state)
{
    switch (state) {
    case ComplianceState::Compliant:
        return {u"ok"_s, Tone::Good};
    case ComplianceState::InGracePeriod:
        return {u"waiting"_s, Tone::Warning};
    case ComplianceState::Noncompliant:
        return {u"state-blocked"_s, Tone::Bad};
    case ComplianceState::Conflict:
    case ComplianceState::Error:
        return {u"error"_s, Tone::Bad};
    case ComplianceState::Unknown:
    case ComplianceState::ConfigManager:
        break;
    }
    return {u"state-unknown"_s, Tone::Neutral};
}

StateLook freshnessLook(items::Freshness freshness)
{
    switch (freshness) {
    case items::Freshness::Late:
        return {u"warning"_s, Tone::Warning};
    case items::Freshness::OutOfDate:
        return {u"error"_s, Tone::Bad};
    case items::Freshness::Fresh:
    case items::Freshness::NeverRead:
        break;
    }
    return {};
}

StateLook tenantLook(TenantState state)
{
    switch (state) {
    case TenantState::Connected:
        return {u"ok"_s, Tone::Good};
    case TenantState::Synchronizing:
        return {u"synchronize"_s, Tone::Accent};
    case TenantState::SignInRequired:
    case TenantState::ConsentRequired:
    case TenantState::Degraded:
        return {u"warning"_s, Tone::Warning};
    case TenantState::Disconnected:
        return {u"error"_s, Tone::Bad};
    case TenantState::Disabled:
        return {u"not-applicable"_s, Tone::Neutral};
    case TenantState::New:
    case TenantState::Removing:
        break;
    }
    return {u"waiting"_s, Tone::Neutral};
}

} // namespace

StateLook stateLook(CodeKind kind, int code)
{
    switch (kind) {
    case CodeKind::AccessState:
        return accessLook(AccessState(code));
    case CodeKind::ConnectorState:
        return connectorLook(ConnectorState(code));
    case CodeKind::JobState:
        return jobLook(JobState(code));
    case CodeKind::WipeStatus:
        return wipeLook(WipeStatus(code));
    case CodeKind::Severity:
        return severityLook(Severity(code));
    case CodeKind::ComponentState:
        return componentLook(items::ComponentState(code));
    case CodeKind::ComplianceState:
        return complianceLook(ComplianceState(code));
    case CodeKind::JailBroken:
        return JailBroken(code) == JailBroken::Yes ? StateLook{u"warning"_s, Tone::Bad} : StateLook{};
    case CodeKind::Freshness:
        return freshnessLook(items::Freshness(code));
    case CodeKind::TenantState:
        return tenantLook(TenantState(code));
    case CodeKind::MatchKind:
    case CodeKind::AccessStateReason:
    case CodeKind::ClientType:
        break;
    }
    return {};
}

QIcon StateIcons::icon(CodeKind kind, int code) const
{
    const auto key = std::pair(int(kind), code);
    const auto known = m_icons.constFind(key);
    if (known != m_icons.constEnd())
        return *known;
    const StateLook look = stateLook(kind, code);
    const QIcon icon = look.iconName.isEmpty() ? QIcon() : widgets::icon(look.iconName, look.tone);
    m_icons.insert(key, icon);
    return icon;
}

} // namespace postern::grid
