#include "app/lab/cmdlets/Cmdlet.h"

#include <algorithm>

#include "app/lab/text/Text.h"

namespace postern::lab {

namespace {

constexpr std::uint32_t defaultResultSize = 1000;

std::vector<std::string> textsOf(const Value& value)
{
    std::vector<std::string> out;
    if (isNil(value))
        return out;
    const auto* object = std::get_if<ObjectPtr>(&value);
    if (!object || (*object)->container != Container::List)
        return {toText(value)};
    for (const Value& item : (*object)->items)
        out.push_back(toText(item));
    return out;
}

} // namespace

const Value* CmdletCall::value(const std::string& parameter) const
{
    const auto at = m_arguments.find(parameter);
    return at == m_arguments.end() ? nullptr : &at->second;
}

std::string CmdletCall::text(const std::string& parameter) const
{
    const Value* found = value(parameter);
    return found ? toText(*found) : std::string{};
}

bool CmdletCall::flag(const std::string& parameter) const
{
    const Value* found = value(parameter);
    const bool* set = found ? std::get_if<bool>(found) : nullptr;
    return set && *set;
}

std::uint32_t CmdletCall::resultSize() const
{
    const Value* given = value("ResultSize");
    if (!given || isNil(*given))
        return defaultResultSize;
    const auto* number = std::get_if<std::uint32_t>(given);
    return number ? *number : UINT32_MAX;
}

namespace {

tl::expected<std::uint32_t, ErrorRecord> onlyOne(
    const std::vector<std::uint32_t>& found, const std::string& cmdlet, const std::string& identity)
{
    if (found.size() == 1)
        return found.front();
    if (found.empty())
        return tl::unexpected(objectNotFound(cmdlet, identity));
    return tl::unexpected(exchangeError(cmdlet, "ManagementObjectAmbiguousException",
        "The operation couldn't be performed because '" + identity + "' matches multiple entries.",
        InvalidData));
}

} // namespace

tl::expected<std::uint32_t, ErrorRecord> CmdletCall::user(const std::string& identity) const
{
    return onlyOne(m_session.estate.people().usersNamed(identity), name(), identity);
}

tl::expected<std::uint32_t, ErrorRecord> CmdletCall::phone(const std::string& identity) const
{
    return onlyOne(m_session.estate.phonesNamed(identity), name(), identity);
}

std::vector<std::string> CmdletCall::changedList(
    const std::string& parameter, std::vector<std::string> current) const
{
    const Value* given = value(parameter);
    if (!given)
        return current;
    const auto* object = std::get_if<ObjectPtr>(given);
    if (!object || (*object)->container != Container::Dictionary)
        return textsOf(*given);
    const auto same
        = [](const std::string& a) { return [&a](const std::string& b) { return equalsIgnoreCase(a, b); }; };
    for (const auto& [key, change] : (*object)->entries) {
        for (const std::string& item : textsOf(change)) {
            const auto at = std::find_if(current.begin(), current.end(), same(item));
            if (equalsIgnoreCase(toText(key), "Add") && at == current.end())
                current.push_back(item);
            else if (equalsIgnoreCase(toText(key), "Remove") && at != current.end())
                current.erase(at);
        }
    }
    return current;
}

} // namespace postern::lab
