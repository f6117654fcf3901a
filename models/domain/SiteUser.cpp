#include "models/domain/SiteUser.h"

namespace postern {

std::span<const EnumEntry<MailboxLocation>> EnumTable<MailboxLocation>::entries()
{
    static constexpr EnumEntry<MailboxLocation> table[] = {
        {MailboxLocation::None, u"none"},
        {MailboxLocation::OnPremises, u"onPremises"},
        {MailboxLocation::Online, u"online"},
    };
    return table;
}

} // namespace postern
