#include "services/exchange/WriteCommand.h"

#include <QSet>

#include "services/exchange/PolicyFields.h"
#include "services/exchange/QuantityText.h"

namespace postern::exchange {

using namespace Qt::StringLiterals;
using clixml::Value;

namespace {

using Made = Expected<psrp::PsCommand>;

// An Unlimited<T> takes text in every version; of a number it would have to be told how wide it is.
const QString unlimited = QStringLiteral("Unlimited");

// $null empties a list or a text (d.1).
Value listOrNone(const QStringList& list)
{
    return list.isEmpty() ? Value() : Value::arrayList(list);
}

class PolicyWriter
{
public:
    PolicyWriter(psrp::PsCommand& command, bool legacy)
        : m_command(command)
        , m_legacy(legacy)
    {
    }
    void flag(PolicyName name, bool value) { m_command.with(called(name), value); }
    void opposite(PolicyName name, bool value) { m_command.with(called(name), !value); }
    void complexity(PolicyName name, PasswordComplexity value)
    {
        m_command.with(called(name), value == PasswordComplexity::Strong);
    }
    void number(PolicyName name, int value) { m_command.with(called(name), value); }
    void numberOrNone(PolicyName name, std::optional<int> value)
    {
        m_command.with(called(name), value ? Value::fromInt32(*value) : Value());
    }
    void limit(PolicyName name, std::optional<int> value)
    {
        m_command.with(called(name), value ? QString::number(*value) : unlimited);
    }
    void bytes(PolicyName name, std::optional<int> kilobytes)
    {
        m_command.with(called(name), kilobytes ? QString::number(qint64(*kilobytes) * 1024) : unlimited);
    }
    void span(PolicyName name, std::optional<int> value, std::chrono::seconds unit)
    {
        m_command.with(called(name), value ? textOfSeconds(*value * unit.count()) : unlimited);
    }
    template <class E> void choice(PolicyName name, E value)
    {
        m_command.with(called(name), enumText(value).toString());
    }
    void list(PolicyName name, const QStringList& value) { m_command.with(called(name), listOrNone(value)); }

private:
    QString called(PolicyName name) const
    {
        return (m_legacy && !name.legacy.isEmpty() ? name.legacy : name.modern).toString();
    }

    psrp::PsCommand& m_command;
    bool m_legacy;
};

tl::unexpected<Error> refuse(const QString& cmdlet, const QString& why)
{
    return fail(ErrorCode::InvalidInput, why, cmdlet);
}

Made withIdentity(const QString& cmdlet, const QString& identity)
{
    if (identity.trimmed().isEmpty())
        return refuse(cmdlet, u"an empty identity would mean everybody"_s);
    return psrp::PsCommand(cmdlet).with(u"Identity"_s, identity);
}

// Every write says that it needs no confirmation: there is nobody to ask.
Made unasked(Made made)
{
    if (made)
        made->with(u"Confirm"_s, false);
    return made;
}

// An id that is to be added and removed, or allowed and blocked, is a mistake of whoever planned it.
Expected<void> consistent(const ListWrite& write, const QString& cmdlet)
{
    const auto clash = [&](const QStringList& a, const QStringList& b) -> Expected<void> {
        for (const QString& id : a) {
            if (b.contains(id, Qt::CaseInsensitive))
                return refuse(cmdlet, u"%1 is to be put in and taken out at once"_s.arg(id));
        }
        return {};
    };
    for (const QStringList& list :
        {write.addAllowed, write.removeAllowed, write.addBlocked, write.removeBlocked}) {
        for (const QString& id : list) {
            if (id.trimmed().isEmpty())
                return refuse(cmdlet, u"a device id is empty"_s);
        }
    }
    if (auto fits = clash(write.addAllowed, write.removeAllowed + write.addBlocked); !fits)
        return fits;
    return clash(write.addBlocked, write.removeBlocked);
}

class CommandMaker
{
public:
    explicit CommandMaker(const CommandSet& commands)
        : m_commands(commands)
    {
    }

    Made operator()(const ListWrite& write) const
    {
        const QString cmdlet = u"Set-CASMailbox"_s;
        Made made = withIdentity(cmdlet, write.mailboxIdentity);
        if (!made)
            return made;
        if (write.isEmpty())
            return refuse(cmdlet, u"no list is changed"_s);
        if (const auto fits = consistent(write, cmdlet); !fits)
            return fail(fits.error());
        if (!write.addAllowed.isEmpty() || !write.removeAllowed.isEmpty())
            made->with(
                u"ActiveSyncAllowedDeviceIDs"_s, Value::addRemove(write.addAllowed, write.removeAllowed));
        if (!write.addBlocked.isEmpty() || !write.removeBlocked.isEmpty())
            made->with(
                u"ActiveSyncBlockedDeviceIDs"_s, Value::addRemove(write.addBlocked, write.removeBlocked));
        return made;
    }

    Made operator()(const OrganizationWrite& write) const
    {
        psrp::PsCommand command(u"Set-ActiveSyncOrganizationSettings"_s);
        const OrganizationSettings& settings = write.settings;
        if (settings.userMailInsert.size() > 256)
            return refuse(
                u"Set-ActiveSyncOrganizationSettings"_s, u"UserMailInsert: at most 256 characters"_s);
        command.with(u"DefaultAccessLevel"_s, enumText(settings.defaultAccessLevel).toString());
        command.with(u"UserMailInsert"_s,
            settings.userMailInsert.isEmpty() ? Value() : Value::fromText(settings.userMailInsert));
        command.with(u"AdminMailRecipients"_s, listOrNone(settings.adminMailRecipients));
        return command;
    }

