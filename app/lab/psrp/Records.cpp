#include "app/lab/psrp/Records.h"

#include "app/lab/cmdlets/Shapes.h"
#include "app/lab/psrp/ClixmlOut.h"

namespace postern::lab::records {

namespace {

std::string members(std::vector<Property> properties)
{
    auto object = std::make_shared<Object>();
    object->extended = std::move(properties);
    return clixml(ObjectPtr(object));
}

const char* categoryName(int category)
{
    switch (category) {
    case InvalidArgument:
        return "InvalidArgument";
    case InvalidData:
        return "InvalidData";
    case InvalidOperation:
        return "InvalidOperation";
    case NotImplemented:
        return "NotImplemented";
    case ObjectNotFound:
        return "ObjectNotFound";
    case OperationStopped:
        return "OperationStopped";
    case ParserError:
        return "ParserError";
    case PermissionDenied:
        return "PermissionDenied";
    case InvalidType:
        return "InvalidType";
    default:
        return "NotSpecified";
    }
}

Value exception(const ErrorRecord& record)
{
    std::vector<std::string> types = record.exceptionTypes;
    types.emplace_back("System.Object");
    auto data = std::make_shared<Object>();
    data->types = &shapes::chain({"System.Collections.ListDictionaryInternal", "System.Object"});
    data->container = Container::Dictionary;
    auto object = std::make_shared<Object>();
    object->types = &shapes::chain(types);
    object->text = types.front() + ": " + record.message;
    auto& p = object->properties;
    p.push_back({"ErrorRecord", record.message});
    p.push_back({"Message", record.message});
    p.push_back({"Data", ObjectPtr(data)});
    for (const char* name : {"InnerException", "TargetSite", "StackTrace", "HelpLink", "Source"})
        p.push_back({name, Nil{}});
    p.push_back({"HResult", std::int32_t(-2146233087)});
    return ObjectPtr(object);
}

Value recordObject(const ErrorRecord& record, bool onErrorStream)
{
    auto object = std::make_shared<Object>();
    object->types = &shapes::chain({"System.Management.Automation.ErrorRecord", "System.Object"});
    object->text = record.message;
    auto& p = object->extended;
    if (onErrorStream)
        p.push_back({"writeErrorStream", true});
    p.push_back({"Exception", exception(record)});
    p.push_back({"TargetObject", record.target});
    p.push_back({"FullyQualifiedErrorId", record.fullyQualifiedId});
    p.push_back({"InvocationInfo", Nil{}});
    p.push_back({"ErrorCategory_Category", std::int32_t(record.category)});
    p.push_back({"ErrorCategory_Activity", record.activity});
    p.push_back({"ErrorCategory_Reason", record.reason});
    p.push_back({"ErrorCategory_TargetName", record.targetName});
    p.push_back({"ErrorCategory_TargetType", record.targetType});
    p.push_back({"ErrorCategory_Message",
        std::string(categoryName(record.category)) + ": (" + record.targetName + ":" + record.targetType
            + ") [" + record.activity + "], " + record.reason});
    p.push_back({"SerializeExtendedInfo", false});
    return ObjectPtr(object);
}

Value dictionary(std::vector<std::pair<Value, Value>> entries)
{
    auto object = std::make_shared<Object>();
    object->types = &shapes::chain({"System.Management.Automation.PSPrimitiveDictionary",
        "System.Collections.Hashtable", "System.Object"});
    object->container = Container::Dictionary;
    object->entries = std::move(entries);
    return ObjectPtr(object);
}

} // namespace

std::string sessionCapability()
{
    return members({{"protocolversion", VersionText{"2.3"}}, {"PSVersion", VersionText{"2.0"}},
        {"SerializationVersion", VersionText{"1.1.0.1"}}});
}

std::string applicationPrivateData()
{
    auto versions = std::make_shared<Object>();
    versions->types = &shapes::chain({"System.Version[]", "System.Array", "System.Object"});
    versions->container = Container::List;
    for (const char* version : {"1.0", "2.0", "3.0", "4.0", "5.0", "5.1.17763.5830"})
        versions->items.push_back(VersionText{version});
    const auto key = [](const char* name) { return Value(std::string(name)); };
    const Value table = dictionary({{key("PSVersion"), VersionText{"5.1.17763.5830"}},
        {key("PSEdition"), std::string("Desktop")}, {key("PSCompatibleVersions"), ObjectPtr(versions)},
        {key("CLRVersion"), VersionText{"4.0.30319.42000"}},
        {key("BuildVersion"), VersionText{"10.0.17763.5830"}}, {key("WSManStackVersion"), VersionText{"3.0"}},
        {key("PSRemotingProtocolVersion"), VersionText{"2.3"}},
        {key("SerializationVersion"), VersionText{"1.1.0.1"}}});
    return members({{"ApplicationPrivateData", dictionary({{key("PSVersionTable"), table}})}});
}

std::string runspacePoolState(int state)
{
    return members({{"RunspaceState", std::int32_t(state)}});
}

std::string availability(const Value& response, std::int64_t callId)
{
    return members({{"SetMinMaxRunspacesResponse", response}, {"ci", callId}});
}

std::string pipelineState(int state, const ErrorRecord* failure)
{
    std::vector<Property> properties{{"PipelineState", std::int32_t(state)}};
    if (failure)
        properties.push_back({"ExceptionAsErrorRecord", recordObject(*failure, false)});
    return members(std::move(properties));
}

std::string errorRecord(const ErrorRecord& record)
{
    return clixml(recordObject(record, true));
}

std::string informational(const char* type, const std::string& message)
{
    auto object = std::make_shared<Object>();
    object->types = &shapes::chain({std::string("System.Management.Automation.") + type,
        "System.Management.Automation.InformationalRecord", "System.Object"});
    object->text = message;
    object->extended
        = {{"InformationalRecord_Message", message}, {"InformationalRecord_SerializeInvocationInfo", false}};
    return clixml(ObjectPtr(object));
}

std::string progress(const Progress& progress)
{
    return members({{"Activity", progress.activity}, {"ActivityId", std::int32_t(0)},
        {"StatusDescription", progress.status}, {"CurrentOperation", Nil{}},
        {"ParentActivityId", std::int32_t(-1)}, {"PercentComplete", std::int32_t(progress.percent)},
        {"Type",
            shapes::enumeration("System.Management.Automation.ProgressRecordType",
                progress.completed ? "Completed" : "Processing", progress.completed ? 1 : 0)},
        {"SecondsRemaining", std::int32_t(-1)}});
}

std::string hostCall(std::int64_t callId, const char* method, int number, std::vector<Value> parameters)
{
    auto list = std::make_shared<Object>();
    list->types = &shapes::chain({"System.Collections.ArrayList", "System.Object"});
    list->container = Container::List;
    list->items = std::move(parameters);
    return members({{"ci", callId},
        {"mi",
            shapes::enumeration("System.Management.Automation.Remoting.RemoteHostMethodId", method, number)},
        {"mp", ObjectPtr(list)}});
}

std::vector<Value> confirmation(const std::string& action)
{
    auto choices = std::make_shared<Object>();
    choices->types = &shapes::chain({"System.Collections.ArrayList", "System.Object"});
    choices->container = Container::List;
    for (const auto& [label, help] :
        {std::pair<std::string, std::string>{"&Yes", "Continue with only the next step of the operation."},
            {"Yes to &All", "Continue with all the steps of the operation."},
            {"&No", "Skip this operation and proceed with the next operation."},
            {"No to A&ll", "Skip this operation and all subsequent operations."}}) {
        auto choice = std::make_shared<Object>();
        choice->extended = {{"label", label}, {"helpMessage", help}};
        choices->items.push_back(ObjectPtr(choice));
    }
    return {std::string("Confirm"), "Are you sure you want to perform this action?\n" + action,
        ObjectPtr(choices), std::int32_t(0)};
}

} // namespace postern::lab::records
