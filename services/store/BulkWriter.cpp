#include "services/store/BulkWriter.h"

#include "services/store/postgres/PostgresConnection.h"

using namespace Qt::StringLiterals;

namespace postern::store {

namespace {

Error notThere()
{
    return {ErrorCode::Internal, u"a row to be updated was not there"_s, u"bulk write"_s, {}};
}

} // namespace

BulkWriter::BulkWriter(Session& session, const BulkShape& shape)
    : m_session(session)
    , m_shape(shape)
    , m_copying(session.dialect() == Dialect::Postgres)
{
    if (m_copying)
        return;
    for (const auto& sql : shape.sqlite) {
        auto prepared = session.connection().prepare(sql);
        if (!prepared) {
            m_error = prepared.error();
            return;
        }
        m_statements.push_back(*prepared);
    }
}

BulkWriter::~BulkWriter()
{
    for (auto* statement : m_statements)
        statement->release();
}

void BulkWriter::beginRow()
{
    if (m_copying)
        m_copy.beginRow(m_shape.columns);
}

void BulkWriter::integer(qint64 value)
{
    for (auto* statement : m_statements)
        statement->bindInteger(m_column, value);
    if (m_copying)
        m_copy.addInteger(value);
    ++m_column;
}

void BulkWriter::text(const QString& value)
{
    add(m_texts.add(value));
}

void BulkWriter::uuid(const QUuid& value)
{
    add(m_texts.addUuid(value));
}

void BulkWriter::add(std::string_view utf8)
{
    for (auto* statement : m_statements)
        statement->bindText(m_column, utf8);
    if (m_copying)
        m_copy.addText(utf8);
    ++m_column;
}

void BulkWriter::null()
{
    for (auto* statement : m_statements)
        statement->bindNull(m_column);
    if (m_copying)
        m_copy.addNull();
    ++m_column;
}

Expected<void> BulkWriter::endRow()
{
    Q_ASSERT(m_column == m_shape.columns);
    ++m_rows;
    m_column = 0;
    if (!m_error && !m_copying) {
        if (auto done = runRow(); !done)
            m_error = done.error();
    }
    m_texts.clear();
    if (!m_error)
        return {};
    m_session.setFailed(*m_error);
    return fail(*m_error);
}

Expected<void> BulkWriter::runRow()
{
    for (auto* statement : m_statements) {
        auto stepped = statement->step();
        const bool last = statement == m_statements.back();
        const qint64 affected = last && stepped ? statement->affectedRows() : 1;
        statement->reset();
        if (!stepped)
            return tl::unexpected(stepped.error());
        if (affected != 1)
            return fail(notThere());
    }
    return {};
}

Expected<void> BulkWriter::finish()
{
    auto done = m_error ? Expected<void>(fail(*m_error)) : Expected<void>();
    if (done && m_rows > 0 && m_copying)
        done = copyAll();
    if (!done)
        m_session.setFailed(done.error());
    return done;
}

Expected<void> BulkWriter::copyAll()
{
    auto& connection = static_cast<PostgresConnection&>(m_session.connection());
    if (!m_shape.stage.empty()) {
        if (auto made = connection.runScript(QByteArray::fromStdString(m_shape.stage)); !made)
            return made;
    }
    if (auto copied = connection.copyIn(QByteArray::fromStdString(m_shape.copy), m_copy.finish()); !copied)
        return copied;
    qint64 affected = m_rows;
    for (const auto& sql : m_shape.postgres) {
        Query query(m_session, Sql::constant(sql));
        if (auto done = query.run(); !done)
            return done;
        affected = query.affected();
    }
    if (affected != m_rows)
        return fail(notThere());
    return {};
}

} // namespace postern::store
