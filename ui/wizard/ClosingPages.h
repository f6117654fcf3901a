// The three pages every wizard ends with: Summary (what will be done), Progress, Completion (what was done,
// copyable). GUI thread.
#pragma once

#include "ui/widgets/StepList.h"
#include "ui/wizard/WizardPage.h"

class QLabel;
class QProgressBar;

namespace postern::widgets {
class PlainLabel;
}

namespace postern::wizard {

class SummaryPage final : public WizardPage
{
    Q_OBJECT
public:
    explicit SummaryPage(QWidget* parent = nullptr);
    void setFacts(const QList<widgets::Fact>& facts);
    [[nodiscard]] QString toText() const;

private:
    widgets::FactList* m_facts;
};

class ProgressPage final : public WizardPage
{
    Q_OBJECT
public:
    explicit ProgressPage(QWidget* parent = nullptr);
    void begin(bool keepSteps);
    void setStep(const widgets::Step& step);
    [[nodiscard]] const QList<widgets::Step>& steps() const { return m_steps->steps(); }
    void enter() override;

private:
    widgets::PlainLabel* m_current;
    QProgressBar* m_bar;
    widgets::StepList* m_steps;
};

class CompletionPage final : public WizardPage
{
    Q_OBJECT
public:
    explicit CompletionPage(QWidget* parent = nullptr);
    void setResult(bool ok, const QString& sentence, const QList<widgets::Step>& steps);
    [[nodiscard]] QString sentence() const;
    void enter() override;

private:
    void copy();
    QLabel* m_mark;
    widgets::PlainLabel* m_sentence;
    widgets::StepList* m_steps;
};

} // namespace postern::wizard
