#include "services/psrp/clixml/Object.h"

#include <algorithm>

namespace postern::clixml {

namespace {

const Value* lastNamed(const std::vector<Property>& properties, QStringView name)
{
    const auto found = std::find_if(properties.rbegin(), properties.rend(),
        [name](const Property& property) { return name.compare(property.name, Qt::CaseInsensitive) == 0; });
    return found == properties.rend() ? nullptr : &found->value;
}

QStringView withoutPrefix(QStringView typeName)
{
    constexpr QStringView prefix = u"Deserialized.";
    return typeName.startsWith(prefix, Qt::CaseInsensitive) ? typeName.sliced(prefix.size()) : typeName;
}

} // namespace

const Value* Object::property(QStringView name) const
{
    const Value* found = lastNamed(extended, name);
    return found != nullptr ? found : lastNamed(adapted, name);
}

bool Object::hasType(QStringView typeName) const
{
    const QStringView wanted = withoutPrefix(typeName);
    return std::any_of(typeNames.begin(), typeNames.end(), [wanted](const QString& candidate) {
        return withoutPrefix(candidate).compare(wanted, Qt::CaseInsensitive) == 0;
    });
}

const Value* Object::entry(QStringView key) const
{
    for (const auto& [name, content] : entries) {
        if (key.compare(name.toText(), Qt::CaseInsensitive) == 0)
            return &content;
    }
    return nullptr;
}

} // namespace postern::clixml
