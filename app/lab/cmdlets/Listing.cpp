#include "app/lab/cmdlets/Listing.h"

#include <algorithm>

#include "app/lab/text/Text.h"

namespace postern::lab {

namespace {

bool contains(const std::vector<std::string>& names, std::string_view name)
{
    return std::any_of(
        names.begin(), names.end(), [&](const std::string& n) { return equalsIgnoreCase(n, name); });
}

} // namespace

Listing::Listing(
    CmdletCall& call, const std::vector<std::string>& filterable, const std::vector<std::string>& sortable)
    : m_call(call)
    , m_sortBy(call.text("SortBy"))
    , m_limit(call.resultSize())
{
    if (!m_sortBy.empty() && !contains(sortable, m_sortBy))
        m_failure = exchangeError(call.name(), "ArgumentException",
            "The property '" + m_sortBy + "' is not a supported sort property. Sortable properties are: "
                + joined(sortable, ", ") + ".",
            InvalidArgument);
    const std::string text = call.text("Filter");
    if (text.empty())
        return;
    FaultPlan& faults = call.session().faults;
    // Remoting sets the culture that the client asks for; a proxy in between may forget to.
    const bool forgotten = faults.forCmdlet("localeIgnored", call.name(), call.who()).has_value();
    const LabLanguage& language = call.session().language;
    auto parsed = OpathFilter::parse(text, forgotten ? language.server : language.session);
    if (!parsed) {
        m_failure = parameterError(call.name(), "ParameterArgumentTransformationError",
            "Cannot bind parameter 'Filter' to the target. Exception setting \"Filter\": \"Invalid filter "
            "syntax. "
                + parsed.error() + "\"",
            "Filter");
        return;
    }
    for (const std::string& property : parsed->properties()) {
        // Documented for mailboxes, not for devices (WhenChanged…): some servers do not take it.
        const bool refused = startsWithIgnoreCase(property, "When")
            && faults.forCmdlet("filterRefused", call.name(), call.who(), property);
        if (refused || !contains(filterable, property))
            m_failure = parameterError(call.name(), "ParameterArgumentTransformationError",
                "Cannot bind parameter 'Filter' to the target. Exception setting \"Filter\": \"\"" + property
                    + "\" is not a recognized filterable property. For a complete list of filterable "
                      "properties see the command help.\"",
                "Filter");
    }
    m_filter = std::move(*parsed);
}

bool Listing::offer(const std::shared_ptr<Object>& object)
{
    if (m_call.sink().stopped())
        return false;
    if (m_filter && !m_filter->matches(*object))
        return true;
    if (!m_sortBy.empty()) {
        m_held.push_back(object);
        return true;
    }
    return write(object);
}

bool Listing::write(const ObjectPtr& object)
{
    if (m_written >= m_limit) {
        m_truncated = true;
        return false;
    }
    if (m_call.session().faults.any()) {
        const Value* identity = object->find("Identity");
        const std::string who = identity ? toText(*identity) : std::string{};
        if (m_call.session().faults.forCmdlet("objectBroken", m_call.name(), m_call.who(), who)) {
            auto broken = std::make_shared<Object>(
                *object); // an identity that is missing: a client must count it and go on
            std::erase_if(broken->properties, [](const Property& p) {
                return p.name == "Identity" || p.name == "DeviceId" || p.name == "Guid" || p.name == "Id";
            });
            m_call.sink().output(broken);
            ++m_written;
            return true;
        }
    }
    m_call.sink().output(object);
    ++m_written;
    return !m_call.sink().stopped();
}

void Listing::finish()
{
    if (!m_sortBy.empty()) {
        const auto key = [this](const ObjectPtr& o) {
            const Value* value = o->find(m_sortBy);
            return value ? caseFolded(toText(*value)) : std::string{};
        };
        std::stable_sort(m_held.begin(), m_held.end(),
            [&](const ObjectPtr& a, const ObjectPtr& b) { return key(a) < key(b); });
        for (const ObjectPtr& object : m_held) {
            if (!write(object))
                break;
        }
    }
    if (!m_truncated)
        return;
    if (m_call.has("ResultSize"))
        m_call.sink().warning("There are more results available than are currently displayed. To view them, "
                              "increase the value for the ResultSize parameter.");
    else
        m_call.sink().warning("By default, only the first 1000 items are returned. Use the ResultSize "
                              "parameter to specify the number of items returned. To return "
                              "all items, specify \"-ResultSize Unlimited\". Be aware that, depending on the "
                              "actual number of items, returning all items can take a "
                              "long time and consume a large amount of memory. Also, we don't recommend "
                              "storing the results in a variable. Instead, pipe the results "
                              "to another task or script to perform batch changes.");
}

} // namespace postern::lab
