#include <QDir>
#include <QtTest>

#include "services/store/SiteAddress.h"

using namespace Qt::StringLiterals;
using postern::ErrorCode;
using postern::store::Dialect;
using postern::store::SiteAddress;

class SiteAddressTest : public QObject
{
    Q_OBJECT
private slots:
    void accepted_data();
    void accepted();
    void refused_data();
    void refused();
};

void SiteAddressTest::accepted_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<int>("dialect");
    QTest::addColumn<QString>("shown");
    QTest::newRow("path") << u"/var/lib/postern/ps1.db"_s << int(Dialect::Sqlite)
                          << u"/var/lib/postern/ps1.db"_s;
    QTest::newRow("relative") << u"x/../ps1.db"_s << int(Dialect::Sqlite)
                              << QDir::current().absoluteFilePath(u"ps1.db"_s);
    QTest::newRow("spaces and quotes")
        << u"/tmp/a 'b\" c.db"_s << int(Dialect::Sqlite) << u"/tmp/a 'b\" c.db"_s;
    QTest::newRow("question mark") << u"/tmp/a?b#c.db"_s << int(Dialect::Sqlite) << u"/tmp/a?b#c.db"_s;
    QTest::newRow("url") << u"postgresql://postern@db.contoso.lab:5433/ps1?sslmode=verify-full"_s
                         << int(Dialect::Postgres)
                         << u"postgresql://postern@db.contoso.lab:5433/ps1?sslmode=verify-full"_s;
    QTest::newRow("short scheme") << u"postgres://db/ps1"_s << int(Dialect::Postgres)
                                  << u"postgresql://db/ps1"_s;
    QTest::newRow("socket") << u"postgresql:///ps1?host=/run/postgresql&port=5433"_s << int(Dialect::Postgres)
                            << u"postgresql:///ps1?host=/run/postgresql&port=5433"_s;
}

void SiteAddressTest::accepted()
{
    QFETCH(QString, text);
    QFETCH(int, dialect);
    QFETCH(QString, shown);
    const auto address = SiteAddress::parse(text);
    QVERIFY2(address, address ? "" : qPrintable(address.error().toLogText()));
    QCOMPARE(int(address->dialect()), dialect);
    QCOMPARE(address->toString(), shown);
    const auto again = SiteAddress::parse(address->toString());
    QVERIFY(again);
    QVERIFY(*again == *address);
}

void SiteAddressTest::refused_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("word"); // that the sentence must have
    QTest::newRow("empty") << u"  "_s << u"empty"_s;
    QTest::newRow("folder") << QDir::tempPath() << u"folder"_s;
    QTest::newRow("NUL") << (u"/tmp/a"_s + QChar(u'\0') + u"b"_s) << u"NUL"_s;
    QTest::newRow("other scheme") << u"mysql://u:canary@h/d"_s << u"only file paths"_s;
    QTest::newRow("password") << u"postgresql://postern:canary@db/ps1"_s << u"password"_s;
    QTest::newRow("empty password") << u"postgresql://postern:@db/ps1"_s << u"password"_s;
    QTest::newRow("password parameter") << u"postgresql://db/ps1?password=canary"_s << u"not supported"_s;
    QTest::newRow("options parameter") << u"postgresql://db/ps1?options=-ccanary"_s << u"not supported"_s;
    QTest::newRow("no database") << u"postgresql://db"_s << u"name of the database"_s;
    QTest::newRow("path too long") << u"postgresql://db/a/b"_s << u"name of the database"_s;
    QTest::newRow("fragment") << u"postgresql://db/a#canary"_s << u"fragment"_s;
    QTest::newRow("bad port") << u"postgresql://postern:canary@db:x/a"_s << u"valid URL"_s;
}

void SiteAddressTest::refused()
{
    QFETCH(QString, text);
    QFETCH(QString, word);
    const auto address = SiteAddress::parse(text);
    QVERIFY(!address);
    QCOMPARE(address.error().code, ErrorCode::InvalidInput);
    const QString said = address.error().toLogText();
    QVERIFY2(said.contains(word), qPrintable(said));
    QVERIFY2(
        !said.contains(u"canary"_s) || word == u"fragment"_s, qPrintable(said)); // a secret is not repeated
}

QTEST_APPLESS_MAIN(SiteAddressTest)
#include "tst_site_address.moc"
