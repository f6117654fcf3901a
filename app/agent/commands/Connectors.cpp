#include <QCoroFuture>
#include <QJsonArray>
#include <QJsonObject>

#include "app/agent/commands/ConnectorOptions.h"
#include "models/base/EnumText.h"

using namespace Qt::StringLiterals;

namespace postern::agent {

QJsonObject connectorJson(const Connector& connector)
{
    const auto time = [](const std::optional<QDateTime>& at) {
        return at ? QJsonValue(at->toString(Qt::ISODateWithMs)) : QJsonValue();
    };
    return {
        {u"name"_s, connector.name},
        {u"kind"_s, connector.kind == ConnectorKind::Hosted ? u"online"_s : u"on-premises"_s},
        {u"url"_s, connector.serverAddress},
        {u"user"_s, connector.user},
        {u"ewsUrl"_s, connector.ewsUrl},
        {u"fullSchedule"_s, connector.fullSchedule},
        {u"deltaMinutes"_s, connector.deltaMinutes},
        {u"enabled"_s, connector.enabled},
        {u"state"_s, enumText(connector.state).toString()},
        {u"stateDetail"_s, connector.stateDetail},
        {u"organization"_s, connector.organizationName},
        {u"exchangeVersion"_s, connector.exchangeVersion},
        {u"devices"_s, connector.deviceCount},
        {u"mailboxes"_s, connector.mailboxCount},
        {u"lastFullStart"_s, time(connector.lastFullStart)},
        {u"lastFullEnd"_s, time(connector.lastFullEnd)},
        {u"lastFullResult"_s, connector.lastFullResult},
    };
}

QString checkLine(const CheckResult& check)
{
    static const QHash<CheckResult::Outcome, QString> words{
        {CheckResult::Outcome::Pass, u"PASS"_s},
        {CheckResult::Outcome::Warning, u"WARN"_s},
        {CheckResult::Outcome::Fail, u"FAIL"_s},
        {CheckResult::Outcome::NotApplicable, u"N/A "_s},
    };
    const QString line = u"%1  %2  %3"_s.arg(words.value(check.outcome), check.id, check.name);
    return check.detail.isEmpty() ? line : u"%1: %2"_s.arg(line, check.detail);
}

QJsonObject checkJson(const CheckResult& check)
{
    return {{u"id"_s, check.id}, {u"name"_s, check.name}, {u"outcome"_s, enumText(check.outcome).toString()},
        {u"detail"_s, check.detail}, {u"required"_s, check.required}};
}

namespace {

// On an open session; the caller closes it.
QCoro::Task<Expected<void>> checkOn(
    site::SiteSession* session, QString name, Terminal* terminal, std::stop_token stop)
{
    const Expected<std::vector<Connector>> connectors = co_await connectorsOf(session, name);
    if (!connectors)
        co_return fail(connectors.error());
    std::function<void(const CheckResult&)> report
        = [terminal](const CheckResult& check) { terminal->print(checkLine(check)); };
    const Expected<std::vector<CheckResult>> results
        = co_await session->check(connectors->front(), QString(), report, stop);
    if (!results)
        co_return fail(results.error());
    QJsonArray json;
    int failed = 0;
    for (const CheckResult& check : *results) {
        json.append(checkJson(check));
        failed += check.required && check.outcome == CheckResult::Outcome::Fail ? 1 : 0;
    }
    terminal->printJson(QJsonDocument(json));
    if (failed > 0)
        co_return fail(ErrorCode::CmdletFailed,
            u"%1 required check(s) failed, see the lines marked FAIL"_s.arg(failed),
            u"connector check %1"_s.arg(name));
    co_return Expected<void>{};
}

} // namespace

QCoro::Task<Expected<void>> connectorAdd(CommandLine line, Terminal* terminal, std::stop_token)
{
    Connector fresh;
    fresh.fullSchedule = u"1d@00:00"_s;
    const Expected<Connector> connector = withOptions(std::move(fresh), line);
    if (!connector)
        co_return fail(connector.error());
    QString password;
    if (line.has(u"password-stdin"_s)) {
        const Expected<QString> read = passwordFromStandardInput();
        if (!read)
            co_return fail(read.error());
        password = *read;
    } else if (!connector->user.isEmpty()) {
        co_return fail(ErrorCode::InvalidInput, u"add --password-stdin and send it on standard input"_s,
            u"the password of %1"_s.arg(connector->user));
    }
    const Expected<std::unique_ptr<site::SiteSession>> session = co_await openSite(line, Serve::No);
    if (!session)
        co_return fail(session.error());
    const Expected<Connector> saved = co_await (*session)->saveConnector(*connector, password);
    co_await (*session)->close();
    if (!saved)
        co_return fail(saved.error());
    terminal->print(u"Connector %1 added. Next: connector check %1, then sync full."_s.arg(saved->name));
    terminal->printJson(QJsonDocument(connectorJson(*saved)));
    co_return Expected<void>{};
}

QCoro::Task<Expected<void>> connectorCheck(CommandLine line, Terminal* terminal, std::stop_token stop)
{
    const Expected<std::unique_ptr<site::SiteSession>> session = co_await openSite(line, Serve::No);
    if (!session)
        co_return fail(session.error());
    Expected<void> result = co_await checkOn(session->get(), line.words.last(), terminal, stop);
    co_await (*session)->close();
    co_return result;
}

QCoro::Task<Expected<void>> connectorList(CommandLine line, Terminal* terminal, std::stop_token)
{
    const Expected<std::unique_ptr<site::SiteSession>> session = co_await openSite(line, Serve::No);
    if (!session)
        co_return fail(session.error());
    const Expected<std::vector<Connector>> connectors = co_await connectorsOf(session->get(), QString());
    co_await (*session)->close();
    if (!connectors)
        co_return fail(connectors.error());
    std::vector<QStringList> rows;
    QJsonArray json;
    for (const Connector& c : *connectors) {
        rows.push_back({c.name, enumText(c.state).toString(), c.organizationName,
            QString::number(c.deviceCount), c.serverAddress});
        json.append(connectorJson(c));
    }
    terminal->printJson(QJsonDocument(json));
    if (!terminal->json())
        terminal->printTable({u"NAME"_s, u"STATE"_s, u"ORGANIZATION"_s, u"DEVICES"_s, u"SERVER"_s}, rows);
    for (const Connector& c : *connectors) {
        if (!c.stateDetail.isEmpty())
            terminal->note(u"%1: %2"_s.arg(c.name, c.stateDetail));
    }
    co_return Expected<void>{};
}

} // namespace postern::agent
