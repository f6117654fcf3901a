#include "ui/devices/DeviceDetails.h"

#include <QHeaderView>
#include <QLabel>
#include <QScrollArea>
#include <QStackedWidget>
#include <QTableView>
#include <QVBoxLayout>

#include "models/domain/Exchange.h"
#include "models/domain/Intune.h"
#include "models/items/DeviceColumnText.h"
#include "models/items/PartnershipModel.h"
#include "models/items/VisibleText.h"
#include "ui/devices/ActionTarget.h"
#include "ui/devices/DevicePropertiesModel.h"
#include "ui/devices/DeviceSentences.h"
#include "ui/devices/MatchPanel.h"
#include "ui/grid/GridDelegate.h"
#include "ui/grid/GridView.h"
#include "ui/grid/RecordGrid.h"
#include "ui/grid/StateIcons.h"
#include "ui/widgets/IconSet.h"
#include "ui/widgets/PlainLabel.h"

using namespace Qt::StringLiterals;

namespace postern::devices {

using frame::DeviceColumn;
using frame::RowIndex;
using widgets::PlainLabel;
namespace spacing = widgets::spacing;

namespace {

constexpr int markSize = 20;

QScrollArea* scrolled(QWidget* content, const QString& accessibleName)
{
    auto* area = new QScrollArea;
    area->setFrameShape(QFrame::NoFrame);
    area->setWidgetResizable(true);
    area->setAccessibleName(accessibleName);
    area->setWidget(content);
    return area;
}

} // namespace

DeviceDetails::DeviceDetails(const items::DeviceTableModel& table, QWidget* parent)
    : QTabWidget(parent)
    , m_table(table)
{
    setAccessibleName(tr("Details of the device"));
    tabBar()->setAccessibleName(tr("Details of the device"));
    setDocumentMode(true);
    addTab(withoutDevice(makeSummary()), tr("Summary"));
    addTab(withoutDevice(makeFacts(m_exchange, tr("Exchange"))), tr("Exchange"));
    addTab(withoutDevice(makePartnerships()), tr("Partnerships"));
    addTab(withoutDevice(makeFacts(m_intune, tr("Intune"))), tr("Intune"));
    m_match = new MatchPanel;
    addTab(withoutDevice(m_match), tr("Match"));
    connect(m_match, &MatchPanel::suggestionDecided, this, &DeviceDetails::suggestionDecided);
    addTab(withoutDevice(makeProperties()), tr("Raw Properties"));
}

QWidget* DeviceDetails::withoutDevice(QWidget* page)
{
    auto* stack = new QStackedWidget(this);
    auto* hint = new PlainLabel(tr("Select a device to see its details."), PlainLabel::Look::Muted, stack);
    hint->setAlignment(Qt::AlignCenter);
    stack->addWidget(hint);
    stack->addWidget(page);
    m_stacks.append(stack);
    return stack;
}

QWidget* DeviceDetails::makeSummary()
{
    auto* body = new QWidget;
    auto* column = new QVBoxLayout(body);
    column->setContentsMargins(spacing::wide, spacing::wide, spacing::wide, spacing::wide);
    column->setSpacing(spacing::tight);
    auto* line = new QHBoxLayout;
    line->setSpacing(spacing::normal);
    m_mark = new QLabel(body);
    m_mark->setFixedSize(markSize, markSize);
    m_sentence = new PlainLabel({}, PlainLabel::Look::Strong, body);
    m_sentence->setMessage();
    line->addWidget(m_mark, 0, Qt::AlignTop);
    line->addWidget(m_sentence, 1);
    column->addLayout(line);
    m_dataAge = new PlainLabel({}, PlainLabel::Look::Muted, body);
    m_dataAge->setWordWrap(true);
    column->addWidget(m_dataAge);
    column->addSpacing(spacing::normal);
    auto* facts = new QHBoxLayout;
    facts->setSpacing(2 * spacing::wide);
    m_summary = new widgets::FactList(body);
    m_times = new widgets::FactList(body);
    facts->addWidget(m_summary, 1);
    facts->addWidget(m_times, 1);
    column->addLayout(facts, 1);
    return scrolled(body, tr("Summary"));
}

QWidget* DeviceDetails::makeFacts(widgets::FactList*& facts, const QString& name)
{
    auto* body = new QWidget;
    auto* column = new QVBoxLayout(body);
    column->setContentsMargins(spacing::wide, spacing::wide, spacing::wide, spacing::wide);
    facts = new widgets::FactList(body);
    column->addWidget(facts, 1);
    return scrolled(body, name);
}

QWidget* DeviceDetails::makePartnerships()
{
    m_partnerships = new items::PartnershipModel(this);
    m_partnershipList = new grid::GridView(tr("Partnerships"));
    m_partnershipList->setTable(m_partnerships);
    connect(m_partnershipList, &grid::GridView::sortChanged, this, &DeviceDetails::sortPartnerships);
    return m_partnershipList;
}

QTableView* DeviceDetails::makeProperties()
{
    m_properties = new DevicePropertiesModel(this);
    auto* view = new QTableView;
    view->setAccessibleName(tr("Raw properties"));
    view->setModel(m_properties);
    view->setItemDelegate(new grid::GridDelegate(view));
    view->setFrameShape(QFrame::NoFrame);
    view->setShowGrid(false);
    view->setAlternatingRowColors(true);
    view->setSelectionBehavior(QAbstractItemView::SelectRows);
    view->setTabKeyNavigation(false);
    view->setWordWrap(false);
    view->verticalHeader()->hide();
    view->verticalHeader()->setDefaultSectionSize(view->fontMetrics().height() + spacing::normal);
    QHeaderView* header = view->horizontalHeader();
    header->setAccessibleName(tr("Column headers"));
    header->setHighlightSections(false);
    header->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    header->setStretchLastSection(true);
    const int character = view->fontMetrics().averageCharWidth();
    header->resizeSection(DevicePropertiesModel::Property, 36 * character);
    header->resizeSection(DevicePropertiesModel::Value, 60 * character);
    return view;
}

void DeviceDetails::showDevice(DeviceKey id, qint64 nowMs)
{
    if (!(id == m_device)) {
        m_device = id;
        m_detail = {};
        m_partnerships->setPartnerships({});
    }
    const frame::DeviceFrame& frame = m_table.frame();
    const auto row = id.isValid() ? frame.rowOf(id) : std::nullopt;
    for (QStackedWidget* stack : std::as_const(m_stacks))
        stack->setCurrentIndex(row ? 1 : 0);
    m_properties->setDevice(frame, row);
    if (!row)
        return;
    m_shownAt = nowMs;
    fillSummary(*row, nowMs);
    fillExchange(*row, nowMs);
    fillIntune(*row, nowMs);
    const qint64 kind = frame.number(*row, DeviceColumn::MatchKind);
    m_match->showMatch(id, kind == frame::noValue ? MatchKind::None : MatchKind(kind));
    m_match->showDetail(m_detail);
}

void DeviceDetails::showDetail(const DeviceDetail& detail)
{
    if (!(detail.key == m_device))
        return;
    m_detail = detail;
    sortPartnerships();
    m_match->showDetail(detail);
    if (const auto row = m_table.frame().rowOf(m_device))
        fillIntune(*row, m_shownAt);
}

void DeviceDetails::showAnswer(
    PartnershipId partnership, ManagedDeviceId device, const std::optional<Error>& refused)
{
    if (DeviceKey(partnership) == m_device || DeviceKey(device) == m_device)
        m_match->showAnswer(refused);
}

void DeviceDetails::sortPartnerships()
{
    items::PartnershipModel scratch;
    m_partnerships->setPartnerships(
        grid::sortedRecords(m_detail.partnerships, scratch, m_partnershipList->sort()));
}

bool DeviceDetails::isShowingDevice() const
{
    return m_stacks.front()->currentIndex() == 1;
}

widgets::Fact DeviceDetails::fact(RowIndex row, DeviceColumn column) const
{
    const QString value = m_table.displayText(row, column);
    return {items::columnTitle(column), value.isEmpty() ? tr("Not known") : value};
}

widgets::Fact DeviceDetails::timeFact(RowIndex row, DeviceColumn column, qint64 nowMs) const
{
    const qint64 time = m_table.frame().number(row, column);
    if (time == frame::noValue)
        return fact(row, column);
    //: a time and how long ago that was
    return {items::columnTitle(column),
        tr("%1 (%2)").arg(m_table.displayText(row, column), ageText(time, nowMs))};
}

void DeviceDetails::fillSummary(RowIndex row, qint64 nowMs)
{
    const frame::DeviceFrame& frame = m_table.frame();
    const qint64 state = frame.number(row, DeviceColumn::AccessState);
    const auto look = state == frame::noValue ? grid::StateLook{}
                                              : grid::stateLook(items::CodeKind::AccessState, int(state));
    m_mark->setVisible(!look.iconName.isEmpty());
    if (!look.iconName.isEmpty())
        m_mark->setPixmap(
            widgets::icon(look.iconName, look.tone).pixmap(m_mark->size(), devicePixelRatioF()));
    m_sentence->setText(accessSentence(frame, row, nowMs));
    m_dataAge->setText(
        u"%1 %2"_s.arg(dataAgeSentence(frame, row, nowMs), intuneAgeSentence(frame, row, nowMs)).trimmed());
    m_summary->setFacts({fact(row, DeviceColumn::Name), fact(row, DeviceColumn::UserName),
        fact(row, DeviceColumn::EmailAddress), fact(row, DeviceColumn::DeviceModel),
        fact(row, DeviceColumn::DeviceOS), fact(row, DeviceColumn::ClientType),
        toned(row, DeviceColumn::ComplianceState)});
    QList<widgets::Fact> times{timeFact(row, DeviceColumn::LastSuccessSync, nowMs),
        timeFact(row, DeviceColumn::LastSyncAttempt, nowMs),
        timeFact(row, DeviceColumn::FirstSyncTime, nowMs), fact(row, DeviceColumn::ExchangeServer),
        fact(row, DeviceColumn::ConnectorName)};
    const qint64 wipe = frame.number(row, DeviceColumn::WipeStatus);
    if (wipe != frame::noValue && wipe != qint64(WipeStatus::None)) {
        widgets::Fact wiped = fact(row, DeviceColumn::WipeStatus);
        wiped.tone = widgets::Tone::Warning;
        times.append(wiped);
    }
    m_times->setFacts(times);
}

void DeviceDetails::fillExchange(RowIndex row, qint64 nowMs)
{
    const QString rule = m_table.displayText(row, DeviceColumn::AccessControlRule);
    const auto heading = [](const QString& text) {
        return widgets::Fact{text, {}, widgets::Tone::Neutral, true};
    };
    widgets::Fact asOf = timeFact(row, DeviceColumn::ExchangeDataAsOf, nowMs);
    asOf.tone = toned(row, DeviceColumn::ExchangeDataAsOf).tone;
    m_exchange->setFacts({
        heading(tr("Access")),
        fact(row, DeviceColumn::AccessState),
        fact(row, DeviceColumn::AccessStateReason),
        {items::columnTitle(DeviceColumn::AccessControlRule), rule.isEmpty() ? tr("None", "no rule") : rule},
        fact(row, DeviceColumn::EasEnabled),
        heading(tr("Partnership")),
        fact(row, DeviceColumn::EasDeviceId),
        fact(row, DeviceColumn::ClientType),
        fact(row, DeviceColumn::ClientVersion),
        fact(row, DeviceColumn::UserAgent),
        fact(row, DeviceColumn::PolicyApplied),
        fact(row, DeviceColumn::PolicyApplicationStatus),
        timeFact(row, DeviceColumn::LastSuccessSync, nowMs),
        timeFact(row, DeviceColumn::LastSyncAttempt, nowMs),
        timeFact(row, DeviceColumn::LastPolicyUpdate, nowMs),
        fact(row, DeviceColumn::FoldersSynced),
        heading(tr("Source")),
        fact(row, DeviceColumn::ExchangeOrganization),
        fact(row, DeviceColumn::ExchangeServer),
        fact(row, DeviceColumn::ConnectorName),
        asOf,
    });
}

// A state with its mark, as in the list.
widgets::Fact DeviceDetails::toned(RowIndex row, DeviceColumn column) const
{
    widgets::Fact result = fact(row, column);
    const qint64 code = m_table.frame().number(row, column);
    if (column == DeviceColumn::ComplianceState && code != frame::noValue)
        result.tone = grid::stateLook(items::CodeKind::ComplianceState, int(code)).tone;
    else if (column == DeviceColumn::JailBroken && code == qint64(JailBroken::Yes))
        result.tone = widgets::Tone::Bad;
    else if (items::isDataAge(column) && code != frame::noValue)
        result.tone = grid::stateLook(items::CodeKind::Freshness, int(m_table.freshness(row, column))).tone;
    return result;
}

QList<widgets::Fact> DeviceDetails::actionFacts(qint64 nowMs) const
{
    QList<widgets::Fact> facts;
    if (!m_detail.actions.empty())
        facts.append({tr("Remote actions"), {}, widgets::Tone::Neutral, true});
    for (const DeviceActionStatus& action : m_detail.actions) {
        QString text = actionStateTitle(action.state);
        if (action.lastUpdated)
            //: %1 how far a remote action is, %2 when that was
            text = tr("%1, %2").arg(text, ageText(action.lastUpdated->toMSecsSinceEpoch(), nowMs));
        if (!action.problem.isEmpty())
            text += u". "_s + items::visibleText(action.problem);
        const bool bad
            = action.state == DeviceActionState::Failed || action.state == DeviceActionState::NotSupported;
        const bool waits
            = action.state == DeviceActionState::Pending || action.state == DeviceActionState::Active;
        facts.append({actionTitle(action.kind), text,
            bad         ? widgets::Tone::Bad
                : waits ? widgets::Tone::Warning
                        : widgets::Tone::Neutral});
    }
    return facts;
}

void DeviceDetails::fillIntune(RowIndex row, qint64 nowMs)
{
    const frame::DeviceFrame& frame = m_table.frame();
    const auto heading = [](const QString& text) {
        return widgets::Fact{text, {}, widgets::Tone::Neutral, true};
    };
    QList<widgets::Fact> facts{
        heading(intuneSentence(frame, row, nowMs)), fact(row, DeviceColumn::IntuneLicensed)};
    if (frame.id(row).isManaged()) {
        facts += {heading(tr("Compliance")), toned(row, DeviceColumn::ComplianceState),
            timeFact(row, DeviceColumn::GraceExpires, nowMs), toned(row, DeviceColumn::JailBroken),
            fact(row, DeviceColumn::Encrypted), heading(tr("Device")), fact(row, DeviceColumn::Platform),
            fact(row, DeviceColumn::OsVersion), fact(row, DeviceColumn::SerialNumber),
            fact(row, DeviceColumn::Imei), fact(row, DeviceColumn::Owner),
            fact(row, DeviceColumn::DeviceCategory), heading(tr("Enrollment")),
            fact(row, DeviceColumn::ManagementState), timeFact(row, DeviceColumn::EnrolledAt, nowMs),
            fact(row, DeviceColumn::EntraRegistered), fact(row, DeviceColumn::EasActivated),
            heading(tr("Source")), fact(row, DeviceColumn::IntuneDeviceId),
            fact(row, DeviceColumn::EntraDeviceId), timeFact(row, DeviceColumn::IntuneLastCheckIn, nowMs)};
        widgets::Fact asOf = timeFact(row, DeviceColumn::IntuneDataAsOf, nowMs);
        asOf.tone = toned(row, DeviceColumn::IntuneDataAsOf).tone;
        facts.append(asOf);
        facts += actionFacts(nowMs);
    }
    m_intune->setFacts(facts);
}

QString DeviceDetails::summaryText() const
{
    return u"%1\n%2\n%3%4"_s.arg(
        m_sentence->text(), m_dataAge->text(), m_summary->toText(), m_times->toText());
}

} // namespace postern::devices
