// PSRP messages: the 40-byte little-endian header and its data, [MS-PSRP] 2.2.1. What the server sends begins
// its data with the UTF-8 BOM; what clients send does not. Any thread.
#pragma once

#include "app/lab/text/Guid.h"
#include "models/base/Error.h"

namespace postern::lab {

enum class MessageType : std::uint32_t {
    SessionCapability = 0x00010002,
    InitRunspacePool = 0x00010004,
    PublicKey = 0x00010005,
    EncryptedSessionKey = 0x00010006,
    PublicKeyRequest = 0x00010007,
    ConnectRunspacePool = 0x00010008,
    SetMaxRunspaces = 0x00021002,
    SetMinRunspaces = 0x00021003,
    RunspaceAvailability = 0x00021004,
    RunspacePoolState = 0x00021005,
    CreatePipeline = 0x00021006,
    GetAvailableRunspaces = 0x00021007,
    UserEvent = 0x00021008,
    ApplicationPrivateData = 0x00021009,
    GetCommandMetadata = 0x0002100a,
    ResetRunspaceState = 0x0002100c,
    RunspacePoolHostCall = 0x00021100,
    RunspacePoolHostResponse = 0x00021101,
    PipelineInput = 0x00041002,
    EndOfPipelineInput = 0x00041003,
    PipelineOutput = 0x00041004,
    ErrorRecord = 0x00041005,
    PipelineState = 0x00041006,
    DebugRecord = 0x00041007,
    VerboseRecord = 0x00041008,
    WarningRecord = 0x00041009,
    ProgressRecord = 0x00041010,
    InformationRecord = 0x00041011,
    PipelineHostCall = 0x00041100,
    PipelineHostResponse = 0x00041101,
};

struct Message
{
    MessageType type = MessageType::SessionCapability;
    Guid pool;
    Guid pipeline; // null: the pool
    std::string data; // CLIXML, without BOM
};

// From a client: destination must be 2 (server).
[[nodiscard]] Expected<Message> parseMessage(std::string_view bytes);
// To a client: destination 1, BOM before the data.
[[nodiscard]] std::string serverMessage(
    MessageType type, const Guid& pool, const Guid& pipeline, std::string_view data);

} // namespace postern::lab
