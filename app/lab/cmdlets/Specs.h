// Which commands exist, with which parameters: what binding, Get-Command and role-based access share.
// Constant after the first call, any thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/lab/cmdlets/ErrorRecord.h"

namespace postern::lab {

class CmdletCall;
using Ended = std::optional<ErrorRecord>; // an error: the pipeline fails with it
using CmdletBody = Ended (*)(CmdletCall&);

enum class ParameterType { Text, Identity, Boolean, Switch, Integer, Unlimited, Choice, List, Time };

struct ParameterSpec
{
    std::string name;
    ParameterType type = ParameterType::Text;
    std::vector<std::string> choices;
    std::string dotNetType;
    bool mandatory = false;
    bool positional = false; // position 0
    bool pipeline = false; // takes what comes down the pipe
    bool common = false;
};

struct CmdletSpec
{
    std::string name;
    std::vector<ParameterSpec> parameters;
    CmdletBody body = nullptr;
    bool writes = false; // has WhatIf and Confirm
    bool confirms = false; // asks unless -Confirm:$false
    std::vector<std::vector<std::string>> exclusive; // of each group at most one

    [[nodiscard]] const ParameterSpec* parameter(std::string_view exactName) const;
};

[[nodiscard]] const std::vector<CmdletSpec>& allCmdlets();
[[nodiscard]] const CmdletSpec* findCmdlet(std::string_view name); // case-insensitive

// `Identity:Identity!0<  Mailbox:Identity  AccessLevel:Choice(Allow|Block)!`: `!` mandatory, `0` position,
// `<` pipeline.
[[nodiscard]] std::vector<ParameterSpec> parseParameters(std::string_view text);

} // namespace postern::lab
