#include "models/base/Ids.h"

namespace postern {

EasDeviceId::EasDeviceId(QString raw)
    : m_raw(std::move(raw))
{
    m_normalised.reserve(m_raw.size());
    for (const QChar c : m_raw) {
        if (c.isSpace() || c == u'{' || c == u'}' || c == u'-')
            continue;
        m_normalised += c.toLower();
    }
}

} // namespace postern
