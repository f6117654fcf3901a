// Which mailbox an address leads to, for EWS and Autodiscover: only addresses count, not the other names of a
// user, and a mailbox that the fault "mailboxDisabled" names is none. Any thread.
#pragma once

#include <optional>
#include <string>

#include "app/lab/directory/Estate.h"
#include "app/lab/faults/FaultPlan.h"

namespace postern::lab {

class Mailboxes
{
public:
    Mailboxes(const Estate& estate, FaultPlan& faults)
        : m_estate(estate)
        , m_faults(faults)
    {
    }
    [[nodiscard]] std::optional<std::uint32_t> withAddress(const std::string& address) const;
    [[nodiscard]] bool isActive(std::uint32_t user) const;
    [[nodiscard]] const Estate& estate() const { return m_estate; }

private:
    const Estate& m_estate;
    FaultPlan& m_faults;
};

} // namespace postern::lab
