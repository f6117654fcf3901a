// Users, groups, members, devices, subscriptions and the tenant of Graph to values. Pure, pool threads.
// graph-reference 7; SYN-10 (who has Intune).
#pragma once

#include "models/domain/Directory.h"
#include "services/graph/Mapping.h"

namespace postern::graph {

// What to $select of each, so that Graph sends no more and tracks these in a delta.
[[nodiscard]] QString userSelect();
[[nodiscard]] QString groupSelect();
[[nodiscard]] QString directoryDeviceSelect();
[[nodiscard]] QString memberSelect();
[[nodiscard]] QString organizationSelect();

[[nodiscard]] MapBody<DirectoryUser> userMapper();
[[nodiscard]] MapBody<DirectoryGroup> groupMapper();
[[nodiscard]] MapBody<DirectoryDevice> directoryDeviceMapper();
[[nodiscard]] MapBody<GroupMember> memberMapper();

// One object by itself, as a $batch brings it.
template <class T>
[[nodiscard]] Expected<T> directoryObjectOf(const QByteArray& object, const QString& origin);
template <>
[[nodiscard]] Expected<DirectoryUser> directoryObjectOf<DirectoryUser>(const QByteArray&, const QString&);
template <>
[[nodiscard]] Expected<DirectoryGroup> directoryObjectOf<DirectoryGroup>(const QByteArray&, const QString&);
template <>
[[nodiscard]] Expected<DirectoryDevice> directoryObjectOf<DirectoryDevice>(const QByteArray&, const QString&);

// Lists of one page.
[[nodiscard]] Page<TenantInfo> organizationsIn(const JsonBody& body);
[[nodiscard]] std::vector<Subscription> subscriptionsIn(
    const JsonBody& body, std::vector<ObjectProblem>& problems);

} // namespace postern::graph
