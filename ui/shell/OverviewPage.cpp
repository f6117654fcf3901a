#include "ui/shell/OverviewPage.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QLocale>
#include <QPushButton>
#include <QScrollArea>
#include <QVBoxLayout>

#include "models/items/ConnectorTableModel.h"
#include "services/site/SiteClient.h"
#include "ui/connectors/ConnectorTexts.h"
#include "ui/shell/Tile.h"
#include "ui/widgets/IconSet.h"
#include "ui/widgets/PlainLabel.h"
#include "ui/widgets/StateChart.h"

namespace postern::shell {

using namespace Qt::StringLiterals;
using namespace widgets;

namespace {
const QString devicesNode = u"Assets and Compliance/Devices"_s;
const QString connectorsNode = u"Administration/Hierarchy Configuration/Exchange Server Connectors"_s;
} // namespace

StateCounts countStates(const frame::DeviceFrame& frame)
{
    StateCounts counts{};
    for (frame::RowIndex row = 0; row < frame.rowCount(); ++row) {
        const qint64 state = frame.number(row, frame::DeviceColumn::AccessState);
        const bool known = state >= 0 && state < qint64(counts.size());
        ++counts[known ? std::size_t(state) : std::size_t(AccessState::NotSeen)];
    }
    return counts;
}

OverviewPage::OverviewPage(site::SiteClient& site, QWidget* parent)
    : NodePage(parent)
    , m_site(site)
{
    auto* outer = new QVBoxLayout(this);
    outer->setContentsMargins(0, 0, 0, 0);
    auto* area = new QScrollArea(this);
    area->setFrameShape(QFrame::NoFrame);
    area->setWidgetResizable(true);
    area->setFocusPolicy(Qt::NoFocus);
    auto* content = new QWidget;
    auto* column = new QVBoxLayout(content);
    column->setContentsMargins(20, 16, 20, 16);
    column->setSpacing(spacing::wide);
    column->addWidget(buildNext());
    auto* row = new QHBoxLayout;
    row->setSpacing(spacing::wide);
    auto* devices = new Tile(tr("Devices by Exchange Access State"), content);
    m_chart = devices->add(new StateChart(devices));
    m_asOf = devices->add(new PlainLabel({}, PlainLabel::Look::Muted, devices));
    m_showDevices = devices->addLink(tr("Show &Devices"));
    auto* connectors = new Tile(tr("Exchange Server Connectors"), content);
    m_connectors = connectors->add(new FactList(connectors));
    m_showConnectors = connectors->addLink(tr("Show &Connectors"));
    row->addWidget(devices);
    row->addWidget(connectors, 1);
    column->addLayout(row);
    column->addStretch(1);
    area->setWidget(content);
    outer->addWidget(area);
    connect(m_showDevices, &QPushButton::clicked, this, [this] { emit nodeRequested(devicesNode); });
    connect(m_showConnectors, &QPushButton::clicked, this, [this] { emit nodeRequested(connectorsNode); });
    connect(&m_site, &site::SiteClient::devicesChanged, this, &OverviewPage::refresh);
    connect(&m_site, &site::SiteClient::connectorsChanged, this, &OverviewPage::refresh);
    connect(&m_site, &site::SiteClient::jobsChanged, this, &OverviewPage::fillNext);
    refresh();
}

void OverviewPage::focusMain()
{
    (m_next->isHidden() ? m_showDevices : m_nextButton)->setFocus(Qt::ShortcutFocusReason);
}

void OverviewPage::refresh()
{
    fillChart();
    fillConnectors();
    fillNext();
    emit statusTextChanged();
}

QString OverviewPage::statusText() const
{
    return tr("%n device(s)", nullptr, int(m_deviceCount));
}

QWidget* OverviewPage::buildNext()
{
    auto* tile = new Tile(tr("What to Do Next"), this);
    m_nextTitle = tile->add(new PlainLabel({}, PlainLabel::Look::Heading, tile));
    m_nextText = tile->add(new PlainLabel({}, PlainLabel::Look::Body, tile));
    m_nextText->setWordWrap(true);
    m_nextButton = tile->addLink({});
    connect(m_nextButton, &QPushButton::clicked, this, &OverviewPage::nextClicked);
    m_next = tile;
    return tile;
}

void OverviewPage::fillChart()
{
    const StateCounts counts = countStates(*m_site.devices());
    const auto count = [&counts](AccessState state) { return counts[std::size_t(state)]; };
    QList<StateSlice> slices{
        {u"allowed"_s, tr("Allowed"), count(AccessState::Allowed), Tone::Good},
        {u"quarantined"_s, tr("Quarantined"), count(AccessState::Quarantined), Tone::Warning},
        {u"blocked"_s, tr("Blocked"), count(AccessState::Blocked), Tone::Bad},
        {u"unknown"_s, tr("Unknown (device discovery)"), count(AccessState::Unknown), Tone::Accent},
        {u"notSeen"_s, tr("Not seen in Exchange"), count(AccessState::NotSeen), Tone::Neutral},
    };
    m_deviceCount = m_site.devices()->rowCount();
    m_chart->setSlices(slices, tr("device(s)", "under the number in the chart", int(m_deviceCount)));
    std::optional<QDateTime> last;
    for (const Connector& connector : m_site.connectors()) {
        if (connector.lastFullEnd && (!last || *connector.lastFullEnd > *last))
            last = connector.lastFullEnd;
    }
    m_asOf->setText(last ? tr("As of the synchronization of %1").arg(connectors::timeText(last))
                         : tr("Nothing has been synchronized yet"));
}

void OverviewPage::fillConnectors()
{
    QList<Fact> facts;
    for (const Connector& connector : m_site.connectors()) {
        facts.append({connector.name, {}, Tone::Neutral, true});
        const QString state = items::ConnectorTableModel::stateTitle(connector.state);
        facts.append({tr("State"), state, connectors::stateTone(connector.state)});
        if (!connector.stateDetail.isEmpty())
            facts.append({tr("Detail"), connector.stateDetail});
        facts.append({tr("Last full synchronization"), connectors::timeText(connector.lastFullEnd)});
        facts.append({tr("Devices"), QLocale().toString(connector.deviceCount)});
    }
    if (facts.isEmpty())
        facts.append({tr("No Exchange organization is connected."), {}, Tone::Neutral, true});
    m_connectors->setFacts(facts);
}

void OverviewPage::fillNext()
{
    const auto all = m_site.connectors();
    const auto jobs = m_site.jobs();
    const bool running = std::any_of(jobs.begin(), jobs.end(), [](const Job& job) { return !job.isOver(); });
    const bool everSynced = std::any_of(
        all.begin(), all.end(), [](const Connector& connector) { return connector.lastFullEnd.has_value(); });
    m_next->setVisible(all.empty() || (!everSynced && m_deviceCount == 0));
    m_nextNode = all.empty() ? QString() : connectorsNode;
    if (all.empty()) {
        m_nextTitle->setText(tr("Connect an Exchange organization"));
        m_nextText->setText(
            tr("Postern reads phones and their access state from Exchange. Have the name of a Client Access "
               "server and an account with Exchange permissions at hand."));
        m_nextButton->setText(tr("Add &Exchange Server..."));
    } else if (running) {
        m_nextTitle->setText(tr("The first synchronization runs"));
        m_nextText->setText(tr("Devices appear as they are read. Progress is in the status bar."));
        m_nextButton->setText(tr("Show Connec&tors"));
    } else {
        m_nextTitle->setText(tr("Read the devices of the organization"));
        m_nextText->setText(
            tr("Open Exchange Server Connectors, select the connector and press Synchronize Now."));
        m_nextButton->setText(tr("Go to Exchange Server Connec&tors"));
    }
}

void OverviewPage::nextClicked()
{
    if (m_nextNode.isEmpty())
        emit commandRequested(u"add-connector"_s);
    else
        emit nodeRequested(m_nextNode);
}

} // namespace postern::shell
