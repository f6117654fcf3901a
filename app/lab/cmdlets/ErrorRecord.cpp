#include "app/lab/cmdlets/ErrorRecord.h"

#include <chrono>

#include "app/lab/text/Text.h"

namespace postern::lab {

namespace {

const std::vector<std::string> runtimeChain{
    "System.Management.Automation.RuntimeException", "System.SystemException", "System.Exception"};

std::vector<std::string> chain(const char* derived)
{
    std::vector<std::string> out{derived};
    out.insert(out.end(), runtimeChain.begin(), runtimeChain.end());
    return out;
}

} // namespace

ErrorRecord commandNotFound(const std::string& name)
{
    ErrorRecord record;
    record.message = "The term '" + name
        + "' is not recognized as the name of a cmdlet, function, script file, or operable program. Check "
          "the spelling of the name, "
          "or if a path was included, verify that the path is correct and try again.";
    record.exceptionTypes = chain("System.Management.Automation.CommandNotFoundException");
    record.fullyQualifiedId = "CommandNotFoundException";
    record.category = ObjectNotFound;
    record.reason = "CommandNotFoundException";
    record.targetName = name;
    record.targetType = "String";
    record.target = name;
    return record;
}

ErrorRecord scriptsNotAllowed(const std::string& script)
{
    ErrorRecord record;
    record.message = "The syntax is not supported by this runspace. This can occur if the runspace is in "
                     "no-language mode.";
    record.exceptionTypes = chain("System.Management.Automation.ParseException");
    record.fullyQualifiedId = "ScriptsNotAllowed";
    record.category = ParserError;
    record.reason = "ParseException";
    record.targetName = script;
    record.targetType = "String";
    record.target = script;
    return record;
}

ErrorRecord pipelineStopped()
{
    ErrorRecord record;
    record.message = "The pipeline has been stopped.";
    record.exceptionTypes = chain("System.Management.Automation.PipelineStoppedException");
    record.fullyQualifiedId = "PipelineStopped";
    record.category = OperationStopped;
    record.reason = "PipelineStoppedException";
    return record;
}

ErrorRecord parameterError(const std::string& cmdlet, const std::string& id, const std::string& message,
    const std::string& parameter)
{
    ErrorRecord record;
    record.message = message;
    const bool data = id.starts_with("ParameterArgument") || id.starts_with("CannotConvert");
    record.exceptionTypes = chain("System.Management.Automation.ParameterBindingException");
    if (data) {
        std::vector<std::string> derived{
            "System.Management.Automation.ParameterBindingArgumentTransformationException"};
        derived.insert(derived.end(), record.exceptionTypes.begin(), record.exceptionTypes.end());
        record.exceptionTypes = std::move(derived);
    }
    record.fullyQualifiedId = id + "," + cmdlet;
    record.category = data ? InvalidData : InvalidArgument;
    record.activity = cmdlet;
    record.reason = data ? "ParameterBindingArgumentTransformationException" : "ParameterBindingException";
    record.targetName = parameter;
    return record;
}

ErrorRecord promptImpossible(const std::string& cmdlet)
{
    ErrorRecord record;
    record.message = "A command that prompts the user failed because the host program or the command type "
                     "does not support user "
                     "interaction. The host was attempting to request confirmation with the following "
                     "message: Are you sure you want "
                     "to perform this action?";
    record.exceptionTypes = chain("System.Management.Automation.Host.HostException");
    record.fullyQualifiedId = "HostFunctionNotImplemented," + cmdlet;
    record.category = NotImplemented;
    record.activity = cmdlet;
    record.reason = "HostException";
    return record;
}

ErrorRecord exchangeError(const std::string& cmdlet, const std::string& exception, const std::string& message,
    int category, const std::string& target)
{
    ErrorRecord record;
    record.message = message;
    record.exceptionTypes = {"Microsoft.Exchange.Configuration.Tasks." + exception,
        "Microsoft.Exchange.Data.Common.LocalizedException", "System.Exception"};
    const auto now = std::chrono::duration_cast<std::chrono::milliseconds>(
        std::chrono::system_clock::now().time_since_epoch())
                         .count();
    std::string task = cmdlet;
    std::erase(task, '-');
    std::uint32_t hash = 2166136261U;
    for (const char c : exception + cmdlet)
        hash = (hash ^ static_cast<unsigned char>(c)) * 16777619U;
    const std::string bytes{char(hash >> 24), char(hash >> 16), char(hash >> 8), char(hash)};
    record.fullyQualifiedId = "[Server=EX1,RequestId=" + Guid::random().lower()
        + ",TimeStamp=" + isoTime({now / 1000 * 1000, true}) + "] [FailureCategory=Cmdlet-" + exception + "] "
        + upperHex(bytes) + ",Microsoft.Exchange.Management.Tasks." + task;
    record.category = category;
    record.activity = cmdlet;
    record.reason = exception;
    record.targetName = target;
    record.targetType = target.empty() ? "" : "ADObjectId";
    if (!target.empty())
        record.target = target;
    return record;
}

ErrorRecord objectNotFound(const std::string& cmdlet, const std::string& identity)
{
    return exchangeError(cmdlet, "ManagementObjectNotFoundException",
        "The operation couldn't be performed because object '" + identity
            + "' couldn't be found on 'dc1.contoso.lab'.",
        NotSpecified);
}

} // namespace postern::lab
