// Makes the ExchangeOrganization of a connector. Service thread. Nothing is contacted and nothing can fail
// here: what is wrong with an address, a CA file or a kind that is not served is said by open() and, line by
// line, by check().
#pragma once

#include <functional>
#include <memory>

#include "models/domain/Connector.h"
#include "services/core/Clock.h"
#include "services/exchange/ExchangeOrganization.h"
#include "services/tracelog/TraceLogWriter.h"
#include "services/wsman/Client.h"

namespace postern::exchange {

struct KnownServers; // ServerLadder.h

struct ConnectDependencies
{
    tracelog::TraceLogWriter& log; // outlives the organisation; learns the password, to hide it
    const core::Clock& clock; // outlives the organisation
    QString siteName; // for "Failed to open runspace for site <site_name>"
    // Kept between the organisations of one connector: where else to look when its servers are down (CON-45).
    std::shared_ptr<KnownServers> known = nullptr;
    // Of the notification account, for check(); empty: the connector's account opens its mailbox.
    QString notificationPassword = {};
    // Tests have their own; empty: real ones.
    std::function<std::unique_ptr<wsman::Client>(const wsman::Endpoint&, const core::Clock&)> newClient = {};
};

// Never null. Whoever has it calls close() before destroying it, also after errors.
[[nodiscard]] std::unique_ptr<ExchangeOrganization> connect(
    const Connector& connector, const QString& password, const ConnectDependencies& dependencies);

// connect() for a service: what one organisation of a connector learnt of its servers is known to the next.
[[nodiscard]] std::function<std::unique_ptr<ExchangeOrganization>(const Connector&, const QString&)>
rememberingConnect(const ConnectDependencies& dependencies);

} // namespace postern::exchange
