// The people of a site (SHL-32) as a table over a shared, immutable list: rows are places in it. What is
// shown and in what order is worked out by userView() on the thread pool (UserViewWorker); installing it
// never resets. GUI thread but for userView().
#pragma once

#include <stop_token>

#include "models/domain/SiteUser.h"
#include "models/items/IndexedTableModel.h"
#include "models/items/Roles.h"

namespace postern::items {

struct UserQuery
{
    QString text; // in name, sign-in name, address, department, a group or a licence
    int column = 0;
    Qt::SortOrder order = Qt::AscendingOrder;
    bool operator==(const UserQuery&) const = default;
};

struct UserView
{
    SharedUsers users;
    IndexedTableModel::Rows rows;
};

class UserTableModel : public IndexedTableModel
{
    Q_OBJECT
public:
    enum Column {
        Name,
        UserPrincipalName,
        EmailAddress,
        Department,
        Mailbox,
        IntuneLicensed,
        Licenses,
        Groups,
        Devices,
        Blocked,
        LastSeen,
        AccountEnabled,
        ColumnCount
    };

    explicit UserTableModel(QObject* parent = nullptr);
    void install(UserView view);
    [[nodiscard]] const SharedUsers& users() const { return m_users; }
    [[nodiscard]] const SiteUser* userAt(int row) const; // null for a row that is not there

    [[nodiscard]] qint64 keyAt(int row) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

    [[nodiscard]] static QString mailboxTitle(MailboxLocation location);
    [[nodiscard]] static QString cellText(const SiteUser& user, int column); // as people read it

private:
    [[nodiscard]] QVariant cell(const SiteUser& user, int column, int role) const;
    SharedUsers m_users;
};

// Pure, any thread; the answer of a stopped call is not to be used.
[[nodiscard]] UserView userView(SharedUsers users, const UserQuery& query, const std::stop_token& stop = {});

} // namespace postern::items
