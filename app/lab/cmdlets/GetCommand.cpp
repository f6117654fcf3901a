// Get-Command and the objects of GET_COMMAND_METADATA: what role-based access leaves visible, with each
// parameter.
#include "app/lab/cmdlets/GetCommand.h"

#include "app/lab/cmdlets/Bodies.h"
#include "app/lab/cmdlets/Shapes.h"
#include "app/lab/text/Text.h"

namespace postern::lab {

namespace {

using shapes::add;

Value parameterMetadata(const ParameterSpec& parameter)
{
    static const TypeChain& types
        = shapes::chain({"System.Management.Automation.ParameterMetadata", "System.Object"});
    static const TypeChain& aliasTypes
        = shapes::chain({"System.Collections.ObjectModel.Collection`1[[System.String, mscorlib, "
                         "Version=4.0.0.0, Culture=neutral, PublicKeyToken=b77a5c561934e089]]",
            "System.Object"});
    auto aliases = std::make_shared<Object>();
    aliases->types = &aliasTypes;
    aliases->container = Container::List;
    auto object = std::make_shared<Object>();
    object->types = &types;
    object->text = "System.Management.Automation.ParameterMetadata";
    add(*object, "Name", parameter.name);
    add(*object, "ParameterType", parameter.dotNetType);
    add(*object, "Aliases", ObjectPtr(aliases));
    add(*object, "IsDynamic", false);
    add(*object, "SwitchParameter", parameter.type == ParameterType::Switch);
    return ObjectPtr(object);
}

Value parameters(const CmdletSpec& spec, const Account& account)
{
    auto dictionary = std::make_shared<Object>();
    dictionary->types
        = &shapes::chain({"System.Collections.Generic.Dictionary`2[[System.String, mscorlib, "
                          "Version=4.0.0.0, Culture=neutral, PublicKeyToken=b77a5c561934e089],"
                          "[System.Management.Automation.ParameterMetadata, System.Management.Automation, "
                          "Version=3.0.0.0, Culture=neutral, PublicKeyToken=31bf3856ad364e35]]",
            "System.Object"});
    dictionary->container = Container::Dictionary;
    for (const ParameterSpec& parameter : spec.parameters) {
        if (parameter.common || account.seesParameter(spec.name, parameter.name))
            dictionary->entries.emplace_back(Value(parameter.name), parameterMetadata(parameter));
    }
    return ObjectPtr(dictionary);
}

void describe(std::vector<Property>& into, const CmdletSpec& spec, const Account& account)
{
    auto outputType = std::make_shared<Object>();
    outputType->types = &shapes::chain(
        {"System.Collections.ObjectModel.ReadOnlyCollection`1[[System.Management.Automation.PSTypeName, "
         "System.Management.Automation, Version=3.0.0.0, Culture=neutral, PublicKeyToken=31bf3856ad364e35]]",
            "System.Object"});
    outputType->container = Container::List;
    into.push_back({"Name", spec.name});
    into.push_back({"Namespace", std::string()});
    into.push_back({"HelpUri", std::string()});
    into.push_back(
        {"CommandType", shapes::enumeration("System.Management.Automation.CommandTypes", "Function", 2)});
    into.push_back({"ResolvedCommandName", Nil{}});
    into.push_back({"OutputType", ObjectPtr(outputType)});
    into.push_back({"Parameters", parameters(spec, account)});
}

bool matchesAny(const std::string& name, const std::vector<std::string>& patterns)
{
    for (const std::string& pattern : patterns) {
        if (matchesWildcard(name, pattern))
            return true;
    }
    return patterns.empty();
}

} // namespace

std::vector<ObjectPtr> commandMetadata(
    const Account& account, FaultPlan& faults, const std::vector<std::string>& names)
{
    std::vector<ObjectPtr> out;
    for (const CmdletSpec* spec : visibleCmdlets(account, faults)) {
        if (!matchesAny(spec->name, names))
            continue;
        auto object = std::make_shared<Object>();
        object->types = &shapes::chain({"Selected.System.Management.Automation.FunctionInfo",
            "System.Management.Automation.PSCustomObject", "System.Object"});
        describe(object->extended, *spec, account);
        out.push_back(object);
    }
    auto count = std::make_shared<Object>();
    count->types = &shapes::chain({"Selected.Microsoft.PowerShell.Commands.GenericMeasureInfo",
        "System.Management.Automation.PSCustomObject", "System.Object"});
    count->extended.push_back({"Count", std::int32_t(out.size())});
    out.insert(out.begin(), count);
    return out;
}

std::vector<const CmdletSpec*> visibleCmdlets(const Account& account, FaultPlan& faults)
{
    std::vector<const CmdletSpec*> out;
    for (const CmdletSpec& spec : allCmdlets()) {
        if (account.sees(spec.name) && !faults.forCmdlet("missingCmdlet", spec.name, account.user))
            out.push_back(&spec);
    }
    return out;
}

Ended getCommand(CmdletCall& call)
{
    const Account& account = call.session().account;
    const std::vector<std::string> names = call.changedList("Name", {}), verbs = call.changedList("Verb", {}),
                                   nouns = call.changedList("Noun", {});
    const std::vector<const CmdletSpec*> visible = visibleCmdlets(account, call.session().faults);
    for (const std::string& name : names) {
        const bool wild = name.find('*') != std::string::npos;
        const bool there = std::any_of(visible.begin(), visible.end(),
            [&](const CmdletSpec* spec) { return matchesWildcard(spec->name, name); });
        if (!wild && !there) {
            ErrorRecord record = commandNotFound(name);
            record.activity = "Get-Command";
            record.fullyQualifiedId
                = "CommandNotFoundException,Microsoft.PowerShell.Commands.GetCommandCommand";
            call.sink().error(record);
        }
    }
    for (const CmdletSpec* spec : visible) {
        const auto dash = spec->name.find('-');
        if (!matchesAny(spec->name, names) || !matchesAny(spec->name.substr(0, dash), verbs)
            || !matchesAny(spec->name.substr(dash + 1), nouns))
            continue;
        auto object = std::make_shared<Object>();
        object->types = &shapes::chain({"System.Management.Automation.FunctionInfo",
            "System.Management.Automation.CommandInfo", "System.Object"});
        object->text = spec->name;
        describe(object->properties, *spec, account);
        add(*object, "ModuleName", std::string());
        add(*object, "Visibility",
            shapes::enumeration("System.Management.Automation.SessionStateEntryVisibility", "Public", 0));
        add(*object, "Definition", std::string());
        call.sink().output(object);
        if (call.sink().stopped())
            break;
    }
    return {};
}

} // namespace postern::lab
