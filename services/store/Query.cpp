#include "services/store/Query.h"

#include <QJsonArray>
#include <QJsonDocument>

#include "services/store/Utf8Buffer.h"

using namespace Qt::StringLiterals;

namespace postern::store {

QByteArray storedText(const QString& text)
{
    Utf8Buffer buffer;
    const auto utf8 = buffer.add(text);
    return QByteArray(utf8.data(), qsizetype(utf8.size()));
}

Query::Query(Session& session, Sql sql)
    : m_session(session)
{
    auto prepared = session.connection().prepare(sql.text());
    if (prepared)
        m_statement = *prepared;
    else
        setError(prepared.error());
}

Query::~Query()
{
    if (m_statement)
        m_statement->release();
}

void Query::setError(const Error& error)
{
    m_error = error;
    m_session.setFailed(error);
}

int Query::parameter(std::string_view name)
{
    if (m_error)
        return -1;
    const int found = m_statement->parameter(name);
    if (found < 0)
        setError(Error{ErrorCode::Internal,
            u"the statement has no parameter %1"_s.arg(
                QString::fromUtf8(name.data(), qsizetype(name.size()))),
            {}, {}});
    return found;
}

Query& Query::bind(std::string_view name, qint64 value)
{
    if (const int at = parameter(name); at >= 0)
        m_statement->bindInteger(at, value);
    return *this;
}

Query& Query::bind(std::string_view name, const QString& value)
{
    if (const int at = parameter(name); at >= 0) {
        const QByteArray& kept = m_bound.emplace_back(storedText(value));
        m_statement->bindText(at, std::string_view(kept.constData(), std::size_t(kept.size())));
    }
    return *this;
}

Query& Query::bind(std::string_view name, const QByteArray& bytes)
{
    if (const int at = parameter(name); at >= 0)
        m_statement->bindBytes(at, m_bound.emplace_back(bytes));
    return *this;
}

Query& Query::bind(std::string_view name, const QDateTime& time)
{
    return time.isValid() ? bind(name, qint64(time.toMSecsSinceEpoch())) : bindNull(name);
}

Query& Query::bind(std::string_view name, const std::optional<QDateTime>& time)
{
    return time ? bind(name, *time) : bindNull(name);
}

Query& Query::bind(std::string_view name, const QUuid& uuid)
{
    return bind(name, uuid.toString(QUuid::WithoutBraces));
}

Query& Query::bind(std::string_view name, const QStringList& list)
{
    return bind(name,
        QString::fromUtf8(QJsonDocument(QJsonArray::fromStringList(list)).toJson(QJsonDocument::Compact)));
}

Query& Query::bindNull(std::string_view name)
{
    if (const int at = parameter(name); at >= 0)
        m_statement->bindNull(at);
    return *this;
}

Query& Query::stream()
{
    if (m_statement)
        m_statement->setStreaming(true);
    return *this;
}

bool Query::next()
{
    if (m_error)
        return false;
    auto stepped = m_statement->step();
    if (!stepped)
        setError(stepped.error());
    return stepped && *stepped;
}

Expected<void> Query::run()
{
    while (next()) { }
    return result();
}

Expected<void> Query::result() const
{
    if (m_error)
        return fail(*m_error);
    return {};
}

qint64 Query::affected() const
{
    return m_error ? 0 : m_statement->affectedRows();
}

QString Query::text(int column) const
{
    const auto utf8 = m_statement->text(column);
    return QString::fromUtf8(utf8.data(), qsizetype(utf8.size()));
}

std::optional<QDateTime> Query::time(int column) const
{
    if (m_statement->isNull(column))
        return std::nullopt;
    return fromEpoch(m_statement->integer(column));
}

QUuid Query::uuid(int column) const
{
    return QUuid::fromString(text(column));
}

QStringList Query::list(int column) const
{
    const auto utf8 = m_statement->text(column);
    if (utf8 == "[]")
        return {};
    QStringList list;
    const auto array = QJsonDocument::fromJson(QByteArray(utf8.data(), qsizetype(utf8.size()))).array();
    for (const auto& item : array)
        list.append(item.toString());
    return list;
}

} // namespace postern::store
