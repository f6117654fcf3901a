// Where passwords live: the computer's key ring (Secret Service, Credential Manager, Keychain) through
// QtKeychain, and nowhere else. Keys look like "connector/PS1/ex1". Used on the thread that created it.
// Errors: SecretStoreUnavailable (no key ring, locked, refused), SecretMissing.
#pragma once

#include <QCoroTask>
#include <QHash>
#include <QString>

#include "models/base/Error.h"

namespace postern::identity {

class SecretStore
{
public:
    virtual ~SecretStore() = default;
    virtual QCoro::Task<Expected<QString>> read(QString key) = 0;
    virtual QCoro::Task<Expected<void>> write(QString key, QString secret) = 0;
    virtual QCoro::Task<Expected<void>> remove(QString key) = 0;
};

class KeyringSecretStore final : public SecretStore
{
public:
    QCoro::Task<Expected<QString>> read(QString key) override;
    QCoro::Task<Expected<void>> write(QString key, QString secret) override;
    QCoro::Task<Expected<void>> remove(QString key) override;
};

// For the lab, whose passwords are printed anyway, and for tests. Forgets everything at exit.
class MemorySecretStore final : public SecretStore
{
public:
    QCoro::Task<Expected<QString>> read(QString key) override;
    QCoro::Task<Expected<void>> write(QString key, QString secret) override;
    QCoro::Task<Expected<void>> remove(QString key) override;

private:
    QHash<QString, QString> m_secrets;
};

} // namespace postern::identity
