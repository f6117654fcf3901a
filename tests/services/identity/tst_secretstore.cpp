#include <QCoroTask>
#include <QTest>

#include "services/identity/SecretStore.h"

using namespace postern;
using namespace postern::identity;

namespace {

template <class T> Expected<T> wait(QCoro::Task<Expected<T>> task)
{
    return QCoro::waitFor(std::move(task));
}

} // namespace

class TestSecretStore : public QObject
{
    Q_OBJECT

private slots:
    void keepsReplacesAndForgets_data()
    {
        QTest::addColumn<bool>("keyring");
        QTest::newRow("memory") << false;
        QTest::newRow("key ring") << true;
    }

    void keepsReplacesAndForgets()
    {
        QFETCH(bool, keyring);
        std::unique_ptr<SecretStore> store;
        if (keyring)
            store = std::make_unique<KeyringSecretStore>();
        else
            store = std::make_unique<MemorySecretStore>();
        const QString key = QStringLiteral("test/%1").arg(QUuid::createUuid().toString());
        const QString secret = QStringLiteral("pä§$ \"' \U0001F511 end");

        const Expected<void> written = wait(store->write(key, secret));
        if (keyring && !written && written.error().code == ErrorCode::SecretStoreUnavailable)
            QSKIP("no key ring in this session; ./dev test starts one");
        QVERIFY(written.has_value());
        QCOMPARE(*wait(store->read(key)), secret);

        QVERIFY(wait(store->write(key, QStringLiteral("second"))).has_value());
        QCOMPARE(*wait(store->read(key)), QStringLiteral("second"));

        QVERIFY(wait(store->remove(key)).has_value());
        const Expected<QString> gone = wait(store->read(key));
        QVERIFY(!gone);
        QCOMPARE(gone.error().code, ErrorCode::SecretMissing);
        QVERIFY2(wait(store->remove(key)).has_value(), "removing what is not there is no error");
    }

    // Without a session bus the key ring says so; nothing falls back to a file.
    void unavailableKeyringIsAnError()
    {
        if (qEnvironmentVariableIsSet("DBUS_SESSION_BUS_ADDRESS"))
            QSKIP("covered where no session bus runs");
        KeyringSecretStore store;
        const Expected<void> written = wait(store.write(QStringLiteral("test/x"), QStringLiteral("y")));
        QVERIFY(!written);
        QCOMPARE(written.error().code, ErrorCode::SecretStoreUnavailable);
    }
};

QTEST_GUILESS_MAIN(TestSecretStore)
#include "tst_secretstore.moc"
