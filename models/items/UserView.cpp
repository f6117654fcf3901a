// What a list of people shows: filter and order, off the GUI thread.
#include <algorithm>
#include <numeric>
#include <string>

#include "models/frame/TextFold.h"
#include "models/items/UserTableModel.h"

namespace postern::items {

namespace {

using M = UserTableModel;

bool matches(const SiteUser& user, const QString& text)
{
    const auto has = [&text](const QString& cell) { return cell.contains(text, Qt::CaseInsensitive); };
    return has(user.name) || has(user.userPrincipalName) || has(user.emailAddress) || has(user.department)
        || std::ranges::any_of(user.groups, has) || std::ranges::any_of(user.licenses, has);
}

// Columns whose order is a number; nullopt: by text.
std::optional<qint64> numberOf(const SiteUser& user, int column)
{
    switch (column) {
    case M::Mailbox:
        return int(user.mailbox);
    case M::IntuneLicensed:
        return user.intuneLicensed;
    case M::Devices:
        return user.deviceCount;
    case M::Blocked:
        return user.blockedCount;
    case M::LastSeen:
        return user.lastSeen ? user.lastSeen->toMSecsSinceEpoch() : INT64_MIN;
    case M::AccountEnabled:
        return user.accountEnabled;
    default:
        return std::nullopt;
    }
}

template <class Key>
void sortBy(IndexedTableModel::Rows& rows, const std::vector<Key>& keys, Qt::SortOrder order)
{
    std::vector<std::uint32_t> places(rows.size());
    std::iota(places.begin(), places.end(), 0U);
    std::ranges::stable_sort(places, [&keys, order](std::uint32_t left, std::uint32_t right) {
        return order == Qt::AscendingOrder ? keys[left] < keys[right] : keys[right] < keys[left];
    });
    IndexedTableModel::Rows sorted;
    sorted.reserve(rows.size());
    for (const std::uint32_t place : places)
        sorted.push_back(rows[place]);
    rows = std::move(sorted);
}

void sortRows(UserView& view, const UserQuery& query, const std::stop_token& stop)
{
    if (view.rows.empty() || stop.stop_requested())
        return;
    if (numberOf((*view.users)[view.rows.front()], query.column)) {
        std::vector<qint64> keys;
        for (const std::uint32_t row : view.rows)
            keys.push_back(*numberOf((*view.users)[row], query.column));
        sortBy(view.rows, keys, query.order);
        return;
    }
    // As device lists sort: case counts last, digits by their value.
    std::vector<std::string> keys;
    frame::SortKeyWriter writer;
    keys.reserve(view.rows.size());
    for (const std::uint32_t row : view.rows) {
        if (stop.stop_requested())
            return;
        const QByteArray text = M::cellText((*view.users)[row], query.column).toUtf8();
        writer.append(keys.emplace_back(), std::string_view(text.constData(), std::size_t(text.size())),
            frame::Digits::ByValue);
    }
    sortBy(view.rows, keys, query.order);
}

} // namespace

UserView userView(SharedUsers users, const UserQuery& query, const std::stop_token& stop)
{
    UserView view;
    for (std::uint32_t row = 0; row < users->size(); ++row) {
        if (row % 1024 == 0 && stop.stop_requested())
            break;
        if (query.text.isEmpty() || matches((*users)[row], query.text))
            view.rows.push_back(row);
    }
    view.users = std::move(users);
    sortRows(view, query, stop);
    return view;
}

} // namespace postern::items
