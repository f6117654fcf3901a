// A statement in use: bind by name, step, read columns from 0. The first error sticks: later calls do nothing
// and result() says it, so that a repository checks once. Store thread only, inside a Session. SQL comes from
// string literals or constants put together from literals, never from data.
#pragma once

#include <QDateTime>
#include <QStringList>
#include <QUuid>
#include <deque>
#include <optional>
#include <string>

#include "models/base/EnumText.h"
#include "models/base/Ids.h"
#include "services/store/Session.h"

namespace postern::store {

// Only a literal converts; `constant` is for column lists joined from literals once.
class Sql
{
public:
    template <std::size_t N>
    consteval Sql(const char (&text)[N])
        : m_text(text, N - 1)
    {
    }
    [[nodiscard]] static Sql constant(const std::string& text) { return Sql(std::string_view(text), 0); }
    [[nodiscard]] std::string_view text() const { return m_text; }

private:
    Sql(std::string_view text, int)
        : m_text(text)
    {
    }
    std::string_view m_text;
};

class Query
{
public:
    Query(Session& session, Sql sql);
    Query(const Query&) = delete;
    Query& operator=(const Query&) = delete;
    ~Query();

    Query& bind(std::string_view name, qint64 value);
    Query& bind(std::string_view name, int value) { return bind(name, qint64(value)); }
    Query& bind(std::string_view name, bool value) { return bind(name, qint64(value ? 1 : 0)); }
    Query& bind(
        std::string_view name, const QString& value); // U+0000 becomes U+FFFD: PostgreSQL has no NUL in text
    Query& bind(std::string_view name, const QByteArray& bytes);
    Query& bind(
        std::string_view name, const QDateTime& time); // milliseconds since the epoch, UTC; invalid: null
    Query& bind(std::string_view name, const std::optional<QDateTime>& time);
    Query& bind(std::string_view name, const QUuid& uuid);
    Query& bind(std::string_view name, const QStringList& list); // a JSON array
    Query& bindNull(std::string_view name);
    template <class Tag> Query& bind(std::string_view name, RowId<Tag> id)
    {
        return id.isValid() ? bind(name, id.value) : bindNull(name);
    }
    // Enums are stored as their stable English text.
    template <class E>
    requires std::is_enum_v<E> Query& bind(std::string_view name, E value)
    {
        return bind(name, enumText(value).toString());
    }

    Query& stream(); // large results: rows as they arrive
    [[nodiscard]] bool next();
    [[nodiscard]] Expected<void> run(); // to its end; for statements without rows
    [[nodiscard]] Expected<void> result() const;
    [[nodiscard]] qint64 affected() const;

    [[nodiscard]] bool isNull(int column) const { return m_statement->isNull(column); }
    [[nodiscard]] qint64 integer(int column) const { return m_statement->integer(column); }
    [[nodiscard]] int number(int column) const { return int(m_statement->integer(column)); }
    [[nodiscard]] bool flag(int column) const { return m_statement->integer(column) != 0; }
    [[nodiscard]] QString text(int column) const;
    [[nodiscard]] std::string_view utf8(int column) const { return m_statement->text(column); }
    [[nodiscard]] QByteArray bytes(int column) const { return m_statement->bytes(column); }
    [[nodiscard]] std::optional<QDateTime> time(int column) const;
    [[nodiscard]] QUuid uuid(int column) const;
    [[nodiscard]] QStringList list(int column) const;
    template <class Tag> [[nodiscard]] RowId<Tag> id(int column) const { return RowId<Tag>{integer(column)}; }
    template <class E> [[nodiscard]] E enumeration(int column, E fallback) const
    {
        return enumFromText<E>(text(column)).value_or(fallback);
    }

private:
    [[nodiscard]] int parameter(std::string_view name);

    void setError(const Error& error);

    Session& m_session;
    Statement* m_statement = nullptr;
    std::optional<Error> m_error;
    std::deque<QByteArray> m_bound; // keeps what the statement only views
};

// UTF-8 as it is stored: NUL and halves of surrogate pairs replaced.
[[nodiscard]] QByteArray storedText(const QString& text);
[[nodiscard]] inline QDateTime fromEpoch(qint64 msecs)
{
    return QDateTime::fromMSecsSinceEpoch(msecs, Qt::UTC);
}

} // namespace postern::store
