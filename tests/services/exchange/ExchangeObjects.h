// Exchange objects as CLIXML for tests: a property list in, the bytes of a PIPELINE_OUTPUT out.
#pragma once

#include "services/psrp/clixml/Object.h"
#include "services/psrp/clixml/Writer.h"

namespace postern::exchange::test {

using Properties = std::vector<std::pair<QString, clixml::Value>>;

inline QByteArray document(const Properties& properties, const QString& toString = {})
{
    clixml::Object object;
    object.typeNames
        = {QStringLiteral("Deserialized.Microsoft.Exchange.Data.Directory.SystemConfiguration.MobileDevice"),
            QStringLiteral("Deserialized.System.Object")};
    if (!toString.isEmpty())
        object.toString = toString;
    for (const auto& [name, value] : properties)
        object.addAdapted(name, value);
    return clixml::Writer().write(clixml::Value::fromObject(std::move(object)));
}

inline clixml::Value text(const QString& value)
{
    return clixml::Value::fromText(value);
}

inline clixml::Value enumeration(const QString& value)
{
    return clixml::Value::enumeration(QStringLiteral("Microsoft.Exchange.Data.Some"), value, 3);
}

// An ADObjectId: an object whose ToString counts.
inline clixml::Value identity(const QString& value)
{
    clixml::Object object;
    object.typeNames
        = {QStringLiteral("Microsoft.Exchange.Data.Directory.ADObjectId"), QStringLiteral("System.Object")};
    object.toString = value;
    object.addAdapted(QStringLiteral("DistinguishedName"), text(QStringLiteral("CN=nested")));
    return clixml::Value::fromObject(std::move(object));
}

inline Properties phone()
{
    using namespace Qt::StringLiterals;
    return {
        {u"FriendlyName"_s, text(u"Anna's phone"_s)},
        {u"DeviceId"_s, text(u"ApplC39"_s)},
        {u"DeviceImei"_s, text(u"350123451234560"_s)},
        {u"DeviceMobileOperator"_s, text(u"Contoso Mobile"_s)},
        {u"DeviceOS"_s, text(u"iOS 16.5 20F66"_s)},
        {u"DeviceTelephoneNumber"_s, text(u"*******1234"_s)},
        {u"DeviceType"_s, text(u"iPhone"_s)},
        {u"DeviceUserAgent"_s, text(u"Apple-iPhone14C2/2006.66"_s)},
        {u"DeviceModel"_s, text(u"iPhone14C2"_s)},
        {u"FirstSyncTime"_s,
            clixml::Value::fromDateTime(QDateTime(QDate(2025, 1, 2), QTime(3, 4, 5), Qt::UTC))},
        {u"UserDisplayName"_s, text(u"contoso.lab/Users/Anna Berg"_s)},
        {u"DeviceAccessState"_s, enumeration(u"Quarantined"_s)},
        {u"DeviceAccessStateReason"_s, enumeration(u"Individual"_s)},
        {u"DeviceAccessControlRule"_s, clixml::Value()},
        {u"ClientVersion"_s, text(u"16.1"_s)},
        {u"ClientType"_s, enumeration(u"EAS"_s)},
        {u"Name"_s, text(u"iPhone§ApplC39"_s)},
        {u"Identity"_s, identity(u"contoso.lab/Users/Anna Berg/ExchangeActiveSyncDevices/iPhone§ApplC39"_s)},
        {u"Guid"_s, clixml::Value::fromGuid(QUuid::fromString(u"76056a84-51dc-4f24-9262-ca2a55464b2b"_s))},
        {u"WhenChanged"_s, text(u"02.01.2025 04:04:05"_s)},
        {u"WhenChangedUTC"_s,
            clixml::Value::fromDateTime(QDateTime(QDate(2025, 1, 2), QTime(4, 4, 5), Qt::UTC))},
    };
}

// The same with one property set to another value, or added.
inline Properties with(Properties properties, const QString& name, const clixml::Value& value)
{
    for (auto& [known, present] : properties) {
        if (known == name) {
            present = value;
            return properties;
        }
    }
    properties.push_back({name, value});
    return properties;
}

inline Properties without(Properties properties, const QString& name)
{
    std::erase_if(properties, [&](const auto& property) { return property.first == name; });
    return properties;
}

} // namespace postern::exchange::test
