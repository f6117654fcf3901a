// One database connection, SQLite or PostgreSQL, as repositories need it: transactions and prepared
// statements over the native client library (QtSql costs 1.4 to 2 times as much, and neither binds out of
// band nor streams on both). Used by one thread only, the one that opened it. No SQL is in here but
// transaction control.
#pragma once

#include <QByteArray>
#include <any>
#include <functional>
#include <memory>
#include <string_view>
#include <typeindex>
#include <unordered_map>

#include "models/base/Error.h"
#include "services/store/SiteAddress.h"

namespace postern::store {

// A prepared statement. Parameters and columns count from 0. Views given to bindText/bindBytes must live
// until the next step() or reset(); views handed out live until the next step() or reset().
class Statement
{
public:
    virtual ~Statement() = default;
    [[nodiscard]] virtual int parameter(
        std::string_view name) const = 0; // ":name" -> its number, -1: unknown
    virtual void bindInteger(int parameter, qint64 value) = 0;
    virtual void bindText(int parameter, std::string_view utf8) = 0;
    virtual void bindBytes(int parameter, QByteArrayView bytes) = 0;
    virtual void bindNull(int parameter) = 0;
    // Rows are handed out as they arrive instead of being collected first; no other statement runs meanwhile.
    virtual void setStreaming(bool on) = 0;

    [[nodiscard]] virtual Expected<bool> step() = 0; // true: there is a row
    [[nodiscard]] virtual bool isNull(int column) const = 0;
    [[nodiscard]] virtual qint64 integer(int column) const = 0; // 0 when null
    [[nodiscard]] virtual std::string_view text(int column) const = 0; // UTF-8; empty when null
    [[nodiscard]] virtual QByteArray bytes(int column) const = 0;
    [[nodiscard]] virtual qint64 affectedRows() const = 0;
    virtual void reset() = 0; // ends the execution; bindings stay until they are replaced
    virtual void release() = 0; // reset(), and forgets what was bound
};

enum class Access { Read, Write };

class Connection
{
public:
    virtual ~Connection() = default;
    [[nodiscard]] virtual Dialect dialect() const = 0;
    // Begin reconnects a PostgreSQL session that was lost; nothing else does, so no half of a transaction is
    // repeated.
    [[nodiscard]] virtual Expected<void> begin(Access access) = 0;
    [[nodiscard]] virtual Expected<void> commit() = 0;
    virtual void rollback() = 0; // never fails: what cannot be rolled back was lost with the session
    // Prepared once, kept for the connection's life; `sql` is a constant of a repository.
    [[nodiscard]] virtual Expected<Statement*> prepare(std::string_view sql) = 0;
    // Schema changes: several statements, no parameters.
    [[nodiscard]] virtual Expected<void> runScript(const QByteArray& sql) = 0;
    // Ends what another thread sees running here (closing a store must not wait for a long read).
    virtual void interrupt() = 0;

    // What a repository keeps with a connection between transactions; valid() decides whether it may be
    // trusted.
    template <class T> [[nodiscard]] T& attachment()
    {
        auto& slot = m_attachments[std::type_index(typeid(T))];
        if (!slot)
            slot = std::make_shared<T>();
        return *static_cast<T*>(slot.get());
    }

    // Tests fail the n-th statement through this; called before each step that starts a statement, and each
    // commit.
    void setFaultHook(std::function<bool()> hook) { m_faultHook = std::move(hook); }

protected:
    [[nodiscard]] bool faultInjected() const { return m_faultHook && m_faultHook(); }

private:
    std::unordered_map<std::type_index, std::shared_ptr<void>> m_attachments;
    std::function<bool()> m_faultHook;
};

} // namespace postern::store
