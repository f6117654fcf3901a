// When full synchronizations come (CON-13): "every [1] [days] at [00:00]", or a custom schedule typed in the
// form in which it is kept. A kept schedule of a form that is not known is left untouched until somebody
// edits it. GUI thread.
#pragma once

#include "models/domain/ScheduleText.h"
#include "ui/widgets/FormField.h"

class QComboBox;
class QLineEdit;
class QRadioButton;
class QSpinBox;
class QTimeEdit;

namespace postern::connectors {

class ScheduleInput final : public widgets::FormField
{
    Q_OBJECT
public:
    explicit ScheduleInput(QWidget* parent = nullptr);
    [[nodiscard]] static ScheduleText usual(); // every day at 00:00
    void setKept(const QString& kept);
    [[nodiscard]] QString kept() const;
    [[nodiscard]] ScheduleText schedule() const; // the usual one while what is typed is none

protected:
    [[nodiscard]] QString complaint() const override;
    [[nodiscard]] QString advice() const override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    QWidget* buildRow();
    QWidget* buildSimple();
    void modeChosen();
    void valueEdited();
    void showUsable();
    QRadioButton* m_simple;
    QRadioButton* m_custom;
    QSpinBox* m_count;
    QComboBox* m_unit;
    QTimeEdit* m_at;
    QLineEdit* m_text;
    QString m_kept;
    bool m_loading = false;
    bool m_touched = false; // by somebody since it was loaded
};

} // namespace postern::connectors
