#include "ui/widgets/FormMemoInput.h"

#include <QLocale>
#include <QPlainTextEdit>

namespace postern::widgets {

FormMemoInput::FormMemoInput(const FieldText& text, int longest, QWidget* parent)
    : FormField(parent)
    , m_edit(new QPlainTextEdit(this))
    , m_longest(longest)
{
    m_edit->setTabChangesFocus(true);
    m_edit->setFixedHeight(fontMetrics().height() * 4 + 10);
    build(text, m_edit, m_edit);
    connect(m_edit, &QPlainTextEdit::textChanged, this, [this] {
        validate(); // the length shows at once: it is easily passed by pasting
        emit edited();
    });
}

QString FormMemoInput::text() const
{
    return m_edit->toPlainText().trimmed();
}

void FormMemoInput::setText(const QString& text)
{
    m_edit->setPlainText(text);
}

QString FormMemoInput::complaint() const
{
    const auto length = text().size();
    if (length <= m_longest)
        return {};
    return tr("The text has %1 characters; at most %2 are possible.")
        .arg(QLocale().toString(length), QLocale().toString(m_longest));
}

} // namespace postern::widgets
