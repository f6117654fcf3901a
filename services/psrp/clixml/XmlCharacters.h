// Checks a whole document at once for what XML 1.0 forbids: invalid UTF-8 (overlong forms, surrogates, beyond
// U+10FFFF), control characters but tab, CR and LF, U+FFFE and U+FFFF. AVX2 where the processor has it. Pure,
// any thread.
#pragma once

#include <QByteArrayView>

namespace postern::clixml {

// The offset of the first byte of a character that may not stand in XML, or -1.
[[nodiscard]] qsizetype firstForbiddenCharacter(QByteArrayView text);
// The same without vector instructions: the reference for tests.
[[nodiscard]] qsizetype firstForbiddenCharacterScalar(QByteArrayView text);

} // namespace postern::clixml
