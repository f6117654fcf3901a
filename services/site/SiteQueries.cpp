// The lists that consoles ask for; beside SiteSession.cpp for length only.
#include <QCoroFuture>

#include "services/enforce/StoredState.h"
#include "services/exchange/Connect.h"
#include "services/site/SiteSession.h"
#include "services/store/StatusMessageRepository.h"
#include "services/store/WriteRepository.h"

using namespace Qt::StringLiterals;

namespace postern::site {

QCoro::Task<Expected<std::vector<StatusMessage>>> SiteSession::statusMessages(StatusMessageQuery query)
{
    store::StatusMessageFilter filter;
    filter.since = query.since;
    filter.severity = query.severity;
    filter.connectorId = query.connectorId;
    filter.limit = query.limit;
    auto work = m_store->read(
        [filter](store::Session& session) { return store::StatusMessageRepository(session).list(filter); });
    Expected<std::vector<StatusMessage>> messages = co_await work;
    co_return messages;
}

QCoro::Task<Expected<std::vector<WriteRecord>>> SiteSession::writes(ConnectorId connector, int limit)
{
    auto work = m_store->read([connector, limit](store::Session& session) {
        return store::WriteRepository(session).list(connector, limit);
    });
    Expected<std::vector<WriteRecord>> records = co_await work;
    co_return records;
}

QCoro::Task<Expected<store::StoredCheck>> SiteSession::lastCheck(ConnectorId connector)
{
    auto work = m_store->read(
        [connector](store::Session& session) { return store::CheckRepository(session).last(connector); });
    Expected<std::optional<store::StoredCheck>> check = co_await work;
    if (!check)
        co_return fail(check.error());
    if (!*check)
        co_return fail(ErrorCode::NotFound, u"no check was run yet"_s, u"the check of the connector"_s);
    co_return std::move(**check);
}

QCoro::Task<Expected<QStringList>> SiteSession::previewSettings(Connector connector)
{
    if (auto valid = validate(connector.settings); !valid)
        co_return fail(valid.error());
    auto work = m_store->read(
        [id = connector.id](store::Session& session) { return enforce::storedState(session, id); });
    const Expected<enforce::ExchangeState> state = co_await work;
    if (!state)
        co_return fail(state.error());
    const exchange::ConnectDependencies with{*m_log, m_clock, m_site.siteCode};
    // Nothing is contacted: it only knows the words.
    const auto organization = exchange::connect(connector, QString(), with);
    QStringList commands;
    for (const enforce::SettingsStep& step : enforce::planSettings(connector.settings, *state))
        commands << organization->commandText(step.write);
    co_await organization->close();
    co_return commands;
}

} // namespace postern::site
