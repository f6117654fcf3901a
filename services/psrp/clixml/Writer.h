// Values to CLIXML text, as Windows writes it: RefId counters from 0 for objects and for type name lists, a
// Ref for an object that was already written (the same shared Object), a TNRef for type names already
// written, escapes of [MS-PSRP] 2.2.5.3.2 also in names. Reader(Writer(v)) == v. Any thread, stateless.
#pragma once

#include <QByteArray>
#include <vector>

#include "services/psrp/clixml/Reader.h"
#include "services/psrp/clixml/Value.h"

namespace postern::clixml {

class Writer
{
public:
    // maxDepth: an object nested deeper collapses to its ToString, as Windows does.
    explicit Writer(int maxDepth = 50)
        : m_maxDepth(maxDepth)
    {
    }

    // One value standing alone, without namespace, declaration or byte order mark: the form inside a PSRP
    // message.
    [[nodiscard]] QByteArray write(const Value& value) const;
    // Root Objs with the namespace: the form of Export-Clixml.
    [[nodiscard]] QByteArray writeFile(const std::vector<FileItem>& items) const;

private:
    int m_maxDepth;
};

} // namespace postern::clixml
