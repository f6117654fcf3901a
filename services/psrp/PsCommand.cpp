#include "services/psrp/PsCommand.h"

#include "services/psrp/HostInfo.h"
#include "services/psrp/clixml/Object.h"

namespace postern::psrp {

using namespace Qt::StringLiterals;
using clixml::Value;

namespace {

// PipelineResultTypes: output and errors stay in streams of their own.
Value noMerge()
{
    return Value::enumeration(u"System.Management.Automation.Runspaces.PipelineResultTypes"_s, u"None"_s, 0);
}

Value objectList(std::vector<Value> items)
{
    clixml::Object list;
    list.typeNames = {u"System.Collections.Generic.List`1[[System.Management.Automation.PSObject, "
                      u"System.Management.Automation, Version=1.0.0.0, Culture=neutral, "
                      u"PublicKeyToken=31bf3856ad364e35]]"_s,
        u"System.Object"_s};
    list.container = clixml::Container::List;
    list.items = std::move(items);
    return Value::fromObject(std::move(list));
}

Value argumentValue(const PsArgument& argument)
{
    clixml::Object object;
    object.addExtended(u"N"_s, argument.name.isEmpty() ? Value() : Value::fromText(argument.name));
    object.addExtended(u"V"_s, argument.value);
    return Value::fromObject(std::move(object));
}

Value stepValue(const PsStep& step, int protocolMinor)
{
    clixml::Object object;
    object.addExtended(u"Cmd"_s, Value::fromText(step.text));
    object.addExtended(u"IsScript"_s, Value::fromBoolean(step.isScript));
    object.addExtended(u"UseLocalScope"_s, Value());
    object.addExtended(u"MergeMyResult"_s, noMerge());
    object.addExtended(u"MergeToResult"_s, noMerge());
    object.addExtended(u"MergePreviousResults"_s, noMerge());
    std::vector<Value> arguments;
    for (const PsArgument& argument : step.arguments)
        arguments.push_back(argumentValue(argument));
    object.addExtended(u"Args"_s, objectList(std::move(arguments)));
    if (protocolMinor >= 2) {
        object.addExtended(u"MergeError"_s, noMerge());
        object.addExtended(u"MergeWarning"_s, noMerge());
        object.addExtended(u"MergeVerbose"_s, noMerge());
        object.addExtended(u"MergeDebug"_s, noMerge());
    }
    if (protocolMinor >= 3)
        object.addExtended(u"MergeInformation"_s, noMerge());
    return Value::fromObject(std::move(object));
}

Value statementList(const std::vector<PsStep>& steps, int protocolMinor)
{
    std::vector<Value> values;
    for (const PsStep& step : steps)
        values.push_back(stepValue(step, protocolMinor));
    return objectList(std::move(values));
}

Value powerShellValue(const PsCommand& command, int protocolMinor)
{
    clixml::Object object;
    object.addExtended(u"IsNested"_s, Value::fromBoolean(false));
    if (command.statements().size() > 1) {
        // All statements, the first included; Cmds repeats the first [recordings of pypsrp].
        std::vector<Value> statements;
        for (const auto& steps : command.statements()) {
            clixml::Object statement;
            statement.addExtended(u"Cmds"_s, statementList(steps, protocolMinor));
            statements.push_back(Value::fromObject(std::move(statement)));
        }
        object.addExtended(u"ExtraCmds"_s, objectList(std::move(statements)));
    } else {
        object.addExtended(u"ExtraCmds"_s, Value());
    }
    object.addExtended(u"Cmds"_s, statementList(command.statements().front(), protocolMinor));
    object.addExtended(u"History"_s, Value());
    object.addExtended(u"RedirectShellErrorOutputPipe"_s, Value::fromBoolean(false));
    return Value::fromObject(std::move(object));
}

} // namespace

PsCommand::PsCommand(QString cmdlet)
{
    PsStep step;
    step.text = std::move(cmdlet);
    m_statements.push_back({std::move(step)});
}

PsCommand PsCommand::script(QString text)
{
    PsCommand command(std::move(text));
    command.m_statements.front().front().isScript = true;
    return command;
}

PsCommand& PsCommand::with(QString name, Value value)
{
    m_statements.back().back().arguments.push_back(PsArgument{std::move(name), std::move(value)});
    return *this;
}

PsCommand& PsCommand::with(QString name, QString text)
{
    return with(std::move(name), Value::fromText(std::move(text)));
}

PsCommand& PsCommand::with(QString name, bool value)
{
    return with(std::move(name), Value::fromBoolean(value));
}

PsCommand& PsCommand::with(QString name, int value)
{
    return with(std::move(name), Value::fromInt32(value));
}

PsCommand& PsCommand::pipe(PsCommand next)
{
    for (auto& step : next.m_statements.front())
        m_statements.back().push_back(std::move(step));
    return *this;
}

PsCommand& PsCommand::then(PsCommand next)
{
    for (auto& steps : next.m_statements)
        m_statements.push_back(std::move(steps));
    return *this;
}

QString PsCommand::summary() const
{
    QStringList statements;
    for (const auto& steps : m_statements) {
        QStringList names;
        for (const PsStep& step : steps) {
            QString name = step.isScript ? u"(script)"_s : step.text;
            for (const PsArgument& argument : step.arguments) {
                if (!argument.name.isEmpty())
                    name += u" -"_s + argument.name;
            }
            names.append(name);
        }
        statements.append(names.join(u" | "_s));
    }
    return statements.join(u"; "_s);
}

Value createPipelineMessage(const PsCommand& command, int protocolMinor)
{
    clixml::Object object;
    object.addExtended(u"NoInput"_s, Value::fromBoolean(true));
    object.addExtended(u"ApartmentState"_s, apartmentState());
    // 0: without AddInvocationInfo the records are a fraction of the size (b.6).
    object.addExtended(u"RemoteStreamOptions"_s,
        Value::enumeration(u"System.Management.Automation.Runspaces.RemoteStreamOptions"_s, u"None"_s, 0));
    object.addExtended(u"AddToHistory"_s, Value::fromBoolean(false));
    object.addExtended(u"HostInfo"_s, noHost());
    object.addExtended(u"PowerShell"_s, powerShellValue(command, protocolMinor));
    object.addExtended(u"IsNested"_s, Value::fromBoolean(false));
    return Value::fromObject(std::move(object));
}

} // namespace postern::psrp
