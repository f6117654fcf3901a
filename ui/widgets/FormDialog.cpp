#include "ui/widgets/FormDialog.h"

#include <QDialogButtonBox>
#include <QPushButton>
#include <QVBoxLayout>

#include "ui/widgets/Form.h"
#include "ui/widgets/Theme.h"

namespace postern::widgets {

FormDialog::FormDialog(const QString& title, Form* form, QWidget* parent)
    : QDialog(parent)
    , m_form(form)
{
    setWindowTitle(title);
    setAttribute(Qt::WA_DeleteOnClose);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(spacing::wide, spacing::wide, spacing::wide, 12);
    column->setSpacing(spacing::wide);
    column->addWidget(form, 1);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Ok | QDialogButtonBox::Cancel, this);
    for (auto* button : buttons->buttons())
        button->setIcon({});
    buttons->button(QDialogButtonBox::Ok)->setText(tr("OK"));
    buttons->button(QDialogButtonBox::Cancel)->setText(tr("Cancel"));
    connect(buttons, &QDialogButtonBox::accepted, this, &FormDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    column->addWidget(buttons);
    resize(440, sizeHint().height());
}

void FormDialog::accept()
{
    if (m_form->validate())
        QDialog::accept();
}

void FormDialog::showEvent(QShowEvent* event)
{
    QDialog::showEvent(event);
    m_form->focusFirst();
}

} // namespace postern::widgets
