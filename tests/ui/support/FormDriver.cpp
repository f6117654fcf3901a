#include "tests/ui/support/FormDriver.h"

#include <QAbstractButton>
#include <QAccessible>
#include <QCheckBox>
#include <QComboBox>
#include <QDateTimeEdit>
#include <QGroupBox>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QRadioButton>
#include <QSet>
#include <QSpinBox>
#include <QTabBar>
#include <QTest>

#include "ui/widgets/FormField.h"

namespace postern::test {

using namespace Qt::StringLiterals;

namespace {

QString plain(QString text)
{
    return text.remove(u'&').replace(u'\n', u' ').trimmed();
}

QString nameOf(QWidget* widget)
{
    QAccessibleInterface* face = QAccessible::queryAccessibleInterface(widget);
    return face == nullptr ? QString() : face->text(QAccessible::Name).trimmed();
}

QString describe(const QWidget* widget)
{
    return u"%1 \"%2\""_s.arg(QLatin1StringView(widget->metaObject()->className()), widget->objectName());
}

// Parts of a composed editor get their name from the whole.
bool isPartOfEditor(const QWidget* widget)
{
    const QWidget* parent = widget->parentWidget();
    return qobject_cast<const QAbstractSpinBox*>(parent) != nullptr
        || qobject_cast<const QComboBox*>(parent) != nullptr
        || widget->objectName() == "qt_scrollarea_viewport"_L1;
}

QList<QWidget*> focusable(QWidget* window)
{
    QList<QWidget*> list;
    for (QWidget* widget : window->findChildren<QWidget*>()) {
        if (widget->window() == window && widget->isVisible() && widget->isEnabled()
            && !isPartOfEditor(widget) && widget->focusProxy() == nullptr
            && (widget->focusPolicy() & Qt::TabFocus))
            list.append(widget);
    }
    return list;
}

void checkMnemonics(QWidget* window, QStringList& problems)
{
    QHash<QString, QString> seen;
    const auto note = [&](const QString& text) {
        const QString key = QKeySequence::mnemonic(text).toString();
        if (key.isEmpty())
            return;
        if (seen.contains(key))
            problems.append(u"%1 is the mnemonic of \"%2\" and of \"%3\""_s.arg(key, seen.value(key), text));
        seen.insert(key, text);
    };
    for (QWidget* widget : window->findChildren<QWidget*>()) {
        if (widget->window() != window || !widget->isVisible())
            continue;
        if (const auto* button = qobject_cast<QAbstractButton*>(widget))
            note(button->text());
        else if (const auto* label = qobject_cast<QLabel*>(widget);
                 label != nullptr && label->buddy() != nullptr)
            note(label->text());
        else if (const auto* tabs = qobject_cast<QTabBar*>(widget)) {
            for (int i = 0; i < tabs->count(); ++i)
                note(tabs->tabText(i));
        }
    }
}

void checkTabChain(QWidget* window, QStringList& problems)
{
    const QList<QWidget*> wanted = focusable(window);
    if (wanted.isEmpty())
        return;
    window->activateWindow();
    QSet<QWidget*> visited;
    wanted.front()->setFocus(Qt::TabFocusReason);
    QWidget* first = window->focusWidget();
    for (qsizetype step = 0; step <= wanted.size() * 2; ++step) {
        QWidget* now = window->focusWidget();
        if (now == nullptr || (step > 0 && now == first))
            break;
        if (visited.contains(now)) {
            problems.append(u"Tab reaches twice: "_s + describe(now) + u' ' + nameOf(now));
            break;
        }
        visited.insert(now);
        QTest::keyClick(now, Qt::Key_Tab);
        if (qobject_cast<QDateTimeEdit*>(now) != nullptr && window->focusWidget() == now)
            QTest::keyClick(now, Qt::Key_Tab); // from the hour to the minute first
        if (window->focusWidget() == now) {
            problems.append(u"Tab does not leave: "_s + describe(now));
            break;
        }
    }
    for (QWidget* widget : wanted) {
        if (!visited.contains(widget))
            problems.append(u"Tab does not reach: "_s + describe(widget) + u' ' + nameOf(widget));
    }
}

bool isMarked(const QString& text)
{
    return text.startsWith(u'[') && text.endsWith(u']');
}

bool needsNoTranslation(const QString& text, const QStringList& data)
{
    static const QRegularExpression noLetters(u"^[^\\p{L}]*$"_s);
    return text.isEmpty() || noLetters.match(text).hasMatch()
        || std::any_of(data.begin(), data.end(), [&text](const QString& each) { return text == each; });
}

} // namespace

QWidget* editor(QWidget* inside, const QString& accessibleName)
{
    for (auto* field : inside->findChildren<widgets::FormField*>()) {
        if (field->editor()->accessibleName() == accessibleName)
            return field->editor();
    }
    return nullptr;
}

void fill(QWidget* inside, const QString& accessibleName, const QString& text)
{
    QWidget* found = editor(inside, accessibleName);
    QVERIFY2(found != nullptr, qPrintable(accessibleName));
    if (auto* line = qobject_cast<QLineEdit*>(found))
        line->setText(text);
    else if (auto* spin = qobject_cast<QSpinBox*>(found))
        spin->setValue(text.toInt());
    else if (auto* box = qobject_cast<QAbstractButton*>(found))
        box->setChecked(text == "on"_L1);
    else
        QFAIL(qPrintable(accessibleName + u" is not a field to fill"_s));
}

void choose(QWidget* inside, const QString& accessibleName, const QString& item)
{
    auto* box = qobject_cast<QComboBox*>(editor(inside, accessibleName));
    QVERIFY2(box != nullptr, qPrintable(accessibleName));
    const int index = box->findText(item, Qt::MatchStartsWith);
    QVERIFY2(index >= 0, qPrintable(item));
    box->setCurrentIndex(index);
}

QAbstractButton* button(QWidget* inside, const QString& text)
{
    for (auto* candidate : inside->findChildren<QAbstractButton*>()) {
        if (plain(candidate->text()) == text && candidate->isVisible())
            return candidate;
    }
    return nullptr;
}

void click(QWidget* inside, const QString& text)
{
    QAbstractButton* found = button(inside, text);
    QVERIFY2(found != nullptr, qPrintable(u"no button "_s + text));
    QVERIFY2(found->isEnabled(), qPrintable(u"disabled: "_s + text));
    // A wide radio button or check box takes clicks on its mark and text only.
    const bool hasMark
        = qobject_cast<QRadioButton*>(found) != nullptr || qobject_cast<QCheckBox*>(found) != nullptr;
    QTest::mouseClick(found, Qt::LeftButton, {}, hasMark ? QPoint(8, found->height() / 2) : QPoint());
}

QString errorOf(QWidget* inside, const QString& accessibleName)
{
    for (auto* field : inside->findChildren<widgets::FormField*>()) {
        if (field->editor()->accessibleName() == accessibleName)
            return field->error();
    }
    return u"no such field"_s;
}

QStringList accessibilityProblems(QWidget* window)
{
    QStringList problems;
    for (QWidget* widget : focusable(window)) {
        if (nameOf(widget).isEmpty())
            problems.append(u"no name: "_s + describe(widget));
    }
    checkMnemonics(window, problems);
    checkTabChain(window, problems);
    return problems;
}

QStringList untranslatedTexts(QWidget* window, const QStringList& data)
{
    QStringList found;
    const auto look = [&](const QString& text, const QWidget* where) {
        const QString shown = plain(text);
        if (!isMarked(shown) && !needsNoTranslation(shown, data))
            found.append(u"%1: %2"_s.arg(describe(where), shown));
    };
    for (QWidget* widget : window->findChildren<QWidget*>()) {
        if (!widget->isVisible() || widget->window() != window)
            continue;
        if (const auto* label = qobject_cast<QLabel*>(widget))
            look(label->text(), label);
        else if (const auto* button = qobject_cast<QAbstractButton*>(widget))
            look(button->text(), button);
        else if (const auto* tabs = qobject_cast<QTabBar*>(widget)) {
            for (int i = 0; i < tabs->count(); ++i)
                look(tabs->tabText(i), tabs);
        } else if (const auto* header = qobject_cast<QHeaderView*>(widget);
                   header != nullptr && header->model() != nullptr) {
            for (int i = 0; i < header->count(); ++i) {
                if (header->orientation() == Qt::Horizontal && !header->isSectionHidden(i))
                    look(header->model()->headerData(i, Qt::Horizontal).toString(), header);
            }
        }
    }
    return found;
}

} // namespace postern::test
