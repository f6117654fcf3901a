#include "services/store/Session.h"

#include "services/store/Query.h"

using namespace Qt::StringLiterals;

namespace postern::store {

Session::~Session()
{
    if (m_open)
        finishRollback();
}

Expected<void> Session::begin(Session& session)
{
    auto begun = session.m_connection.begin(session.m_access);
    session.m_open = begun.has_value();
    return begun;
}

Expected<void> Session::commit()
{
    if (m_failure) {
        finishRollback();
        return fail(*m_failure);
    }
    if (auto committed = m_connection.commit(); !committed) {
        finishRollback();
        return committed;
    }
    m_open = false;
    return {};
}

void Session::finishRollback()
{
    m_open = false;
    m_connection.rollback();
    for (const auto& action : m_onRollback)
        action();
}

Expected<qint64> Session::touch(Table table)
{
    if (m_access == Access::Read)
        return fail(ErrorCode::Internal, u"a read transaction cannot change the store"_s);
    if (m_changes.revision() == 0) {
        Query count(*this, "UPDATE site SET revision = revision + 1 RETURNING revision");
        if (!count.next())
            return fail(count.result() ? Error{ErrorCode::StoreFailed, u"the site's row is missing"_s, {}, {}}
                                       : count.result().error());
        m_changes.setRevision(count.integer(0));
    }
    if (m_changes.contains(table))
        return m_changes.revision();
    Query mark(*this, "UPDATE change_state SET revision = :revision WHERE table_number = :table");
    mark.bind(":revision", m_changes.revision()).bind(":table", int(table));
    if (auto done = mark.run(); !done)
        return tl::unexpected(done.error());
    m_changes.add(table);
    return m_changes.revision();
}

Expected<void> Session::forgetBefore(Table table, qint64 revision)
{
    if (auto touched = touch(table); !touched)
        return tl::unexpected(touched.error());
    Query mark(*this,
        "UPDATE change_state SET forgotten_before = :revision"
        " WHERE table_number = :table AND forgotten_before < :revision");
    return mark.bind(":revision", revision).bind(":table", int(table)).run();
}

Expected<qint64> Session::allocateIds(Table table, qint64 count)
{
    if (auto touched = touch(table); !touched)
        return tl::unexpected(touched.error());
    Query query(*this,
        "UPDATE change_state SET last_id = last_id + :count WHERE table_number = :table RETURNING last_id");
    query.bind(":count", count).bind(":table", int(table));
    const bool row = query.next();
    if (auto result = query.result(); !result)
        return tl::unexpected(result.error());
    return row ? query.integer(0) - count + 1 : 0;
}

Expected<quint64> Session::hashSeed()
{
    struct Seed
    {
        quint64 value = 0;
    };
    auto& seed = m_connection.attachment<Seed>();
    if (seed.value == 0) {
        Query query(*this, "SELECT hash_seed FROM site");
        if (query.next())
            seed.value = quint64(query.integer(0));
        if (auto result = query.result(); !result)
            return tl::unexpected(result.error());
    }
    return seed.value;
}

Expected<qint64> Session::tableRevision(Table table)
{
    Query query(*this, "SELECT revision FROM change_state WHERE table_number = :table");
    query.bind(":table", int(table));
    const bool row = query.next();
    if (auto result = query.result(); !result)
        return tl::unexpected(result.error());
    return row ? query.integer(0) : 0;
}

} // namespace postern::store
