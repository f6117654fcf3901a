// A SecretStore that tells what was done to it, fails when told to, and holds writes back. Test's thread.
#pragma once

#include <QCoroFuture>
#include <QPromise>
#include <QStringList>
#include <deque>
#include <memory>

#include "services/identity/SecretStore.h"

namespace postern::test {

class WatchedStore final : public identity::SecretStore
{
public:
    QHash<QString, QString> secrets;
    QStringList log; // "write refresh-2"
    bool refuseReads = false;
    bool refuseWrites = false;
    bool holdWrites = false; // until letGo()
    std::function<void()> beforeRead; // another process at work

    [[nodiscard]] int held() const { return int(m_held.size()); }
    void letGo()
    {
        const auto held = std::move(m_held.front());
        m_held.pop_front();
        held->addResult(true);
        held->finish();
    }

    QCoro::Task<Expected<QString>> read(QString key) override
    {
        if (beforeRead)
            beforeRead();
        if (refuseReads)
            co_return fail(ErrorCode::SecretStoreUnavailable, QStringLiteral("locked"), key);
        if (!secrets.contains(key))
            co_return fail(ErrorCode::SecretMissing, {}, key);
        co_return secrets.value(key);
    }

    QCoro::Task<Expected<void>> write(QString key, QString secret) override
    {
        if (holdWrites) {
            auto promise = std::make_shared<QPromise<bool>>();
            promise->start();
            m_held.push_back(promise);
            QFuture<bool> future = promise->future();
            co_await future;
        }
        if (refuseWrites)
            co_return fail(ErrorCode::SecretStoreUnavailable, QStringLiteral("locked"), key);
        log.append(QStringLiteral("write ") + secret);
        secrets.insert(key, secret);
        co_return Expected<void>();
    }

    QCoro::Task<Expected<void>> remove(QString key) override
    {
        log.append(QStringLiteral("remove"));
        secrets.remove(key);
        co_return Expected<void>();
    }

private:
    std::deque<std::shared_ptr<QPromise<bool>>> m_held;
};

} // namespace postern::test
