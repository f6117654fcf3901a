// Parts that every window is made of: fields, notices, toast, chart, step list, icons, colours.
#include <QAccessible>
#include <QApplication>
#include <QCheckBox>
#include <QDialog>
#include <QDir>
#include <QLabel>
#include <QLineEdit>
#include <QProgressBar>
#include <QPushButton>
#include <QRadioButton>
#include <QSignalSpy>
#include <QSpinBox>
#include <QTest>
#include <QTimer>
#include <QToolButton>

#include "ui/widgets/FactList.h"
#include "ui/widgets/FormInputs.h"
#include "ui/widgets/FormListInput.h"
#include "ui/widgets/FormRadioInput.h"
#include "ui/widgets/IconSet.h"
#include "ui/widgets/NotificationBar.h"
#include "ui/widgets/PlainLabel.h"
#include "ui/widgets/ProgressPanel.h"
#include "ui/widgets/Prompter.h"
#include "ui/widgets/StateChart.h"
#include "ui/widgets/StepList.h"
#include "ui/widgets/Toast.h"

using namespace postern::widgets;
using namespace Qt::StringLiterals;

namespace {

// WCAG 2.1 relative luminance.
double luminance(const QColor& color)
{
    const auto part = [](double value) {
        return value <= 0.03928 ? value / 12.92 : std::pow((value + 0.055) / 1.055, 2.4);
    };
    return 0.2126 * part(color.redF()) + 0.7152 * part(color.greenF()) + 0.0722 * part(color.blueF());
}

double contrast(const QColor& a, const QColor& b)
{
    const double lighter = std::max(luminance(a), luminance(b));
    const double darker = std::min(luminance(a), luminance(b));
    return (lighter + 0.05) / (darker + 0.05);
}

class TestWidgets : public QObject
{
    Q_OBJECT
private slots:
    void fieldTellsEverythingInOneCall();
    void errorComesOnLeavingAndGoesWhenRepaired();
    void warningDoesNotForbid();
    void disabledFieldHasNoComplaint();
    void passwordIsNeverTrimmedOrShown();
    void serverTextIsNeverMarkup();
    void questionsShowNamesAsTheyAre();
    void noticesStayDismissedUntilTheyChange();
    void toastFitsAndGoesOnClick();
    void chartReadsAsASentence();
    void chartPaintsEverySlice();
    void progressOfLargeCounts();
    void stepsReplaceById();
    void factsAsText();
    void everyIconDrawsAndFollowsThePalette();
    void unknownIconIsNull();
    void colorsAreReadable_data();
    void colorsAreReadable();
    void emptyMarksAreSeen_data() { colorsAreReadable_data(); }
    void emptyMarksAreSeen();
    void radioTakesTabAtTheChosenOne();
    void listTellsItsEntryRules();
    void highContrastIsLeftAlone();
};

void TestWidgets::fieldTellsEverythingInOneCall()
{
    FormTextInput field({u"Server && &address"_s, u"Its full name."_s});
    auto* label = field.findChild<QLabel*>();
    QCOMPARE(label->buddy(), field.editor());
    QCOMPARE(field.editor()->accessibleName(), u"Server & address"_s);
    QCOMPARE(field.editor()->accessibleDescription(), u"Its full name."_s);
    field.setError(u"Enter it."_s);
    QCOMPARE(field.editor()->accessibleDescription(), u"Enter it.\nIts full name."_s);
}

void TestWidgets::errorComesOnLeavingAndGoesWhenRepaired()
{
    QWidget window;
    auto* field = new FormTextInput({u"&Name"_s, {}}, &window);
    auto* other = new QLineEdit(&window);
    field->setRule([](const QString& text) { return text.isEmpty() ? u"Enter a name."_s : QString(); });
    window.show();
    QVERIFY(QTest::qWaitForWindowActive(&window));
    field->focusEditor();
    QCOMPARE(field->error(), QString());
    other->setFocus();
    QCOMPARE(field->error(), u"Enter a name."_s);
    field->focusEditor();
    QTest::keyClicks(field->editor(), u"x"_s);
    QCOMPARE(field->error(), QString());
}

void TestWidgets::warningDoesNotForbid()
{
    FormNumberInput field({u"&Minutes"_s, {}}, 0, 100, u" min"_s);
    field.setRule([](int value) { return value == 13 ? u"Not 13."_s : QString(); });
    field.setAdvice([](int value) { return value < 10 ? u"That is little."_s : QString(); });
    field.setValue(5);
    QVERIFY(field.validate());
    QCOMPARE(field.warning(), u"That is little."_s);
    field.setValue(13);
    QVERIFY(!field.validate());
    QCOMPARE(field.error(), u"Not 13."_s);
    QCOMPARE(field.warning(), QString());
}

void TestWidgets::disabledFieldHasNoComplaint()
{
    FormTextInput field({u"&Name"_s, {}});
    field.setRule([](const QString&) { return u"Always wrong."_s; });
    QVERIFY(!field.validate());
    field.setEnabled(false);
    QVERIFY(field.validate());
}

void TestWidgets::passwordIsNeverTrimmedOrShown()
{
    FormPasswordInput field({u"Pass&word"_s, {}});
    qobject_cast<QLineEdit*>(field.editor())->setText(u" s3cret "_s);
    QCOMPARE(field.secret(), u" s3cret "_s);
    QAccessibleInterface* face = QAccessible::queryAccessibleInterface(field.editor());
    QVERIFY(face != nullptr);
    QVERIFY(!face->text(QAccessible::Value).contains(u"s3cret"_s));
    QVERIFY(face->state().passwordEdit);
    field.clear();
    QVERIFY(field.secret().isEmpty());
}

void TestWidgets::serverTextIsNeverMarkup()
{
    const QString hostile = u"<b>Anna</b> & <img src=http://evil/>"_s;
    PlainLabel label(hostile);
    QCOMPARE(label.textFormat(), Qt::PlainText);
    QCOMPARE(label.text(), hostile);
    FactList facts;
    facts.setFacts({{u"Name"_s, hostile}});
    for (const auto* each : facts.findChildren<QLabel*>())
        QCOMPARE(each->textFormat(), Qt::PlainText);
    StepList steps;
    steps.setStep({u"1"_s, u"Step"_s, Step::Outcome::Fail, hostile});
    QVERIFY(!steps.topLevelItem(0)->toolTip(2).contains(u"<img"_s)); // a tool tip would read it
}

void TestWidgets::noticesStayDismissedUntilTheyChange()
{
    NotificationBar bar;
    const Notice notice{u"connector/1"_s, Tone::Warning, u"It failed."_s, u"Show"_s, u"a/node"_s, true};
    const Notice critical{u"site"_s, Tone::Bad, u"No database."_s, {}, {}, false};
    bar.setNotices({critical, notice});
    QCOMPARE(bar.texts(), QStringList({u"No database."_s, u"It failed."_s}));
    QCOMPARE(bar.findChildren<QToolButton*>().size(), 1); // only the one that may go
    QSignalSpy activated(&bar, &NotificationBar::activated);
    bar.findChild<QPushButton*>()->click();
    QCOMPARE(activated.value(0).value(0).toString(), u"a/node"_s);
    bar.findChild<QToolButton*>()->click();
    QCOMPARE(bar.texts(), QStringList(u"No database."_s));
    bar.setNotices({critical, notice});
    QCOMPARE(bar.texts(), QStringList(u"No database."_s));
    Notice changed = notice;
    changed.text = u"It failed again."_s;
    bar.setNotices({changed});
    QCOMPARE(bar.texts(), QStringList(u"It failed again."_s));
    bar.setNotices({});
    QVERIFY(bar.isHidden());
}

void TestWidgets::toastFitsAndGoesOnClick()
{
    QWidget window;
    window.resize(500, 300);
    Toast toast(&window);
    window.show();
    toast.show(Tone::Good, u"Done"_s, QString(400, u'x') + u" and words that wrap "_s.repeated(8));
    QVERIFY(toast.isVisible());
    QVERIFY(toast.geometry().right() < window.width());
    QVERIFY(toast.geometry().bottom() < window.height());
    QCOMPARE(toast.accessibleName(), toast.title() + u". "_s + toast.text());
    window.resize(420, 320);
    QVERIFY(toast.geometry().right() < window.width());
    QTest::mouseClick(&toast, Qt::LeftButton);
    QVERIFY(!toast.isVisible());
}

void TestWidgets::chartReadsAsASentence()
{
    StateChart chart;
    chart.setSlices(
        {{u"a"_s, u"Allowed"_s, 612, Tone::Good}, {u"b"_s, u"Blocked"_s, 35, Tone::Bad}}, u"devices"_s);
    QCOMPARE(chart.total(), 647);
    QCOMPARE(chart.accessibleName(), u"Chart: 647 devices"_s);
    QCOMPARE(chart.accessibleDescription(), u"Allowed: 612, Blocked: 35"_s);
}

void TestWidgets::chartPaintsEverySlice()
{
    StateChart chart;
    const auto colorAt = [&chart](int x, int y) { return chart.grab().toImage().pixelColor(x, y); };
    chart.setSlices({}, u"devices"_s);
    chart.resize(chart.sizeHint());
    const QColor none = colorAt(79, 12);
    chart.setSlices(
        {{u"a"_s, u"Allowed"_s, 1, Tone::Good}, {u"b"_s, u"Blocked"_s, 1, Tone::Bad}}, u"devices"_s);
    chart.resize(chart.sizeHint());
    // Clockwise from the top: the first half is right, the second left.
    QCOMPARE(colorAt(145, 79), toneColor(Tone::Good, chart.palette()));
    QCOMPARE(colorAt(12, 79), toneColor(Tone::Bad, chart.palette()));
    QVERIFY(none != toneColor(Tone::Good, chart.palette()));
}

void TestWidgets::progressOfLargeCounts()
{
    ProgressPanel panel;
    auto* bar = panel.findChild<QProgressBar*>();
    panel.setProgress(u"Reading"_s, 5'000'000'000, 10'000'000'000);
    QCOMPARE(bar->value() * 2, bar->maximum());
    panel.setProgress(u"Reading"_s, 7, 5); // more than expected
    QCOMPARE(bar->value(), bar->maximum());
    panel.setProgress(u"Reading"_s, 0, -1);
    QCOMPARE(bar->maximum(), 0); // only moves
    panel.setProgress(u"Reading"_s, 0, 0);
    QCOMPARE(bar->value(), bar->maximum());
}

void TestWidgets::stepsReplaceById()
{
    StepList list;
    list.setStep({u"save"_s, u"Save"_s, Step::Outcome::Running, {}});
    list.setStep({u"check"_s, u"Check"_s, Step::Outcome::Pass, u"fine"_s});
    list.setStep({u"save"_s, u"Save"_s, Step::Outcome::Fail, u"refused"_s});
    QCOMPARE(list.topLevelItemCount(), 2);
    QCOMPARE(list.toText(), u"Failed\tSave\trefused\nPassed\tCheck\tfine\n"_s);
    for (int i = 0; i < 60; ++i)
        list.setStep({QString::number(i), u"Cmdlet"_s, Step::Outcome::Pass, {}});
    list.resize(400, 200);
    list.show();
    list.scrollToBottom();
    list.showFirstFailure();
    QVERIFY(list.viewport()->rect().intersects(list.visualItemRect(list.topLevelItem(0))));
}

void TestWidgets::factsAsText()
{
    FactList list;
    list.setFacts({{u"General"_s, {}, Tone::Neutral, true}, {u"Name"_s, u"Lab"_s}});
    QCOMPARE(list.toText(), u"General\nName: Lab\n"_s);
}

void TestWidgets::everyIconDrawsAndFollowsThePalette()
{
    QVERIFY(!icon(u"ok"_s).isNull()); // loads the resource
    const QStringList files = QDir(u":/postern/icons"_s).entryList();
    QVERIFY(files.size() >= 30);
    for (const QString& file : files) {
        const QString name = file.section(u'.', 0, 0);
        const QImage image = icon(name).pixmap(32, 32).toImage();
        bool drawn = false;
        for (int y = 0; y < image.height() && !drawn; ++y) {
            for (int x = 0; x < image.width() && !drawn; ++x)
                drawn = image.pixelColor(x, y).alpha() > 200;
        }
        QVERIFY2(drawn, qPrintable(name));
        QVERIFY2(image != icon(name, Tone::Bad).pixmap(32, 32).toImage(), qPrintable(name));
    }
}

void TestWidgets::unknownIconIsNull()
{
    QTest::ignoreMessage(QtWarningMsg, "No icon named no-such-icon");
    QVERIFY(icon(u"no-such-icon"_s).isNull());
}

void TestWidgets::colorsAreReadable_data()
{
    QTest::addColumn<int>("choice");
    QTest::newRow("light") << int(ThemeChoice::Light);
    QTest::newRow("dark") << int(ThemeChoice::Dark);
}

void TestWidgets::colorsAreReadable()
{
    QFETCH(int, choice);
    applyTheme(*qApp, ThemeChoice(choice));
    const QPalette palette = QApplication::palette();
    QCOMPARE(isDark(palette), ThemeChoice(choice) == ThemeChoice::Dark);
    const QColor window = palette.color(QPalette::Window);
    const QColor base = palette.color(QPalette::Base);
    QVERIFY(contrast(palette.color(QPalette::Text), base) >= 7);
    QVERIFY(contrast(palette.color(QPalette::HighlightedText), palette.color(QPalette::Highlight)) >= 4.5);
    QVERIFY(contrast(mutedText(palette), window) >= 4.5);
    for (const Tone tone : {Tone::Neutral, Tone::Good, Tone::Warning, Tone::Bad, Tone::Accent}) {
        QVERIFY2(
            contrast(toneColor(tone, palette), window) >= 4.5, qPrintable(toneColor(tone, palette).name()));
        QVERIFY2(
            contrast(toneColor(tone, palette), base) >= 4.5, qPrintable(toneColor(tone, palette).name()));
        QVERIFY2(contrast(palette.color(QPalette::WindowText), toneFill(tone, palette)) >= 4.5,
            qPrintable(QString::number(int(tone))));
    }
}

// The strongest contrast to the window along the middle line of a mark that is not set: its outline.
void TestWidgets::emptyMarksAreSeen()
{
    QFETCH(int, choice);
    applyTheme(*qApp, ThemeChoice(choice));
    QWidget window;
    QCheckBox box(&window);
    QRadioButton radio(&window);
    QLineEdit line(&window);
    window.resize(200, 120);
    radio.move(0, 40);
    line.setGeometry(0, 80, 100, 28);
    for (QWidget* widget :
        {static_cast<QWidget*>(&box), static_cast<QWidget*>(&radio), static_cast<QWidget*>(&line)}) {
        const QImage image = widget->grab().toImage();
        double best = 0;
        for (int x = 0; x < std::min(30, image.width()); ++x)
            best = std::max(best,
                contrast(image.pixelColor(x, image.height() / 2), window.palette().color(QPalette::Window)));
        QVERIFY2(
            best >= (ThemeChoice(choice) == ThemeChoice::Dark ? 3 : 1.5), qPrintable(QString::number(best)));
    }
}

void TestWidgets::radioTakesTabAtTheChosenOne()
{
    FormRadioInput field({u"Way"_s, {}});
    field.addChoice(u"One"_s, 1);
    field.addChoice(u"Two"_s, 2);
    field.addChoice(u"Three"_s, 3, u"Not here."_s);
    QCOMPARE(field.value().toInt(), 1);
    field.setValue(2);
    const auto buttons = field.findChildren<QRadioButton*>();
    QVERIFY(!(buttons.at(0)->focusPolicy() & Qt::TabFocus));
    QVERIFY(buttons.at(1)->focusPolicy() & Qt::TabFocus);
    QVERIFY(!buttons.at(2)->isEnabled());
    QCOMPARE(buttons.at(2)->accessibleDescription(), u"Not here."_s);
    field.setValue(9); // not among them
    QCOMPARE(field.value().toInt(), 2);
}

void TestWidgets::listTellsItsEntryRules()
{
    FormListInput field({u"&Names"_s, {}}, u"Names, list"_s);
    field.setEntryRule([](const QString& entry) { return entry.size() > 3 ? u"too long"_s : QString(); });
    auto* line = field.findChild<QLineEdit*>();
    QCOMPARE(line->accessibleName(), u"Names"_s);
    line->setText(u"long name"_s);
    QVERIFY(!field.validate());
    QCOMPARE(field.error(), u"too long"_s);
    line->setText(u"abc"_s);
    QVERIFY(field.error().startsWith(u"Press Add"_s));
    line->clear();
    QVERIFY(field.validate());
    field.setEntries({u"a"_s, u"b"_s});
    QCOMPARE(field.entries(), QStringList({u"a"_s, u"b"_s}));
}

void TestWidgets::highContrastIsLeftAlone()
{
    QPalette system(Qt::black);
    system.setColor(QPalette::Window, Qt::black);
    system.setColor(QPalette::WindowText, Qt::white);
    system.setColor(QPalette::Highlight, Qt::yellow);
    QApplication::setPalette(system);
    applyTheme(*qApp, ThemeChoice::System);
    QCOMPARE(QApplication::palette().color(QPalette::Highlight), QColor(Qt::yellow));
    QCOMPARE(QApplication::palette().color(QPalette::Window), QColor(Qt::black));
}

// A connector may be called <b>x</b>; neither part of the question may take it for markup.
void TestWidgets::questionsShowNamesAsTheyAre()
{
    QStringList formats;
    QTimer::singleShot(100, qApp, [&formats] {
        QWidget* const box = QApplication::activeModalWidget();
        for (const QLabel* label : box->findChildren<QLabel*>()) {
            if (label->text().contains(u"<b>"_s))
                formats.append(label->textFormat() == Qt::PlainText ? u"plain"_s : u"guessed"_s);
        }
        qobject_cast<QDialog*>(box)->reject();
    });
    Question question;
    question.title = u"Synchronize Now"_s;
    question.text = u"Synchronize <b>one</b>?"_s;
    question.detail = u"<b>two</b>"_s;
    question.yes = u"&Yes"_s;
    DialogMessagePrompter prompter;
    QVERIFY(!prompter.ask(nullptr, question));
    QCOMPARE(formats, QStringList({u"plain"_s, u"plain"_s}));
}

} // namespace

QTEST_MAIN(TestWidgets)
#include "tst_Widgets.moc"
