#include "ui/monitoring/ComponentStatusPage.h"

#include <QLocale>
#include <QScrollArea>
#include <QSettings>
#include <QSplitter>
#include <QVBoxLayout>

#include "models/items/StatusMessageModel.h"
#include "models/items/VisibleText.h"
#include "ui/grid/GridView.h"
#include "ui/grid/RecordGrid.h"
#include "ui/widgets/FactList.h"
#include "ui/widgets/PlainLabel.h"

namespace postern::monitoring {

using namespace Qt::StringLiterals;
using items::ComponentState;
using items::ComponentStatusModel;
using widgets::Fact;
using widgets::Tone;
namespace spacing = widgets::spacing;

namespace {

// Components that every site has, whether they have said something or not.
QStringList builtInComponents()
{
    return {u"SMS_EXCHANGE_CONNECTOR"_s};
}

Tone toneOf(ComponentState state)
{
    return state == ComponentState::Critical ? Tone::Bad
        : state == ComponentState::Warning   ? Tone::Warning
                                             : Tone::Good;
}

} // namespace

ComponentStatusPage::ComponentStatusPage(site::SiteClient& site, QWidget* parent)
    : NodePage(parent)
    , m_feed(new MessageFeed(site, this))
    , m_model(new ComponentStatusModel(this))
    , m_components(builtInComponents())
{
    build();
    connect(m_feed, &MessageFeed::changed, this, &ComponentStatusPage::fill);
    fill();
}

void ComponentStatusPage::setViewingPeriod(ViewingPeriod period)
{
    m_feed->setPeriod(period);
    fill();
}

QStringList ComponentStatusPage::selectedComponents() const
{
    QStringList names;
    for (const qint64 key : m_list->selectedKeys()) {
        if (const auto* status = m_model->componentAt(m_model->rowOfKey(key)))
            names.append(status->component);
    }
    return names;
}

void ComponentStatusPage::build()
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    m_period = new widgets::PlainLabel({}, widgets::PlainLabel::Look::Muted, this);
    m_period->setContentsMargins(spacing::wide, spacing::normal, spacing::wide, spacing::normal);
    m_period->setWordWrap(true);
    column->addWidget(m_period);
    m_splitter = new QSplitter(Qt::Vertical, this);
    m_splitter->setChildrenCollapsible(false);
    buildList();
    auto* body = new QWidget;
    auto* lines = new QVBoxLayout(body);
    lines->setContentsMargins(12, 12, 12, 12);
    m_details = new widgets::FactList(body);
    lines->addWidget(m_details, 1);
    auto* area = new QScrollArea(m_splitter);
    area->setFrameShape(QFrame::NoFrame);
    area->setWidgetResizable(true);
    area->setFocusPolicy(Qt::NoFocus);
    area->setMinimumHeight(100);
    area->setWidget(body);
    m_splitter->addWidget(area);
    m_splitter->setStretchFactor(0, 1);
    m_splitter->setSizes({340, 240});
    column->addWidget(m_splitter, 1);
}

void ComponentStatusPage::buildList()
{
    m_list = new grid::GridView(tr("Components"), m_splitter);
    m_list->setObjectName(u"componentList"_s);
    m_list->setTable(m_model);
    m_list->setSort(grid::GridSort{ComponentStatusModel::Component, Qt::AscendingOrder});
    m_list->setContextMenuPolicy(Qt::CustomContextMenu);
    m_splitter->addWidget(m_list);
    connect(m_list, &grid::GridView::sortChanged, this, &ComponentStatusPage::fill);
    connect(m_list, &grid::GridView::rowActivated, this, &NodePage::activated);
    connect(m_list, &grid::GridView::selectionChangedByKey, this, [this] {
        fillDetails();
        emit selectionChanged();
        emit statusTextChanged();
    });
    connect(m_list, &QWidget::customContextMenuRequested, this,
        [this](const QPoint& at) { emit contextMenuRequested(m_list->viewport()->mapToGlobal(at)); });
}

