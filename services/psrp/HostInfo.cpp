#include "services/psrp/HostInfo.h"

#include "services/psrp/clixml/Object.h"

namespace postern::psrp {

using namespace Qt::StringLiterals;
using clixml::Value;

Value noHost()
{
    clixml::Object object;
    object.addExtended(u"_isHostNull"_s, Value::fromBoolean(true));
    object.addExtended(u"_isHostUINull"_s, Value::fromBoolean(true));
    object.addExtended(u"_isHostRawUINull"_s, Value::fromBoolean(true));
    object.addExtended(u"_useRunspaceHost"_s, Value::fromBoolean(true));
    return Value::fromObject(std::move(object));
}

Value apartmentState()
{
    return Value::enumeration(u"System.Management.Automation.Runspaces.ApartmentState"_s, u"UNKNOWN"_s, 2);
}

Value sessionCapability()
{
    clixml::Object object;
    object.addExtended(u"protocolversion"_s, Value::fromVersion(u"2.3"_s));
    object.addExtended(u"PSVersion"_s, Value::fromVersion(u"2.0"_s));
    object.addExtended(u"SerializationVersion"_s, Value::fromVersion(u"1.1.0.1"_s));
    return Value::fromObject(std::move(object));
}

Value initRunspacePool(int minRunspaces, int maxRunspaces)
{
    clixml::Object object;
    object.addExtended(u"MinRunspaces"_s, Value::fromInt32(minRunspaces));
    object.addExtended(u"MaxRunspaces"_s, Value::fromInt32(maxRunspaces));
    object.addExtended(u"PSThreadOptions"_s,
        Value::enumeration(u"System.Management.Automation.Runspaces.PSThreadOptions"_s, u"Default"_s, 0));
    object.addExtended(u"ApartmentState"_s, apartmentState());
    object.addExtended(u"HostInfo"_s, noHost());
    object.addExtended(u"ApplicationArguments"_s, Value());
    return Value::fromObject(std::move(object));
}

Value hostCallRefusal(qint64 callId, const Value& method)
{
    clixml::Object exception;
    exception.typeNames
        = {u"System.Management.Automation.Host.HostException"_s, u"System.Exception"_s, u"System.Object"_s};
    exception.toString = u"This client has no one to ask."_s;
    exception.addAdapted(u"Message"_s, Value::fromText(*exception.toString));

    clixml::Object record;
    record.typeNames = {u"System.Management.Automation.ErrorRecord"_s, u"System.Object"_s};
    record.toString = exception.toString;
    record.addExtended(u"Exception"_s, Value::fromObject(std::move(exception)));
    record.addExtended(u"TargetObject"_s, Value());
    record.addExtended(u"FullyQualifiedErrorId"_s, Value::fromText(u"HostCallRefused"_s));
    record.addExtended(u"InvocationInfo"_s, Value());
    record.addExtended(u"ErrorCategory_Category"_s, Value::fromInt32(11)); // NotImplemented
    record.addExtended(u"ErrorCategory_Activity"_s, Value::fromText(QString()));
    record.addExtended(u"ErrorCategory_Reason"_s, Value::fromText(u"HostException"_s));
    record.addExtended(u"ErrorCategory_TargetName"_s, Value::fromText(QString()));
    record.addExtended(u"ErrorCategory_TargetType"_s, Value::fromText(QString()));
    record.addExtended(
        u"ErrorCategory_Message"_s, Value::fromText(u"NotImplemented: (:) [], HostException"_s));
    record.addExtended(u"SerializeExtendedInfo"_s, Value::fromBoolean(false));

    clixml::Object answer;
    answer.addExtended(u"ci"_s, Value::fromInt64(callId));
    answer.addExtended(u"mi"_s, method);
    answer.addExtended(u"me"_s, Value::fromObject(std::move(record)));
    return Value::fromObject(std::move(answer));
}

} // namespace postern::psrp
