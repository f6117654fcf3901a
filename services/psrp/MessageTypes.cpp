#include "services/psrp/MessageTypes.h"

#include <array>

namespace postern {

std::span<const EnumEntry<psrp::MessageType>> EnumTable<psrp::MessageType>::entries()
{
    using psrp::MessageType;
    static constexpr std::array<EnumEntry<MessageType>, 31> table{{
        {MessageType::PipelineOutput, u"PIPELINE_OUTPUT"},
        {MessageType::SessionCapability, u"SESSION_CAPABILITY"},
        {MessageType::InitRunspacePool, u"INIT_RUNSPACEPOOL"},
        {MessageType::PublicKey, u"PUBLIC_KEY"},
        {MessageType::EncryptedSessionKey, u"ENCRYPTED_SESSION_KEY"},
        {MessageType::PublicKeyRequest, u"PUBLIC_KEY_REQUEST"},
        {MessageType::ConnectRunspacePool, u"CONNECT_RUNSPACEPOOL"},
        {MessageType::SetMaxRunspaces, u"SET_MAX_RUNSPACES"},
        {MessageType::SetMinRunspaces, u"SET_MIN_RUNSPACES"},
        {MessageType::RunspaceAvailability, u"RUNSPACE_AVAILABILITY"},
        {MessageType::RunspacePoolState, u"RUNSPACEPOOL_STATE"},
        {MessageType::CreatePipeline, u"CREATE_PIPELINE"},
        {MessageType::GetAvailableRunspaces, u"GET_AVAILABLE_RUNSPACES"},
        {MessageType::UserEvent, u"USER_EVENT"},
        {MessageType::ApplicationPrivateData, u"APPLICATION_PRIVATE_DATA"},
        {MessageType::GetCommandMetadata, u"GET_COMMAND_METADATA"},
        {MessageType::RunspacePoolInitData, u"RUNSPACEPOOL_INIT_DATA"},
        {MessageType::ResetRunspaceState, u"RESET_RUNSPACE_STATE"},
        {MessageType::RunspacePoolHostCall, u"RUNSPACEPOOL_HOST_CALL"},
        {MessageType::RunspacePoolHostResponse, u"RUNSPACEPOOL_HOST_RESPONSE"},
        {MessageType::PipelineInput, u"PIPELINE_INPUT"},
        {MessageType::EndOfPipelineInput, u"END_OF_PIPELINE_INPUT"},
        {MessageType::ErrorRecord, u"ERROR_RECORD"},
        {MessageType::PipelineState, u"PIPELINE_STATE"},
        {MessageType::DebugRecord, u"DEBUG_RECORD"},
        {MessageType::VerboseRecord, u"VERBOSE_RECORD"},
        {MessageType::WarningRecord, u"WARNING_RECORD"},
        {MessageType::ProgressRecord, u"PROGRESS_RECORD"},
        {MessageType::InformationRecord, u"INFORMATION_RECORD"},
        {MessageType::PipelineHostCall, u"PIPELINE_HOST_CALL"},
        {MessageType::PipelineHostResponse, u"PIPELINE_HOST_RESPONSE"},
    }};
    return table;
}

} // namespace postern