void ComponentStatusPage::fill()
{
    auto components = items::componentStatus(m_feed->messages(), m_components);
    for (std::size_t i = std::size_t(m_components.size()); i < components.size(); ++i)
        m_components.append(components[i].component);
    items::ComponentStatusModel scratch;
    m_model->setComponents(grid::sortedRecords(std::move(components), scratch, m_list->sort()));
    m_period->setText(m_feed->isCut()
            ? tr("Counted over the newest %n messages; choose a shorter viewing period to count them all.",
                nullptr, int(m_feed->messages().size()))
            //: %1 "in the last day"
            : tr("Messages %1. Set another viewing period on the ribbon.")
                  .arg(periodPhrase(m_feed->period())));
    fillDetails();
    emit selectionChanged();
    emit statusTextChanged();
}

void ComponentStatusPage::fillDetails()
{
    const auto keys = m_list->selectedKeys();
    const auto* status = keys.size() == 1 ? m_model->componentAt(m_model->rowOfKey(keys.front())) : nullptr;
    if (status == nullptr) {
        m_details->setFacts({{keys.size() > 1 ? tr("%n components are selected.", nullptr, int(keys.size()))
                                              : tr("Select a component to see its details."),
            {}, Tone::Neutral, true}});
        return;
    }
    const QLocale locale;
    QList<Fact> facts{{items::visibleText(status->component), {}, Tone::Neutral, true}};
    if (const QString purpose = ComponentStatusModel::purpose(status->component); !purpose.isEmpty())
        facts.append({tr("What it does"), purpose});
    facts.append({tr("Status"), ComponentStatusModel::stateTitle(status->state), toneOf(status->state)});
    facts.append({tr("Errors"), locale.toString(status->errors)});
    facts.append({tr("Warnings"), locale.toString(status->warnings)});
    facts.append({tr("Information"), locale.toString(status->information)});
    if (status->last) {
        facts.append({tr("Last message"), items::visibleText(status->last->text)});
        facts.append({tr("Written at"), items::StatusMessageModel::utcText(status->last->time)});
    }
    facts.append({tr("How the status comes about"),
        tr("Warning: 1 error or 10 warnings in the viewing period. Critical: 5 errors or 50 warnings.")});
    m_details->setFacts(facts);
}

widgets::Selection ComponentStatusPage::selection() const
{
    widgets::Selection chosen;
    chosen.rows = m_list->selectedRowCount();
    return chosen;
}

QVariantMap ComponentStatusPage::saveState() const
{
    QVariantMap state = grid::saveGrid(*m_list);
    state.insert(u"period"_s, periodKey(viewingPeriod()));
    return state;
}

void ComponentStatusPage::restoreState(const QVariantMap& state)
{
    if (state.isEmpty())
        return;
    setViewingPeriod(periodFromKey(state.value(u"period"_s).toString()));
    grid::restoreGrid(*m_list, state);
}

void ComponentStatusPage::saveSettings(QSettings& settings) const
{
    settings.setValue(u"splitter"_s, m_splitter->saveState());
    settings.setValue(u"period"_s, periodKey(viewingPeriod()));
    grid::saveGridSettings(*m_list, settings);
}

void ComponentStatusPage::restoreSettings(QSettings& settings)
{
    m_splitter->restoreState(settings.value(u"splitter"_s).toByteArray());
    setViewingPeriod(periodFromKey(settings.value(u"period"_s).toString()));
    grid::restoreGridSettings(*m_list, settings);
}

void ComponentStatusPage::focusMain()
{
    m_list->setFocus(Qt::ShortcutFocusReason);
    m_list->selectSomething();
}

void ComponentStatusPage::refresh()
{
    m_feed->reload();
}

bool ComponentStatusPage::copySelection()
{
    return m_list->copySelection();
}

void ComponentStatusPage::selectAll()
{
    m_list->selectAll();
}

QString ComponentStatusPage::statusText() const
{
    //: %1 "1 component", %2 "in the last day"
    return tr("%1, messages %2")
        .arg(tr("%n component(s)", nullptr, m_model->rowCount()), periodPhrase(viewingPeriod()));
}

} // namespace postern::monitoring
