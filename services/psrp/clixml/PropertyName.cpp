#include <QHash>
#include <mutex>

#include "services/psrp/clixml/PropertyBag.h"

namespace postern::clixml {

namespace {

int intern(const QByteArray& folded)
{
    static std::mutex mutex;
    static QHash<QByteArray, int> ids;
    const std::lock_guard lock(mutex);
    const auto found = ids.constFind(folded);
    return found != ids.constEnd() ? *found : *ids.insert(folded, int(ids.size()));
}

} // namespace

PropertyName::PropertyName(QStringView name)
    : m_utf8(name.toUtf8())
    , m_id(intern(m_utf8.toLower())) // QByteArray folds ASCII only, as the bag compares
{
}

} // namespace postern::clixml
