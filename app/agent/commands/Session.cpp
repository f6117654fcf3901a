#include <QCoroFuture>

#include "app/agent/Command.h"
#include "app/composition/SitePaths.h"
#include "services/store/ConnectorRepository.h"

namespace postern::agent {

QCoro::Task<Expected<std::unique_ptr<site::SiteSession>>> openSite(CommandLine line, Serve serve)
{
    const Expected<store::SiteAddress> address = store::SiteAddress::parse(line.site);
    if (!address)
        co_return fail(address.error());
    site::SiteOptions options;
    options.address = *address;
    options.serve = serve != Serve::No;
    options.schedules = serve == Serve::WithSchedules;
    options.feed = false;
    options.logPath = composition::traceLogPath(*address);
    auto session = std::make_unique<site::SiteSession>(std::move(options));
    const Expected<store::SiteInfo> opened = co_await session->open();
    if (!opened) {
        co_await session->close();
        co_return fail(opened.error());
    }
    co_return session;
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
