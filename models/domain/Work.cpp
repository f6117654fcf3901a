#include "models/domain/Work.h"

namespace postern {

std::span<const EnumEntry<RequestKind>> EnumTable<RequestKind>::entries()
{
    static constexpr EnumEntry<RequestKind> table[] = {
        {RequestKind::SynchronizeFull, u"SynchronizeFull"},
        {RequestKind::SynchronizeDelta, u"SynchronizeDelta"},
        {RequestKind::CheckConnector, u"CheckConnector"},
        {RequestKind::CancelJob, u"CancelJob"},
        {RequestKind::RemoveConnector, u"RemoveConnector"},
        {RequestKind::ApplySettings, u"ApplySettings"},
        {RequestKind::ClearDevice, u"ClearDevice"},
        {RequestKind::RemoveDevice, u"RemoveDevice"},
    };
    return table;
}

std::span<const EnumEntry<RequestState>> EnumTable<RequestState>::entries()
{
    static constexpr EnumEntry<RequestState> table[] = {
        {RequestState::Queued, u"Queued"},
        {RequestState::Taken, u"Taken"},
        {RequestState::Done, u"Done"},
        {RequestState::Failed, u"Failed"},
        {RequestState::Cancelled, u"Cancelled"},
    };
    return table;
}

std::span<const EnumEntry<JobState>> EnumTable<JobState>::entries()
{
    static constexpr EnumEntry<JobState> table[] = {
        {JobState::Waiting, u"Waiting"},
        {JobState::Running, u"Running"},
        {JobState::Cancelling, u"Cancelling"},
        {JobState::Succeeded, u"Succeeded"},
        {JobState::Failed, u"Failed"},
        {JobState::Cancelled, u"Cancelled"},
    };
    return table;
}

std::span<const EnumEntry<Severity>> EnumTable<Severity>::entries()
{
    static constexpr EnumEntry<Severity> table[] = {
        {Severity::Information, u"Information"},
        {Severity::Warning, u"Warning"},
        {Severity::Error, u"Error"},
    };
    return table;
}

} // namespace postern
