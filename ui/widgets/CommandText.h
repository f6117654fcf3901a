// Commands as they will run (SHL-25): read-only, in a fixed-width face, selectable, with a Copy button. GUI
// thread.
#pragma once

#include <QWidget>

class QPlainTextEdit;
class QPushButton;

namespace postern::widgets {

class PlainLabel;

class CommandText : public QWidget
{
    Q_OBJECT
public:
    explicit CommandText(const QString& accessibleName, QWidget* parent = nullptr);
    void setWaiting(); // they are being asked for
    void setCommands(const QStringList& commands, const QString& textWhenNone);
    [[nodiscard]] QStringList commands() const { return m_commands; }

private:
    void copy();
    PlainLabel* m_note;
    QPlainTextEdit* m_text;
    QPushButton* m_copy;
    QStringList m_commands;
};

} // namespace postern::widgets
