// EasDisc.log: the exact form, roll-over, concurrent writers, redaction and lost lines.
#include <QDir>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>
#include <QTimeZone>
#include <QUrl>
#include <csignal>
#include <sys/resource.h>
#include <thread>

#include "services/tracelog/TraceLogWriter.h"

using namespace postern;
using namespace postern::tracelog;
using namespace Qt::StringLiterals;

namespace {

class FixedClock final : public core::Clock
{
public:
    [[nodiscard]] QDateTime now() const override
    {
        return QDateTime(QDate(2026, 3, 4), QTime(5, 6, 7, 89), Qt::UTC);
    }
};

QByteArray fileBytes(const QString& path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

const QRegularExpression& entryExpression()
{
    static const QRegularExpression expression(
        u"\\A<!\\[LOG\\[(.*?)\\]LOG\\]!><time=\"(\\d\\d:\\d\\d:\\d\\d\\.\\d{3}[+-]\\d{3,})\" "
        u"date=\"(\\d\\d-\\d\\d-\\d{4})\""
        u" component=\"([^\"]*)\" context=\"([^\"]*)\" type=\"([123])\" thread=\"(\\d+)\" file=\"([^\"]*)\">\\r\\n"_s,
        QRegularExpression::DotMatchesEverythingOption);
    return expression;
}

// The texts of a whole file, which must consist of entries and nothing else.
QStringList entryTexts(const QString& path, bool* whole)
{
    QStringList texts;
    const QString all = QString::fromUtf8(fileBytes(path));
    qsizetype at = 0;
    while (at < all.size()) {
        const auto match = entryExpression().match(all.mid(at));
        if (!match.hasMatch())
            break;
        texts << match.captured(1);
        at += match.capturedEnd();
    }
    *whole = at == all.size();
    return texts;
}

TraceLine line(const QString& text)
{
    return {TraceLine::Type::Information, text, {}};
}

} // namespace

class TestTraceLog : public QObject
{
    Q_OBJECT
private slots:
    void form_data();
    void form();
    void hostileTextStaysInItsEntry();
    void lineTexts_data();
    void lineTexts();
    void writesEntries();
    void rollsOver();
    void entryLargerThanTheFile();
    void removedFileIsMadeAgain();
    void concurrentWriters();
    void canarySecrets_data();
    void canarySecrets();
    void authorizationValues_data();
    void authorizationValues();
    void hashesUserNames();
    void fullDisk();
    void unusablePath();
};

void TestTraceLog::form_data()
{
    QTest::addColumn<int>("offset");
    QTest::addColumn<QString>("time");
    QTest::newRow("UTC") << 0 << u"05:06:07.089+000"_s;
    QTest::newRow("Berlin, winter") << 3600 << u"06:06:07.089-060"_s;
    QTest::newRow("New York, winter") << -18000 << u"00:06:07.089+300"_s;
    QTest::newRow("Nepal") << 20700 << u"10:51:07.089-345"_s;
    QTest::newRow("Kiritimati") << 50400 << u"19:06:07.089-840"_s;
}

void TestTraceLog::form()
{
    QFETCH(int, offset);
    QFETCH(QString, time);
    EntryAttributes attributes;
    attributes.local = FixedClock().now().toOffsetFromUtc(offset);
    attributes.component = u"SMS_EXCHANGE_CONNECTOR"_s;
    attributes.context = u"PS1"_s;
    attributes.type = TraceLine::Type::Warning;
    attributes.thread = 4711;
    attributes.file = u"FullSync.cpp:12"_s;
    const QString expected
        = u"<![LOG[Grüße]LOG]!><time=\"%1\" date=\"03-04-2026\" component=\"SMS_EXCHANGE_CONNECTOR\" "
          u"context=\"PS1\" type=\"2\" thread=\"4711\" file=\"FullSync.cpp:12\">\r\n"_s.arg(time);
    QCOMPARE(QString::fromUtf8(formatEntry(u"Grüße"_s, attributes)), expected);
}

void TestTraceLog::hostileTextStaysInItsEntry()
{
    QTemporaryDir dir;
    FixedClock clock;
    const QString path = dir.filePath(u"EasDisc.log"_s);
    TraceLogWriter writer({path}, clock);
    const QString forged = u"phone]LOG]!><time=\"00:00:00.000+000\" date=\"01-01-2000\" component=\"X\" "
                           u"context=\"\" type=\"1\" "
                           u"thread=\"1\" file=\"\">\r\n<![LOG[forged"_s;
    writer.write({TraceLine::Type::Error, forged, u"a\"b\nc"_s});
    writer.write(line(u"two\nlines ] [ <![LOG[ %1 %2"_s));
    bool whole = false;
    const QStringList texts = entryTexts(path, &whole);
    QVERIFY(whole);
    QCOMPARE(texts.size(), 2);
    QVERIFY(texts.at(0).contains(u"]LOG] !>"_s));
    QCOMPARE(texts.at(1), u"two\nlines ] [ <![LOG[ %1 %2"_s);
    QVERIFY(fileBytes(path).contains("context=\"a'b c\""));
}

void TestTraceLog::lineTexts_data()
{
    using namespace std::chrono_literals;
    using Type = TraceLine::Type;
    QTest::addColumn<TraceLine>("traceLine");
    QTest::addColumn<Type>("type");
    QTest::addColumn<QString>("text");
    const lines::SyncCounts counts{700, 10, 20, 3, 0};
    QTest::newRow("starting") << lines::starting(u"Contoso"_s, u"ex1"_s) << Type::Information
                              << u"Exchange Connector: starting, organization Contoso, server ex1"_s;
    QTest::newRow("running") << lines::running(700) << Type::Information
                             << u"Exchange Connector: running, 700 devices connected"_s;
    QTest::newRow("full started")
        << lines::fullSyncStarted(500) << Type::Information
        << u"Exchange Connector: full sync started (no time filter) for 500 users"_s;
    QTest::newRow("full completed")
        << lines::fullSyncCompleted(counts, 2500ms) << Type::Information
        << u"Exchange Connector: full sync completed, 700 devices inventoried, 10 added, 20 changed, 3 removed, 2.5 s"_s;
    QTest::newRow("cmdlet") << lines::cmdletFailed(u"Set-CASMailbox"_s) << Type::Error
                            << u"Invoking cmdlet Set-CASMailbox failed"_s;
    QTest::newRow("cmdlet, exception")
        << lines::cmdletFailed(u"Get-Recipient"_s, u"no such thing"_s) << Type::Error
        << u"Invoking cmdlet Get-Recipient failed\nno such thing"_s;
    QTest::newRow("runspace") << lines::runspaceFailed(u"PS1"_s) << Type::Warning
                              << u"Failed to open runspace for site PS1"_s;
    QTest::newRow("throttled, hostile name") << lines::throttled(u"a %1 %2 %3"_s, 1500ms,
        2) << Type::Warning << u"Throttled: a %1 %2 %3; waiting 1.5 s, continuing with 2 session(s)"_s;
    QTest::newRow("guard")
        << lines::shrinkGuard(u"mailboxes"_s, 100, 79) << Type::Warning
        << u"Guard: only 79 of 100 mailboxes came back; nothing is removed until an administrator confirms"_s;
}

void TestTraceLog::lineTexts()
{
    QFETCH(TraceLine, traceLine);
    QTEST(traceLine.type, "type");
    QTEST(traceLine.text, "text");
}

void TestTraceLog::writesEntries()
{
    QTemporaryDir dir;
    FixedClock clock;
    const QString path = dir.filePath(u"a/b/EasDisc.log"_s); // made when missing
    TraceLogWriter writer({path}, clock);
    writer.write(lines::running(3));
    const auto match = entryExpression().match(QString::fromUtf8(fileBytes(path)));
    QVERIFY(match.hasMatch());
    QCOMPARE(match.captured(1), u"Exchange Connector: running, 3 devices connected"_s);
    QCOMPARE(match.captured(4), u"SMS_EXCHANGE_CONNECTOR"_s);
    QVERIFY(match.captured(8).startsWith(u"tst_tracelog.cpp:"_s));
    QVERIFY(match.captured(7).toLongLong() > 0);
}

void TestTraceLog::rollsOver()
{
    QTemporaryDir dir;
    FixedClock clock;
    const QString path = dir.filePath(u"EasDisc.log"_s);
    const QString former = dir.filePath(u"EasDisc.lo_"_s);
    TraceLogOptions options{path};
    options.maxBytes = 1000;
    TraceLogWriter writer(options, clock);
    QStringList seen;
    for (int i = 0; i < 40; ++i) {
        writer.write(line(u"line %1"_s.arg(i)));
        QVERIFY(QFileInfo(path).size() <= 1000);
        QVERIFY(!QFile::exists(former) || QFileInfo(former).size() <= 1000);
    }
    bool wholeFormer = false, wholeNow = false;
    seen = entryTexts(former, &wholeFormer) + entryTexts(path, &wholeNow);
    QVERIFY(wholeFormer && wholeNow);
    QVERIFY(seen.size() >= 4);
    for (qsizetype i = 0; i < seen.size(); ++i) // one history, no gap at the seam, the newest last
        QCOMPARE(seen.at(i), u"line %1"_s.arg(40 - seen.size() + i));
    QCOMPARE(QDir(dir.path()).entryList(QDir::Files).size(), 2);
}

void TestTraceLog::entryLargerThanTheFile()
{
    QTemporaryDir dir;
    FixedClock clock;
    const QString path = dir.filePath(u"EasDisc.log"_s);
    TraceLogOptions options{path};
    options.maxBytes = 100;
    TraceLogWriter writer(options, clock);
    writer.write(line(u"small"_s));
    writer.write(line(QString(5000, u'x')));
    bool whole = false;
    QCOMPARE(entryTexts(path, &whole), QStringList(QString(5000, u'x')));
    QCOMPARE(writer.lostLines(), 0);
}

void TestTraceLog::removedFileIsMadeAgain()
{
    QTemporaryDir dir;
    FixedClock clock;
    const QString path = dir.filePath(u"EasDisc.log"_s);
    TraceLogWriter writer({path}, clock);
    writer.write(line(u"one"_s));
    QVERIFY(QFile::remove(path));
    writer.write(line(u"two"_s));
    bool whole = false;
    QCOMPARE(entryTexts(path, &whole), QStringList(u"two"_s));
}

void TestTraceLog::concurrentWriters()
{
    QTemporaryDir dir;
    FixedClock clock;
    const QString path = dir.filePath(u"EasDisc.log"_s);
    TraceLogOptions options{path};
    options.maxBytes = 64 * 1024;
    TraceLogWriter writer(options, clock);
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t) {
        threads.emplace_back([&writer, t] {
            for (int i = 0; i < 250; ++i) {
                writer.write(line(u"thread %1 line %2"_s.arg(t).arg(i)));
                if (i % 50 == 0)
                    writer.addSecret(u"secret-%1-%2"_s.arg(t).arg(i));
            }
        });
    }
    for (std::thread& thread : threads)
        thread.join();
    bool wholeFormer = false, wholeNow = false;
    const QStringList texts
        = entryTexts(dir.filePath(u"EasDisc.lo_"_s), &wholeFormer) + entryTexts(path, &wholeNow);
    QVERIFY(wholeFormer && wholeNow);
    QCOMPARE(QSet<QString>(texts.begin(), texts.end()).size(), texts.size());
    QHash<QString, int> last; // each thread's lines in their order
    for (const QString& text : texts) {
        const QStringList words = text.split(u' ');
        QVERIFY(last.value(words.at(1), -1) < words.at(3).toInt());
        last[words.at(1)] = words.at(3).toInt();
    }
}

