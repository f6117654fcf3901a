// "Show command": what PowerShell would read in the line is what the command holds, whatever the names are.
#include <QRandomGenerator>
#include <QTest>

#include "services/psrp/PowerShellText.h"
#include "services/psrp/clixml/Object.h"
#include "tests/services/psrp/LineReader.h"

using namespace Qt::StringLiterals;
using namespace postern;
using namespace postern::psrp;
using namespace postern::psrp::test;
using clixml::Value;

class TestPowerShellText : public QObject
{
    Q_OBJECT
private slots:
    void lines_data();
    void lines();
    void hostileTextsComeBack_data();
    void hostileTextsComeBack();
    void anyTextComesBack();
    void listsAndTablesComeBack();
    void whatHasNoText();
};

void TestPowerShellText::lines_data()
{
    QTest::addColumn<QString>("shown");
    QTest::addColumn<QString>("expected");
    const auto row = [](const char* name, const PsCommand& command, const QString& expected) {
        QTest::newRow(name) << powerShellText(command).value_or(u"(error)"_s) << expected;
    };
    row("set",
        PsCommand(u"Set-CASMailbox"_s)
            .with(u"Identity"_s, u"contoso.lab/Users/Anna O'Neil"_s)
            .with(u"ActiveSyncBlockedDeviceIDs"_s, Value::addRemove({u"A1"_s, u"A2"_s}, {u"B"_s}))
            .with(u"Confirm"_s, false),
        u"Set-CASMailbox -Identity 'contoso.lab/Users/Anna O''Neil' -ActiveSyncBlockedDeviceIDs "
        u"@{Add=@('A1', 'A2'); Remove=@('B')} -Confirm:$false"_s);
    row("kinds",
        PsCommand(u"New-X"_s)
            .with(u"A"_s, Value())
            .with(u"B"_s, true)
            .with(u"C"_s, 7)
            .with(u"D"_s, -7)
            .with(u"E"_s, Value::arrayList(QStringList()))
            .with(QString(), u"by place"_s),
        u"New-X -A $null -B:$true -C 7 -D (-7) -E @() 'by place'"_s);
    row("several", PsCommand(u"Get-A"_s).pipe(PsCommand(u"Get-B"_s)).then(PsCommand(u"Get-C"_s)),
        u"Get-A | Get-B; Get-C"_s);
    row("no cmdlet's name", PsCommand(u"Get-A; Remove-Mailbox"_s), u"& 'Get-A; Remove-Mailbox'"_s);
    row("line break", PsCommand(u"Get-A"_s).with(u"I"_s, u"a\r\nb"_s),
        u"Get-A -I ('a' + [char]0x000d + [char]0x000a + 'b')"_s);
    row("only invisible", PsCommand(u"Get-A"_s).with(u"I"_s, QString(QChar(0x202E))),
        u"Get-A -I ('' + [char]0x202e)"_s);
    row("empty", PsCommand(u"Get-A"_s).with(u"I"_s, QString(u""_s)), u"Get-A -I ''"_s);
}

void TestPowerShellText::lines()
{
    QFETCH(QString, shown);
    QTEST(shown, "expected");
}

void TestPowerShellText::hostileTextsComeBack_data()
{
    QTest::addColumn<QString>("text");
    QTest::newRow("apostrophe") << u"O'Neil"_s;
    QTest::newRow("typographic right") << u"O\u2019Neil"_s;
    QTest::newRow("typographic left") << u"\u2018x"_s;
    QTest::newRow("low and reversed") << u"\u201A\u201B"_s;
    QTest::newRow("quotes of different kinds in a row") << u"'\u2019'\u2018\u2019'"_s;
    QTest::newRow("ends a quote and adds a command") << u"x' ; Remove-Mailbox 'y"_s;
    QTest::newRow("the same typographically") << u"x\u2019 ; Remove-Mailbox \u2018y"_s;
    QTest::newRow("variable") << u"$env:USERNAME $(Get-Process) ${x}"_s;
    QTest::newRow("backtick") << u"a`nb`"_s;
    QTest::newRow("double quotes") << u"\"a\" \u201Cb\u201D"_s;
    QTest::newRow("line breaks") << u"a\r\nRemove-Mailbox x\nb"_s;
    QTest::newRow("line separator") << u"a\u2028b\u0085c"_s;
    QTest::newRow("comment") << u"a <# b #> # c"_s;
    QTest::newRow("right to left override") << u"abc\u202Ecba"_s;
    QTest::newRow("nul") << u"a"_s + QChar(u'\0') + u"b"_s;
    QTest::newRow("astral") << u"\U0001F4F1 phone"_s;
    QTest::newRow("lone surrogates") << QString(QChar(0xDC00)) + u"x"_s + QChar(0xD800);
    QTest::newRow("dashes") << u"-Identity \u2013Force \u2014x"_s;
    QTest::newRow("section sign") << u"iPhone\u00A7ApplC39"_s;
    QTest::newRow("no-break blank") << u"a\u00A0b"_s;
    QTest::newRow("looks like what the writer adds") << u"' + [char]0x0041 + '"_s;
}

