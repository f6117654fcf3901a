#include "models/domain/Directory.h"

namespace postern {

std::span<const EnumEntry<GroupMemberKind>> EnumTable<GroupMemberKind>::entries()
{
    static constexpr EnumEntry<GroupMemberKind> table[] = {
        {GroupMemberKind::Other, u"other"},
        {GroupMemberKind::User, u"user"},
        {GroupMemberKind::Group, u"group"},
        {GroupMemberKind::Device, u"device"},
    };
    return table;
}

std::span<const EnumEntry<MdmAuthority>> EnumTable<MdmAuthority>::entries()
{
    static constexpr EnumEntry<MdmAuthority> table[] = {
        {MdmAuthority::Unknown, u"unknown"},
        {MdmAuthority::Intune, u"intune"},
        {MdmAuthority::Sccm, u"sccm"},
        {MdmAuthority::Office365, u"office365"},
    };
    return table;
}

} // namespace postern
