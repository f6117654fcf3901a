#include "ui/users/UserDetails.h"

#include <QLocale>
#include <QScrollArea>
#include <QTabBar>
#include <QVBoxLayout>

#include "models/domain/Exchange.h"
#include "models/frame/Filter.h"
#include "models/items/DeviceColumnText.h"
#include "models/items/UserTableModel.h"
#include "models/items/VisibleText.h"
#include "ui/grid/StateIcons.h"
#include "ui/widgets/FactList.h"

namespace postern::users {

using namespace Qt::StringLiterals;
using frame::DeviceColumn;
using items::UserTableModel;
using items::visibleText;
using widgets::Fact;
using widgets::FactList;
using widgets::Tone;

namespace {

constexpr int mostDevices = 100; // a shared mailbox may have thousands; the node Devices lists them all

FactList* addFacts(QTabWidget* tabs, const QString& title)
{
    auto* body = new QWidget;
    auto* column = new QVBoxLayout(body);
    column->setContentsMargins(12, 12, 12, 12);
    auto* facts = new FactList(body);
    column->addWidget(facts, 1);
    auto* area = new QScrollArea(tabs);
    area->setFrameShape(QFrame::NoFrame);
    area->setWidgetResizable(true);
    area->setFocusPolicy(Qt::NoFocus);
    area->setWidget(body);
    tabs->addTab(area, title);
    return facts;
}

QString orUnknown(const QString& text)
{
    return text.isEmpty() ? UserDetails::tr("Not known") : visibleText(text);
}

QList<Fact> listed(const QString& heading, const QStringList& entries)
{
    QList<Fact> facts{{heading, {}, Tone::Neutral, true}};
    for (const QString& entry : entries)
        facts.append({visibleText(entry), {}});
    if (entries.isEmpty())
        facts.append({UserDetails::tr("None", "no licences or groups"), {}});
    return facts;
}

Fact deviceFact(const frame::DeviceFrame& devices, frame::RowIndex row)
{
    const qint64 state = devices.number(row, DeviceColumn::AccessState);
    const qint64 compliance = devices.number(row, DeviceColumn::ComplianceState);
    QStringList parts{visibleText(devices.text(row, DeviceColumn::DeviceModel))};
    if (state != frame::noValue)
        parts.append(items::codeTitle(DeviceColumn::AccessState, state));
    if (compliance != frame::noValue)
        parts.append(items::codeTitle(DeviceColumn::ComplianceState, compliance));
    parts.removeAll(QString());
    const Tone tone = state == frame::noValue
        ? Tone::Neutral
        : grid::stateLook(items::CodeKind::AccessState, int(state)).tone;
    return {visibleText(devices.text(row, DeviceColumn::Name)), parts.join(u", "_s), tone};
}

} // namespace

frame::RowVector devicesOf(const SiteUser& user, const frame::DeviceFrame& devices, int most)
{
    const bool byName = !user.userPrincipalName.isEmpty();
    const QString wanted = byName ? user.userPrincipalName : user.emailAddress;
    if (wanted.isEmpty())
        return {};
    const DeviceColumn column = byName ? DeviceColumn::UserPrincipalName : DeviceColumn::EmailAddress;
    frame::RowVector rows = frame::filterRows(devices, wanted, std::span(&column, 1));
    std::erase_if(rows, [&](frame::RowIndex row) { // the filter finds parts of addresses as well
        return devices.text(row, column).compare(wanted, Qt::CaseInsensitive) != 0;
    });
    if (rows.size() > std::size_t(most))
        rows.resize(std::size_t(most));
    return rows;
}

UserDetails::UserDetails(QWidget* parent)
    : QTabWidget(parent)
{
    setAccessibleName(tr("Details of the user"));
    tabBar()->setAccessibleName(tr("Details of the user"));
    setDocumentMode(true);
    m_summary = addFacts(this, tr("Summary"));
    m_groups = addFacts(this, tr("Licenses and Groups"));
    m_devices = addFacts(this, tr("Devices"));
    setMinimumHeight(120);
}

void UserDetails::showUser(const SiteUser* user, int selected, const frame::DeviceFrame& devices)
{
    if (user == nullptr) {
        const Fact hint{selected > 1 ? tr("%n users are selected.", nullptr, selected)
                                     : tr("Select a user to see the details."),
            {}, Tone::Neutral, true};
        for (FactList* facts : {m_summary, m_groups, m_devices})
            facts->setFacts({hint});
        return;
    }
    const auto cell = [user](int column) { return UserTableModel::cellText(*user, column); };
    m_summary->setFacts(
        {{tr("Name"), orUnknown(user->name)}, {tr("User principal name"), orUnknown(user->userPrincipalName)},
            {tr("E-mail address"), orUnknown(user->emailAddress)},
            {tr("Department"), orUnknown(user->department)},
            {tr("Account"), user->accountEnabled ? tr("Enabled") : tr("Disabled"),
                user->accountEnabled ? Tone::Neutral : Tone::Warning},
            {tr("Mailbox"), cell(UserTableModel::Mailbox)},
            {tr("Licensed for Intune"), cell(UserTableModel::IntuneLicensed),
                user->intuneLicensed ? Tone::Neutral : Tone::Warning},
            {tr("Devices"), cell(UserTableModel::Devices)},
            {tr("Blocked devices"), cell(UserTableModel::Blocked),
                user->blockedCount > 0 ? Tone::Bad : Tone::Neutral},
            {tr("Last success sync time"), cell(UserTableModel::LastSeen)},
            {tr("Object ID"), orUnknown(user->objectId)}});
    m_groups->setFacts(listed(tr("Licenses"), user->licenses) + listed(tr("Groups"), user->groups));
    QList<Fact> lines;
    for (const frame::RowIndex row : devicesOf(*user, devices, mostDevices))
        lines.append(deviceFact(devices, row));
    if (lines.isEmpty())
        lines.append({tr("No device of this user is known."), {}, Tone::Neutral, true});
    else if (lines.size() == mostDevices)
        lines.append({tr("There may be more: Show Devices lists them all."), {}, Tone::Neutral, true});
    m_devices->setFacts(lines);
}

QString UserDetails::summaryText() const
{
    return m_summary->toText() + m_groups->toText();
}

QString UserDetails::devicesText() const
{
    return m_devices->toText();
}

} // namespace postern::users
