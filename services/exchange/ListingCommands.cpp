#include "services/exchange/ListingCommands.h"

#include <QLocale>

namespace postern::exchange {

using namespace Qt::StringLiterals;

namespace {

constexpr QStringView hasPhones = u"HasActiveSyncDevicePartnership -eq $true";
const QString unitParameter = QStringLiteral("OrganizationalUnit");

void append(std::vector<Alternative>& to, std::vector<Alternative> more)
{
    std::move(more.begin(), more.end(), std::back_inserter(to));
}

std::vector<Alternative> perhapsChanged(std::vector<Alternative> alternatives, const QDateTime& since)
{
    return since.isValid() ? withFilter(std::move(alternatives), changedSince(since)) : alternatives;
}

} // namespace

psrp::PsCommand unlimitedCommand(QStringView cmdlet)
{
    psrp::PsCommand command(cmdlet.toString());
    command.with(u"ResultSize"_s, u"Unlimited"_s);
    return command;
}

Alternative plainAlternative(QStringView cmdlet)
{
    return {cmdlet.toString(), psrp::PsCommand(cmdlet.toString())};
}

// d.7: the server's culture reads it, whatever the session asked for (a.3). Month first would be another day
// on a server that reads days first, and changes would be missed in silence; this form means one day wherever
// it is understood, and where it is not (another calendar) the filter is refused and everything is listed.
QString changedSince(const QDateTime& since)
{
    return u"WhenChangedUTC -ge '%1'"_s.arg(QLocale::c().toString(since.toUTC(), u"yyyy-MM-ddTHH:mm:ss"_s));
}

std::vector<Alternative> bothFamilies(
    const CommandSet& commands, QStringView modern, QStringView legacy, const psrp::PsCommand& tail)
{
    std::vector<Alternative> alternatives;
    const QString first = commands.choose(modern, legacy);
    for (const QStringView name : {QStringView(first), legacy}) {
        if (!alternatives.empty() && alternatives.front().cmdlet == name)
            continue;
        psrp::PsCommand command(name.toString());
        if (!tail.isEmpty()) {
            for (const psrp::PsArgument& argument : tail.statements().front().front().arguments)
                command.with(argument.name, argument.value);
        }
        alternatives.push_back(Alternative{name.toString(), std::move(command)});
    }
    return alternatives;
}

std::vector<Alternative> withFilter(std::vector<Alternative> alternatives, const QString& filter)
{
    std::vector<Alternative> both;
    for (Alternative& whole : alternatives) {
        Alternative part = whole;
        part.command.with(u"Filter"_s, filter);
        part.mayBeRefused = true;
        both.push_back(std::move(part));
        both.push_back(std::move(whole));
    }
    return both;
}

std::vector<Alternative> inContainer(
    std::vector<Alternative> alternatives, const QString& container, const CommandSet& commands)
{
    if (container.isEmpty())
        return alternatives;
    std::vector<Alternative> scoped;
    for (size_t begin = 0; begin < alternatives.size();) {
        const QString cmdlet = alternatives.at(begin).cmdlet;
        size_t end = begin;
        while (end < alternatives.size() && alternatives.at(end).cmdlet == cmdlet)
            ++end;
        const bool may = commands.hasParameter(cmdlet, unitParameter) != CommandSet::Presence::Missing;
        for (size_t i = begin; may && i < end; ++i) {
            Alternative inside = alternatives.at(i);
            inside.command.with(unitParameter, container);
            inside.mayLackParameter = unitParameter;
            scoped.push_back(std::move(inside));
        }
        for (; begin < end; ++begin)
            scoped.push_back(std::move(alternatives.at(begin)));
    }
    return scoped;
}

std::vector<Alternative> mailboxCommands(const CommandSet& commands, const QDateTime& since)
{
    std::vector<Alternative> alternatives;
    if (commands.has(u"Get-CASMailbox") != CommandSet::Presence::Missing) {
        psrp::PsCommand whole = unlimitedCommand(u"Get-CASMailbox"), part = whole;
        whole.with(u"Filter"_s, hasPhones.toString());
        part.with(u"Filter"_s, u"%1 -and %2"_s.arg(hasPhones, changedSince(since)));
        if (since.isValid())
            alternatives.push_back(Alternative{u"Get-CASMailbox"_s, std::move(part), true});
        alternatives.push_back(Alternative{u"Get-CASMailbox"_s, std::move(whole)});
    }
    append(alternatives,
        perhapsChanged({Alternative{u"Get-Recipient"_s, unlimitedCommand(u"Get-Recipient")}}, since));
    return alternatives;
}

std::vector<Alternative> recipientCommands(const CommandSet& commands, const QDateTime& since)
{
    return perhapsChanged(
        bothFamilies(commands, u"Get-User", u"Get-Recipient", unlimitedCommand(u"Get-User")), since);
}

std::vector<Alternative> partnershipCommands(const CommandSet& commands, const QDateTime& since)
{
    return perhapsChanged(bothFamilies(commands, u"Get-MobileDevice", u"Get-ActiveSyncDevice",
                              unlimitedCommand(u"Get-MobileDevice")),
        since);
}

} // namespace postern::exchange
