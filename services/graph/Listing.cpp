#include "services/graph/Listing.h"

namespace postern::graph {

using namespace Qt::StringLiterals;

QUuid IdsSeen::keyOf(const QString& id)
{
    static const QUuid space(u"6f6cb0e5-6f2e-4c0a-9d9e-6d7a3a5b0c11"_s);
    const QUuid guid = QUuid::fromString(id);
    return guid.isNull() ? QUuid::createUuidV5(space, id) : guid;
}

bool IdsSeen::insert(const QString& id)
{
    const qsizetype before = m_ids.size();
    m_ids.insert(keyOf(id));
    return m_ids.size() > before;
}

void Completeness::page(const JsonBody& body)
{
    // Intune counts the page, others the list: a page that is followed by another and counts exactly itself
    // says nothing of the list.
    const bool countsItself = !body.nextLink().isEmpty() && body.count() == body.size();
    if (m_first && !countsItself)
        m_declared = body.count();
    m_first = false;
}

Expected<void> Completeness::verdict(qint64 distinct, const QString& what) const
{
    if (!m_declared || distinct >= *m_declared)
        return {};
    return fail(ErrorCode::Incomplete, u"Graph counts %1, %2 came"_s.arg(*m_declared).arg(distinct), what);
}

} // namespace postern::graph
