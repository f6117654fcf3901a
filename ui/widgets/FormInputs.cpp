#include "ui/widgets/FormInputs.h"

#include <QCheckBox>
#include <QComboBox>
#include <QCompleter>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QPushButton>
#include <QSpinBox>

#include "ui/widgets/Prompter.h"
#include "ui/widgets/Theme.h"

namespace postern::widgets {

FormTextInput::FormTextInput(const FieldText& text, QWidget* parent)
    : FormTextInput(text, parent, true)
{
}

FormTextInput::FormTextInput(const FieldText& text, QWidget* parent, bool buildNow)
    : FormField(parent)
    , m_line(new QLineEdit(this))
{
    if (buildNow)
        build(text, m_line, m_line);
    connect(m_line, &QLineEdit::textChanged, this, [this] {
        if (!error().isEmpty())
            validate();
        emit edited();
    });
}

QString FormTextInput::text() const
{
    return m_line->text().trimmed();
}

void FormTextInput::setText(const QString& text)
{
    m_line->setText(text);
    m_line->setCursorPosition(0);
}

void FormTextInput::setPlaceholder(const QString& text)
{
    m_line->setPlaceholderText(text);
}

void FormTextInput::setMaxLength(int length)
{
    m_line->setMaxLength(length);
}

void FormTextInput::setSuggestions(const QStringList& suggestions)
{
    auto* completer = new QCompleter(suggestions, this);
    completer->setCaseSensitivity(Qt::CaseInsensitive);
    completer->setFilterMode(Qt::MatchContains);
    delete m_line->completer();
    m_line->setCompleter(completer);
}

QString FormTextInput::complaint() const
{
    return m_rule ? m_rule(text()) : QString();
}

QString FormTextInput::advice() const
{
    return m_advice ? m_advice(text()) : QString();
}

FormPasswordInput::FormPasswordInput(const FieldText& text, QWidget* parent)
    : FormTextInput(text, parent)
{
    line()->setEchoMode(QLineEdit::Password);
    line()->setInputMethodHints(Qt::ImhHiddenText | Qt::ImhNoPredictiveText | Qt::ImhNoAutoUppercase);
}

QString FormPasswordInput::secret() const
{
    return line()->text();
}

void FormPasswordInput::clear()
{
    line()->clear();
}

FormFileInput::FormFileInput(const FieldText& text, FilePrompter& prompter, QString filter, QWidget* parent)
    : FormTextInput(text, parent, false)
    , m_prompter(prompter)
    , m_filter(std::move(filter))
    , m_title(text.label)
{
    auto* row = new QWidget(this);
    auto* layout = new QHBoxLayout(row);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(spacing::normal);
    auto* button = new QPushButton(tr("Browse..."), row);
    layout->addWidget(line(), 1);
    layout->addWidget(button);
    build(text, line(), row);
    //: %1 is the field's label
    button->setAccessibleName(tr("Browse for %1").arg(line()->accessibleName()));
    connect(button, &QPushButton::clicked, this, &FormFileInput::browse);
}

void FormFileInput::browse()
{
    const QString path = m_prompter.openFile(this, line()->accessibleName(), m_filter);
    if (path.isEmpty())
        return;
    setText(path);
    validate();
}

FormNumberInput::FormNumberInput(
    const FieldText& text, int lowest, int highest, const QString& suffix, QWidget* parent)
    : FormField(parent)
    , m_spin(new QSpinBox(this))
{
    m_spin->setRange(lowest, highest);
    m_spin->setSuffix(suffix);
    m_spin->setMinimumWidth(140);
    m_spin->setSizePolicy(QSizePolicy::Maximum, QSizePolicy::Fixed);
    build(text, m_spin, m_spin);
    connect(m_spin, &QSpinBox::valueChanged, this, [this] {
        validate();
        emit edited();
    });
}

int FormNumberInput::value() const
{
    return m_spin->value();
}

void FormNumberInput::setValue(int value)
{
    m_spin->setValue(value);
}

void FormNumberInput::setZeroText(const QString& text)
{
    m_spin->setSpecialValueText(text);
}

QString FormNumberInput::complaint() const
{
    return m_rule ? m_rule(m_spin->value()) : QString();
}

QString FormNumberInput::advice() const
{
    return m_advice ? m_advice(m_spin->value()) : QString();
}

FormChoiceInput::FormChoiceInput(const FieldText& text, QWidget* parent)
    : FormField(parent)
    , m_box(new QComboBox(this))
{
    m_box->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    m_box->setSizePolicy(QSizePolicy::Maximum, QSizePolicy::Fixed);
    build(text, m_box, m_box);
    connect(m_box, &QComboBox::currentIndexChanged, this, &FormField::edited);
}

void FormChoiceInput::addChoice(const QString& text, const QVariant& value)
{
    m_box->addItem(text, value);
}

QVariant FormChoiceInput::value() const
{
    return m_box->currentData();
}

void FormChoiceInput::setValue(const QVariant& value)
{
    if (const int index = m_box->findData(value); index >= 0)
        m_box->setCurrentIndex(index);
}

QString FormChoiceInput::advice() const
{
    return m_advice ? m_advice(value()) : QString();
}

FormCheckInput::FormCheckInput(const FieldText& text, QWidget* parent)
    : FormField(parent)
    , m_box(new QCheckBox(text.label, this))
{
    build(text, m_box, m_box, false);
    connect(m_box, &QCheckBox::toggled, this, [this] {
        if (!error().isEmpty())
            validate();
        emit edited();
    });
}

QString FormCheckInput::complaint() const
{
    return m_box->isChecked() ? QString() : m_complaint;
}

bool FormCheckInput::isChecked() const
{
    return m_box->isChecked();
}

void FormCheckInput::setChecked(bool checked)
{
    m_box->setChecked(checked);
}

} // namespace postern::widgets
