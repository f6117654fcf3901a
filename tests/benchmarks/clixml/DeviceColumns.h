// Typed columns filled from objects: what a mapper does with a PropertyBag, and what the same takes by
// QXmlStreamReader. For benchmarks. Columns keep their capacity from page to page.
#pragma once

#include <QByteArray>
#include <vector>

#include "services/psrp/clixml/PropertyBag.h"

namespace postern::benchmarks {

class DeviceColumns
{
public:
    void clear();
    void add(const clixml::PropertyBag& bag); // all 37 properties
    [[nodiscard]] quint64 checksum() const;

private:
    void addText(QByteArrayView text);

    std::vector<char> m_text; // of all text columns, back to back
    size_t m_textSize = 0;
    std::vector<quint32> m_ends;
    std::vector<qint64> m_dates;
    std::vector<qint8> m_flags;
};

} // namespace postern::benchmarks
