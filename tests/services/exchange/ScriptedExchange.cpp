#include "tests/services/exchange/ScriptedExchange.h"

#include "services/psrp/clixml/Reader.h"
#include "tests/services/exchange/ExchangeObjects.h"

namespace postern::exchange::test {

using namespace Qt::StringLiterals;
using postern::test::FakeWire;
namespace Soap = postern::test::Soap;

std::function<std::unique_ptr<wsman::Client>(const wsman::Endpoint&, const core::Clock&)>
ScriptedExchange::clients()
{
    return [this](const wsman::Endpoint& endpoint, const core::Clock& clock) {
        auto line = std::make_unique<Line>();
        auto wire = std::make_unique<FakeWire>();
        line->host = endpoint.url.host();
        line->wire = wire.get();
        m_lines.push_back(std::move(line));
        return std::make_unique<wsman::Client>(endpoint, std::move(wire), &clock);
    };
}

void ScriptedExchange::pump()
{
    // By index: an answer may open a further session.
    for (size_t i = 0; i < m_lines.size(); ++i) {
        if (m_lines.at(i)->wire && m_lines.at(i)->wire->waiting() > 0)
            serve(*m_lines.at(i));
    }
}

void ScriptedExchange::serve(Line& line)
{
    FakeWire* wire = line.wire;
    if (wire->take("Create", 0))
        create(line);
    else if (wire->take("Command", 0))
        command(line);
    else if (wire->take("Signal", 0))
        wire->answer(Soap::done(wire->current()));
    else if (wire->take("Delete", 0)) {
        deletes.append(line.host);
        wire->answer(Soap::done(wire->current()));
    } else if (!holdsCommands && wire->take("Receive", 0))
        receive(line);
}

void ScriptedExchange::create(Line& line)
{
    FakeWire* wire = line.wire;
    creates.append(line.host);
    authorizations.append(wire->current().http.rawHeader("Authorization"));
    const ScriptedHost& host = hosts[line.host];
    if (host.breaks)
        return wire->breakOff(*host.breaks);
    if (host.refusal)
        return wire->answer(*host.refusal);
    if (host.fault != 0)
        return wire->answer(Soap::fault(wire->current(), host.fault, "QuotaLimit", host.faultText));
    line.side.poolId = postern::test::messagesIn(wire->current()).at(0).runspacePoolId;
    line.shell = line.side.poolId.toByteArray(QUuid::WithoutBraces).toUpper();
    wire->answer(Soap::created(wire->current(), line.shell));
}

void ScriptedExchange::command(Line& line)
{
    FakeWire* wire = line.wire;
    const auto messages = postern::test::messagesIn(wire->current());
    SeenCommand seen;
    seen.host = line.host;
    if (const auto read = clixml::Reader().read(messages.at(0).data)) {
        const auto& steps = read->property(u"PowerShell").property(u"Cmds").object()->items;
        seen.cmdlet = steps.front().property(u"Cmd").toText();
        for (const clixml::Value& argument : steps.front().property(u"Args").object()->items)
            seen.arguments.insert(argument.property(u"N").toText(), argument.property(u"V"));
    }
    commands.push_back(seen);
    const ScriptedReply reply = replyTo(seen);
    if (reply.breaks)
        return wire->breakOff();
    line.running[wire->current().commandId] = {messages.at(0).pipelineId, reply};
    wire->answer(Soap::commanded(wire->current()));
}

void ScriptedExchange::receive(Line& line)
{
    FakeWire* wire = line.wire;
    postern::test::PsrpSide& side = line.side;
    const auto at = line.running.find(wire->current().commandId);
    if (at == line.running.end()) {
        wire->answer(
            Soap::received(wire->current(), {side.capability(), side.privateData(), side.poolState(2)}));
        return;
    }
    const ScriptedReply reply = at->second.second;
    side.pipelineId = at->second.first;
    line.running.erase(at);
    QList<QByteArray> streams;
    for (const QByteArray& warning : reply.warnings)
        streams.append(side.warning(warning));
    for (const QByteArray& object : reply.objects)
        streams.append(side.output(object));
    if (!reply.error.isEmpty())
        streams.append(side.error(reply.error, reply.errorId, 0, reply.errorType));
    streams.append(reply.failure.isEmpty() ? side.pipelineState(4)
                                           : side.pipelineState(5,
                                               postern::test::PsrpSide::record(reply.failure, reply.errorId,
                                                   0, reply.errorType, "ExceptionAsErrorRecord")));
    wire->answer(Soap::received(wire->current(), streams, "Done"));
}

ScriptedReply ScriptedExchange::replyTo(const SeenCommand& seen) const
{
    if (answer) {
        if (auto special = answer(seen))
            return *special;
    }
    ScriptedReply reply;
    if (seen.cmdlet == "Get-ExchangeServer"_L1) {
        const auto host = hosts.find(seen.host);
        const QString organization = host == hosts.end() ? u"Contoso"_s : host->second.organization;
        for (const QString& server : QStringList(seen.host) + siblings)
            reply.objects.append(serverObject(server, organization));
    }
    return reply;
}

QByteArray serverObject(const QString& host, const QString& organization, const QString& version)
{
    const QString name = host.section(u'.', 0, 0).toUpper();
    return document({{u"Name"_s, text(name)}, {u"Fqdn"_s, text(host)},
        {u"AdminDisplayVersion"_s, text(version)}, {u"ServerRole"_s, enumeration(u"Mailbox, ClientAccess"_s)},
        {u"Site"_s, identity(u"contoso.lab/Configuration/Sites/Berlin"_s)},
        {u"DistinguishedName"_s,
            text(
                u"CN=%1,CN=Servers,CN=%2,CN=Microsoft Exchange,CN=Services,CN=Configuration,DC=contoso,DC=lab"_s
                    .arg(name, organization))}});
}

} // namespace postern::exchange::test
