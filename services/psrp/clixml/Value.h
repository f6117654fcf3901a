// One CLIXML value, decoded: a primitive of [MS-PSRP] 2.2.5.1 or a shared, immutable Object. Copies are
// cheap (a tagged word or an implicitly shared string). Any thread. Reader makes them, Writer writes them;
// for bulk rows use PropertyBag, which does not build Values.
#pragma once

#include <QByteArray>
#include <QDateTime>
#include <QString>
#include <QStringList>
#include <QUuid>
#include <memory>
#include <optional>
#include <utility>
#include <variant>
#include <vector>

#include "services/psrp/clixml/DateTime.h"

namespace postern::clixml {

struct Object;

// The order is that of the first entries of Tag (Tag.h).
enum class Kind : quint8 {
    Nil,
    String,
    Char,
    Boolean,
    DateTime,
    TimeSpan,
    Byte,
    SByte,
    UInt16,
    Int16,
    UInt32,
    Int32,
    UInt64,
    Int64,
    Single,
    Double,
    Decimal, // exact text
    Bytes,
    Guid,
    Uri,
    Version,
    Xml,
    ScriptBlock,
    SecureString, // the cipher text as written
    Progress,
    Object,
    Ancestor, // a Ref to an object that encloses this place: levelsUp(), 1 is the nearest. Keeps cycles out
              // of memory.
};

// PR, the form of a progress record in files and on stderr (inside PSRP progress records are ordinary
// objects).
struct ProgressRecord
{
    QString activity;
    qint32 activityId = 0;
    std::optional<QString> currentOperation;
    qint32 parentActivityId = -1;
    qint32 percentComplete = -1;
    QString type; // Processing, Completed
    qint32 secondsRemaining = -1;
    QString statusDescription;
    friend bool operator==(const ProgressRecord&, const ProgressRecord&) = default;
};

class Value
{
public:
    Value() = default; // Nil

    [[nodiscard]] static Value fromText(QString text);
    [[nodiscard]] static Value fromBoolean(bool value);
    [[nodiscard]] static Value fromChar(char16_t unit);
    [[nodiscard]] static Value fromInt32(qint32 value) { return fromInteger(Kind::Int32, value); }
    [[nodiscard]] static Value fromInt64(qint64 value) { return fromInteger(Kind::Int64, value); }
    [[nodiscard]] static Value fromUInt32(quint32 value) { return fromInteger(Kind::UInt32, value); }
    // kind: Byte to Int64 but UInt64. The caller keeps the value inside the kind's range.
    [[nodiscard]] static Value fromInteger(Kind kind, qint64 value);
    [[nodiscard]] static Value fromUInt64(quint64 value);
    [[nodiscard]] static Value fromSingle(float value);
    [[nodiscard]] static Value fromDouble(double value);
    [[nodiscard]] static Value fromDateTime(DateTime value);
    [[nodiscard]] static Value fromDateTime(const QDateTime& when)
    {
        return fromDateTime(DateTime::fromUtc(when));
    }
    [[nodiscard]] static Value fromTimeSpan(TimeSpan value);
    [[nodiscard]] static Value fromBytes(QByteArray bytes);
    [[nodiscard]] static Value fromGuid(const QUuid& guid);
    // kind: String, Decimal, Uri, Version, Xml, ScriptBlock, SecureString.
    [[nodiscard]] static Value fromTextual(Kind kind, QString text);
    [[nodiscard]] static Value fromVersion(QString text)
    {
        return fromTextual(Kind::Version, std::move(text));
    }
    [[nodiscard]] static Value fromProgress(ProgressRecord record);
    [[nodiscard]] static Value fromObject(Object object);
    [[nodiscard]] static Value fromObject(std::shared_ptr<const Object> object);
    [[nodiscard]] static Value ancestor(int levelsUp);

    // An enum as Windows writes it: type chain, ToString, I32.
    [[nodiscard]] static Value enumeration(QString typeName, QString text, qint32 number);
    // System.Collections.ArrayList with an LST.
    [[nodiscard]] static Value arrayList(std::vector<Value> items);
    [[nodiscard]] static Value arrayList(const QStringList& items);
    // System.Collections.Hashtable; {Add: [...], Remove: [...]}.
    [[nodiscard]] static Value hashtable(std::vector<std::pair<Value, Value>> entries);
    // Only non-empty lists become keys.
    [[nodiscard]] static Value addRemove(const QStringList& add, const QStringList& remove);

    [[nodiscard]] Kind kind() const { return m_kind; }
    [[nodiscard]] bool isNil() const { return m_kind == Kind::Nil; }
    [[nodiscard]] bool isObject() const { return m_kind == Kind::Object; }
    // nullptr unless kind() is Object.
    [[nodiscard]] const Object* object() const;
    [[nodiscard]] std::shared_ptr<const Object> sharedObject() const;
    [[nodiscard]] int levelsUp() const;

    // Exact content; an empty or zero value when the kind is another.
    [[nodiscard]] QString text() const; // textual kinds only
    [[nodiscard]] QByteArray bytes() const;
    [[nodiscard]] QUuid guid() const;
    [[nodiscard]] DateTime dateTime() const;
    [[nodiscard]] TimeSpan timeSpan() const;
    [[nodiscard]] char16_t character() const;
    [[nodiscard]] const ProgressRecord* progress() const;

    // Lenient conversions; they see through an Obj that wraps a primitive. nullopt: not such a value.
    [[nodiscard]] std::optional<bool> toBoolean() const; // B, or the text true/false
    [[nodiscard]] std::optional<qint64> toInt64() const; // any integer that fits, or decimal text
    [[nodiscard]] std::optional<quint64> toUInt64() const;
    [[nodiscard]] std::optional<double> toDouble() const;
    [[nodiscard]] std::optional<QDateTime> toDateTimeUtc() const; // DT, or text of that form
    // What a person would read: an object's ToString (else its primitive), else the text of the primitive as
    // on the wire. Nil: empty. Byte arrays: base64.
    [[nodiscard]] QString toText() const;
    // The items' toText(); a single primitive is a list of one; Nil is empty.
    [[nodiscard]] QStringList stringList() const;

    [[nodiscard]] bool isEnum() const; // an object with System.Enum in its type names, "Deserialized." or not
    [[nodiscard]] QString enumText() const
    {
        return toText();
    } // names, never numbers: numbers differ by version
    // Case-insensitive; MS wins over Props, the last of equal names wins. A Nil value when absent.
    [[nodiscard]] const Value& property(QStringView name) const;
    [[nodiscard]] bool hasProperty(QStringView name) const;
    [[nodiscard]] bool hasType(QStringView typeName) const;

    // Deep. NaN equals NaN (same bits). Time is linear in the number of distinct objects, shared ones count
    // once.
    friend bool operator==(const Value& a, const Value& b);

private:
    friend class EqualityWalk;
    using Data = std::variant<std::monostate, qint64, quint64, double, QString, QByteArray, QUuid, DateTime,
        std::shared_ptr<const Object>, std::shared_ptr<const ProgressRecord>>;
    Value(Kind kind, Data data)
        : m_kind(kind)
        , m_data(std::move(data))
    {
    }
    [[nodiscard]] const Value& unwrapped() const; // an object's primitive, else this

    Kind m_kind = Kind::Nil;
    Data m_data;
};

} // namespace postern::clixml
