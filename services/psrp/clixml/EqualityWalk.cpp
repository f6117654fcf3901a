#include "services/psrp/clixml/EqualityWalk.h"

#include <algorithm>
#include <bit>

namespace postern::clixml {

bool EqualityWalk::equal(const Value& a, const Value& b)
{
    if (a.m_kind != b.m_kind || a.m_data.index() != b.m_data.index())
        return false;
    if (const auto* object = std::get_if<std::shared_ptr<const Object>>(&a.m_data))
        return equalShared(*object, std::get<std::shared_ptr<const Object>>(b.m_data));
    if (const auto* number = std::get_if<double>(&a.m_data)) // NaN equals NaN, 0 is not -0: the text differs
        return std::bit_cast<quint64>(*number) == std::bit_cast<quint64>(std::get<double>(b.m_data));
    if (const auto* record = std::get_if<std::shared_ptr<const ProgressRecord>>(&a.m_data))
        return **record == *std::get<std::shared_ptr<const ProgressRecord>>(b.m_data);
    return a.m_data == b.m_data;
}

bool EqualityWalk::equalShared(const std::shared_ptr<const Object>& a, const std::shared_ptr<const Object>& b)
{
    if (a == b)
        return true;
    const bool shared = a.use_count() > 1 || b.use_count() > 1;
    const auto pair = std::make_pair(a.get(), b.get());
    if (shared && m_equal.contains(pair))
        return true;
    if (!equal(*a, *b))
        return false;
    if (shared)
        m_equal.insert(pair);
    return true;
}

bool EqualityWalk::equal(const std::vector<Property>& a, const std::vector<Property>& b)
{
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
        [this](const Property& x, const Property& y) { return x.name == y.name && equal(x.value, y.value); });
}

bool EqualityWalk::equal(const Object& a, const Object& b)
{
    if (a.typeNames != b.typeNames || a.toString != b.toString || a.container != b.container
        || a.value.has_value() != b.value.has_value())
        return false;
    if (a.value && !equal(*a.value, *b.value))
        return false;
    return std::equal(a.items.begin(), a.items.end(), b.items.begin(), b.items.end(),
               [this](const Value& x, const Value& y) { return equal(x, y); })
        && std::equal(a.entries.begin(), a.entries.end(), b.entries.begin(), b.entries.end(),
            [this](const auto& x, const auto& y) {
                return equal(x.first, y.first) && equal(x.second, y.second);
            })
        && equal(a.adapted, b.adapted) && equal(a.extended, b.extended);
}

bool operator==(const Value& a, const Value& b)
{
    return EqualityWalk().equal(a, b);
}
bool operator==(const Object& a, const Object& b)
{
    return EqualityWalk().equal(a, b);
}

} // namespace postern::clixml
