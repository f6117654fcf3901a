// Microsoft Graph v1.0 as far as Postern uses it: token, permission, throttling, faults, then the resource.
// Strict: unknown segments, properties, options and bodies are refused in Graph's own words. graph-reference
// 3, 7 to 10. Any thread.
#pragma once

#include "app/lab/entra/Form.h"
#include "app/lab/entra/Tokens.h"
#include "app/lab/faults/FaultPlan.h"
#include "app/lab/graph/Delta.h"
#include "app/lab/graph/EntraDirectory.h"
#include "app/lab/graph/ExportJobs.h"
#include "app/lab/graph/Filter.h"
#include "app/lab/graph/GraphCall.h"
#include "app/lab/graph/Throttle.h"
#include "app/lab/http/Counters.h"
#include "app/lab/http/Request.h"

namespace postern::lab {

struct GraphOptions
{
    std::string base; // https://localhost:1234
    std::atomic<int> pageSize{0}; // 0: as the real services
    std::atomic<bool> throttling{true};
};

struct SentMail
{
    std::string from; // userPrincipalName
    QJsonObject message;
    std::int64_t timeMs = 0; // lab time
};

class GraphService
{
public:
    GraphService(EntraDirectory& directory, Tokens& tokens, FaultPlan& faults, Counters& counters,
        const std::string& base);

    [[nodiscard]] static bool serves(const std::string& lowerPath);
    [[nodiscard]] WebAnswer answer(const WebRequest& request);
    [[nodiscard]] GraphOptions& options() { return m_options; }
    [[nodiscard]] Throttle& throttle() { return m_throttle; }
    [[nodiscard]] std::vector<SentMail> mail() const;
    [[nodiscard]] ExportJobs& exports() { return m_exports; }
    [[nodiscard]] WebAnswer download(const WebRequest& request) const; // of an export, without a token

private:
    // GraphService.cpp: the door
    [[nodiscard]] Answered<Claims> authenticated(const WebRequest& request);
    [[nodiscard]] std::optional<GraphAnswer> challenged(
        const WebRequest& request, const std::string& token, const Claims& claims);
    [[nodiscard]] GraphAnswer unauthorized(
        const std::string& message, const std::string& challenge = {}) const;
    [[nodiscard]] GraphAnswer answered(const WebRequest& request);
    [[nodiscard]] std::optional<GraphAnswer> faulty(const WebRequest& request, WebAnswer& out);
    [[nodiscard]] WebAnswer finished(GraphAnswer answer, const WebRequest& request) const;

    // Routes.cpp
    [[nodiscard]] GraphAnswer dispatched(GraphCall& call);
    [[nodiscard]] std::optional<GraphAnswer> throttled(const GraphCall& call);
    [[nodiscard]] GraphAnswer directoryRoute(GraphCall& call);
    [[nodiscard]] GraphAnswer me(GraphCall& call);
    [[nodiscard]] GraphAnswer batch(GraphCall& call); // Batch.cpp
    [[nodiscard]] GraphAnswer partAnswered(GraphCall& call);
    [[nodiscard]] static GraphAnswer busy(const FaultRule& fault);

    // Listing.cpp
    struct Listing
    {
        const EntityType* type = nullptr;
        std::string context, purpose;
        std::uint32_t count = 0;
        std::function<std::optional<EntityText>(std::uint32_t)> at;
        std::function<std::optional<std::uint32_t>(const std::string&)> find; // by id or name; may be null
    };
    [[nodiscard]] GraphAnswer listed(const GraphCall& call, const Listing& listing) const;
    [[nodiscard]] GraphAnswer counted(const GraphCall& call, const Listing& listing) const;
    [[nodiscard]] GraphAnswer one(const GraphCall& call, const std::optional<EntityText>& text,
        const EntityType& type, const std::string& context) const;
    [[nodiscard]] GraphAnswer objects(
        const GraphCall& call, const std::vector<Member>& members, const std::string& context) const;
    [[nodiscard]] int directoryPage(const Query& query) const;

    // Users.cpp, Groups.cpp, DirectoryDevices.cpp, Organization.cpp
    [[nodiscard]] GraphAnswer users(GraphCall& call);
    [[nodiscard]] GraphAnswer userPart(GraphCall& call, std::uint32_t user);
    [[nodiscard]] GraphAnswer groups(GraphCall& call);
    [[nodiscard]] GraphAnswer groupPart(GraphCall& call, std::uint32_t group);
    [[nodiscard]] GraphAnswer devices(GraphCall& call);
    [[nodiscard]] GraphAnswer organization(GraphCall& call) const;
    [[nodiscard]] GraphAnswer subscribedSkus(GraphCall& call) const;
    [[nodiscard]] GraphAnswer getByIds(const GraphCall& call) const;
    [[nodiscard]] GraphAnswer sendMail(GraphCall& call, std::uint32_t user);
    [[nodiscard]] Listing userListing(const std::string& context) const;
    [[nodiscard]] Listing groupListing() const;
    [[nodiscard]] Listing deviceListing() const;

    // DeltaRoutes.cpp
    [[nodiscard]] GraphAnswer delta(const GraphCall& call, ObjectKind kind);
    [[nodiscard]] GraphAnswer deltaListing(const GraphCall& call, ObjectKind kind, DeltaToken token) const;
    [[nodiscard]] GraphAnswer deltaChanges(const GraphCall& call, ObjectKind kind, DeltaToken token) const;
    [[nodiscard]] GraphAnswer resync(const GraphCall& call) const;
    struct DeltaPage;

    // Intune: ManagedDevices.cpp, ManagedDeviceActions.cpp, Intune.cpp, Reports.cpp
    [[nodiscard]] GraphAnswer deviceManagement(GraphCall& call);
    [[nodiscard]] GraphAnswer intuneRoot(const GraphCall& call) const;
    [[nodiscard]] GraphAnswer overview(const GraphCall& call) const;
    [[nodiscard]] GraphAnswer managedDevices(GraphCall& call, size_t at, std::optional<std::uint32_t> user);
    [[nodiscard]] GraphAnswer listManaged(GraphCall& call, std::optional<std::uint32_t> user);
    [[nodiscard]] GraphAnswer managedDevice(GraphCall& call, std::uint32_t record, size_t at);
    [[nodiscard]] GraphAnswer managedDevicePart(GraphCall& call, std::uint32_t record, size_t at) const;
    [[nodiscard]] GraphAnswer changeManaged(GraphCall& call, std::uint32_t record);
    [[nodiscard]] GraphAnswer act(GraphCall& call, std::uint32_t record, const std::string& action);
    [[nodiscard]] GraphAnswer policyStates(const GraphCall& call, const ManagedRecord& record) const;
    [[nodiscard]] GraphAnswer reports(GraphCall& call);

    EntraDirectory& m_directory;
    Tenant& m_tenant;
    Tokens& m_tokens;
    FaultPlan& m_faults;
    Counters& m_counters;
    GraphOptions m_options;
    Throttle m_throttle;
    ExportJobs m_exports;
    mutable std::mutex m_mutex;
    std::vector<SentMail> m_mail;
};

} // namespace postern::lab
