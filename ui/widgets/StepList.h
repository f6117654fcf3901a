// What was done or checked, line by line, as it happens: mark, name, outcome in words, detail. Used by
// wizards (Progress, Completion) and Test Connection; copyable as text. GUI thread.
#pragma once

#include <QTreeWidget>

namespace postern::widgets {

struct Step
{
    enum class Outcome { Running, Pass, Warning, Fail, NotApplicable };
    QString id; // a later step with the same id replaces the line
    QString name;
    Outcome outcome = Outcome::Pass;
    QString detail;
    bool operator==(const Step&) const = default;
};

[[nodiscard]] QString outcomeText(Step::Outcome outcome);

class StepList : public QTreeWidget
{
    Q_OBJECT
public:
    explicit StepList(QWidget* parent = nullptr);
    void setStep(const Step& step);
    void clearSteps();
    void showFirstFailure(); // else the first warning; else what is shown stays
    [[nodiscard]] const QList<Step>& steps() const { return m_steps; }
    [[nodiscard]] QString toText() const;
    void copy();

protected:
    void keyPressEvent(QKeyEvent* event) override;

private:
    QList<Step> m_steps;
};

} // namespace postern::widgets
