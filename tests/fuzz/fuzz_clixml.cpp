// CLIXML: Reader, PropertyBag and Writer on the same bytes. They must agree, survive, and give offsets inside
// the input.
#include "services/psrp/clixml/PropertyBag.h"
#include "services/psrp/clixml/Reader.h"
#include "services/psrp/clixml/Writer.h"
#include "services/psrp/clixml/XmlCharacters.h"
#include "tests/fuzz/FuzzCheck.h"

using namespace postern;
using namespace postern::clixml;

namespace {

void checkError(const Error& error, qsizetype size)
{
    FUZZ_CHECK(error.code == ErrorCode::Malformed || error.code == ErrorCode::LimitExceeded);
    FUZZ_CHECK(error.detail.startsWith(QLatin1String("offset ")));
    const qsizetype offset = error.detail.mid(7).section(QLatin1Char(':'), 0, 0).toLongLong();
    FUZZ_CHECK(offset >= 0 && offset <= size);
}

void readEverything(const PropertyBag& bag)
{
    (void)bag.toText();
    (void)bag.typeName();
    for (int i = 0; i < qMin(bag.count(), 40); ++i) {
        (void)bag.textAt(i);
        const PropertyName name(bag.nameAt(i).left(8)); // names are interned for good: few of them
        (void)bag.text(name);
        (void)bag.utf8(name);
        (void)bag.boolean(name);
        (void)bag.integer(name);
        (void)bag.guid(name);
        (void)bag.dateTimeUtc(name);
        (void)bag.stringList(name);
    }
    (void)bag.defect();
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size)
{
    static PropertyBag bag; // reused, as in a stream
    const QByteArrayView input(reinterpret_cast<const char*>(data), qsizetype(size));
    FUZZ_CHECK(firstForbiddenCharacter(input) == firstForbiddenCharacterScalar(input));

    const auto value = Reader().read(input);
    const auto parsed = bag.parse(input);
    if (parsed)
        readEverything(bag);
    else
        checkError(parsed.error(), input.size());
    if (value) {
        FUZZ_CHECK(parsed);
        const auto again = Reader().read(Writer().write(*value));
        FUZZ_CHECK(again && *again == *value);
        FUZZ_CHECK(bag.isObject() == value->isObject());
    } else {
        checkError(value.error(), input.size());
    }
    if (const auto items = Reader().readFile(input)) {
        const auto again = Reader().readFile(Writer().writeFile(*items));
        FUZZ_CHECK(again && *again == *items);
    }
    return 0;
}
