#include "services/identity/SecretStore.h"

#include <QCoroSignal>
#include <qt6keychain/keychain.h>

namespace postern::identity {

namespace {

const QString service = QStringLiteral("Postern");

Expected<void> outcome(const QKeychain::Job& job, const QString& key)
{
    switch (job.error()) {
    case QKeychain::NoError:
        return {};
    case QKeychain::EntryNotFound:
        return fail(ErrorCode::SecretMissing, job.errorString(), key);
    default:
        return fail(ErrorCode::SecretStoreUnavailable, job.errorString(),
            QStringLiteral("key ring entry %1").arg(key));
    }
}

// Never falls back to plain text: insecureFallback stays off, QtKeychain then reports an error.
QCoro::Task<Expected<void>> run(QKeychain::Job* job, QString key)
{
    job->setAutoDelete(false);
    job->setInsecureFallback(false);
    job->start();
    co_await qCoro(job, &QKeychain::Job::finished);
    co_return outcome(*job, key);
}

} // namespace

QCoro::Task<Expected<QString>> KeyringSecretStore::read(QString key)
{
    QKeychain::ReadPasswordJob job(service);
    job.setKey(key);
    const Expected<void> result = co_await run(&job, key);
    if (!result)
        co_return fail(result.error());
    co_return job.textData();
}

QCoro::Task<Expected<void>> KeyringSecretStore::write(QString key, QString secret)
{
    QKeychain::WritePasswordJob job(service);
    job.setKey(key);
    job.setTextData(secret);
    co_return co_await run(&job, key);
}

QCoro::Task<Expected<void>> KeyringSecretStore::remove(QString key)
{
    QKeychain::DeletePasswordJob job(service);
    job.setKey(key);
    Expected<void> result = co_await run(&job, key);
    if (!result && result.error().code == ErrorCode::SecretMissing)
        co_return Expected<void>{};
    co_return result;
}

QCoro::Task<Expected<QString>> MemorySecretStore::read(QString key)
{
    const auto found = m_secrets.constFind(key);
    if (found == m_secrets.cend())
        co_return fail(ErrorCode::SecretMissing, {}, key);
    co_return *found;
}

QCoro::Task<Expected<void>> MemorySecretStore::write(QString key, QString secret)
{
    m_secrets.insert(key, secret);
    co_return Expected<void>{};
}

QCoro::Task<Expected<void>> MemorySecretStore::remove(QString key)
{
    m_secrets.remove(key);
    co_return Expected<void>{};
}

} // namespace postern::identity
