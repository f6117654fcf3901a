// An Obj element, decoded: type names, ToString, at most one value or container, properties. Immutable once
// inside a Value (shared_ptr<const Object>); fill one and hand it to Value::fromObject. [MS-PSRP] 2.2.5.2.
// Any thread.
#pragma once

#include <QString>
#include <QStringList>
#include <optional>
#include <utility>
#include <vector>

#include "services/psrp/clixml/Value.h"

namespace postern::clixml {

struct Property
{
    QString name;
    Value value;
    friend bool operator==(const Property&, const Property&) = default;
};

enum class Container : quint8 {
    None,
    List, // LST
    Enumerable, // IE
    Queue, // QUE
    Stack, // STK, top first
    Dictionary, // DCT
    MemberSet, // an MS inside an MS: only `extended` is used
};

struct Object
{
    QStringList typeNames; // most derived first; empty when the element has no TN
    std::optional<QString> toString;
    std::optional<Value>
        value; // of an enum or an extended primitive; absent when there is none or a container
    Container container = Container::None;
    std::vector<Value> items; // List, Enumerable, Queue, Stack
    std::vector<std::pair<Value, Value>> entries; // Dictionary, in wire order
    std::vector<Property> adapted; // Props
    std::vector<Property> extended; // MS

    // Case-insensitive; extended wins, then the last of equal names. nullptr when absent.
    [[nodiscard]] const Value* property(QStringView name) const;
    // Matches with and without the prefix "Deserialized.", case-insensitively.
    [[nodiscard]] bool hasType(QStringView typeName) const;
    // Value of a dictionary whose key's toText() equals `key`, case-insensitively as a Hashtable literal's.
    [[nodiscard]] const Value* entry(QStringView key) const;

    // For building.
    void addExtended(QString name, Value content)
    {
        extended.push_back({std::move(name), std::move(content)});
    }
    void addAdapted(QString name, Value content) { adapted.push_back({std::move(name), std::move(content)}); }

    friend bool operator==(const Object& a, const Object& b);
};

} // namespace postern::clixml
