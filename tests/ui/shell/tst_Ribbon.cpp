// A variant of a command is in its drop-down, not beside it.
#include <QAction>
#include <QMenu>
#include <QSignalSpy>
#include <QTest>
#include <QToolButton>

#include "ui/shell/Ribbon.h"

using namespace postern::shell;
using namespace Qt::StringLiterals;

class TestRibbon : public QObject
{
    Q_OBJECT
private slots:
    void variantsAreInTheDropDown();
    void aVariantWithoutItsMainActionStandsAlone();
};

void TestRibbon::variantsAreInTheDropDown()
{
    QMenu product;
    QAction full(u"&Synchronize Now"_s), delta(u"Delta &Only"_s), other(u"&Delete"_s);
    full.setObjectName(u"full"_s);
    delta.setObjectName(u"delta"_s);
    delta.setProperty("variantOf", u"full"_s);
    other.setObjectName(u"other"_s);
    Ribbon ribbon(&product);
    ribbon.setGroups({{u"Connector"_s, {&full, &delta, &other}}});
    ribbon.show();
    auto* const button = ribbon.findChild<QToolButton*>(u"full"_s);
    QVERIFY(button != nullptr && button->menu() != nullptr);
    QCOMPARE(button->popupMode(), QToolButton::MenuButtonPopup);
    QCOMPARE(button->menu()->actions(), QList<QAction*>{&delta});
    QVERIFY(ribbon.findChild<QToolButton*>(u"delta"_s) == nullptr);
    auto* const plain = ribbon.findChild<QToolButton*>(u"other"_s);
    QVERIFY(plain != nullptr && plain->menu() == nullptr);
    QSignalSpy fulls(&full, &QAction::triggered), deltas(&delta, &QAction::triggered);
    QTest::mouseClick(button, Qt::LeftButton);
    QCOMPARE(fulls.count(), 1);
    button->menu()->actions().constFirst()->trigger();
    QCOMPARE(deltas.count(), 1);
    QCOMPARE(fulls.count(), 1);
}

void TestRibbon::aVariantWithoutItsMainActionStandsAlone()
{
    QMenu product;
    QAction delta(u"Delta &Only"_s);
    delta.setObjectName(u"delta"_s);
    delta.setProperty("variantOf", u"full"_s);
    Ribbon ribbon(&product);
    ribbon.setGroups({{u"Connector"_s, {&delta}}});
    QVERIFY(ribbon.findChild<QToolButton*>(u"delta"_s) != nullptr);
}

QTEST_MAIN(TestRibbon)
#include "tst_Ribbon.moc"
