#include <QCoroFuture>
#include <QJsonArray>
#include <QJsonObject>
#include <cstdio>

#include "app/agent/Command.h"
#include "models/base/EnumText.h"

using namespace Qt::StringLiterals;

namespace postern::agent {

namespace {

Expected<QString> passwordFromStandardInput()
{
    QByteArray line;
    for (int c = std::fgetc(stdin); c != EOF && c != '\n' && line.size() < 4096; c = std::fgetc(stdin))
        line.append(char(c));
    if (line.endsWith('\r'))
        line.chop(1);
    if (line.isEmpty())
        return fail(ErrorCode::InvalidInput, u"nothing came on standard input"_s, u"--password-stdin"_s);
    return QString::fromUtf8(line);
}

Expected<int> number(const CommandLine& line, const QString& option, int otherwise)
{
    if (!line.has(option))
        return otherwise;
    bool ok = false;
    const int value = line.value(option).toInt(&ok);
    if (!ok)
        return fail(
            ErrorCode::InvalidInput, u"a whole number"_s, u"--%1 %2"_s.arg(option, line.value(option)));
    return value;
}

Expected<Connector> connectorFrom(const CommandLine& line)
{
    Connector connector;
    const QString kind = line.value(u"kind"_s, u"on-premises"_s);
    if (kind != "on-premises"_L1 && kind != "online"_L1)
        return fail(ErrorCode::InvalidInput, u"on-premises or online"_s, u"--kind %1"_s.arg(kind));
    connector.kind = kind == "online"_L1 ? ConnectorKind::Hosted : ConnectorKind::OnPremises;
    const auto authentication = enumFromText<Authentication>(line.value(u"auth"_s, u"negotiate"_s));
    if (!authentication)
        return fail(ErrorCode::InvalidInput, u"basic, negotiate, certificate or secret"_s,
            u"--auth %1"_s.arg(line.value(u"auth"_s)));
    connector.authentication = *authentication;
    connector.name = line.value(u"name"_s).trimmed();
    connector.serverAddress = line.value(u"url"_s);
    if (!connector.serverAddress.contains("://"_L1) && !connector.serverAddress.isEmpty())
        connector.serverAddress = u"https://%1/PowerShell/"_s.arg(connector.serverAddress); // CON-02
    connector.user = line.value(u"user"_s);
    connector.caFile = line.value(u"ca-file"_s);
    connector.notificationAccount = line.value(u"notification-account"_s);
    connector.fullSchedule = line.value(u"full-schedule"_s, u"1d@00:00"_s);
    const auto delta = number(line, u"delta-minutes"_s, connector.deltaMinutes);
    const auto inactive = number(line, u"max-inactive-days"_s, connector.maxInactiveDays);
    const auto parallel = number(line, u"parallel"_s, connector.parallelSessions);
    for (const auto* value : {&delta, &inactive, &parallel}) {
        if (!*value)
            return fail(value->error());
    }
    connector.deltaMinutes = *delta;
    connector.maxInactiveDays = *inactive;
    connector.parallelSessions = *parallel;
    return connector;
}

QJsonObject toJson(const Connector& connector)
{
    const auto time = [](const std::optional<QDateTime>& at) {
        return at ? QJsonValue(at->toString(Qt::ISODateWithMs)) : QJsonValue();
    };
    return {
        {u"name"_s, connector.name},
        {u"kind"_s, connector.kind == ConnectorKind::Hosted ? u"online"_s : u"on-premises"_s},
        {u"url"_s, connector.serverAddress},
        {u"user"_s, connector.user},
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

QJsonObject toJson(const CheckResult& check)
{
    return {{u"id"_s, check.id}, {u"name"_s, check.name}, {u"outcome"_s, enumText(check.outcome).toString()},
        {u"detail"_s, check.detail}, {u"required"_s, check.required}};
}

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
        json.append(toJson(check));
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
    const Expected<Connector> connector = connectorFrom(line);
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
    terminal->printJson(QJsonDocument(toJson(*saved)));
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
        json.append(toJson(c));
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
