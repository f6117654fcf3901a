#include <QCoroFuture>
#include <QJsonDocument>

#include "app/agent/commands/Follow.h"

using namespace Qt::StringLiterals;

namespace postern::agent {

namespace {

QCoro::Task<Expected<void>> removeOn(
    site::SiteSession* session, CommandLine line, Terminal* terminal, std::stop_token stop)
{
    const Expected<std::vector<Connector>> connectors = co_await connectorsOf(session, line.words.last());
    if (!connectors)
        co_return fail(connectors.error());
    Request request;
    request.kind = RequestKind::RemoveConnector;
    const bool keep = line.has(u"keep-entries"_s);
    request.parameters = keep ? "{\"keepEntries\":true}" : "{\"keepEntries\":false}";
    const Connector connector = connectors->front();
    const Expected<Followed> end = co_await askAndFollow(session, connector, request, terminal, stop);
    if (!end)
        co_return fail(end.error());
    terminal->printJson(QJsonDocument(toJson(*end)));
    if (!end->isDone())
        co_return saidAlready();
    co_return Expected<void>{};
}

} // namespace

QCoro::Task<Expected<void>> connectorRemove(CommandLine line, Terminal* terminal, std::stop_token stop)
{
    const Expected<std::unique_ptr<site::SiteSession>> session = co_await openSite(line, Serve::Yes);
    if (!session)
        co_return fail(session.error());
    Expected<void> removed = co_await removeOn(session->get(), line, terminal, stop);
    co_await (*session)->close();
    co_return removed;
}

} // namespace postern::agent
