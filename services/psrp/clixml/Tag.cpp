#include "services/psrp/clixml/Tag.h"

#include <array>

namespace postern::clixml {

namespace {

constexpr std::array<const char*, size_t(Tag::Unknown) + 1> kNames{"Nil", "S", "C", "B", "DT", "TS", "By",
    "SB", "U16", "I16", "U32", "I32", "U64", "I64", "Sg", "Db", "D", "BA", "G", "URI", "Version", "XD", "SBK",
    "SS", "PR", "Obj", "Ref", "TN", "TNRef", "T", "ToString", "Props", "MS", "LST", "IE", "QUE", "STK", "DCT",
    "En", "Objs", "AV", "AI", "PI", "PC", "SR", "SD", ""};

constexpr quint64 wordOf(QByteArrayView name)
{
    quint64 word = 0;
    for (qsizetype i = 0; i < name.size(); ++i)
        word |= quint64(static_cast<unsigned char>(name.data()[i])) << (8 * i);
    return word;
}

constexpr std::array<grammar::NamedTag, 128> makeTagsByName()
{
    std::array<grammar::NamedTag, 128> table{};
    for (size_t i = 0; i < size_t(Tag::Unknown); ++i) {
        const quint64 word = wordOf(QByteArrayView(kNames[i]));
        if (table[grammar::slotOf(word)].word != 0)
            throw "two names in one slot: another factor is needed";
        table[grammar::slotOf(word)] = {word, Tag(i)};
    }
    return table;
}

} // namespace

constexpr std::array<grammar::NamedTag, 128> grammar::kTagsByName = makeTagsByName();

QByteArrayView tagName(Tag tag)
{
    return QByteArrayView(kNames[size_t(tag)]);
}

Tag tagFromName(QByteArrayView name)
{
    return name.isEmpty() || name.size() > 8 ? Tag::Unknown : tagFromWord(wordOf(name));
}

} // namespace postern::clixml
