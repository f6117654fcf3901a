// SYN-30 over the wire: servers whose culture is German, Turkish, Arabic or Japanese. What the site shows
// afterwards is what the lab's truth says: with typed values all of it; where types were lost on the way and
// dates are the culture's text, each date is the true one or absent, never another. Deltas read their
// filter's date in the session's culture, and are not fooled by a server that reads it in its own.
#include <QTest>

#include "tests/integration/sync/LabSite.h"
#include "tests/integration/sync/LabTruth.h"

using namespace postern;
using namespace postern::sync;
using namespace postern::sync::test;
using postern::test::RunningLab;
using namespace Qt::StringLiterals;

namespace {

QStringList labOf(const QString& culture, const QString& date = {})
{
    QStringList arguments{
        u"--users"_s, u"40"_s, u"--time-scale"_s, u"0"_s, u"--seed"_s, u"7"_s, u"--culture"_s, culture};
    if (!date.isEmpty())
        arguments << u"--date"_s << date;
    return arguments;
}

// Rows without the date.
QStringList timeless(const QStringList& rows)
{
    QStringList out;
    for (const QString& row : rows) {
        QStringList cells = row.split(u'|');
        cells[4].clear();
        out << cells.join(u'|');
    }
    return out;
}

const char* reason(const SyncOutcome& outcome)
{
    static QByteArray text;
    text = outcome.error ? outcome.error->toLogText().toUtf8() : QByteArray("complete");
    return text.constData();
}

} // namespace

class TestCultures : public QObject
{
    Q_OBJECT
private slots:
    void full_data() { cultures(); }
    void full();
    void deserialisedText_data() { cultures(); }
    void deserialisedText();
    void delta_data() { cultures(); }
    void delta();
    void deltaWhereTheServerReadsDatesItsOwnWay_data();
    void deltaWhereTheServerReadsDatesItsOwnWay();

private:
    static void cultures();
};

void TestCultures::cultures()
{
    QTest::addColumn<QString>("culture");
    for (const auto* culture : {"en-US", "de-DE", "tr-TR", "ar-SA", "ja-JP"})
        QTest::newRow(culture) << QString::fromLatin1(culture);
}

void TestCultures::full()
{
    QFETCH(QString, culture);
    RunningLab lab(labOf(culture));
    LabSite site(lab.connector(), lab.password());
    const SyncOutcome outcome = site.sync();
    QVERIFY2(outcome.complete, reason(outcome));
    const QStringList have = storedRows(site.site), want = trueRows(lab.truth());
    QVERIFY(want.size() > 20);
    QVERIFY2(have == want, qPrintable(differences(have, want)));
    QCOMPARE(outcome.problemCount, 0);
}

void TestCultures::deserialisedText()
{
    QFETCH(QString, culture);
    RunningLab lab(labOf(culture));
    lab.setFaults({QJsonObject{{u"kind"_s, u"textValues"_s}}});
    LabSite site(lab.connector(), lab.password());
    const SyncOutcome outcome = site.sync();
    QVERIFY2(outcome.complete, reason(outcome));
    const QStringList have = storedRows(site.site), want = trueRows(lab.truth());
    QVERIFY2(timeless(have) == timeless(want), qPrintable(differences(timeless(have), timeless(want))));
    int known = 0, dated = 0;
    for (qsizetype i = 0; i < have.size(); ++i) {
        const QString date = lastSuccessOf(have.at(i)), truth = lastSuccessOf(want.at(i));
        QVERIFY2(date.isEmpty() || date == truth, qPrintable(have.at(i) + u"\ntrue: "_s + want.at(i)));
        known += !date.isEmpty();
        dated += !truth.isEmpty();
    }
    QVERIFY(dated > 10);
    // Year first can be read; a calendar of its own cannot; else as many as are unequivocal.
    if (culture == "ja-JP"_L1)
        QCOMPARE(known, dated);
    else if (culture == "ar-SA"_L1)
        QCOMPARE(known, 0);
    else
        QVERIFY(known > 0);
}

void TestCultures::delta()
{
    QFETCH(QString, culture);
    RunningLab lab(labOf(culture));
    lab.connectAll();
    LabSite site(lab.connector(), lab.password());
    site.site.clock.time = lab.now();
    QVERIFY(site.sync().complete);
    QVERIFY(lab.change(5) > 5);
    const SyncOutcome outcome = site.delta();
    QVERIFY2(outcome.complete, reason(outcome));
    QVERIFY(outcome.counts.changed > 5);
    const QStringList have = storedRows(site.site), want = trueRows(lab.truth());
    QVERIFY2(have == want, qPrintable(differences(have, want)));
}

void TestCultures::deltaWhereTheServerReadsDatesItsOwnWay_data()
{
    QTest::addColumn<QString>("culture");
    QTest::addColumn<QString>("date");
    for (const auto* culture : {"de-DE", "tr-TR", "ar-SA", "ja-JP"}) {
        // Read day first, the eleventh of January is the first of November: later than all changes.
        for (const auto* date : {"2027-01-12", "2027-11-02", "2027-06-25"})
            QTest::addRow("%s %s", culture, date)
                << QString::fromLatin1(culture) << QString::fromLatin1(date);
    }
}

void TestCultures::deltaWhereTheServerReadsDatesItsOwnWay()
{
    QFETCH(QString, culture);
    QFETCH(QString, date);
    RunningLab lab(labOf(culture, date));
    lab.connectAll();
    LabSite site(lab.connector(), lab.password());
    site.site.clock.time = lab.now();
    QVERIFY(site.sync().complete);
    QVERIFY(lab.change(5) > 5);
    lab.setFaults({QJsonObject{{u"kind"_s, u"localeIgnored"_s}}});
    const SyncOutcome outcome = site.delta();
    QVERIFY2(outcome.complete, reason(outcome));
    const QStringList have = storedRows(site.site), want = trueRows(lab.truth());
    // An ISO date is read the same by all of them but the Arabic one, which refuses it.
    QVERIFY2(have == want, qPrintable(differences(have, want)));
}

QTEST_GUILESS_MAIN(TestCultures)
#include "tst_cultures.moc"
