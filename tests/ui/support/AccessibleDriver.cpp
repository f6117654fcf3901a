#include "tests/ui/support/AccessibleDriver.h"

#include <QAbstractButton>
#include <QApplication>
#include <QPointer>
#include <QTest>
#include <QWidget>

namespace postern::test {

using namespace Qt::StringLiterals;

namespace {

QString plain(QString text)
{
    return text.remove(u'&').trimmed();
}

bool isShown(QAccessibleInterface* face)
{
    return face->isValid() && !face->state().invisible;
}

// Depth first, in the order in which it is read out. `visit` ends the walk by true.
bool walk(QAccessibleInterface* face, const std::function<bool(QAccessibleInterface*)>& visit)
{
    if (face == nullptr || !isShown(face))
        return false;
    if (visit(face))
        return true;
    // A table has rows times columns children: nobody reads them one by one.
    if (face->tableInterface() != nullptr)
        return false;
    for (int i = 0; i < face->childCount(); ++i) {
        if (walk(face->child(i), visit))
            return true;
    }
    return false;
}

// On Linux the name of a combo box is its value; what it is called is the label that stands for it.
bool isCalled(QAccessibleInterface* face, const QString& name)
{
    if (plain(face->text(QAccessible::Name)) == name)
        return true;
    const auto relations = face->relations(QAccessible::Label);
    return std::any_of(relations.begin(), relations.end(),
        [&name](const auto& relation) { return plain(relation.first->text(QAccessible::Name)) == name; });
}

void focus(QAccessibleInterface* face)
{
    face->actionInterface()->doAction(QAccessibleActionInterface::setFocusAction());
}

QWidget* widgetOf(QAccessibleInterface* face)
{
    return qobject_cast<QWidget*>(face->object());
}

} // namespace

AccessibleDriver::AccessibleDriver(QObject* window)
    : m_window(window)
{
}

QAccessibleInterface* AccessibleDriver::find(QAccessible::Role role, const QString& name) const
{
    QAccessibleInterface* found = nullptr;
    walk(QAccessible::queryAccessibleInterface(m_window), [&](QAccessibleInterface* face) {
        if (face->role() == role && isCalled(face, name))
            found = face;
        return found != nullptr;
    });
    return found;
}

bool AccessibleDriver::has(QAccessible::Role role, const QString& name) const
{
    return find(role, name) != nullptr;
}

bool AccessibleDriver::isEnabled(QAccessible::Role role, const QString& name) const
{
    auto* face = find(role, name);
    return face != nullptr && !face->state().disabled;
}

bool AccessibleDriver::isChecked(QAccessible::Role role, const QString& name) const
{
    auto* face = find(role, name);
    return face != nullptr && face->state().checked;
}

QString AccessibleDriver::value(QAccessible::Role role, const QString& name) const
{
    auto* face = find(role, name);
    return face == nullptr ? QString() : face->text(QAccessible::Value);
}

QString AccessibleDriver::description(QAccessible::Role role, const QString& name) const
{
    auto* face = find(role, name);
    return face == nullptr ? u"nothing has this name"_s : face->text(QAccessible::Description);
}

void AccessibleDriver::press(QAccessible::Role role, const QString& name) const
{
    auto* face = find(role, name);
    QVERIFY2(face != nullptr, qPrintable(u"not in the tree: "_s + name));
    QVERIFY2(!face->state().disabled, qPrintable(u"disabled: "_s + name));
    auto* actions = face->actionInterface();
    QVERIFY2(actions != nullptr, qPrintable(u"no action: "_s + name));
    const QStringList offered = actions->actionNames();
    for (const QString& action :
        {QAccessibleActionInterface::pressAction(), QAccessibleActionInterface::toggleAction()}) {
        if (offered.contains(action)) {
            // Qt shows a pushed button for a moment, then clicks it.
            const QPointer<QAbstractButton> pushed = qobject_cast<QAbstractButton*>(face->object());
            actions->doAction(action);
            QVERIFY(QTest::qWaitFor([&pushed] { return !pushed || !pushed->isDown(); }));
            return;
        }
    }
    QFAIL(qPrintable(u"cannot be pressed: "_s + name));
}

void AccessibleDriver::type(const QString& field, const QString& text) const
{
    auto* face = find(QAccessible::EditableText, field);
    QVERIFY2(face != nullptr, qPrintable(u"no line: "_s + field));
    focus(face);
    QTest::keyClick(widgetOf(face), Qt::Key_A, Qt::ControlModifier);
    QTest::keyClick(widgetOf(face), Qt::Key_Delete);
    QTest::keyClicks(widgetOf(face), text);
}

void AccessibleDriver::setNumber(const QString& field, int value) const
{
    auto* face = find(QAccessible::SpinBox, field);
    QVERIFY2(face != nullptr, qPrintable(u"no number: "_s + field));
    QVERIFY2(!face->state().disabled, qPrintable(u"disabled: "_s + field));
    focus(face);
    QTest::keyClick(widgetOf(face), Qt::Key_A, Qt::ControlModifier);
    QTest::keyClicks(widgetOf(face), QString::number(value));
    QTest::keyClick(widgetOf(face), Qt::Key_Tab); // leaving the field says what is wrong
}

void AccessibleDriver::choose(const QString& box, const QString& item) const
{
    auto* face = find(QAccessible::ComboBox, box);
    QVERIFY2(face != nullptr, qPrintable(u"no choice: "_s + box));
    QVERIFY2(!face->state().disabled, qPrintable(u"disabled: "_s + box));
    focus(face);
    QTest::keyClick(widgetOf(face), Qt::Key_Home);
    for (int i = 0; i < 20 && !face->text(QAccessible::Value).startsWith(item); ++i)
        QTest::keyClick(widgetOf(face), Qt::Key_Down);
    QVERIFY2(face->text(QAccessible::Value).startsWith(item), qPrintable(u"not offered: "_s + item));
}

void AccessibleDriver::openTab(const QString& title) const
{
    press(QAccessible::PageTab, title);
}

QStringList AccessibleDriver::texts() const
{
    QStringList texts;
    walk(QAccessible::queryAccessibleInterface(m_window), [&](QAccessibleInterface* face) {
        if (face->role() == QAccessible::StaticText)
            texts.append(face->text(QAccessible::Name));
        return false;
    });
    return texts;
}

QString AccessibleDriver::focusName() const
{
    auto* face = QAccessible::queryAccessibleInterface(QApplication::focusWidget());
    return face == nullptr ? QString() : plain(face->text(QAccessible::Name));
}

} // namespace postern::test
