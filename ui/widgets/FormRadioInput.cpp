#include "ui/widgets/FormRadioInput.h"

#include <QButtonGroup>
#include <QRadioButton>
#include <QVBoxLayout>

#include "ui/widgets/PlainLabel.h"

namespace postern::widgets {

FormRadioInput::FormRadioInput(const FieldText& text, QWidget* parent)
    : FormField(parent)
    , m_box(new QWidget(this))
    , m_column(new QVBoxLayout(m_box))
    , m_group(new QButtonGroup(this))
{
    m_column->setContentsMargins(0, 0, 0, 0);
    m_column->setSpacing(spacing::tight);
    build(text, m_box, m_box);
    connect(m_group, &QButtonGroup::idToggled, this, &FormRadioInput::chosen);
}

void FormRadioInput::addChoice(const QString& text, const QVariant& value, const QString& reason)
{
    auto* button = new QRadioButton(text, m_box);
    m_values.append(value);
    m_group->addButton(button, int(m_values.size()) - 1);
    m_column->addWidget(button);
    if (!reason.isEmpty()) {
        button->setEnabled(false);
        button->setToolTip(reason);
        button->setAccessibleDescription(reason);
        auto* why = new PlainLabel(reason, PlainLabel::Look::Muted, m_box);
        why->setWordWrap(true);
        why->setContentsMargins(24, 0, 0, 0);
        m_column->addWidget(why);
    }
    if (m_group->checkedId() < 0 && reason.isEmpty())
        button->setChecked(true);
    tabToChosen(m_group->buttons());
}

QVariant FormRadioInput::value() const
{
    return m_values.value(m_group->checkedId());
}

void FormRadioInput::setValue(const QVariant& value)
{
    if (auto* button = m_group->button(int(m_values.indexOf(value))))
        button->setChecked(true);
}

void FormRadioInput::focusEditor()
{
    if (m_group->checkedButton() != nullptr)
        m_group->checkedButton()->setFocus(Qt::OtherFocusReason);
}

void FormRadioInput::chosen()
{
    tabToChosen(m_group->buttons());
    emit edited();
}

void tabToChosen(const QList<QAbstractButton*>& group)
{
    for (QAbstractButton* button : group)
        button->setFocusPolicy(button->isChecked() ? Qt::StrongFocus : Qt::ClickFocus);
}

} // namespace postern::widgets
