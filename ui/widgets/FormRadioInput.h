// A choice of a few values that are all seen: radio buttons under one label. A value that cannot be chosen is
// shown disabled with the reason beside it, never hidden. GUI thread.
#pragma once

#include <QVariant>

#include "ui/widgets/FormField.h"

class QAbstractButton;
class QButtonGroup;
class QVBoxLayout;

namespace postern::widgets {

class FormRadioInput : public FormField
{
    Q_OBJECT
public:
    explicit FormRadioInput(const FieldText& text, QWidget* parent = nullptr);
    // The first one is chosen. `reason` not empty: it cannot be chosen, and why.
    void addChoice(const QString& text, const QVariant& value, const QString& reason = {});
    [[nodiscard]] QVariant value() const;
    void setValue(const QVariant& value);
    void focusEditor() override;

private:
    void chosen();
    QWidget* m_box;
    QVBoxLayout* m_column;
    QButtonGroup* m_group;
    QList<QVariant> m_values; // by id of the group
};

// Tab goes to the chosen button of a group, the arrow keys to the others. (Qt lets Tab go to the first one.)
void tabToChosen(const QList<QAbstractButton*>& group);

} // namespace postern::widgets
