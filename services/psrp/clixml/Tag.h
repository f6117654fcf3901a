// The elements CLIXML consists of and what may stand in what: one grammar for Scanner, Reader, PropertyBag
// and Writer. Pure, any thread. [MS-PSRP] 2.2.5.
#pragma once

#include <QByteArrayView>
#include <array>

#include "services/psrp/clixml/Value.h"

namespace postern::clixml {

// The primitives come first, in the order of Kind.
enum class Tag : quint8 {
    Nil,
    S,
    C,
    B,
    DT,
    TS,
    By,
    SB,
    U16,
    I16,
    U32,
    I32,
    U64,
    I64,
    Sg,
    Db,
    D,
    BA,
    G,
    URI,
    Version,
    XD,
    SBK,
    SS,
    PR,
    Obj,
    Ref,
    TN,
    TNRef,
    T,
    ToString,
    Props,
    MS,
    LST,
    IE,
    QUE,
    STK,
    DCT,
    En,
    Objs,
    AV, // from here children of PR: activity, id, parent, percent, seconds, status
    AI,
    PI,
    PC,
    SR,
    SD,
    Unknown,
};

static_assert(int(Tag::SS) == int(Kind::SecureString) && int(Tag::PR) == int(Kind::Progress)
    && int(Tag::Obj) == int(Kind::Object) && int(Tag::I64) == int(Kind::Int64));

enum class Content : quint8 { Text, Empty, Elements };

namespace grammar {

constexpr quint64 bit(Tag tag)
{
    return quint64(1) << int(tag);
}

constexpr quint64 bits(Tag first, Tag last)
{
    quint64 mask = 0;
    for (int tag = int(first); tag <= int(last); ++tag)
        mask |= quint64(1) << tag;
    return mask;
}

inline constexpr quint64 kValues = bits(Tag::Nil, Tag::Ref); // a primitive, Nil, PR, Obj or Ref

constexpr std::array<quint64, size_t(Tag::Unknown) + 1> makeChildren()
{
    std::array<quint64, size_t(Tag::Unknown) + 1> children{};
    const auto set = [&children](Tag parent, quint64 mask) { children[size_t(parent)] = mask; };
    set(Tag::Unknown,
        (kValues & ~bit(Tag::Ref)) | bit(Tag::Objs)); // the document; a Ref has nothing to refer to
    set(Tag::Objs, kValues);
    set(Tag::Obj, kValues | bits(Tag::TN, Tag::TNRef) | bits(Tag::ToString, Tag::DCT));
    set(Tag::TN, bit(Tag::T));
    set(Tag::Props, kValues);
    set(Tag::MS, kValues | bit(Tag::MS));
    for (Tag list : {Tag::LST, Tag::IE, Tag::QUE, Tag::STK})
        set(list, kValues);
    set(Tag::DCT, bit(Tag::En));
    set(Tag::En, kValues);
    set(Tag::PR, bits(Tag::AV, Tag::SD) | bit(Tag::T) | bit(Tag::Nil) | bit(Tag::S));
    return children;
}

inline constexpr auto kChildren = makeChildren();

} // namespace grammar

[[nodiscard]] QByteArrayView tagName(Tag tag);
[[nodiscard]] Tag tagFromName(QByteArrayView localName);

namespace grammar {

struct NamedTag
{
    quint64 word = 0; // the name, its first byte in the lowest
    Tag tag = Tag::Unknown;
};
// A factor that gives all names of Tag different top bits; the tables are checked when this is compiled.
constexpr size_t slotOf(quint64 word)
{
    return (word * 0x325e7e58d76c9ecbULL) >> 57;
}
extern const std::array<NamedTag, 128> kTagsByName;

} // namespace grammar

// A name of up to 8 bytes, the first in the lowest byte, the others zero.
[[nodiscard]] inline Tag tagFromWord(quint64 word)
{
    const grammar::NamedTag& entry = grammar::kTagsByName[grammar::slotOf(word)];
    return entry.word == word ? entry.tag : Tag::Unknown;
}
[[nodiscard]] constexpr Content contentOf(Tag tag)
{
    if (tag == Tag::Nil || tag == Tag::Ref || tag == Tag::TNRef)
        return Content::Empty;
    return grammar::kChildren[size_t(tag)] != 0 ? Content::Elements : Content::Text;
}
// parent Unknown: the document itself
[[nodiscard]] constexpr bool mayContain(Tag parent, Tag child)
{
    return (grammar::kChildren[size_t(parent)] & grammar::bit(child)) != 0;
}
// S to SS: an element whose text is a primitive. Nil is not among them.
[[nodiscard]] constexpr bool isPrimitive(Tag tag)
{
    return tag >= Tag::S && tag <= Tag::SS;
}
[[nodiscard]] constexpr bool isList(Tag tag)
{
    return tag >= Tag::LST && tag <= Tag::STK;
}

} // namespace postern::clixml
