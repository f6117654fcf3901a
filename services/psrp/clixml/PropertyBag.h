// The hot path: one object of a stream as a flat table of its top-level properties, without building Values.
//
//     static const PropertyName kDeviceId(u"DeviceId"); // once, at namespace scope
//     PropertyBag bag; // one a stream, reused: no allocation after warm-up
//     if (auto parsed = bag.parse(message.data); !parsed) // well-formedness, grammar, limits as Reader
//         return fail(parsed.error());
//     device.id = bag.text(kDeviceId);
//     device.state = bag.text(kState); // an enum's name: its ToString
//     device.firstSync = bag.utcMilliseconds(kFirstSync); // nullopt: absent, Nil or malformed
//     if (auto defect = bag.defect()) // a value read above was malformed: count the row
//
// The bytes given to parse() are not copied: they must stay alive and unchanged while the bag is read. Names
// compare case-insensitively (ASCII), MS wins over Props, the last of equal names wins, as in
// Object::property. A lookup costs one table access: a PropertyName remembers, per bag, the position it had
// in the last object of the same layout. Properties that are Refs give the target's content. Nested objects
// are checked and skipped; of each only the ToString, the first type name, a wrapped primitive and the items
// of its list are remembered. SerializationData is never decoded. Not thread-safe; one bag a thread,
// PropertyNames may be shared. Pure. [MS-PSRP] 2.2.5.2.
#pragma once

#include <QByteArray>
#include <QByteArrayView>
#include <QDateTime>
#include <QString>
#include <QStringList>
#include <QUuid>
#include <concepts>
#include <memory>
#include <optional>

#include "models/base/Error.h"
#include "services/psrp/clixml/Limits.h"
#include "services/psrp/clixml/Tag.h"

namespace postern::clixml {

// An interned property name. Make it once (it takes a lock); equal names, whatever their case, are the same
// name.
class PropertyName
{
public:
    explicit PropertyName(QStringView name);
    [[nodiscard]] int id() const { return m_id; }
    [[nodiscard]] QByteArrayView utf8() const { return m_utf8; }

private:
    QByteArray m_utf8;
    int m_id;
};

class PropertyBag
{
public:
    explicit PropertyBag(Limits limits = {});
    ~PropertyBag();
    PropertyBag(PropertyBag&&) noexcept;
    PropertyBag& operator=(PropertyBag&&) noexcept;

    // Errors as Reader::read: Malformed or LimitExceeded, detail "offset N: ...". The bag is empty after an
    // error. What Reader checks in addition is the form of each primitive; here that is checked when the
    // value is asked for.
    [[nodiscard]] Expected<void> parse(QByteArrayView document);
    template <std::same_as<QByteArray> T>
    Expected<void> parse(T&& temporary) = delete; // the bag reads it later

    // The object itself.
    [[nodiscard]] bool isNil() const; // empty document or <Nil/>
    [[nodiscard]] bool isObject() const;
    [[nodiscard]] QString toText() const; // ToString of the object, or the text of a bare primitive
    [[nodiscard]] QString typeName() const; // most derived, without "Deserialized."; empty when there is none

    // Properties by position, in wire order, Props and MS as they come.
    [[nodiscard]] int count() const;
    [[nodiscard]] QString nameAt(int index) const;
    [[nodiscard]] QString textAt(int index) const;
    [[nodiscard]] Tag tagAt(int index) const; // of the element: Nil, a primitive, Obj, Ref or MS

    // Properties by name.
    [[nodiscard]] bool has(const PropertyName& name) const; // present, though perhaps Nil
    [[nodiscard]] bool isNil(const PropertyName& name) const; // absent or Nil
    [[nodiscard]] bool isList(const PropertyName& name) const; // an object with a LST, IE, QUE or STK
    // As Value::toText(): a primitive's text, an object's ToString or else its primitive; empty when absent
    // or Nil.
    [[nodiscard]] QString text(const PropertyName& name) const;
    // The same in UTF-8, a view into the document or into the bag; valid until the next parse(). An unpaired
    // surrogate becomes U+FFFD. For columns of UTF-8 this avoids the QString.
    [[nodiscard]] QByteArrayView utf8(const PropertyName& name) const;
    [[nodiscard]] std::optional<bool> boolean(const PropertyName& name) const;
    [[nodiscard]] std::optional<qint64> integer(const PropertyName& name) const;
    [[nodiscard]] std::optional<QUuid> guid(const PropertyName& name) const;
    [[nodiscard]] std::optional<QDateTime> dateTimeUtc(const PropertyName& name) const;
    [[nodiscard]] std::optional<qint64> utcMilliseconds(
        const PropertyName& name) const; // since 1970, no QDateTime made
    // As Value::stringList(): items of a list, a single value as a list of one, Nil or absent: empty.
    [[nodiscard]] QStringList stringList(const PropertyName& name) const;
    // An enum's name: as text(). For flags the comma list Windows writes.
    [[nodiscard]] QString enumText(const PropertyName& name) const { return text(name); }

    // The first value since parse() that was asked for as a boolean, integer, Guid or date and is none:
    // Malformed, "offset N: WhenChanged is not a date: ...". Absent and Nil are no defects.
    [[nodiscard]] std::optional<Error> defect() const;

private:
    struct State;
    std::unique_ptr<State> m_state;
};

} // namespace postern::clixml
