// The console's command line: what it accepts, what it refuses with one line.
#include <QTest>

#include "app/console/ConsoleOptions.h"

using namespace postern;
using namespace postern::console;
using namespace Qt::StringLiterals;

class TestConsoleOptions : public QObject
{
    Q_OBJECT
private slots:
    void reads();
    void answersHelp();
    void refuses_data();
    void refuses();
};

void TestConsoleOptions::reads()
{
    const auto plain = parseConsoleOptions({u"postern"_s});
    QVERIFY(plain);
    QVERIFY(plain->site.isEmpty() && plain->node.isEmpty() && !plain->lab && !plain->resetSettings);
    const auto all = parseConsoleOptions({u"postern"_s, u"--site"_s, u"/tmp/a.db"_s, u"--lab"_s, u"--node"_s,
        u"\\Monitoring\\Exchange Connector"_s, u"--reset-settings"_s, u"--theme=dark"_s});
    QVERIFY(all);
    QCOMPARE(all->site, u"/tmp/a.db"_s);
    QVERIFY(all->lab && all->resetSettings);
    QCOMPARE(all->node, u"Monitoring/Exchange Connector"_s);
    QCOMPARE(int(all->theme), int(widgets::ThemeChoice::Dark));
}

void TestConsoleOptions::answersHelp()
{
    const auto help = parseConsoleOptions({u"postern"_s, u"--help"_s});
    QVERIFY(help);
    for (const auto& option : {u"--site"_s, u"--lab"_s, u"--node"_s, u"--reset-settings"_s, u"--theme"_s})
        QVERIFY2(help->answer.contains(option), qPrintable(option));
    const auto all = parseConsoleOptions({u"postern"_s, u"--help-all"_s}); // which --help speaks of
    QVERIFY(all && !all->answer.isEmpty());
}

void TestConsoleOptions::refuses_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<QString>("says");
    QTest::newRow("unknown option") << QStringList{u"--nonsense"_s} << u"nonsense"_s;
    QTest::newRow("missing value") << QStringList{u"--node"_s} << u"node"_s;
    QTest::newRow("unknown node") << QStringList{u"--node"_s, u"Cars"_s} << u"There is no node \"Cars\""_s;
    QTest::newRow("unknown theme") << QStringList{u"--theme"_s, u"pink"_s} << u"not \"pink\""_s;
    QTest::newRow("argument") << QStringList{u"something"_s} << u"Unexpected argument \"something\""_s;
}

void TestConsoleOptions::refuses()
{
    QFETCH(QStringList, arguments);
    QFETCH(QString, says);
    arguments.prepend(u"postern"_s);
    const auto options = parseConsoleOptions(arguments);
    QVERIFY(!options);
    QCOMPARE(int(options.error().code), int(ErrorCode::InvalidInput));
    QVERIFY2(options.error().detail.contains(says), qPrintable(options.error().detail));
    QVERIFY(!options.error().detail.contains(u'\n'));
}

QTEST_GUILESS_MAIN(TestConsoleOptions)
#include "tst_ConsoleOptions.moc"
