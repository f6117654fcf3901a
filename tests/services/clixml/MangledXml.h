// CLIXML documents in other clothes (the same content, legal XML variations) and damaged ones, from a seed.
#pragma once

#include <QByteArray>

#include "tests/services/clixml/RandomValues.h"

namespace postern::clixml::testing {

// Indented, with comments, CDATA, character references, prefixes, single quotes: still the same document.
[[nodiscard]] QByteArray redressed(const QByteArray& document, RandomValues& random);
// One to four bytes or tokens changed, inserted, removed, or the end cut off.
[[nodiscard]] QByteArray damaged(QByteArray document, RandomValues& random);

} // namespace postern::clixml::testing
