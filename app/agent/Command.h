// One function a command. Each opens the site it is given, works, prints to the terminal, and closes it
// again. Main thread, which is the agent's service thread. `stop` fires on SIGINT and SIGTERM.
#pragma once

#include <QCoroTask>
#include <stop_token>

#include "app/agent/CommandLine.h"
#include "app/agent/Terminal.h"
#include "services/site/SiteSession.h"

namespace postern::agent {

using CommandFunction
    = QCoro::Task<Expected<void>> (*)(CommandLine line, Terminal* terminal, std::stop_token stop);

QCoro::Task<Expected<void>> siteInit(CommandLine line, Terminal* terminal, std::stop_token stop);
QCoro::Task<Expected<void>> connectorAdd(CommandLine line, Terminal* terminal, std::stop_token stop);
QCoro::Task<Expected<void>> connectorCheck(CommandLine line, Terminal* terminal, std::stop_token stop);
QCoro::Task<Expected<void>> connectorList(CommandLine line, Terminal* terminal, std::stop_token stop);
QCoro::Task<Expected<void>> connectorRemove(CommandLine line, Terminal* terminal, std::stop_token stop);
QCoro::Task<Expected<void>> connectorSet(CommandLine line, Terminal* terminal, std::stop_token stop);
QCoro::Task<Expected<void>> connectorSettings(CommandLine line, Terminal* terminal, std::stop_token stop);
QCoro::Task<Expected<void>> deviceWipe(CommandLine line, Terminal* terminal, std::stop_token stop);
QCoro::Task<Expected<void>> deviceRemove(CommandLine line, Terminal* terminal, std::stop_token stop);
QCoro::Task<Expected<void>> status(CommandLine line, Terminal* terminal, std::stop_token stop);
QCoro::Task<Expected<void>> writes(CommandLine line, Terminal* terminal, std::stop_token stop);
QCoro::Task<Expected<void>> syncFull(CommandLine line, Terminal* terminal, std::stop_token stop);
QCoro::Task<Expected<void>> syncDelta(CommandLine line, Terminal* terminal, std::stop_token stop);
QCoro::Task<Expected<void>> intuneConnect(CommandLine line, Terminal* terminal, std::stop_token stop);
QCoro::Task<Expected<void>> intuneCheck(CommandLine line, Terminal* terminal, std::stop_token stop);
QCoro::Task<Expected<void>> intuneList(CommandLine line, Terminal* terminal, std::stop_token stop);
QCoro::Task<Expected<void>> intuneSync(CommandLine line, Terminal* terminal, std::stop_token stop);
QCoro::Task<Expected<void>> intuneRemove(CommandLine line, Terminal* terminal, std::stop_token stop);
QCoro::Task<Expected<void>> users(CommandLine line, Terminal* terminal, std::stop_token stop);
QCoro::Task<Expected<void>> matches(CommandLine line, Terminal* terminal, std::stop_token stop);
QCoro::Task<Expected<void>> devices(CommandLine line, Terminal* terminal, std::stop_token stop);
QCoro::Task<Expected<void>> runService(CommandLine line, Terminal* terminal, std::stop_token stop);

// WithSchedules: also what is due by itself, not only what is asked for.
enum class Serve { No, Yes, WithSchedules };

// The open site of the command line; the caller ends with `co_await session->close()` in every path.
QCoro::Task<Expected<std::unique_ptr<site::SiteSession>>> openSite(CommandLine line, Serve serve);

// The connectors that a command means: the named one, or all. NotFound, StoreFailed.
QCoro::Task<Expected<std::vector<Connector>>> connectorsOf(site::SiteSession* session, QString name);

} // namespace postern::agent