    Made operator()(const AccessRuleCreate& write) const
    {
        psrp::PsCommand command(u"New-ActiveSyncDeviceAccessRule"_s);
        if (write.rule.query.trimmed().isEmpty())
            return refuse(u"New-ActiveSyncDeviceAccessRule"_s, u"the rule names no device"_s);
        command.with(u"QueryString"_s, write.rule.query);
        command.with(u"Characteristic"_s, enumText(write.rule.characteristic).toString());
        command.with(u"AccessLevel"_s, enumText(write.rule.level).toString());
        return command;
    }

    Made operator()(const AccessRuleChange& write) const
    {
        Made made = withIdentity(u"Set-ActiveSyncDeviceAccessRule"_s, write.identity);
        if (made)
            made->with(u"AccessLevel"_s, enumText(write.level).toString());
        return made;
    }

    Made operator()(const AccessRuleRemove& write) const
    {
        return withIdentity(u"Remove-ActiveSyncDeviceAccessRule"_s, write.identity);
    }

    Made operator()(const MailboxPolicyCreate& write) const
    {
        const QString cmdlet
            = m_commands.choose(u"New-MobileDeviceMailboxPolicy", u"New-ActiveSyncMailboxPolicy");
        if (write.name.trimmed().isEmpty())
            return refuse(cmdlet, u"the policy has no name"_s);
        psrp::PsCommand command(cmdlet);
        command.with(u"Name"_s, write.name);
        command.with(isLegacy(cmdlet) ? u"IsDefaultPolicy"_s : u"IsDefault"_s, write.isDefault);
        addPolicy(command, cmdlet, write.settings, write.allowExternalDeviceManagement);
        return command;
    }

    Made operator()(const MailboxPolicyChange& write) const
    {
        const QString cmdlet
            = m_commands.choose(u"Set-MobileDeviceMailboxPolicy", u"Set-ActiveSyncMailboxPolicy");
        Made made = withIdentity(cmdlet, write.identity);
        if (!made)
            return made;
        if (write.settings.isEmpty() && !write.allowExternalDeviceManagement)
            return refuse(cmdlet, u"no setting is configured"_s);
        addPolicy(*made, cmdlet, write.settings, write.allowExternalDeviceManagement);
        return made;
    }

    Made operator()(const DeviceClear& write) const
    {
        // Of the two families only the newer one knows AccountOnly.
        const QString cmdlet = m_commands.choose(u"Clear-MobileDevice", u"Clear-ActiveSyncDevice");
        if (write.accountOnly && isLegacy(cmdlet))
            return fail(ErrorCode::ParameterMissing, u"AccountOnly"_s, cmdlet);
        Made made = withIdentity(cmdlet, write.deviceIdentity);
        if (!made)
            return made;
        if (write.accountOnly)
            made->withSwitch(u"AccountOnly"_s);
        if (write.cancel)
            made->withSwitch(u"Cancel"_s);
        if (!write.notify.isEmpty())
            made->with(u"NotificationEmailAddresses"_s, Value::arrayList(write.notify));
        return made;
    }

    Made operator()(const DeviceRemove& write) const
    {
        return withIdentity(
            m_commands.choose(u"Remove-MobileDevice", u"Remove-ActiveSyncDevice"), write.deviceIdentity);
    }

private:
    static bool isLegacy(const QString& cmdlet) { return cmdlet.contains("ActiveSync"_L1); }

    static void addPolicy(
        psrp::PsCommand& command, const QString& cmdlet, MailboxPolicySettings settings, bool external)
    {
        PolicyWriter writer(command, isLegacy(cmdlet));
        if (settings.general)
            visit(writer, *settings.general);
        if (settings.password)
            visit(writer, *settings.password);
        if (settings.email)
            visit(writer, *settings.email);
        if (settings.security)
            visit(writer, *settings.security);
        if (settings.application)
            visit(writer, *settings.application);
        if (external)
            writer.flag({u"AllowExternalDeviceManagement", {}}, true);
    }

    const CommandSet& m_commands;
};

// What the account's role does not have is known before anything is sent, and said by name.
Expected<void> permitted(const psrp::PsCommand& command, const CommandSet& commands)
{
    const psrp::PsStep& step = command.statements().front().front();
    if (commands.has(step.text) == CommandSet::Presence::Missing)
        return fail(ErrorCode::CmdletMissing, step.text, step.text);
    for (const psrp::PsArgument& argument : step.arguments) {
        if (argument.name != "Confirm"_L1 // a common parameter, which not every list has
            && commands.hasParameter(step.text, argument.name) == CommandSet::Presence::Missing)
            return fail(ErrorCode::ParameterMissing, argument.name, step.text);
    }
    return {};
}

} // namespace

Expected<psrp::PsCommand> commandFor(const ExchangeWrite& write, const CommandSet& commands)
{
    Made made = unasked(std::visit(CommandMaker(commands), write));
    if (!made)
        return made;
    if (const auto may = permitted(*made, commands); !may)
        return fail(may.error());
    return made;
}

} // namespace postern::exchange
