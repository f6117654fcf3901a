// A small dialog around one Form, with OK and Cancel: OK closes only when the form is acceptable. Open it
// with open(). GUI thread.
#pragma once

#include <QDialog>

namespace postern::widgets {

class Form;

class FormDialog : public QDialog
{
    Q_OBJECT
public:
    // Takes the form.
    FormDialog(const QString& title, Form* form, QWidget* parent);
    void accept() override;
    void showEvent(QShowEvent* event) override;

private:
    Form* m_form;
};

} // namespace postern::widgets
