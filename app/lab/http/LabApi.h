// `/lab/…`: what tests ask the lab itself. Loopback only. JSON. Any thread.
#pragma once

#include "app/lab/directory/Estate.h"
#include "app/lab/faults/FaultPlan.h"
#include "app/lab/http/Counters.h"
#include "app/lab/http/Request.h"
#include "app/lab/wsman/ShellRegistry.h"

namespace postern::lab {

class LabApi
{
public:
    LabApi(Estate& estate, FaultPlan& faults, Counters& counters, ShellRegistry& shells)
        : m_estate(estate)
        , m_faults(faults)
        , m_counters(counters)
        , m_shells(shells)
    {
    }
    [[nodiscard]] WebAnswer answer(const WebRequest& request);
    // What else to tell of a phone, under "cloud". Before the first request.
    void alsoTell(std::function<QJsonObject(std::uint32_t)> more) { m_more = std::move(more); }

private:
    WebAnswer truth(const WebRequest& request) const;
    WebAnswer sync(const WebRequest& request);
    WebAnswer change(const WebRequest& request);
    WebAnswer state() const;
    WebAnswer faults(const WebRequest& request);
    [[nodiscard]] QJsonObject phoneTruth(std::uint32_t phone) const;
    [[nodiscard]] Expected<std::vector<std::uint32_t>> phonesFor(const WebRequest& request) const;

    Estate& m_estate;
    FaultPlan& m_faults;
    Counters& m_counters;
    ShellRegistry& m_shells;
    std::function<QJsonObject(std::uint32_t)> m_more;
};

} // namespace postern::lab
