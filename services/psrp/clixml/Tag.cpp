#include "services/psrp/clixml/Tag.h"

#include <array>

namespace postern::clixml {

namespace {

constexpr std::array<const char*, size_t(Tag::Unknown) + 1> kNames{"Nil", "S", "C", "B", "DT", "TS", "By",
    "SB", "U16", "I16", "U32", "I32", "U64", "I64", "Sg", "Db", "D", "BA", "G", "URI", "Version", "XD", "SBK",
    "SS", "PR", "Obj", "Ref", "TN", "TNRef", "T", "ToString", "Props", "MS", "LST", "IE", "QUE", "STK", "DCT",
    "En", "Objs", "AV", "AI", "PI", "PC", "SR", "SD", ""};

// A name of up to 8 bytes as one word, so that finding a tag is one switch.
constexpr quint64 word(const char* name)
{
    quint64 key = 0;
    for (int i = 0; name[i] != '\0'; ++i)
        key |= quint64(static_cast<unsigned char>(name[i])) << (8 * i);
    return key;
}

} // namespace

QByteArrayView tagName(Tag tag)
{
    return QByteArrayView(kNames[size_t(tag)]);
}

Tag tagFromName(QByteArrayView name)
{
    if (name.isEmpty() || name.size() > 8)
        return Tag::Unknown;
    quint64 key = 0;
    for (qsizetype i = 0; i < name.size(); ++i)
        key |= quint64(static_cast<unsigned char>(name[i])) << (8 * i);
    return tagFromWord(key);
}

Tag tagFromWord(quint64 key)
{
#define POSTERN_TAG(tag)                                                                                     \
    case word(#tag):                                                                                         \
        return Tag::tag
    switch (key) {
        POSTERN_TAG(S);
        POSTERN_TAG(Nil);
        POSTERN_TAG(C);
        POSTERN_TAG(B);
        POSTERN_TAG(DT);
        POSTERN_TAG(TS);
        POSTERN_TAG(By);
        POSTERN_TAG(SB);
        POSTERN_TAG(U16);
        POSTERN_TAG(I16);
        POSTERN_TAG(U32);
        POSTERN_TAG(I32);
        POSTERN_TAG(U64);
        POSTERN_TAG(I64);
        POSTERN_TAG(Sg);
        POSTERN_TAG(Db);
        POSTERN_TAG(D);
        POSTERN_TAG(BA);
        POSTERN_TAG(G);
        POSTERN_TAG(URI);
        POSTERN_TAG(Version);
        POSTERN_TAG(XD);
        POSTERN_TAG(SBK);
        POSTERN_TAG(SS);
        POSTERN_TAG(PR);
        POSTERN_TAG(Obj);
        POSTERN_TAG(Ref);
        POSTERN_TAG(TN);
        POSTERN_TAG(TNRef);
        POSTERN_TAG(T);
        POSTERN_TAG(ToString);
        POSTERN_TAG(Props);
        POSTERN_TAG(MS);
        POSTERN_TAG(LST);
        POSTERN_TAG(IE);
        POSTERN_TAG(QUE);
        POSTERN_TAG(STK);
        POSTERN_TAG(DCT);
        POSTERN_TAG(En);
        POSTERN_TAG(Objs);
        POSTERN_TAG(AV);
        POSTERN_TAG(AI);
        POSTERN_TAG(PI);
        POSTERN_TAG(PC);
        POSTERN_TAG(SR);
        POSTERN_TAG(SD);
    default:
        return Tag::Unknown;
    }
#undef POSTERN_TAG
}

} // namespace postern::clixml
