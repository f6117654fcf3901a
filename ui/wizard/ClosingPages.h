// The three pages every wizard ends with: Summary (what will be done), Progress, Completion (what was done,
// copyable). GUI thread.
#pragma once

#include "ui/widgets/StepList.h"
#include "ui/wizard/WizardPage.h"

class QLabel;
class QProgressBar;
class QPushButton;

namespace postern::widgets {
class CommandText;
class PlainLabel;
} // namespace postern::widgets

namespace postern::wizard {

class SummaryPage final : public WizardPage
{
    Q_OBJECT
public:
    explicit SummaryPage(QWidget* parent = nullptr);
    void setFacts(const QList<widgets::Fact>& facts);
    [[nodiscard]] QString toText() const;
    // SHL-25, CON-27: the commands that Next will lead to, below the values. Hidden until they are asked for.
    void awaitCommands(const QString& title);
    void setCommands(const QStringList& commands, const QString& textWhenNone);

private:
    widgets::FactList* m_facts;
    widgets::PlainLabel* m_commandsTitle;
    widgets::CommandText* m_commands;
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
    // A file that says more, opened by a button: "Open EasDisc.log". "" hides it.
    void setFile(const QString& button, const QString& path);
    void enter() override;

private:
    void copy();
    void openFile();
    QPushButton* m_fileButton;
    QString m_file;
    QLabel* m_mark;
    widgets::PlainLabel* m_sentence;
    widgets::StepList* m_steps;
};

} // namespace postern::wizard
