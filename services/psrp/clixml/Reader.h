// CLIXML text to Values. Strict: no DTD, no entities but the predefined five, no processing instruction but
// an XML declaration in front, valid UTF-8 and XML characters only, limits of Limits.h. Linear time,
// recursion bounded by the limits. Stateless between calls; one Reader a thread. Errors: Malformed or
// LimitExceeded, detail "offset N: ...". [MS-PSRP] 2.2.5. For a stream of rows use
// PropertyBag.
#pragma once

#include <QByteArrayView>
#include <vector>

#include "models/base/Error.h"
#include "services/psrp/clixml/Limits.h"
#include "services/psrp/clixml/Value.h"

namespace postern::clixml {

// One object of a file, with the stream it came from ("Error", "progress"; empty for output).
struct FileItem
{
    Value value;
    QString stream;
    friend bool operator==(const FileItem&, const FileItem&) = default;
};

class Reader
{
public:
    explicit Reader(Limits limits = {})
        : m_limits(limits)
    {
    }

    // One value standing alone, as in a PSRP message. A UTF-8 byte order mark is skipped. Empty input is Nil
    // (a null PIPELINE_OUTPUT, END_OF_PIPELINE_INPUT).
    [[nodiscard]] Expected<Value> read(QByteArrayView document) const;

    // A file of Export-Clixml (root Objs) or what PowerShell prints on stderr ("#< CLIXML" line first); a
    // lone value reads as a file of one. UTF-8 or, with a byte order mark, UTF-16 (offsets are then those of
    // the UTF-8 form).
    [[nodiscard]] Expected<std::vector<FileItem>> readFile(QByteArrayView document) const;

private:
    Limits m_limits;
};

} // namespace postern::clixml
