#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include "services/site/Doorbell.h"

using namespace postern;
using namespace postern::site;
using namespace Qt::StringLiterals;

class TestDoorbell : public QObject
{
    Q_OBJECT

private slots:
    void wakesTheOthersButNotItself()
    {
        const QTemporaryDir folder;
        LocalDoorbell service(u"/sites/a.db"_s, folder.path());
        LocalDoorbell console(u"/sites/a.db"_s, folder.path());
        LocalDoorbell otherSite(u"/sites/b.db"_s, folder.path());
        QVERIFY(service.listen());
        QVERIFY(console.listen());
        QVERIFY(otherSite.listen());
        QSignalSpy atService(&service, &Doorbell::rung);
        QSignalSpy atConsole(&console, &Doorbell::rung);
        QSignalSpy atOther(&otherSite, &Doorbell::rung);
        console.ring();
        QTRY_COMPARE(atService.count(), 1);
        QCOMPARE(atConsole.count(), 0);
        QCOMPARE(atOther.count(), 0);
    }

    void aDeadListenersSocketIsSweptAway()
    {
        const QTemporaryDir folder;
        LocalDoorbell living(u"/sites/a.db"_s, folder.path());
        QVERIFY(living.listen());
        const QDir sockets(
            folder.path() + u'/' + QDir(folder.path()).entryList(QDir::Dirs | QDir::NoDotAndDotDot).value(0));
        // What a killed process leaves: a socket file that nobody listens on.
        const QString dead = sockets.filePath(u"dead"_s);
        {
            QLocalServer gone;
            QVERIFY(gone.listen(dead));
        }
        QFile stale(dead);
        QVERIFY(stale.open(QIODevice::WriteOnly)); // a plain file refuses connections as a dead socket does
        stale.close();
        LocalDoorbell caller(u"/sites/a.db"_s, folder.path());
        QSignalSpy rung(&living, &Doorbell::rung);
        caller.ring();
        QTRY_COMPARE(rung.count(), 1);
        QTRY_VERIFY(!QFile::exists(dead));
    }

    void aFolderThatCannotBeMadeIsAnError()
    {
        LocalDoorbell bell(u"/sites/a.db"_s, u"/proc/nowhere"_s);
        const auto listening = bell.listen();
        QVERIFY(!listening);
        QCOMPARE(listening.error().code, ErrorCode::AccessDenied);
        bell.ring(); // nothing to ring, and nothing happens
    }

    void strangersMayNotRing()
    {
        const QTemporaryDir folder;
        LocalDoorbell bell(u"/sites/a.db"_s, folder.path());
        QVERIFY(bell.listen());
        const QString inner = QDir(folder.path()).entryList(QDir::Dirs | QDir::NoDotAndDotDot).value(0);
        const auto permissions = QFile::permissions(folder.path() + u'/' + inner);
        QVERIFY(
            !(permissions & (QFile::ReadOther | QFile::WriteOther | QFile::ReadGroup | QFile::WriteGroup)));
    }

    void postgresNotifiesAcrossConnections()
    {
        const QString url = qEnvironmentVariable("POSTERN_TEST_PG");
        if (url.isEmpty())
            QSKIP("POSTERN_TEST_PG is not set; ./dev test starts a PostgreSQL");
        const auto address = store::SiteAddress::parse(url);
        QVERIFY(address);
        PostgresDoorbell service(*address, {});
        PostgresDoorbell console(*address, {});
        QVERIFY(service.listen());
        QSignalSpy rung(&service, &Doorbell::rung);
        console.ring();
        QTRY_VERIFY(rung.count() >= 1);
    }
};

QTEST_GUILESS_MAIN(TestDoorbell)
#include "tst_doorbell.moc"
