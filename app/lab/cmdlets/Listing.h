// What Get- cmdlets share: filter, sort, page, warn about truncation; objects are made one by one while the
// client polls.
#pragma once

#include <functional>

#include "app/lab/cmdlets/Bodies.h"
#include "app/lab/cmdlets/Opath.h"

namespace postern::lab {

class Listing
{
public:
    // `filterable`: the documented filterable properties of the cmdlet; `sortable`: of -SortBy.
    Listing(CmdletCall& call, const std::vector<std::string>& filterable,
        const std::vector<std::string>& sortable);

    [[nodiscard]] const std::optional<ErrorRecord>& failure() const { return m_failure; }
    // When only what changed at or after a time can be listed: that time, as an index would use it.
    [[nodiscard]] std::optional<std::int64_t> notBefore() const
    {
        return m_filter ? m_filter->notBefore() : std::nullopt;
    }
    // False: enough, or the client stopped.
    bool offer(const std::shared_ptr<Object>& object);
    // Sorts and writes what -SortBy held back; warns when there was more than ResultSize.
    void finish();

private:
    bool write(const ObjectPtr& object);

    CmdletCall& m_call;
    std::optional<OpathFilter> m_filter;
    std::optional<ErrorRecord> m_failure;
    std::string m_sortBy;
    std::vector<ObjectPtr> m_held;
    std::uint32_t m_limit;
    std::uint32_t m_written = 0;
    bool m_truncated = false;
};

} // namespace postern::lab
