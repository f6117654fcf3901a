// The part of StatusMessagesView that puts its widgets together.
#include <QComboBox>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QSplitter>
#include <QToolButton>
#include <QVBoxLayout>

#include "ui/grid/GridView.h"
#include "ui/monitoring/MessageDetails.h"
#include "ui/monitoring/StatusMessagesView.h"
#include "ui/widgets/EmptyState.h"
#include "ui/widgets/IconSet.h"
#include "ui/widgets/PlainLabel.h"

namespace postern::monitoring {

using namespace Qt::StringLiterals;
using items::StatusMessageModel;
using widgets::EmptyState;
namespace spacing = widgets::spacing;

void StatusMessagesView::build()
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(buildFilterLine());
    m_splitter = new QSplitter(Qt::Vertical, this);
    m_splitter->setChildrenCollapsible(false);
    m_grid = new grid::GridView(tr("Status messages"), m_splitter);
    m_grid->setObjectName(u"messageList"_s);
    m_grid->setTable(m_model);
    m_grid->setSort(grid::GridSort{StatusMessageModel::Time, Qt::DescendingOrder});
    m_details = new MessageDetails(m_splitter);
    m_splitter->addWidget(m_grid);
    m_splitter->addWidget(m_details);
    m_splitter->setStretchFactor(0, 1);
    m_splitter->setSizes({420, 220});
    column->addWidget(m_splitter, 1);
    m_noMessages = new EmptyState(u"info"_s, tr("No status message in this period"),
        tr("Components write a message when something begins, ends or goes wrong. A longer period may have "
           "some."),
        tr("Show All Periods"), this);
    m_noMatch = new EmptyState(u"search"_s, tr("No message matches"),
        tr("No message of this period has this severity, component and text."), tr("Clear Filter"), this);
    m_noMessages->hide();
    m_noMatch->hide();
}

QWidget* StatusMessagesView::buildFilterLine()
{
    auto* bar = new QWidget(this);
    auto* line = new QHBoxLayout(bar);
    line->setContentsMargins(spacing::normal, spacing::normal, spacing::normal, spacing::normal);
    line->setSpacing(spacing::normal);
    buildChoices(bar);
    m_search = new QLineEdit(bar);
    m_search->setPlaceholderText(tr("Search in all columns (Ctrl+L)"));
    m_search->setAccessibleName(tr("Search messages"));
    m_search->setClearButtonEnabled(true);
    m_search->addAction(widgets::icon(u"search"_s, widgets::Tone::Neutral), QLineEdit::LeadingPosition);
    m_search->setMinimumWidth(160);
    m_count = new widgets::PlainLabel({}, widgets::PlainLabel::Look::Muted, bar);
    m_columns = new QToolButton(bar);
    m_columns->setIcon(widgets::icon(u"columns"_s));
    m_columns->setAutoRaise(true);
    m_columns->setToolTip(tr("Choose and reset columns"));
    m_columns->setAccessibleName(tr("Columns"));
    m_columns->setFocusPolicy(Qt::StrongFocus);
    line->addWidget(m_periodBox);
    line->addWidget(m_severityBox);
    line->addWidget(m_componentBox);
    line->addWidget(m_search, 1);
    line->addWidget(m_count);
    line->addWidget(m_columns);
    return bar;
}

void StatusMessagesView::buildChoices(QWidget* bar)
{
    m_periodBox = new QComboBox(bar);
    m_periodBox->setAccessibleName(tr("Viewing period"));
    m_periodBox->setToolTip(tr("Viewing period"));
    for (const ViewingPeriod period : allPeriods)
        m_periodBox->addItem(periodTitle(period), periodKey(period));
    m_periodBox->setCurrentIndex(m_periodBox->findData(periodKey(m_feed->period())));
    m_severityBox = new QComboBox(bar);
    m_severityBox->setAccessibleName(tr("Severity"));
    m_severityBox->setToolTip(tr("Severity"));
    m_severityBox->addItem(tr("All Severities"));
    for (const Severity severity : {Severity::Error, Severity::Warning, Severity::Information})
        m_severityBox->addItem(StatusMessageModel::severityTitle(severity), int(severity));
    m_componentBox = new QComboBox(bar);
    m_componentBox->setAccessibleName(tr("Component"));
    m_componentBox->setToolTip(tr("Component"));
    m_componentBox->addItem(tr("All Components"));
    m_componentBox->setSizeAdjustPolicy(QComboBox::AdjustToContents);
}

void StatusMessagesView::connectParts()
{
    connect(m_feed, &MessageFeed::changed, this, &StatusMessagesView::fill);
    connect(m_periodBox, &QComboBox::currentIndexChanged, this,
        [this] { setPeriod(periodFromKey(m_periodBox->currentData().toString())); });
    connect(m_severityBox, &QComboBox::currentIndexChanged, this, &StatusMessagesView::fill);
    connect(m_componentBox, &QComboBox::currentIndexChanged, this, &StatusMessagesView::fill);
    connect(m_search, &QLineEdit::textChanged, this, &StatusMessagesView::fill);
    connect(m_columns, &QToolButton::clicked, this,
        [this] { m_grid->showColumnMenu(m_columns->mapToGlobal(QPoint(0, m_columns->height()))); });
    connect(m_grid, &grid::GridView::sortChanged, this, &StatusMessagesView::fill);
    connect(m_grid, &grid::GridView::selectionChangedByKey, this, &StatusMessagesView::showDetails);
    connect(m_grid, &grid::GridView::selectionChangedByKey, this, &StatusMessagesView::changed);
    connect(m_noMessages, &EmptyState::activated, this, [this] { setPeriod(ViewingPeriod::All); });
    connect(m_noMatch, &EmptyState::activated, this, &StatusMessagesView::clearFilter);
}

} // namespace postern::monitoring
