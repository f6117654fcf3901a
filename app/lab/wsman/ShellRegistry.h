// All open shells: the limit of concurrent shells a user, ownership, and the end of idle ones. Any thread.
#pragma once

#include <functional>

#include "app/lab/wsman/Shell.h"

namespace postern::lab {

class ShellRegistry
{
public:
    explicit ShellRegistry(Counters& counters)
        : m_counters(counters)
    {
    }
    // `limit`: how many shells its owner may have open (PowerShellMaxConcurrency).
    [[nodiscard]] std::optional<SoapFault> add(const std::shared_ptr<Shell>& shell, int limit);
    [[nodiscard]] std::shared_ptr<Shell> find(std::string_view shellId);
    void remove(std::string_view shellId);
    void endIdle();
    void endAll(std::string_view owner = {}); // empty: everybody's
    [[nodiscard]] int count();

private:
    // Takes those out that `which` chooses, and closes them outside the lock: a worker may take a moment.
    void end(const std::function<bool(Shell&)>& which);
    std::mutex m_mutex;
    std::map<Guid, std::shared_ptr<Shell>> m_shells;
    Counters& m_counters;
};

} // namespace postern::lab
