#include "ui/widgets/Form.h"

#include <QVBoxLayout>

#include "ui/widgets/FormField.h"
#include "ui/widgets/PlainLabel.h"

namespace postern::widgets {

Form::Form(QWidget* parent)
    : QWidget(parent)
    , m_column(new QVBoxLayout(this))
{
    m_column->setContentsMargins(0, 0, 0, 0);
    m_column->setSpacing(12);
}

bool Form::validate()
{
    FormField* firstWrong = nullptr;
    for (FormField* field : m_fields) {
        if (!field->validate() && firstWrong == nullptr)
            firstWrong = field;
    }
    if (firstWrong != nullptr)
        firstWrong->focusEditor();
    return firstWrong == nullptr;
}

bool Form::isAcceptable() const
{
    return std::all_of(m_fields.begin(), m_fields.end(),
        [](const FormField* field) { return !field->isEnabled() || field->isAcceptable(); });
}

void Form::focusFirst()
{
    for (FormField* field : m_fields) {
        if (field->isEnabled() && !field->isHidden()) {
            field->focusEditor();
            return;
        }
    }
}

void Form::addField(FormField* field)
{
    m_fields.append(field);
    m_column->addWidget(field);
    connect(field, &FormField::edited, this, &Form::edited);
}

void Form::addHeading(const QString& text)
{
    m_column->addWidget(new PlainLabel(text, PlainLabel::Look::Strong, this));
}

PlainLabel* Form::addNote(const QString& text)
{
    auto* note = new PlainLabel(text, PlainLabel::Look::Muted, this);
    note->setWordWrap(true);
    m_column->addWidget(note);
    return note;
}

void Form::addWidget(QWidget* widget, int stretch, Qt::Alignment alignment)
{
    m_column->addWidget(widget, stretch, alignment);
}

void Form::addStretch()
{
    m_column->addStretch(1);
}

} // namespace postern::widgets
