// "Every [1] [days] at [00:00]" as one field (CON-13). A kept schedule of a form it does not know is left
// untouched until somebody edits it. GUI thread.
#pragma once

#include "ui/connectors/ConnectorRules.h"
#include "ui/widgets/FormField.h"

class QComboBox;
class QSpinBox;
class QTimeEdit;

namespace postern::connectors {

class ScheduleInput final : public widgets::FormField
{
    Q_OBJECT
public:
    explicit ScheduleInput(QWidget* parent = nullptr);
    void setKept(const QString& kept);
    [[nodiscard]] QString kept() const;
    [[nodiscard]] Schedule schedule() const;

protected:
    [[nodiscard]] QString advice() const override;

private:
    void valueEdited();
    QSpinBox* m_count;
    QComboBox* m_unit;
    QTimeEdit* m_at;
    QString m_kept;
};

} // namespace postern::connectors
