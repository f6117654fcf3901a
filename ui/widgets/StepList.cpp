#include "ui/widgets/StepList.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QHeaderView>
#include <QKeyEvent>
#include <QStyledItemDelegate>

#include "ui/widgets/IconSet.h"

namespace postern::widgets {

using namespace Qt::StringLiterals;

namespace {

struct OutcomeLook
{
    QString iconName;
    Tone tone;
};

OutcomeLook lookOf(Step::Outcome outcome)
{
    switch (outcome) {
    case Step::Outcome::Running:
        return {u"waiting"_s, Tone::Accent};
    case Step::Outcome::Pass:
        return {u"ok"_s, Tone::Good};
    case Step::Outcome::Warning:
        return {u"warning"_s, Tone::Warning};
    case Step::Outcome::Fail:
        return {u"error"_s, Tone::Bad};
    case Step::Outcome::NotApplicable:
        break;
    }
    return {u"not-applicable"_s, Tone::Neutral};
}

// QTreeView asks for a row's height without telling the column's width, so wrapped text would be cut.
class WrappingDelegate final : public QStyledItemDelegate
{
public:
    using QStyledItemDelegate::QStyledItemDelegate;
    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override
    {
        QSize hint = QStyledItemDelegate::sizeHint(option, index);
        const auto* view = qobject_cast<const QTreeView*>(option.widget);
        if (view == nullptr || index.column() != 2)
            return hint;
        const int width
            = view->columnWidth(2) - 2 * (1 + view->style()->pixelMetric(QStyle::PM_FocusFrameHMargin));
        const QRect text = option.fontMetrics.boundingRect(QRect(0, 0, width, INT_MAX / 2),
            Qt::TextWordWrap | Qt::TextWrapAnywhere, index.data().toString());
        hint.setHeight(std::max(hint.height(), text.height() + spacing::normal));
        return hint;
    }
};

} // namespace

QString outcomeText(Step::Outcome outcome)
{
    switch (outcome) {
    case Step::Outcome::Running:
        return StepList::tr("Running");
    case Step::Outcome::Pass:
        return StepList::tr("Passed");
    case Step::Outcome::Warning:
        return StepList::tr("Warning");
    case Step::Outcome::Fail:
        return StepList::tr("Failed");
    case Step::Outcome::NotApplicable:
        break;
    }
    return StepList::tr("Not applicable");
}

StepList::StepList(QWidget* parent)
    : QTreeWidget(parent)
{
    setColumnCount(3);
    setHeaderLabels({tr("Step"), tr("Result"), tr("Detail")});
    setAccessibleName(tr("Steps"));
    setRootIsDecorated(false);
    setWordWrap(true);
    setAlternatingRowColors(true);
    setTextElideMode(Qt::ElideNone);
    setSelectionMode(ExtendedSelection);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setVerticalScrollMode(ScrollPerPixel);
    header()->setSectionsMovable(false);
    header()->setSectionResizeMode(0, QHeaderView::ResizeToContents);
    header()->setSectionResizeMode(1, QHeaderView::ResizeToContents);
    header()->setStretchLastSection(true);
    setTabKeyNavigation(false);
    setItemDelegate(new WrappingDelegate(this));
    // Rows wrap by the width of their column, which QTreeView looks at only when it lays out.
    connect(header(), &QHeaderView::sectionResized, this, &StepList::scheduleDelayedItemsLayout);
}

void StepList::setStep(const Step& step)
{
    qsizetype at = 0;
    while (at < m_steps.size() && m_steps[at].id != step.id)
        ++at;
    QTreeWidgetItem* item = nullptr;
    if (at < m_steps.size()) {
        m_steps[at] = step;
        item = topLevelItem(int(at));
    } else {
        m_steps.append(step);
        item = new QTreeWidgetItem(this);
    }
    const OutcomeLook look = lookOf(step.outcome);
    item->setIcon(0, icon(look.iconName, look.tone));
    item->setText(0, step.name);
    item->setText(1, outcomeText(step.outcome));
    item->setText(2, step.detail);
    // Rich text for certain: Qt guesses by the content, and escaped plain text would show its entities.
    item->setToolTip(2, u"<qt>%1</qt>"_s.arg(step.detail.toHtmlEscaped()));
    scrollToItem(item);
}

void StepList::showFirstFailure()
{
    for (const Step::Outcome wanted : {Step::Outcome::Fail, Step::Outcome::Warning}) {
        for (qsizetype i = 0; i < m_steps.size(); ++i) {
            if (m_steps[i].outcome != wanted)
                continue;
            scrollToItem(topLevelItem(int(i)), PositionAtCenter);
            return;
        }
    }
}

void StepList::clearSteps()
{
    m_steps.clear();
    clear();
}

QString StepList::toText() const
{
    QString text;
    for (const Step& step : m_steps)
        text += u"%1\t%2\t%3\n"_s.arg(outcomeText(step.outcome), step.name, step.detail);
    return text;
}

void StepList::copy()
{
    QGuiApplication::clipboard()->setText(toText());
}

void StepList::keyPressEvent(QKeyEvent* event)
{
    if (event->matches(QKeySequence::Copy))
        copy();
    else
        QTreeWidget::keyPressEvent(event);
}

} // namespace postern::widgets
