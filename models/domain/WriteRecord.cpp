#include "models/domain/WriteRecord.h"

namespace postern {

std::span<const EnumEntry<WriteState>> EnumTable<WriteState>::entries()
{
    static constexpr EnumEntry<WriteState> table[] = {{WriteState::Planned, u"Planned"},
        {WriteState::Sent, u"Sent"}, {WriteState::Applied, u"Applied"}, {WriteState::Confirmed, u"Confirmed"},
        {WriteState::Failed, u"Failed"}, {WriteState::Superseded, u"Superseded"}};
    return table;
}

std::span<const EnumEntry<WriteOrigin>> EnumTable<WriteOrigin>::entries()
{
    static constexpr EnumEntry<WriteOrigin> table[]
        = {{WriteOrigin::Settings, u"Settings"}, {WriteOrigin::Policy, u"Policy"},
            {WriteOrigin::Operator, u"Operator"}, {WriteOrigin::CleanUp, u"CleanUp"}};
    return table;
}

} // namespace postern
