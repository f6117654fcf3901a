// Finds fields and buttons the way a person does, by what is written on them; and checks the rules every
// dialog keeps (style.md 3.14).
#pragma once

#include <QStringList>

class QAbstractButton;
class QWidget;

namespace postern::test {

// The editor whose accessible name is this. Null: none, or more than one that is visible.
[[nodiscard]] QWidget* editor(QWidget* inside, const QString& accessibleName);
void fill(QWidget* inside, const QString& accessibleName, const QString& text);
void choose(QWidget* inside, const QString& accessibleName, const QString& item);
// By text without mnemonic.
[[nodiscard]] QAbstractButton* button(QWidget* inside, const QString& text);
void click(QWidget* inside, const QString& text);
// What the field says is wrong; "" when nothing.
[[nodiscard]] QString errorOf(QWidget* inside, const QString& accessibleName);

// Everything that breaks a rule: a focusable widget without a name, two equal mnemonics, a widget that Tab
// does not reach or reaches twice. Empty: good.
[[nodiscard]] QStringList accessibilityProblems(QWidget* window);
// Visible text that does not carry the pseudo-locale's mark.
[[nodiscard]] QStringList untranslatedTexts(QWidget* window, const QStringList& data);

} // namespace postern::test