void TestPowerShellText::hostileTextsComeBack()
{
    QFETCH(QString, text);
    const auto line
        = powerShellText(PsCommand(u"Get-A"_s).with(u"Identity"_s, text).with(u"Confirm"_s, false));
    QVERIFY(line);
    const auto read = readLine(*line);
    QVERIFY2(read, qPrintable(*line));
    QCOMPARE(read->cmdlet, u"Get-A"_s);
    QCOMPARE(int(read->arguments.size()), 2);
    QCOMPARE(read->arguments.at(0).name, u"Identity"_s);
    QCOMPARE(read->arguments.at(0).value.text, text);
    QCOMPARE(read->arguments.at(1).name, u"Confirm"_s);
    for (const QChar c : *line)
        QVERIFY(c.isPrint() || c.isSurrogate());
}

void TestPowerShellText::anyTextComesBack()
{
    const QString alphabet = u"ab'\u2018\u2019\u201A\u201B$`\"(){}[]@;|&+-,#<> \n\r\t\u2028\u202E\u00A0"_s
        + QChar(0xD83D) + QChar(0xDCF1) + QChar(u'\0');
    QRandomGenerator random(4711);
    for (int i = 0; i < 20'000; ++i) {
        QString text;
        for (int n = int(random.bounded(12)); n > 0; --n)
            text += alphabet.at(int(random.bounded(int(alphabet.size()))));
        const QString line = u"Get-A -I "_s + quotedForPowerShell(text);
        const auto read = readLine(line);
        QVERIFY2(read && read->arguments.size() == 1, qPrintable(line));
        QCOMPARE(read->arguments.front().value.text, text);
    }
}

void TestPowerShellText::listsAndTablesComeBack()
{
    const QStringList hostile = {u"a', 'b"_s, u"@{x=1}"_s, u"\u2019); Stop-Service \u2018x"_s, QString()};
    const auto line = powerShellText(PsCommand(u"Set-A"_s)
                                         .with(u"List"_s, Value::arrayList(hostile))
                                         .with(u"Table"_s, Value::addRemove(hostile, {u"}"_s})));
    QVERIFY(line);
    const auto read = readLine(*line);
    QVERIFY2(read, qPrintable(*line));
    const ReadValue& list = read->arguments.at(0).value;
    QCOMPARE(list.kind, ReadValue::Kind::List);
    QCOMPARE(int(list.items.size()), int(hostile.size()));
    for (size_t i = 0; i < list.items.size(); ++i)
        QCOMPARE(list.items.at(i).text, hostile.at(int(i)));
    const ReadValue& table = read->arguments.at(1).value;
    QCOMPARE(table.keys, QStringList({u"Add"_s, u"Remove"_s}));
    QVERIFY(table.items.at(0) == list);
    QCOMPARE(table.items.at(1).items.at(0).text, u"}"_s);
}

void TestPowerShellText::whatHasNoText()
{
    QVERIFY(!powerShellText(PsCommand::script(u"Remove-Mailbox x"_s)));
    QVERIFY(!powerShellText(PsCommand(u"Get-A"_s).with(u"A; B"_s, u"x"_s)));
    QVERIFY(!powerShellText(
        PsCommand(u"Get-A"_s).with(u"Password"_s, Value::fromTextual(clixml::Kind::SecureString, u"x"_s))));
    clixml::Object object;
    object.typeNames = {u"System.Diagnostics.Process"_s};
    const auto error
        = powerShellText(PsCommand(u"Get-A"_s).with(u"P"_s, Value::fromObject(std::move(object))));
    QVERIFY(!error);
    QCOMPARE(error.error().code, ErrorCode::Unsupported);
    QVERIFY(error.error().detail.contains(u"System.Diagnostics.Process"_s));
}

QTEST_APPLESS_MAIN(TestPowerShellText)
#include "tst_powershelltext.moc"
