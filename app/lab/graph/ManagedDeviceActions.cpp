// What Graph changes of a managed device: remote actions, PATCH, DELETE. An action is taken at once and done
// when the phone next answers (ACT-03, ACT-04, ACT-12).
#include <algorithm>
#include <array>

#include "app/lab/graph/Body.h"
#include "app/lab/graph/GraphService.h"

using namespace Qt::StringLiterals;

namespace postern::lab {

namespace {

struct ActionKind
{
    std::string_view path, name; // in the URL, and in deviceActionResults
};

constexpr std::array<ActionKind, 10> actions{{{"retire", "retire"}, {"wipe", "factoryReset"},
    {"syncDevice", "syncDevice"}, {"remoteLock", "remoteLock"}, {"resetPasscode", "resetPasscode"},
    {"rebootNow", "rebootNow"}, {"locateDevice", "locateDevice"}, {"shutDown", "shutDown"},
    {"bypassActivationLock", "bypassActivationLock"}, {"disableLostMode", "disableLostMode"}}};

constexpr std::array<BodyField, 4> wipeFields{
    {{"keepEnrollmentData", JsonKind::Flag}, {"keepUserData", JsonKind::Flag},
        {"macOsUnlockCode", JsonKind::Text}, {"persistEsimDataPlan", JsonKind::Flag}}};

constexpr std::array<BodyField, 3> patchFields{{{"managedDeviceName", JsonKind::Text},
    {"managedDeviceOwnerType", JsonKind::Text, false}, {"notes", JsonKind::Text}}};

} // namespace

GraphAnswer GraphService::act(GraphCall& call, std::uint32_t record, const std::string& action)
{
    const auto known = std::find_if(
        actions.begin(), actions.end(), [&](const ActionKind& kind) { return kind.path == action; });
    if (known == actions.end())
        return noSuchSegment(action);
    const auto refusal = action == "wipe"
        ? lacksIntune(call,
            {"DeviceManagementManagedDevices.PrivilegedOperations.All",
                "DeviceManagementManagedDevices.ReadWrite.All"})
        : lacksIntune(call, {"DeviceManagementManagedDevices.PrivilegedOperations.All"});
    if (refusal)
        return *refusal;
    const auto body = bodyOf(call, true);
    if (!body)
        return body.error();
    const std::span<const BodyField> fields
        = action == "wipe" ? std::span<const BodyField>(wipeFields) : std::span<const BodyField>();
    if (const auto wrong = wrongParameter(*body, fields, action))
        return *wrong;
    m_tenant.startAction(record, std::string(known->name));
    return graphNothing();
}

GraphAnswer GraphService::changeManaged(GraphCall& call, std::uint32_t number)
{
    if (const auto refusal = lacksIntune(call, {"DeviceManagementManagedDevices.ReadWrite.All"}))
        return *refusal;
    if (call.method == "DELETE") {
        m_tenant.change(number, [](ManagedRecord& record) { record.removed = true; });
        return graphNothing();
    }
    const auto body = bodyOf(call, false);
    if (!body)
        return body.error();
    if (const auto wrong = wrongProperty(*body, patchFields, types::managedDevice.name))
        return *wrong;
    std::string_view owner;
    if (body->contains("managedDeviceOwnerType"_L1)) {
        const std::string text = body->value("managedDeviceOwnerType"_L1).toString().toStdString();
        for (const std::string_view allowed : {"unknown", "company", "personal"}) {
            if (text == allowed)
                owner = allowed;
        }
        if (owner.empty())
            return badRequest("Cannot convert the literal '" + text
                + "' to the expected type 'microsoft.graph.managedDeviceOwnerType'.");
    }
    m_tenant.change(number, [&](ManagedRecord& record) {
        if (body->contains("managedDeviceName"_L1))
            record.givenName = body->value("managedDeviceName"_L1).toString().toStdString();
        if (body->contains("notes"_L1))
            record.notes = body->value("notes"_L1).toString().toStdString();
        if (!owner.empty())
            record.state.owner = owner;
    });
    return graphNothing();
}

} // namespace postern::lab
