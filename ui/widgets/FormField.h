// A form's fields: label, editor, hint and error belong together, so that no form can forget one
// (style.md 3.14). One call sets label, buddy, hint, accessible name and description. Rules are pure
// functions value -> complaint ("" is fine); they run on leaving the field and when the page asks. GUI
// thread.
#pragma once

#include <QWidget>
#include <functional>

class QLabel;

namespace postern::widgets {

class PlainLabel;

struct FieldText
{
    QString label; // with its mnemonic: "Server &address"
    QString hint; // one sentence below the field; empty: none
};

class FormField : public QWidget
{
    Q_OBJECT
public:
    enum class Advice { Error, Warning };

    // Empty: no complaint.
    void setError(const QString& sentence);
    void setWarning(const QString& sentence);
    void setHint(const QString& sentence);
    [[nodiscard]] QString error() const;
    [[nodiscard]] QString warning() const;
    [[nodiscard]] QWidget* editor() const { return m_editor; }

    // Runs the rules. False, with the error shown, when the value cannot be used.
    bool validate();
    // The same without showing anything.
    [[nodiscard]] bool isAcceptable() const { return complaint().isEmpty(); }
    virtual void focusEditor();

signals:
    void edited(); // the value changed by hand or by program

protected:
    explicit FormField(QWidget* parent);
    // Called once by the constructor of each kind. `row` holds the editor (itself, or with a button beside
    // it).
    void build(const FieldText& text, QWidget* editor, QWidget* row, bool labelAbove = true);
    [[nodiscard]] virtual QString complaint() const { return {}; }
    [[nodiscard]] virtual QString advice() const { return {}; }
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void describe();
    QWidget* m_editor = nullptr;
    PlainLabel* m_hint = nullptr;
    PlainLabel* m_message = nullptr;
    QWidget* m_messageRow = nullptr;
    QLabel* m_mark = nullptr;
    QString m_error;
    QString m_warning;
};

} // namespace postern::widgets
