#include "ui/wizard/Wizard.h"

#include <QHBoxLayout>
#include <QListWidget>
#include <QPushButton>
#include <QScrollArea>
#include <QStackedWidget>
#include <QVBoxLayout>

#include "ui/widgets/IconSet.h"
#include "ui/widgets/PlainLabel.h"
#include "ui/wizard/ClosingPages.h"

namespace postern::wizard {

using namespace Qt::StringLiterals;
using widgets::PlainLabel;
namespace spacing = widgets::spacing;

Wizard::Wizard(const QString& title, const QString& iconName, QWidget* parent)
    : QDialog(parent)
{
    setWindowTitle(title);
    setWindowIcon(widgets::icon(iconName));
    buildFrame(iconName);
    resize(860, 680);
}

void Wizard::addPage(WizardPage* page)
{
    addToList(page);
    ++m_inputPages;
    connect(page, &WizardPage::edited, this, &Wizard::updateButtons);
}

void Wizard::start()
{
    m_summary = new SummaryPage;
    m_progress = new ProgressPage;
    m_completion = new CompletionPage;
    addToList(m_summary);
    addToList(m_progress);
    addToList(m_completion);
    goTo(0);
}

WizardPage* Wizard::currentPage() const
{
    return m_pages.value(m_index);
}

void Wizard::reject()
{
    if (m_working) {
        m_cancelButton->setEnabled(false);
        stopWork();
        return;
    }
    if (m_succeeded)
        accept();
    else
        QDialog::reject();
}

void Wizard::reportStep(const widgets::Step& step)
{
    m_progress->setStep(step);
}

const QList<widgets::Step>& Wizard::steps() const
{
    return m_progress->steps();
}

void Wizard::finishWork(bool ok, const QString& sentence)
{
    m_working = false;
    m_finished = true;
    m_succeeded = ok;
    m_completion->setResult(ok, sentence, m_progress->steps());
    goTo(int(m_pages.size()) - 1);
}

void Wizard::offerAfterFailure(const QString& button, const QString& hint, std::function<void()> action)
{
    m_extra = std::move(action);
    m_extraButton->setText(button);
    m_extraButton->setToolTip(hint);
    m_extraButton->setVisible(true);
}

void Wizard::resumeWork()
{
    m_extraButton->hide();
    m_working = true;
    m_finished = false;
    m_progress->begin(true);
    goTo(summaryIndex() + 1);
}

void Wizard::buildFrame(const QString& iconName)
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(buildBanner(iconName));
    auto* middle = new QHBoxLayout;
    middle->setContentsMargins(spacing::wide, spacing::wide, spacing::wide, spacing::wide);
    middle->setSpacing(spacing::wide);
    m_list = new QListWidget(this);
    m_list->setObjectName(u"wizardPages"_s);
    m_list->setAccessibleName(tr("Pages of this wizard"));
    m_list->setFixedWidth(std::max(150, fontMetrics().averageCharWidth() * 24));
    m_list->setFrameShape(QFrame::NoFrame);
    m_list->setSpacing(2);
    m_list->viewport()->setAutoFillBackground(false);
    m_list->setTabKeyNavigation(false);
    connect(m_list, &QListWidget::currentRowChanged, this, &Wizard::pageClicked);
    m_stack = new QStackedWidget(this);
    middle->addWidget(m_list);
    middle->addWidget(m_stack, 1);
    column->addLayout(middle, 1);
    column->addWidget(buildButtons());
}

QWidget* Wizard::buildBanner(const QString& iconName)
{
    auto* banner = new QFrame(this);
    banner->setAutoFillBackground(true);
    banner->setBackgroundRole(QPalette::Base);
    auto* row = new QHBoxLayout(banner);
    row->setContentsMargins(spacing::wide, 12, spacing::wide, 12);
    row->setSpacing(12);
    auto* mark = new QLabel(banner);
    mark->setPixmap(widgets::icon(iconName).pixmap(32, 32));
    auto* texts = new QVBoxLayout;
    texts->setSpacing(2);
    m_heading = new PlainLabel({}, PlainLabel::Look::Title, banner);
    m_subtitle = new PlainLabel({}, PlainLabel::Look::Muted, banner);
    m_subtitle->setWordWrap(true);
    texts->addWidget(m_heading);
    texts->addWidget(m_subtitle);
    row->addWidget(mark, 0, Qt::AlignTop);
    row->addLayout(texts, 1);
    return banner;
}

