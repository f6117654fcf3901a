// Binds the arguments of a CREATE_PIPELINE command to a cmdlet's parameters as PowerShell does: names with or
// without dash and colon, unique prefixes, positions, pipeline input; converts and validates by type. Pure,
// any thread.
#pragma once

#include "app/lab/cmdlets/Cmdlet.h"

namespace postern::lab {

struct RawArgument
{
    std::optional<std::string> name; // nullopt: by position
    Value value;
};

struct Command
{
    std::string name;
    bool isScript = false;
    std::vector<RawArgument> arguments;
};

[[nodiscard]] tl::expected<Arguments, ErrorRecord> bindArguments(const CmdletSpec& spec,
    const Account& account, const std::vector<RawArgument>& raw, const Value* fromPipeline);

// A script that is nothing but one plain cmdlet call (`Get-Mailbox -ResultSize 5`): what no-language mode
// lets pass.
[[nodiscard]] std::optional<Command> plainCommand(const std::string& script);

} // namespace postern::lab
