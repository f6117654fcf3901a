#include <QTest>

#include "app/agent/CommandLine.h"
#include "app/agent/Terminal.h"

using namespace postern;
using namespace postern::agent;
using namespace Qt::StringLiterals;

class TestCommandLine : public QObject
{
    Q_OBJECT

private slots:
    void parses_data()
    {
        QTest::addColumn<QString>("arguments");
        QTest::addColumn<QString>("words");
        QTest::addColumn<QString>("options"); // sorted key=value
        QTest::newRow("init") << u"--site a.db site init --site-code ABC"_s << u"site init"_s
                              << u"site-code=ABC"_s;
        QTest::newRow("options first")
            << u"--site a.db --format csv devices"_s << u"devices"_s << u"format=csv"_s;
        QTest::newRow("equals form") << u"--site=a.db devices --columns=name,imei"_s << u"devices"_s
                                     << u"columns=name,imei"_s;
        QTest::newRow("name") << u"--site a.db connector check ex1"_s << u"connector check ex1"_s << u""_s;
        QTest::newRow("switch") << u"--site a.db connector add --password-stdin --name x"_s
                                << u"connector add"_s << u"name=x password-stdin=true"_s;
        QTest::newRow("one connector")
            << u"--site a.db sync full --connector ex1"_s << u"sync full"_s << u"connector=ex1"_s;
        QTest::newRow("sync delta") << u"--site a.db sync delta --connector ex1"_s << u"sync delta"_s
                                    << u"connector=ex1"_s;
        QTest::newRow("value with equals")
            << u"--site a.db devices --where name=x"_s << u"devices"_s << u"where=name=x"_s;
    }
    void parses()
    {
        QFETCH(QString, arguments);
        QFETCH(QString, words);
        QFETCH(QString, options);
        const auto line = parseCommandLine(arguments.split(u' '));
        QVERIFY2(line.has_value(), line ? "" : qPrintable(line.error().detail));
        QCOMPARE(line->site, u"a.db"_s);
        QCOMPARE(line->words.join(u' '), words);
        QStringList pairs;
        for (auto it = line->options.cbegin(); it != line->options.cend(); ++it)
            pairs.append(it.key() + u'=' + it.value());
        pairs.sort();
        QCOMPARE(pairs.join(u' '), options);
    }

    void refuses_data()
    {
        QTest::addColumn<QString>("arguments");
        QTest::addColumn<QString>("names");
        QTest::newRow("nothing") << u"--site a.db"_s << u"no command"_s;
        QTest::newRow("unknown command") << u"--site a.db frobnicate"_s << u"frobnicate"_s;
        QTest::newRow("no site") << u"devices"_s << u"--site"_s;
        QTest::newRow("unknown option") << u"--site a.db devices --colour red"_s << u"--colour"_s;
        QTest::newRow("another command's option")
            << u"--site a.db --password-stdin devices"_s << u"--password-stdin"_s;
        QTest::newRow("value missing") << u"--site a.db devices --columns"_s << u"--columns"_s;
        QTest::newRow("name missing") << u"--site a.db connector check"_s << u"NAME"_s;
        QTest::newRow("too many") << u"--site a.db connector check a b"_s << u"\"b\""_s;
    }
    void refuses()
    {
        QFETCH(QString, arguments);
        QFETCH(QString, names);
        const auto line = parseCommandLine(arguments.split(u' '));
        QVERIFY(!line);
        QCOMPARE(line.error().code, ErrorCode::InvalidInput);
        QVERIFY2(line.error().detail.contains(names), qPrintable(line.error().detail));
    }

    void helpNeedsNoSite()
    {
        for (const auto& arguments : {QStringList{u"--help"_s}, QStringList{u"devices"_s, u"-h"_s}}) {
            const auto line = parseCommandLine(arguments);
            QVERIFY(line && line->help);
        }
        QVERIFY(helpText(u"devices"_s).contains(u"--columns"_s));
        QVERIFY(!helpText(u"devices"_s).contains(u"connector add"_s));
        QVERIFY(helpText(u"nonsense"_s).contains(u"connector add"_s));
    }

    // A phone's name must not move the cursor or turn the line around.
    void terminalTextIsHarmless()
    {
        QCOMPARE(visibleText(u"a\x1b[2Jb"_s), u"a<U+001b>[2Jb"_s);
        QCOMPARE(visibleText(u"x\u202Ecod.exe"_s), u"x<U+202e>cod.exe"_s);
        QCOMPARE(visibleText(u"Zoë 日本"_s), u"Zoë 日本"_s);
    }
};

QTEST_GUILESS_MAIN(TestCommandLine)
#include "tst_commandline.moc"
