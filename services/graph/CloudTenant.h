// One Microsoft 365 tenant as sync, store and site see it: Intune's phones, Entra's people, groups and
// devices, and the actions that Intune carries out on phones. GraphTenant is the real one; tests bring their
// own. Service thread only. Errors are values: those of GraphClient (SignInRequired, ConsentRequired,
// AccessDenied, ServerBusy, Malformed …). An object that cannot be mapped is an ObjectProblem in its page,
// never a failed page (SYN-30). graph-reference 3, 7, 8.
#pragma once

#include <QCoroTask>
#include <functional>
#include <memory>
#include <stop_token>
#include <vector>

#include "models/base/Error.h"
#include "models/domain/Directory.h"
#include "models/domain/Exchange.h"
#include "models/domain/Intune.h"
#include "services/graph/PageReader.h"

namespace postern::graph {

class CloudTenant
{
public:
    virtual ~CloudTenant() = default;

    // Reads who answers.
    virtual QCoro::Task<Expected<TenantInfo>> open(std::stop_token token) = 0;
    // Ends what is under way. Readers are gone by then, or give Cancelled.
    virtual QCoro::Task<void> close() = 0;

    // CON-39, in order; `report` is called as each one ends. Errors: Cancelled only.
    virtual QCoro::Task<Expected<std::vector<CheckResult>>> check(
        std::function<void(const CheckResult&)> report, std::stop_token token)
        = 0;

    // Every managed device.
    [[nodiscard]] virtual std::unique_ptr<PageReader<ManagedDevice>> readManagedDevices() = 0;
    // Those that checked in at or after `since`, each looked at again here: Graph may ignore the filter and
    // list all. Never a proof that a device is gone. A change without a check-in (an administrator's) need
    // not be among them.
    [[nodiscard]] virtual std::unique_ptr<PageReader<ManagedDevice>> readManagedDevicesChangedSince(
        const QDateTime& since)
        = 0;
    // One device, with deviceActionResults. NotFound.
    virtual QCoro::Task<Expected<ManagedDevice>> managedDevice(QString id, std::stop_token token) = 0;

    // Of these, the ones that Intune says it does not have. A listing can lack rows without a sign: Intune's
    // count is that of the page. So absence from a whole listing is a question, and this is the answer.
    virtual QCoro::Task<Expected<QStringList>> confirmGone(QStringList deviceIds, std::stop_token token)
    {
        Q_UNUSED(token)
        co_return fail(ErrorCode::Unsupported, {}, deviceIds.value(0));
    }

    // `deltaLink` of an earlier listing, or empty: everything.
    [[nodiscard]] virtual std::unique_ptr<DeltaReader<DirectoryUser>> readUsers(const QString& deltaLink) = 0;
    [[nodiscard]] virtual std::unique_ptr<DeltaReader<DirectoryGroup>> readGroups(const QString& deltaLink)
        = 0;
    [[nodiscard]] virtual std::unique_ptr<DeltaReader<DirectoryDevice>> readDirectoryDevices(
        const QString& deltaLink)
        = 0;
    // Everybody in a group, also through groups in it.
    [[nodiscard]] virtual std::unique_ptr<PageReader<GroupMember>> readTransitiveMembers(
        const QString& groupId)
        = 0;
    // The whole of it at once. Incomplete rather than a part.
    virtual QCoro::Task<Expected<GroupMembership>> membership(QString groupId, std::stop_token token) = 0;
    virtual QCoro::Task<Expected<std::vector<Subscription>>> subscriptions(std::stop_token token) = 0;

    // Asks Intune for an action; it is done when the phone next answers, see managedDevice(). Retire and Wipe
    // read the phone first: Conflict when it is not the one that was decided about, AlreadyRunning when one
    // is pending, InvalidInput when it cannot be (ACT-04). Nothing destructive is ever sent twice: after an
    // error that does not say so, whether Intune took it is looked up first.
    virtual QCoro::Task<Expected<void>> act(RemoteAction action, std::stop_token token) = 0;

    // For the log and errors: "contoso.com at graph.microsoft.com".
    [[nodiscard]] virtual QString address() const = 0;
};

} // namespace postern::graph
