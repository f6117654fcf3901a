#include "models/domain/Connector.h"

namespace postern {

std::span<const EnumEntry<ConnectorKind>> EnumTable<ConnectorKind>::entries()
{
    static constexpr EnumEntry<ConnectorKind> table[] = {
        {ConnectorKind::OnPremises, u"OnPremises"},
        {ConnectorKind::Hosted, u"Hosted"},
    };
    return table;
}

std::span<const EnumEntry<Authentication>> EnumTable<Authentication>::entries()
{
    static constexpr EnumEntry<Authentication> table[] = {
        {Authentication::Basic, u"Basic"},
        {Authentication::Negotiate, u"Negotiate"},
        {Authentication::Certificate, u"Certificate"},
        {Authentication::Secret, u"Secret"},
    };
    return table;
}

std::span<const EnumEntry<ConnectorState>> EnumTable<ConnectorState>::entries()
{
    static constexpr EnumEntry<ConnectorState> table[] = {
        {ConnectorState::Installing, u"Installing"},
        {ConnectorState::InstallRetrying, u"InstallRetrying"},
        {ConnectorState::Connected, u"Connected"},
        {ConnectorState::Synchronizing, u"Synchronizing"},
        {ConnectorState::Degraded, u"Degraded"},
        {ConnectorState::Disconnected, u"Disconnected"},
        {ConnectorState::Disabled, u"Disabled"},
        {ConnectorState::Removing, u"Removing"},
    };
    return table;
}

std::span<const EnumEntry<SyncKind>> EnumTable<SyncKind>::entries()
{
    static constexpr EnumEntry<SyncKind> table[] = {
        {SyncKind::Full, u"Full"},
        {SyncKind::Delta, u"Delta"},
    };
    return table;
}

} // namespace postern
