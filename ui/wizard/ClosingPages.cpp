#include "ui/wizard/ClosingPages.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QLabel>
#include <QProgressBar>
#include <QPushButton>
#include <QVBoxLayout>

#include "ui/widgets/IconSet.h"
#include "ui/widgets/PlainLabel.h"

namespace postern::wizard {

using namespace Qt::StringLiterals;
using widgets::PlainLabel;

namespace {

QVBoxLayout* columnOf(QWidget* page)
{
    auto* column = new QVBoxLayout(page);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(widgets::spacing::normal);
    return column;
}

} // namespace

SummaryPage::SummaryPage(QWidget* parent)
    : WizardPage(tr("Summary"), tr("Nothing has been written yet. Next starts the work."), parent)
    , m_facts(new widgets::FactList(this))
{
    auto* column = columnOf(this);
    column->addWidget(m_facts, 1);
    auto* row = new QHBoxLayout;
    auto* copy = new QPushButton(widgets::icon(u"copy"_s), tr("C&opy"), this);
    copy->setToolTip(tr("Copy the summary as text"));
    connect(copy, &QPushButton::clicked, this, [this] { QGuiApplication::clipboard()->setText(toText()); });
    row->addWidget(copy);
    row->addStretch(1);
    column->addLayout(row);
}

void SummaryPage::setFacts(const QList<widgets::Fact>& facts)
{
    m_facts->setFacts(facts);
}

QString SummaryPage::toText() const
{
    return m_facts->toText();
}

ProgressPage::ProgressPage(QWidget* parent)
    : WizardPage(tr("Progress"), tr("Cancel stops after the current step."), parent)
    , m_current(new PlainLabel({}, PlainLabel::Look::Body, this))
    , m_bar(new QProgressBar(this))
    , m_steps(new widgets::StepList(this))
{
    auto* column = columnOf(this);
    m_bar->setRange(0, 0);
    m_bar->setTextVisible(false);
    m_bar->setAccessibleName(tr("Progress"));
    m_current->setWordWrap(true);
    column->addWidget(m_current);
    column->addWidget(m_bar);
    column->addWidget(m_steps, 1);
}

void ProgressPage::begin(bool keepSteps)
{
    m_current->setText(tr("Working..."));
    if (!keepSteps)
        m_steps->clearSteps();
}

void ProgressPage::setStep(const widgets::Step& step)
{
    m_steps->setStep(step);
    m_current->setText(step.name);
}

void ProgressPage::enter()
{
    m_steps->setFocus(Qt::OtherFocusReason);
}

CompletionPage::CompletionPage(QWidget* parent)
    : WizardPage(tr("Completion"), {}, parent)
    , m_mark(new QLabel(this))
    , m_sentence(new PlainLabel({}, PlainLabel::Look::Heading, this))
    , m_steps(new widgets::StepList(this))
{
    auto* column = columnOf(this);
    auto* head = new QHBoxLayout;
    head->setSpacing(widgets::spacing::normal);
    m_sentence->setMessage();
    head->addWidget(m_mark, 0, Qt::AlignTop);
    head->addWidget(m_sentence, 1);
    column->addLayout(head);
    column->addWidget(m_steps, 1);
    auto* row = new QHBoxLayout;
    auto* copyButton = new QPushButton(widgets::icon(u"copy"_s), tr("C&opy"), this);
    copyButton->setToolTip(tr("Copy the result as text"));
    connect(copyButton, &QPushButton::clicked, this, &CompletionPage::copy);
    row->addWidget(copyButton);
    row->addStretch(1);
    column->addLayout(row);
}

void CompletionPage::setResult(bool ok, const QString& sentence, const QList<widgets::Step>& steps)
{
    m_mark->setPixmap(widgets::icon(ok ? u"ok"_s : u"error"_s, ok ? widgets::Tone::Good : widgets::Tone::Bad)
                          .pixmap(24, 24));
    m_sentence->setText(sentence);
    m_steps->clearSteps();
    for (const widgets::Step& step : steps)
        m_steps->setStep(step);
    m_steps->showFirstFailure();
}

QString CompletionPage::sentence() const
{
    return m_sentence->text();
}

void CompletionPage::enter()
{
    m_steps->setFocus(Qt::OtherFocusReason);
}

void CompletionPage::copy()
{
    QGuiApplication::clipboard()->setText(sentence() + u"\n\n"_s + m_steps->toText());
}

} // namespace postern::wizard