void TestTraceLog::canarySecrets_data()
{
    QTest::addColumn<QString>("secret");
    QTest::newRow("plain") << u"Canary-7Zq!pw"_s;
    QTest::newRow("non-ASCII") << u"pässwörd-Ω-canary"_s;
    QTest::newRow("markup") << u"a<b>&\"c'd"_s;
    QTest::newRow("percent") << u"100% canary %1 %2"_s;
    QTest::newRow("expression characters") << u"(.*)[canary]\\d+$"_s;
}

void TestTraceLog::canarySecrets()
{
    QFETCH(QString, secret);
    QTemporaryDir dir;
    FixedClock clock;
    const QString path = dir.filePath(u"EasDisc.log"_s);
    TraceLogWriter writer({path}, clock);
    writer.addSecret(secret);
    const QByteArray utf8 = secret.toUtf8();
    const QStringList forms{
        secret,
        QString::fromLatin1(QUrl::toPercentEncoding(secret)),
        secret.toHtmlEscaped(),
        QString::fromLatin1(utf8.toHex()),
        QString::fromLatin1(utf8.toBase64()),
        QString::fromLatin1(("user:" + utf8).toBase64()),
        QString::fromLatin1(("user1:" + utf8 + ":x").toBase64()),
        QString::fromLatin1(("user12:" + utf8 + "..").toBase64()),
    };
    for (const QString& form : forms)
        writer.write({TraceLine::Type::Error, u"before %1 after"_s.arg(form), form});
    const QByteArray written = fileBytes(path);
    QVERIFY(!written.isEmpty());
    QVERIFY(!written.contains(utf8));
    for (const QString& form : forms) {
        QVERIFY2(!written.contains(form.toUtf8()), qPrintable(form));
        // No long piece of a spelling may be left either; the last three begin with what is no secret.
        const bool composite = forms.indexOf(form) >= 5;
        for (qsizetype at = composite ? 12 : 0; at + 10 <= form.size(); ++at) {
            const QByteArray piece = form.mid(at, 10).toUtf8();
            QVERIFY2(!written.contains(piece), piece.constData());
        }
    }
    QCOMPARE(written.count("before "), forms.size());
}

