// What CREATE_PIPELINE and GET_COMMAND_METADATA ask for. [MS-PSRP] 2.2.2.10, 2.2.2.14. Pure, any thread.
#pragma once

#include "app/lab/cmdlets/Binding.h"
#include "app/lab/psrp/Message.h"

namespace postern::lab {

using Statement = std::vector<Command>; // commands of one pipe

struct PipelineRequest
{
    bool noInput = true;
    bool hostNull = true;
    std::vector<Statement> statements;
    bool metadata = false; // GET_COMMAND_METADATA
    std::vector<std::string> metadataNames;
};

[[nodiscard]] Expected<PipelineRequest> readPipelineRequest(const Message& message);

} // namespace postern::lab
