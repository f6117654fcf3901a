#include "ui/wizard/ClosingPages.h"

#include <QClipboard>
#include <QDesktopServices>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QLabel>
#include <QProgressBar>
#include <QPushButton>
#include <QUrl>
#include <QVBoxLayout>

#include "ui/widgets/CommandText.h"
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
    , m_commandsTitle(new PlainLabel({}, PlainLabel::Look::Strong, this))
    , m_commands(new widgets::CommandText(tr("Commands that will run"), this))
{
    auto* column = columnOf(this);
    column->addWidget(m_facts);
    auto* row = new QHBoxLayout;
    auto* copy = new QPushButton(widgets::icon(u"copy"_s), tr("C&opy"), this);
    copy->setAutoDefault(false);
    copy->setToolTip(tr("Copy the summary as text"));
    connect(copy, &QPushButton::clicked, this, [this] { QGuiApplication::clipboard()->setText(toText()); });
    row->addWidget(copy);
    row->addStretch(1);
    column->addLayout(row);
    m_commandsTitle->setContentsMargins(0, widgets::spacing::normal, 0, 0);
    column->addWidget(m_commandsTitle);
    column->addWidget(m_commands);
    column->addStretch(1);
    m_commandsTitle->hide();
    m_commands->hide();
}

void SummaryPage::awaitCommands(const QString& title)
{
    m_commandsTitle->setText(title);
    m_commandsTitle->show();
    m_commands->setWaiting();
    m_commands->show();
}

void SummaryPage::setCommands(const QStringList& commands, const QString& textWhenNone)
{
    m_commands->setCommands(commands, textWhenNone);
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
    , m_fileButton(new QPushButton(widgets::icon(u"log"_s), {}, this))
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
    copyButton->setAutoDefault(false);
    connect(copyButton, &QPushButton::clicked, this, &CompletionPage::copy);
    m_fileButton->setAutoDefault(false);
    m_fileButton->hide();
    connect(m_fileButton, &QPushButton::clicked, this, &CompletionPage::openFile);
    row->addWidget(copyButton);
    row->addWidget(m_fileButton);
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

void CompletionPage::setFile(const QString& button, const QString& path)
{
    m_file = path;
    m_fileButton->setText(button);
    m_fileButton->setToolTip(path);
    m_fileButton->setVisible(!path.isEmpty());
}

void CompletionPage::openFile()
{
    QDesktopServices::openUrl(QUrl::fromLocalFile(m_file));
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
