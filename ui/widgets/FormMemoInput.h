// Several lines of plain text with a greatest length; says how much is left. GUI thread.
#pragma once

#include "ui/widgets/FormField.h"

class QPlainTextEdit;

namespace postern::widgets {

class FormMemoInput : public FormField
{
    Q_OBJECT
public:
    FormMemoInput(const FieldText& text, int longest, QWidget* parent = nullptr);
    [[nodiscard]] QString text() const;
    void setText(const QString& text);

protected:
    [[nodiscard]] QString complaint() const override;

private:
    QPlainTextEdit* m_edit;
    int m_longest;
};

} // namespace postern::widgets
