// The kinds of FormField: one line of text, a password, a file, a number, a choice, a tick. GUI thread.
#pragma once

#include "ui/widgets/FormField.h"

class QCheckBox;
class QComboBox;
class QLineEdit;
class QSpinBox;

namespace postern::widgets {

class FilePrompter;

class FormTextInput : public FormField
{
    Q_OBJECT
public:
    using Rule = std::function<QString(const QString& value)>;
    explicit FormTextInput(const FieldText& text, QWidget* parent = nullptr);
    [[nodiscard]] QString text() const; // trimmed
    void setText(const QString& text);
    void setPlaceholder(const QString& text);
    void setMaxLength(int length);
    // Offered while typing; anything else may be entered as well.
    void setSuggestions(const QStringList& suggestions);
    void setRule(Rule rule) { m_rule = std::move(rule); }
    void setAdvice(Rule rule) { m_advice = std::move(rule); }

protected:
    FormTextInput(const FieldText& text, QWidget* parent, bool buildNow);
    [[nodiscard]] QLineEdit* line() const { return m_line; }
    [[nodiscard]] QString complaint() const override;
    [[nodiscard]] QString advice() const override;

private:
    QLineEdit* m_line;
    Rule m_rule;
    Rule m_advice;
};

// The value is never shown, never trimmed, and wiped from the widget by clear().
class FormPasswordInput : public FormTextInput
{
    Q_OBJECT
public:
    explicit FormPasswordInput(const FieldText& text, QWidget* parent = nullptr);
    [[nodiscard]] QString secret() const;
    void clear();
};

// A path with a Browse button; `title` and `filter` are the file dialog's.
class FormFileInput : public FormTextInput
{
    Q_OBJECT
public:
    FormFileInput(const FieldText& text, FilePrompter& prompter, QString filter, QWidget* parent = nullptr);

private:
    void browse();
    FilePrompter& m_prompter;
    QString m_filter;
    QString m_title;
};

class FormNumberInput : public FormField
{
    Q_OBJECT
public:
    using Rule = std::function<QString(int value)>;
    FormNumberInput(
        const FieldText& text, int lowest, int highest, const QString& suffix, QWidget* parent = nullptr);
    [[nodiscard]] int value() const;
    void setValue(int value);
    void setZeroText(const QString& text); // what 0 is called: "Unlimited"
    void setRule(Rule rule) { m_rule = std::move(rule); }
    void setAdvice(Rule rule) { m_advice = std::move(rule); }

protected:
    [[nodiscard]] QString complaint() const override;
    [[nodiscard]] QString advice() const override;

private:
    QSpinBox* m_spin;
    Rule m_rule;
    Rule m_advice;
};

class FormChoiceInput : public FormField
{
    Q_OBJECT
public:
    using Advice = std::function<QString(const QVariant& value)>;
    explicit FormChoiceInput(const FieldText& text, QWidget* parent = nullptr);
    void addChoice(const QString& text, const QVariant& value);
    [[nodiscard]] QVariant value() const;
    void setValue(const QVariant& value);
    void setAdvice(Advice rule) { m_advice = std::move(rule); }

protected:
    [[nodiscard]] QString advice() const override;

private:
    QComboBox* m_box;
    Advice m_advice;
};

class FormCheckInput : public FormField
{
    Q_OBJECT
public:
    explicit FormCheckInput(const FieldText& text, QWidget* parent = nullptr);
    [[nodiscard]] bool isChecked() const;
    void setChecked(bool checked);
    // A tick that is asked for: what to say while it is missing.
    void setRequired(const QString& complaint) { m_complaint = complaint; }

protected:
    [[nodiscard]] QString complaint() const override;

private:
    QString m_complaint;
    QCheckBox* m_box;
};

} // namespace postern::widgets