QWidget* Wizard::buildButtons()
{
    auto* bar = new QWidget(this);
    auto* row = new QHBoxLayout(bar);
    row->setContentsMargins(spacing::wide, spacing::normal, spacing::wide, 12);
    row->setSpacing(spacing::normal);
    m_extraButton = new QPushButton(bar);
    m_extraButton->setAutoDefault(false);
    m_extraButton->hide();
    m_previousButton = new QPushButton(tr("< &Previous"), bar);
    m_nextButton = new QPushButton(tr("&Next >"), bar);
    m_summaryButton = new QPushButton(tr("&Summary"), bar);
    m_cancelButton = new QPushButton(tr("Cancel"), bar);
    m_previousButton->setAutoDefault(false);
    m_summaryButton->setAutoDefault(false);
    m_cancelButton->setAutoDefault(false);
    m_nextButton->setDefault(true);
    row->addWidget(m_extraButton);
    row->addStretch(1);
    for (auto* button : {m_previousButton, m_nextButton, m_summaryButton, m_cancelButton})
        row->addWidget(button);
    connect(m_extraButton, &QPushButton::clicked, this, [this] { m_extra(); });
    connect(m_previousButton, &QPushButton::clicked, this, &Wizard::previous);
    connect(m_nextButton, &QPushButton::clicked, this, &Wizard::next);
    connect(m_summaryButton, &QPushButton::clicked, this, &Wizard::jumpToSummary);
    connect(m_cancelButton, &QPushButton::clicked, this, &Wizard::reject);
    return bar;
}

void Wizard::addToList(WizardPage* page)
{
    m_pages.append(page);
    const QSignalBlocker blocker(m_list); // the first item becomes current by itself
    m_list->addItem(page->title());
    // A small screen or a large scale: the page scrolls, the buttons stay.
    auto* scroll = new QScrollArea(m_stack);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidgetResizable(true);
    scroll->setFocusPolicy(Qt::NoFocus);
    scroll->setWidget(page);
    m_stack->addWidget(scroll);
}

void Wizard::goTo(int index)
{
    m_index = index;
    if (index == summaryIndex())
        fillSummary();
    m_stack->setCurrentIndex(index);
    WizardPage* page = m_pages[index];
    m_heading->setText(page->title());
    m_subtitle->setText(page->subtitle());
    m_subtitle->setVisible(!page->subtitle().isEmpty());
    {
        const QSignalBlocker blocker(m_list);
        m_list->setCurrentRow(index);
    }
    updateButtons();
    page->enter();
}

void Wizard::next()
{
    if (m_finished && m_index == m_pages.size() - 1) {
        reject(); // Close
        return;
    }
    if (!currentPage()->validate())
        return;
    if (m_index < summaryIndex()) {
        goTo(m_index + 1);
        return;
    }
    for (int i = 0; i < m_inputPages; ++i) {
        if (!m_pages[i]->isAcceptable()) {
            goTo(i);
            m_pages[i]->validate();
            return;
        }
    }
    m_working = true;
    m_finished = false;
    m_extraButton->hide();
    m_progress->begin(false);
    goTo(summaryIndex() + 1);
    beginWork();
}

void Wizard::previous()
{
    m_extraButton->hide();
    m_finished = false;
    goTo(m_index > summaryIndex() ? summaryIndex() : m_index - 1);
}

void Wizard::jumpToSummary()
{
    if (allAcceptable(m_inputPages))
        goTo(summaryIndex());
}

void Wizard::pageClicked(int row)
{
    const bool mayGo = !m_working && !m_succeeded && row >= 0 && row <= summaryIndex() && allAcceptable(row);
    if (mayGo && row != m_index) {
        m_extraButton->hide();
        m_finished = false;
        goTo(row);
        return;
    }
    const QSignalBlocker blocker(m_list);
    m_list->setCurrentRow(m_index);
}

void Wizard::updateButtons()
{
    const bool atEnd = m_finished && m_index == m_pages.size() - 1;
    m_previousButton->setEnabled(!m_working && m_index > 0 && !m_succeeded);
    m_nextButton->setEnabled(!m_working);
    m_nextButton->setVisible(!atEnd);
    m_summaryButton->setEnabled(m_index < summaryIndex() && allAcceptable(m_inputPages));
    m_summaryButton->setVisible(!atEnd);
    m_cancelButton->setText(atEnd ? tr("Close") : tr("Cancel"));
    m_cancelButton->setEnabled(true);
    m_cancelButton->setDefault(atEnd);
    for (int row = 0; row < m_list->count(); ++row) {
        const bool reachable
            = row == m_index || (!m_working && !m_succeeded && row <= summaryIndex() && allAcceptable(row));
        m_list->item(row)->setFlags(reachable ? Qt::ItemIsEnabled | Qt::ItemIsSelectable : Qt::NoItemFlags);
    }
}

void Wizard::fillSummary()
{
    QList<widgets::Fact> facts;
    for (int i = 0; i < m_inputPages; ++i) {
        facts.append({m_pages[i]->title(), {}, widgets::Tone::Neutral, true});
        facts += m_pages[i]->summary();
    }
    m_summary->setFacts(facts);
    summaryShown();
}

bool Wizard::allAcceptable(int before) const
{
    return std::all_of(m_pages.begin(), m_pages.begin() + std::min(before, m_inputPages),
        [](const WizardPage* page) { return page->isAcceptable(); });
}

} // namespace postern::wizard
