// A tenant in memory: lists in pages of any size, faults at a page, deltas by a counter. It says what it has
// at the time of the call, as Graph does. Test thread.
#pragma once

#include <map>
#include <optional>

#include "services/graph/CloudTenant.h"

namespace postern::sync::test {

class FakeCloud final : public graph::CloudTenant
{
public:
    // What is there.
    std::vector<ManagedDevice> devices;
    std::vector<DirectoryUser> users;
    std::vector<DirectoryGroup> groups;
    std::map<QString, std::vector<GroupMember>> members; // by group id
    std::vector<Subscription> skus;

    // Changes of people since the last delta: what an incremental reader lists.
    std::vector<DirectoryUser> changedUsers;
    QStringList removedUsers;
    bool forgetDeltas = false; // 410: the next reader with a link lists everything

    // What goes wrong.
    size_t pageSize = 2;
    std::optional<size_t> devicesFailAtPage, usersFailAtPage;
    Error fault{ErrorCode::ConnectionLost, QStringLiteral("cut"), QStringLiteral("graph"), {}};
    QStringList unlisted; // devices that are there, but not in a listing
    std::optional<Error> confirmError;
    qint64 garbledDevices = 0; // objects of the list that give no item
    std::optional<Error> openError;
    std::map<QString, Error> memberErrors;
    std::optional<Error> actError;

    std::vector<RemoteAction> acted;

    QStringList asked; // "users", "users since <link>", "devices", "devices since <time>", "members g1", ...

    QCoro::Task<Expected<TenantInfo>> open(std::stop_token token) override;
    QCoro::Task<void> close() override;
    QCoro::Task<Expected<std::vector<CheckResult>>> check(
        std::function<void(const CheckResult&)> report, std::stop_token token) override;
    std::unique_ptr<graph::PageReader<ManagedDevice>> readManagedDevices() override;
    std::unique_ptr<graph::PageReader<ManagedDevice>> readManagedDevicesChangedSince(
        const QDateTime& since) override;
    QCoro::Task<Expected<QStringList>> confirmGone(QStringList deviceIds, std::stop_token token) override;
    QCoro::Task<Expected<ManagedDevice>> managedDevice(QString id, std::stop_token token) override;
    std::unique_ptr<graph::DeltaReader<DirectoryUser>> readUsers(const QString& deltaLink) override;
    std::unique_ptr<graph::DeltaReader<DirectoryGroup>> readGroups(const QString& deltaLink) override;
    std::unique_ptr<graph::DeltaReader<DirectoryDevice>> readDirectoryDevices(
        const QString& deltaLink) override;
    std::unique_ptr<graph::PageReader<GroupMember>> readTransitiveMembers(const QString& groupId) override;
    QCoro::Task<Expected<GroupMembership>> membership(QString groupId, std::stop_token token) override;
    QCoro::Task<Expected<std::vector<Subscription>>> subscriptions(std::stop_token token) override;
    QCoro::Task<Expected<void>> act(RemoteAction action, std::stop_token token) override;
    QString address() const override { return QStringLiteral("fake tenant"); }
};

} // namespace postern::sync::test
