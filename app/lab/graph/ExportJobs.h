// Intune's report exports (graph-reference 10): a job that takes a while, then an address with a ZIP to fetch
// without a token. Enum columns hold numbers, as in the real files. Any thread.
#pragma once

#include <map>
#include <mutex>
#include <optional>

#include "app/lab/graph/Tenant.h"

namespace postern::lab {

struct ExportJob
{
    std::string id, report, filter, format = "csv", localization = "localizedValuesAsAdditionalColumn",
                                    signature;
    std::vector<std::string> select;
    bool hasFilter = false;
    std::int64_t createdMs = 0; // steady clock
    std::int64_t requestedMs = 0; // lab time
};

class ExportJobs
{
public:
    ExportJobs(const Tenant& tenant, std::string base)
        : m_tenant(tenant)
        , m_base(std::move(base))
    {
    }
    // The problem in English when there is no such report, column or filter.
    [[nodiscard]] Expected<ExportJob> create(ExportJob job);
    [[nodiscard]] std::optional<ExportJob> find(const std::string& id) const;
    [[nodiscard]] std::vector<ExportJob> all() const;
    [[nodiscard]] EntityText text(const ExportJob& job) const;
    // The archive; nullopt: no such address, or not yet.
    [[nodiscard]] std::optional<std::string> archive(
        const std::string& id, const std::string& signature) const;

    void setDuration(std::int64_t ms) { m_durationMs.store(ms); }

private:
    [[nodiscard]] std::string_view statusOf(const ExportJob& job) const;
    [[nodiscard]] std::string contents(const ExportJob& job) const;
    const Tenant& m_tenant;
    std::string m_base;
    mutable std::mutex m_mutex;
    std::map<std::string, ExportJob> m_jobs;
    std::atomic<std::int64_t> m_durationMs{1500};
};

} // namespace postern::lab
