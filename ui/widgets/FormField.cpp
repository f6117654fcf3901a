#include "ui/widgets/FormField.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QScrollArea>
#include <QVBoxLayout>

#include "ui/widgets/IconSet.h"
#include "ui/widgets/PlainLabel.h"

namespace postern::widgets {

using namespace Qt::StringLiterals;

namespace {

// "&Server address" is read to people as "Server address".
QString withoutMnemonic(QString text)
{
    const QString both = u"\x1"_s;
    return text.replace("&&"_L1, both).remove(u'&').replace(both, "&"_L1);
}

} // namespace

FormField::FormField(QWidget* parent)
    : QWidget(parent)
{
}

void FormField::build(const FieldText& text, QWidget* editor, QWidget* row, bool labelAbove)
{
    m_editor = editor;
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(spacing::tight);
    if (labelAbove) {
        auto* label = new QLabel(text.label, this);
        label->setBuddy(editor);
        column->addWidget(label);
    }
    // An editor that is as wide as its content stands at the side where reading begins. It is a sibling of
    // its label: elsewhere Qt does not find the label for assistive tools, and a combo box has no other name.
    const bool narrow = row == editor && editor->sizePolicy().horizontalPolicy() == QSizePolicy::Maximum;
    column->addWidget(row, 0, narrow ? Qt::AlignLeading : Qt::Alignment());
    m_hint = new PlainLabel(text.hint, PlainLabel::Look::Muted, this);
    m_hint->setWordWrap(true);
    m_hint->setVisible(!text.hint.isEmpty());
    column->addWidget(m_hint);
    m_messageRow = new QWidget(this);
    auto* line = new QHBoxLayout(m_messageRow);
    line->setContentsMargins(0, 0, 0, 0);
    line->setSpacing(spacing::tight);
    m_mark = new QLabel(m_messageRow);
    m_message = new PlainLabel({}, PlainLabel::Look::Body, m_messageRow);
    m_message->setWordWrap(true);
    line->addWidget(m_mark, 0, Qt::AlignTop);
    line->addWidget(m_message, 1);
    m_messageRow->hide();
    column->addWidget(m_messageRow);
    editor->setAccessibleName(withoutMnemonic(text.label));
    describe();
    editor->installEventFilter(this);
}

void FormField::setError(const QString& sentence)
{
    m_error = sentence;
    describe();
}

void FormField::setWarning(const QString& sentence)
{
    m_warning = sentence;
    describe();
}

void FormField::setHint(const QString& sentence)
{
    m_hint->setText(sentence);
    m_hint->setVisible(!sentence.isEmpty());
    describe();
}

QString FormField::error() const
{
    return m_error;
}

QString FormField::warning() const
{
    return m_warning;
}

bool FormField::validate()
{
    m_warning = advice();
    setError(isEnabled() ? complaint() : QString());
    return m_error.isEmpty();
}

void FormField::focusEditor()
{
    m_editor->setFocus(Qt::OtherFocusReason);
    // With what is said below it; areas may stand inside each other.
    for (QWidget* outer = parentWidget(); outer != nullptr; outer = outer->parentWidget()) {
        if (auto* area = qobject_cast<QScrollArea*>(outer))
            area->ensureWidgetVisible(this, 0, spacing::normal);
    }
}

bool FormField::eventFilter(QObject* watched, QEvent* event)
{
    // Leaving the field says what is wrong; an error that was said goes away as soon as it is repaired (see
    // edited()).
    if (watched == m_editor && event->type() == QEvent::FocusOut && isVisible())
        validate();
    return QWidget::eventFilter(watched, event);
}

void FormField::describe()
{
    const QString shown = m_error.isEmpty() ? m_warning : m_error;
    const Tone tone = m_error.isEmpty() ? Tone::Warning : Tone::Bad;
    m_message->setText(shown);
    m_message->setTone(tone);
    m_mark->setPixmap(icon(m_error.isEmpty() ? u"warning"_s : u"error"_s, tone).pixmap(16, 16));
    m_messageRow->setVisible(!shown.isEmpty());
    const QString hint = m_hint->text();
    m_editor->setAccessibleDescription(shown.isEmpty() ? hint
            : hint.isEmpty()                           ? shown
                                                       : shown + u'\n' + hint);
}

} // namespace postern::widgets