void TestTraceLog::authorizationValues_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("hidden");
    QTest::newRow("basic") << u"Authorization: Basic dXNlcjpDYW5hcnk="_s << u"dXNlcjpDYW5hcnk"_s;
    QTest::newRow("lower case") << u"authorization: bearer eyJhbGciOi.canary.x"_s << u"canary"_s;
    QTest::newRow("negotiate alone") << u"sent Negotiate YIICanaryToken12345=="_s << u"Canary"_s;
    QTest::newRow("answer's token") << u"WWW-Authenticate: Negotiate oYICanaryToken99"_s << u"Canary"_s;
    QTest::newRow("password=") << u"connect user=x password=Canary1 host=y"_s << u"Canary1"_s;
    QTest::newRow("json") << u"{\"client_secret\": \"Canary~x\", \"a\": 1}"_s << u"Canary"_s;
    QTest::newRow("form") << u"grant_type=x&client_secret=Canary&scope=y"_s << u"Canary"_s;
}

void TestTraceLog::authorizationValues()
{
    QFETCH(QString, text);
    QFETCH(QString, hidden);
    const QString redacted = core::Redactor().redact(text);
    QVERIFY2(!redacted.contains(hidden), qPrintable(redacted));
    QVERIFY(redacted.contains(u"********"_s));
    // Ordinary lines are left alone.
    for (const QString& plain : {u"Basic authentication is off on ex1"_s, u"Negotiate failed"_s,
             u"AuthenticationFailed: Get-MobileDevice on https://ex1/: 401 Unauthorized"_s})
        QCOMPARE(core::Redactor().redact(plain), plain);
}

