#include "models/items/UserTableModel.h"

#include <QLocale>
#include <algorithm>

#include "models/items/VisibleText.h"

using namespace Qt::StringLiterals;

namespace postern::items {

namespace {

bool isCount(int column)
{
    return column == UserTableModel::Devices || column == UserTableModel::Blocked;
}

QVariant alignment(int column)
{
    return isCount(column) ? QVariant::fromValue(Qt::Alignment(Qt::AlignRight | Qt::AlignVCenter))
                           : QVariant();
}

} // namespace

UserTableModel::UserTableModel(QObject* parent)
    : IndexedTableModel(parent)
    , m_users(std::make_shared<const SiteUsers>())
{
}

void UserTableModel::install(UserView view)
{
    // Both lists are in id order: a place in one becomes a place in the other by a walk over both.
    std::vector<int> positionOf(view.users->size(), -1);
    for (std::size_t i = 0; i < view.rows.size(); ++i)
        positionOf[view.rows[i]] = int(i);
    std::vector<int> newPosition;
    std::vector<RowChange::CellChange> cells;
    newPosition.reserve(rows().size());
    for (const std::uint32_t row : rows()) {
        const SiteUser& user = (*m_users)[row];
        const auto now = std::ranges::lower_bound(*view.users, user.id, {}, &SiteUser::id);
        const bool stays = now != view.users->end() && now->id == user.id;
        const int to = stays ? positionOf[std::size_t(now - view.users->begin())] : -1;
        newPosition.push_back(to);
        if (to >= 0 && view.users != m_users && !(*now == user))
            cells.push_back({to, (std::uint64_t(1) << ColumnCount) - 1});
    }
    std::ranges::sort(cells, {}, &RowChange::CellChange::row);
    RowChange difference = RowChange::of(std::move(newPosition), int(view.rows.size()));
    difference.setChanged(cells);
    change(difference, std::move(view.rows), [this, &view] { m_users = std::move(view.users); });
}

const SiteUser* UserTableModel::userAt(int row) const
{
    if (row < 0 || row >= rowCount() || rows()[std::size_t(row)] >= groupBit)
        return nullptr;
    return &(*m_users)[rows()[std::size_t(row)]];
}

qint64 UserTableModel::keyAt(int row) const
{
    const SiteUser* user = userAt(row);
    return user ? user->id.value : 0;
}

int UserTableModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QString UserTableModel::mailboxTitle(MailboxLocation location)
{
    switch (location) {
    case MailboxLocation::None:
        //: where a mailbox is
        return tr("None");
    case MailboxLocation::OnPremises:
        return tr("Exchange Server");
    case MailboxLocation::Online:
        return tr("Exchange Online");
    }
    return {};
}

QString UserTableModel::cellText(const SiteUser& user, int column)
{
    switch (column) {
    case Name:
        return visibleText(user.name);
    case UserPrincipalName:
        return visibleText(user.userPrincipalName);
    case EmailAddress:
        return visibleText(user.emailAddress);
    case Department:
        return visibleText(user.department);
    case Mailbox:
        return mailboxTitle(user.mailbox);
    case IntuneLicensed:
        return user.intuneLicensed ? tr("Yes") : tr("No");
    case Licenses:
        return visibleText(user.licenses.join(u", "_s));
    case Groups:
        return visibleText(user.groups.join(u", "_s));
    case Devices:
        return QLocale().toString(user.deviceCount);
    case Blocked:
        return QLocale().toString(user.blockedCount);
    case LastSeen:
        return user.lastSeen ? QLocale().toString(user.lastSeen->toLocalTime(), QLocale::ShortFormat)
                             : tr("Never");
    case AccountEnabled:
        return user.accountEnabled ? tr("Yes") : tr("No");
    default:
        return {};
    }
}

QVariant UserTableModel::cell(const SiteUser& user, int column, int role) const
{
    switch (role) {
    case Qt::DisplayRole:
        return cellText(user, column);
    case Qt::AccessibleTextRole: {
        const QString shown = cellText(user, column);
        return shown.isEmpty() ? tr("Empty", "said of a cell") : shown;
    }
    case Qt::ToolTipRole:
        if (column != LastSeen || !user.lastSeen)
            return {};
        return tr("%1 UTC").arg(user.lastSeen->toUTC().toString(u"yyyy-MM-dd HH:mm:ss"_s));
    case Qt::TextAlignmentRole:
        return alignment(column);
    case KeyRole:
        return user.id.value;
    default:
        return {};
    }
}

QVariant UserTableModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const SiteUser* user = userAt(index.row());
    return user ? cell(*user, index.column(), role) : QVariant();
}

QVariant UserTableModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    static constexpr QStringView keys[]
        = {u"name", u"userPrincipalName", u"emailAddress", u"department", u"mailbox", u"intuneLicensed",
            u"licenses", u"groups", u"devices", u"blocked", u"lastSeen", u"accountEnabled"};
    static constexpr int widths[] = {24, 30, 30, 20, 16, 19, 30, 40, 9, 16, 22, 16};
    if (orientation != Qt::Horizontal || section < 0 || section >= ColumnCount)
        return {};
    const QString titles[] = {tr("Name"), tr("User Principal Name"), tr("E-mail Address"), tr("Department"),
        tr("Mailbox"), tr("Licensed for Intune"), tr("Licenses"), tr("Groups"), tr("Devices"),
        tr("Blocked Devices"), tr("Last Success Sync Time"), tr("Account Enabled")};
    switch (role) {
    case Qt::DisplayRole:
    case Qt::ToolTipRole: // a narrow column still says its name
        return titles[section];
    case ColumnKeyRole:
        return keys[section].toString();
    case VisibleByDefaultRole:
        return section != EmailAddress && section != Licenses && section != Groups
            && section != AccountEnabled;
    case WidthHintRole:
        return widths[section];
    case Qt::TextAlignmentRole:
        return alignment(section);
    default:
        return {};
    }
}

} // namespace postern::items
