// CLIXML read the plain way, by QXmlStreamReader: what the fast Reader must agree with. Slow, no limits,
// tests only.
#pragma once

#include <QByteArray>
#include <optional>
#include <vector>

#include "services/psrp/clixml/Reader.h"

namespace postern::clixml::testing {

// nullopt: refused. The document is a lone value or a file (Objs).
[[nodiscard]] std::optional<std::vector<FileItem>> readByReference(const QByteArray& document);

} // namespace postern::clixml::testing
