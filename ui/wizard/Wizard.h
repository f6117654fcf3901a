// A wizard in Configuration Manager's shape (SHL-16): page list at the left; Previous, Next, Summary, Cancel
// below; then Summary, Progress and Completion, which every wizard has. Nothing is written before Next on the
// Summary page. GUI thread.
#pragma once

#include <QDialog>

#include "ui/widgets/StepList.h"

class QLabel;
class QListWidget;
class QPushButton;
class QStackedWidget;

namespace postern::widgets {
class PlainLabel;
}

namespace postern::wizard {

class CompletionPage;
class ProgressPage;
class SummaryPage;
class WizardPage;

class Wizard : public QDialog
{
    Q_OBJECT
public:
    Wizard(const QString& title, const QString& iconName, QWidget* parent = nullptr);

    [[nodiscard]] WizardPage* currentPage() const;
    [[nodiscard]] bool succeeded() const { return m_succeeded; }

    // Esc and the window's close button: as Cancel.
    void reject() override;

protected:
    // The constructor of a subclass adds its pages in order, then calls start().
    void addPage(WizardPage* page);
    void start();

    // Summary comes to the front with what the pages say now: for a wizard that adds to it.
    virtual void summaryShown() { }
    [[nodiscard]] SummaryPage& summaryPage() { return *m_summary; }
    [[nodiscard]] CompletionPage& completionPage() { return *m_completion; }

    // The work, begun by Next on Summary. It says what happens by reportStep() and ends with finishWork().
    virtual void beginWork() = 0;
    // Cancel was pressed meanwhile: end it; finishWork() is still called.
    virtual void stopWork() = 0;
    void reportStep(const widgets::Step& step);
    [[nodiscard]] const QList<widgets::Step>& steps() const; // reported so far
    void finishWork(bool ok, const QString& sentence);
    // After a failure: a further way on, e.g. "Add Anyway".
    void offerAfterFailure(const QString& button, const QString& hint, std::function<void()> action);
    // Goes back to the progress page for a second part of the work.
    void resumeWork();

private:
    void buildFrame(const QString& iconName);
    QWidget* buildBanner(const QString& iconName);
    QWidget* buildButtons();
    void addToList(WizardPage* page);
    void goTo(int index);
    void next();
    void previous();
    void jumpToSummary();
    void pageClicked(int row);
    void updateButtons();
    void fillSummary();
    [[nodiscard]] bool allAcceptable(int before) const;
    [[nodiscard]] int summaryIndex() const { return m_inputPages; }

    QList<WizardPage*> m_pages;
    int m_inputPages = 0;
    int m_index = 0;
    bool m_working = false;
    bool m_finished = false;
    bool m_succeeded = false;
    SummaryPage* m_summary = nullptr;
    ProgressPage* m_progress = nullptr;
    CompletionPage* m_completion = nullptr;
    QListWidget* m_list = nullptr;
    QStackedWidget* m_stack = nullptr;
    widgets::PlainLabel* m_heading = nullptr;
    widgets::PlainLabel* m_subtitle = nullptr;
    QPushButton* m_previousButton = nullptr;
    QPushButton* m_nextButton = nullptr;
    QPushButton* m_summaryButton = nullptr;
    QPushButton* m_extraButton = nullptr;
    QPushButton* m_cancelButton = nullptr;
    std::function<void()> m_extra;
};

} // namespace postern::wizard
