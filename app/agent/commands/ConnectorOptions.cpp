#include "app/agent/commands/ConnectorOptions.h"

#include <cstdio>

#include "models/base/EnumText.h"

using namespace Qt::StringLiterals;

namespace postern::agent {

namespace {

Expected<void> setNumber(const CommandLine& line, const QString& option, int& target)
{
    if (!line.has(option))
        return {};
    bool ok = false;
    target = line.value(option).toInt(&ok);
    if (!ok)
        return fail(
            ErrorCode::InvalidInput, u"a whole number"_s, u"--%1 %2"_s.arg(option, line.value(option)));
    return {};
}

void setText(const CommandLine& line, const QString& option, QString& target)
{
    if (line.has(option))
        target = line.value(option).trimmed();
}

Expected<void> setKind(const CommandLine& line, Connector& connector)
{
    if (line.has(u"kind"_s)) {
        const QString kind = line.value(u"kind"_s);
        if (kind != "on-premises"_L1 && kind != "online"_L1)
            return fail(ErrorCode::InvalidInput, u"on-premises or online"_s, u"--kind %1"_s.arg(kind));
        connector.kind = kind == "online"_L1 ? ConnectorKind::Hosted : ConnectorKind::OnPremises;
    }
    if (!line.has(u"auth"_s))
        return {};
    const auto authentication = enumFromText<Authentication>(line.value(u"auth"_s));
    if (!authentication)
        return fail(ErrorCode::InvalidInput, u"basic, negotiate, certificate or secret"_s,
            u"--auth %1"_s.arg(line.value(u"auth"_s)));
    connector.authentication = *authentication;
    return {};
}

// "Berlin=ex2.contoso.lab,Paris=ex3.contoso.lab"
Expected<void> setServers(const CommandLine& line, Connector& connector)
{
    if (!line.has(u"client-access-servers"_s))
        return {};
    connector.clientAccessServers.clear();
    const QStringList parts = line.value(u"client-access-servers"_s).split(u',', Qt::SkipEmptyParts);
    for (const QString& part : parts) {
        const qsizetype equals = part.indexOf(u'=');
        if (equals <= 0)
            return fail(ErrorCode::InvalidInput, u"SITE=SERVER,SITE=SERVER"_s,
                u"--client-access-servers %1"_s.arg(part));
        connector.clientAccessServers.push_back(
            {part.left(equals).trimmed(), part.mid(equals + 1).trimmed()});
    }
    return {};
}

} // namespace

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

Expected<Connector> withOptions(Connector connector, const CommandLine& line)
{
    if (auto kind = setKind(line, connector); !kind)
        return fail(kind.error());
    setText(line, u"name"_s, connector.name);
    setText(line, u"new-name"_s, connector.name);
    setText(line, u"url"_s, connector.serverAddress);
    if (!connector.serverAddress.contains("://"_L1) && !connector.serverAddress.isEmpty())
        connector.serverAddress = u"https://%1/PowerShell/"_s.arg(connector.serverAddress); // CON-02
    setText(line, u"user"_s, connector.user);
    setText(line, u"ca-file"_s, connector.caFile);
    setText(line, u"notification-account"_s, connector.notificationAccount);
    setText(line, u"ews-url"_s, connector.ewsUrl);
    setText(line, u"full-schedule"_s, connector.fullSchedule);
    if (auto servers = setServers(line, connector); !servers)
        return fail(servers.error());
    if (line.has(u"ad-containers"_s))
        connector.adContainers = line.value(u"ad-containers"_s).split(u';', Qt::SkipEmptyParts);
    if (line.has(u"no-discovery"_s))
        connector.discoverServers = false;
    if (line.has(u"enable"_s) || line.has(u"disable"_s))
        connector.enabled = line.has(u"enable"_s);
    const std::pair<QString, int*> numbers[] = {{u"delta-minutes"_s, &connector.deltaMinutes},
        {u"max-inactive-days"_s, &connector.maxInactiveDays}, {u"parallel"_s, &connector.parallelSessions}};
    for (const auto& [option, target] : numbers) {
        if (auto set = setNumber(line, option, *target); !set)
            return fail(set.error());
    }
    return connector;
}

} // namespace postern::agent