void TestTraceLog::hashesUserNames()
{
    const core::Redactor redactor(true);
    const QString hashed
        = redactor.redact(u"Mailbox anna.berg@contoso.lab not read, see ÖZGÜR@firma.example too"_s);
    QVERIFY(!hashed.contains(u'@'));
    QVERIFY(hashed.contains(core::Redactor::hashedUserName(u"Anna.Berg@contoso.lab"_s)));
    QVERIFY(hashed.contains(core::Redactor::hashedUserName(u"özgür@firma.example"_s)));
    QVERIFY(hashed.startsWith(u"Mailbox user#"_s));
    QCOMPARE(core::Redactor(false).redact(u"anna@contoso.lab"_s), u"anna@contoso.lab"_s);
}

// A file size limit is the full disk that a test can make: write() takes a part of the line or nothing.
void TestTraceLog::fullDisk()
{
    QTemporaryDir dir;
    FixedClock clock;
    const QString path = dir.filePath(u"EasDisc.log"_s);
    TraceLogWriter writer({path}, clock);
    writer.write(line(u"one"_s));
    const auto before = QFileInfo(path).size();
    std::signal(SIGXFSZ, SIG_IGN);
    rlimit former{};
    QCOMPARE(getrlimit(RLIMIT_FSIZE, &former), 0);
    rlimit small = former;
    small.rlim_cur = rlim_t(before + 10);
    QCOMPARE(setrlimit(RLIMIT_FSIZE, &small), 0);
    writer.write(line(u"two"_s));
    writer.write(line(u"three"_s));
    const auto during = QFileInfo(path).size();
    QCOMPARE(setrlimit(RLIMIT_FSIZE, &former), 0);
    QCOMPARE(during, before); // no half line
    QCOMPARE(writer.lostLines(), 2);
    writer.write(line(u"four"_s));
    bool whole = false;
    QCOMPARE(entryTexts(path, &whole), QStringList({u"one"_s, u"2 lines could not be written"_s, u"four"_s}));
    QVERIFY(whole);
    QCOMPARE(writer.lostLines(), 0);
}

void TestTraceLog::unusablePath()
{
    QTemporaryDir dir;
    FixedClock clock;
    TraceLogWriter writer({dir.path()}, clock); // a directory
    writer.write(line(u"one"_s));
    QCOMPARE(writer.lostLines(), 1);
}

QTEST_GUILESS_MAIN(TestTraceLog)
#include "tst_tracelog.moc"
