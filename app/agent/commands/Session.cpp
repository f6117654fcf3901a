#include <QCoroFuture>

#include "app/agent/Command.h"
#include "app/composition/SitePaths.h"
#include "services/store/ConnectorRepository.h"

namespace postern::agent {

Expected<std::unique_ptr<site::SiteSession>> sessionFor(const CommandLine& line, Serve serve)
{
    const Expected<store::SiteAddress> address = store::SiteAddress::parse(line.site);
    if (!address)
        return fail(address.error());
    site::SiteOptions options;
    options.address = *address;
    options.serve = serve == Serve::Yes;
    options.feed = false;
    options.logPath = composition::traceLogPath(*address);
    return std::make_unique<site::SiteSession>(std::move(options));
}

QCoro::Task<Expected<std::vector<Connector>>> connectorsOf(site::SiteSession* session, QString name)
{
    auto work = session->store().read([](store::Session& s) { return store::ConnectorRepository(s).list(); });
    Expected<std::vector<Connector>> connectors = co_await work;
    if (!connectors || name.isEmpty())
        co_return connectors;
    std::erase_if(
        *connectors, [&name](const Connector& c) { return c.name.compare(name, Qt::CaseInsensitive) != 0; });
    if (connectors->empty())
        co_return fail(ErrorCode::NotFound, {}, QStringLiteral("connector \"%1\"").arg(name));
    co_return connectors;
}

} // namespace postern::agent
