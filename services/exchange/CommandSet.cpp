#include "services/exchange/CommandSet.h"

#include "services/psrp/clixml/Object.h"

namespace postern::exchange {

using namespace Qt::StringLiterals;

namespace {

constexpr QStringView required[] = {
    u"Clear-ActiveSyncDevice",
    u"Get-ActiveSyncDevice",
    u"Get-ActiveSyncDeviceAccessRule",
    u"Get-ActiveSyncDeviceStatistics",
    u"Get-ActiveSyncMailboxPolicy",
    u"Get-ActiveSyncOrganizationSettings",
    u"Get-ExchangeServer",
    u"Get-Recipient",
    u"Set-ADServerSettings",
    u"Set-ActiveSyncDeviceAccessRule",
    u"Set-ActiveSyncMailboxPolicy",
    u"Set-CASMailbox",
    u"New-ActiveSyncDeviceAccessRule",
    u"New-ActiveSyncMailboxPolicy",
    u"Remove-ActiveSyncDevice",
};

constexpr ExtendedCmdlet extended[] = {
    {u"Get-CASMailbox", u"existing exemptions of mailboxes cannot be read"},
    {u"Get-Mailbox", u"mailbox servers cannot be followed for fail-over"},
    {u"Get-User", u"user principal names and departments may be missing"},
    {u"Set-ActiveSyncOrganizationSettings", u"the default access rule cannot be changed"},
    {u"Remove-ActiveSyncDeviceAccessRule", u"device access rules cannot be deleted"},
    {u"Remove-ActiveSyncMailboxPolicy", u"mailbox policies cannot be deleted"},
    {u"Get-ActiveSyncDeviceClass", u"device types cannot be offered for rules"},
};

constexpr QStringView modern[] = {
    u"Get-MobileDevice",
    u"Get-MobileDeviceStatistics",
    u"Get-MobileDeviceMailboxPolicy",
    u"Clear-MobileDevice",
    u"Remove-MobileDevice",
    u"Set-MobileDeviceMailboxPolicy",
    u"New-MobileDeviceMailboxPolicy",
};

// The names below a command's Parameters: the keys of a dictionary, or a list of names or of objects with a
// Name.
QStringList parameterNames(const clixml::Value& command)
{
    const clixml::Object* object = command.property(u"Parameters").object();
    if (!object)
        return {};
    QStringList names;
    for (const auto& entry : object->entries)
        names.append(entry.first.toText());
    for (const auto& item : object->items) {
        const clixml::Value& name = item.property(u"Name");
        names.append(name.isNil() ? item.toText() : name.toText());
    }
    return names;
}

} // namespace

std::span<const QStringView> requiredCmdlets()
{
    return required;
}

std::span<const ExtendedCmdlet> extendedCmdlets()
{
    return extended;
}

std::span<const QStringView> modernCmdlets()
{
    return modern;
}

psrp::PsCommand CommandSet::query()
{
    QStringList names;
    for (const QStringView name : required)
        names.append(name.toString());
    for (const ExtendedCmdlet& cmdlet : extended)
        names.append(cmdlet.name.toString());
    for (const QStringView name : modern)
        names.append(name.toString());
    psrp::PsCommand command(u"Get-Command"_s);
    command.with(u"Name"_s, clixml::Value::arrayList(names));
    return command;
}

CommandSet CommandSet::fromAnswer(const std::vector<clixml::Value>& commands)
{
    CommandSet set;
    for (const QStringView name : required)
        set.learn(name, Presence::Missing);
    for (const ExtendedCmdlet& cmdlet : extended)
        set.learn(cmdlet.name, Presence::Missing);
    for (const QStringView name : modern)
        set.learn(name, Presence::Missing);
    for (const clixml::Value& command : commands) {
        const clixml::Value& nameValue = command.property(u"Name");
        const QString name = nameValue.isNil() ? command.toText() : nameValue.toText();
        if (name.isEmpty())
            continue;
        set.learn(name, Presence::Present);
        const QStringList parameters = parameterNames(command);
        for (const QString& parameter : parameters)
            set.learnParameter(name, parameter, Presence::Present);
        if (!parameters.isEmpty())
            set.m_withParameters.insert(key(name));
    }
    return set;
}

CommandSet::Presence CommandSet::has(QStringView cmdlet) const
{
    return m_cmdlets.value(key(cmdlet), Presence::Unknown);
}

CommandSet::Presence CommandSet::hasParameter(QStringView cmdlet, QStringView parameter) const
{
    if (has(cmdlet) == Presence::Missing)
        return Presence::Missing;
    const auto known = m_parameters.constFind(key(cmdlet, parameter));
    if (known != m_parameters.constEnd())
        return *known;
    return m_withParameters.contains(key(cmdlet)) ? Presence::Missing : Presence::Unknown;
}

void CommandSet::learn(QStringView cmdlet, Presence presence)
{
    m_cmdlets.insert(key(cmdlet), presence);
}

void CommandSet::learnParameter(QStringView cmdlet, QStringView parameter, Presence presence)
{
    m_parameters.insert(key(cmdlet, parameter), presence);
}

QString CommandSet::choose(QStringView modernName, QStringView legacyName) const
{
    const bool useLegacy = has(modernName) == Presence::Missing && has(legacyName) != Presence::Missing;
    return (useLegacy ? legacyName : modernName).toString();
}

QString CommandSet::key(QStringView cmdlet, QStringView parameter)
{
    QString made = cmdlet.toString().toLower();
    if (!parameter.isEmpty())
        made += u" -"_s + parameter.toString().toLower();
    return made;
}

} // namespace postern::exchange
