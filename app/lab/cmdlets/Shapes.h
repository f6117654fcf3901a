// Builds the values that Exchange objects are made of: ADObjectId, enums, multi-valued properties, Unlimited,
// the common tail of directory objects. Shapes follow exported objects (CSS-Exchange). Pure, any thread.
#pragma once

#include <memory>

#include "app/lab/directory/Records.h"
#include "app/lab/psrp/Value.h"

namespace postern::lab::shapes {

inline constexpr std::string_view domain = "contoso.lab";
inline constexpr std::string_view organizationDn
    = "CN=Contoso Lab,CN=Microsoft Exchange,CN=Services,CN=Configuration,DC=contoso,DC=lab";

// "A,B,System.Object" by short names; each distinct text is one chain for ever.
[[nodiscard]] const TypeChain& chain(const std::vector<std::string>& names);
[[nodiscard]] const TypeChain& directoryChain(
    const char* shortName); // Microsoft.Exchange.Data.Directory.SystemConfiguration.X …
[[nodiscard]] const TypeChain& presentationChain(
    const char* shortName); // …Directory.Management.X, ADPresentationObject …

struct Id
{
    std::string canonical; // what ToString gives
    std::string distinguishedName;
    Guid guid;
    std::string name;
    std::string parent;
};
[[nodiscard]] Value adObjectId(const Id& id);
[[nodiscard]] Value enumeration(const char* typeName, std::string_view text, int number);
[[nodiscard]] Value strings(const std::vector<std::string>& list);
[[nodiscard]] Value smtpAddresses(const std::vector<std::string>& list);
[[nodiscard]] Value proxyAddresses(const std::vector<std::string>& list);
[[nodiscard]] Value unlimited(
    const char* argument, const std::string& text); // "Unlimited" or the value's text
// "49.5 GB (53,150,220,288 bytes)", by the server's culture: what a client must not parse as English.
[[nodiscard]] std::string sizeText(std::int64_t bytes, const std::string& culture);
[[nodiscard]] Value timeSpan(std::int64_t seconds);
[[nodiscard]] Value time(std::int64_t ms); // 0: Nil
[[nodiscard]] Value text(const std::string& s); // empty stays an empty string
[[nodiscard]] Value smtpAddress(const std::string& address);

struct Tail
{
    Id identity;
    std::string name;
    std::string category; // ms-Exch-ActiveSync-Device
    std::vector<std::string> classes;
    std::int64_t changedMs = 0, createdMs = 0;
};
// AdminDisplayName … ObjectState, in the exported order.
void appendTail(Object& object, const Tail& tail);
[[nodiscard]] std::shared_ptr<Object> directoryObject(const TypeChain& types, std::string text);
inline void add(Object& object, const char* name, Value value)
{
    object.properties.push_back({name, std::move(value)});
}

// Identities of our own things.
[[nodiscard]] Id userId(const Person& person);
[[nodiscard]] Id phoneId(const PhoneFacts& phone, const Person& owner);
[[nodiscard]] Id ruleId(const AccessRule& rule);
[[nodiscard]] Id policyId(const MailboxPolicyRecord& policy);
[[nodiscard]] Guid namedGuid(std::string_view name); // the same name, the same GUID

} // namespace postern::lab::shapes
