#include "ui/grid/StateIcons.h"

#include "models/domain/Connector.h"
#include "models/domain/Work.h"
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
