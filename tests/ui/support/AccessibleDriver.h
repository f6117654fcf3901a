// Drives a window by what assistive tools see of it: the accessibility tree, with roles, names, values and
// actions, and the keyboard; never by pointers to widgets. What cannot be found there cannot be used by a
// person who needs it. GUI thread.
#pragma once

#include <QAccessible>
#include <QStringList>

namespace postern::test {

class AccessibleDriver
{
public:
    explicit AccessibleDriver(QObject* window);

    // The one element with this role and name that is shown. Null: none.
    [[nodiscard]] QAccessibleInterface* find(QAccessible::Role role, const QString& name) const;
    [[nodiscard]] bool has(QAccessible::Role role, const QString& name) const;
    [[nodiscard]] bool isEnabled(QAccessible::Role role, const QString& name) const;
    [[nodiscard]] bool isChecked(QAccessible::Role role, const QString& name) const;
    [[nodiscard]] QString value(QAccessible::Role role, const QString& name) const;
    // What is said after the name: the hint, or what is wrong.
    [[nodiscard]] QString description(QAccessible::Role role, const QString& name) const;

    // Each fails the test when the element is not there, is disabled or does not offer it.
    void press(QAccessible::Role role, const QString& name) const; // button, radio, tick
    void type(const QString& field, const QString& text) const; // into a line, by keys
    void setNumber(const QString& field, int value) const; // of a spin box, by keys
    void choose(const QString& box, const QString& item) const; // of a combo box, by keys
    void openTab(const QString& title) const;

    // All texts that are read out, top to bottom.
    [[nodiscard]] QStringList texts() const;
    // The name of what has the keyboard.
    [[nodiscard]] QString focusName() const;

private:
    QObject* m_window;
};

} // namespace postern::test
