// SYN-02: makes Exchange have what the connector configures. Reads what it has, says and stores it, plans the
// difference into the journal and applies it. Nothing is read or written while nothing is configured. Service
// thread, one run an object.
#pragma once

#include "services/enforce/Apply.h"
#include "services/enforce/SettingsPlan.h"

namespace postern::enforce {

struct PushOutcome
{
    QStringList differences; // what was found
    ApplyOutcome applied; // also of what was open before
    QString sentence; // "2 settings of Exchange were set."
};

struct PushOptions
{
    bool expected = false; // somebody changed the settings just now: a difference is no drift
    QString cause; // for the journal: who, or which run
    ApplyOptions apply;
};

class SettingsPush
{
public:
    SettingsPush(Connector connector, Apply::Dependencies dependencies, PushOptions options);

    // Errors of reading and planning; what became of the writes is in the outcome.
    QCoro::Task<Expected<PushOutcome>> run(
        std::function<void(const ApplyProgress&)> progress, std::stop_token token);

private:
    QCoro::Task<Expected<ExchangeState>> readState(std::stop_token token);
    QCoro::Task<Expected<ExchangeState>> storeState(ExchangeState state);
    QCoro::Task<Expected<void>> announce(QStringList differences);
    QCoro::Task<Expected<void>> plan(std::vector<SettingsStep> steps);

    const Connector m_connector;
    Apply::Dependencies m_with;
    const PushOptions m_options;
};

// Whether the connector configures anything at all.
[[nodiscard]] bool configuresAnything(const ConnectorSettings& settings);

} // namespace postern::enforce
