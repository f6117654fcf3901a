// The elements CLIXML consists of and what may stand in what: one grammar for Scanner, Reader, PropertyBag and Writer.
// Pure, any thread. exchange-protocols c.1, c.3.
#pragma once

#include <QByteArrayView>

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

[[nodiscard]] QByteArrayView tagName(Tag tag);
[[nodiscard]] Tag tagFromName(QByteArrayView localName);
[[nodiscard]] Content contentOf(Tag tag);
[[nodiscard]] bool mayContain(Tag parent, Tag child); // parent Unknown: the document itself
// S to SS: an element whose text is a primitive. Nil is not among them.
[[nodiscard]] constexpr bool isPrimitive(Tag tag) { return tag >= Tag::S && tag <= Tag::SS; }
[[nodiscard]] constexpr bool isList(Tag tag) { return tag >= Tag::LST && tag <= Tag::STK; }

} // namespace postern::clixml
