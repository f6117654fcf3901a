#include "app/agent/CommandLine.h"

#include <array>

using namespace Qt::StringLiterals;

namespace postern::agent {

namespace {

struct CommandInfo
{
    QStringView name; // "connector add"
    QStringView arguments; // positional ones, for the help
    int minimum; // positional arguments
    int maximum;
    QStringView options; // "name= json": '=' takes a value
    QStringView help;
};

constexpr std::array commands{
    CommandInfo{u"site init", u"", 0, 0, u"site-code=",
        u"Creates the site database. --site-code: three letters or digits, PS1 unless said."},
    CommandInfo{u"connector add", u"", 0, 0,
        u"kind= name= url= user= auth= ca-file= notification-account= full-schedule= delta-minutes= "
        u"max-inactive-days= parallel= ews-url= client-access-servers= ad-containers= no-discovery "
        u"password-stdin",
        u"Adds an Exchange Server connector.\n"
        "      --kind on-premises|online --name NAME --url URL --user USER [--auth "
        "basic|negotiate|certificate|secret]\n"
        "      [--ca-file PEM] [--notification-account SMTP] [--full-schedule 1d@00:00] [--delta-minutes N]\n"
        "      [--max-inactive-days N] [--parallel N] [--ews-url URL] [--ad-containers DN;DN]\n"
        "      [--client-access-servers SITE=SERVER,...] [--no-discovery] --password-stdin"},
    CommandInfo{u"connector settings", u"NAME", 1, 1, u"show set= preview",
        u"What the connector configures in Exchange, as JSON.\n"
        "      [--show] [--set FILE.json: saves and applies it] [--preview: the commands that would be "
        "sent]"},
    CommandInfo{u"connector set", u"NAME", 1, 1,
        u"new-name= url= user= auth= ca-file= notification-account= full-schedule= delta-minutes= "
        u"max-inactive-days= parallel= ews-url= client-access-servers= ad-containers= no-discovery enable "
        u"disable password-stdin",
        u"Changes what the options say, as in connector add; a new address must be the same organization.\n"
        "      [--new-name NAME] [--enable | --disable] ..."},
    CommandInfo{u"connector check", u"NAME", 1, 1, u"",
        u"Prerequisite and cmdlet checks, one line a check; exit 1 when a required one fails."},
    CommandInfo{u"connector list", u"", 0, 0, u"", u"The site's connectors and their state."},
    CommandInfo{u"connector remove", u"NAME", 1, 1, u"keep-entries",
        u"Takes the allow and block entries that Postern wrote out of Exchange, then removes the connector\n"
        "      with its devices and its password. --keep-entries: leaves the entries; needs no Exchange."},
    CommandInfo{u"intune connect", u"", 0, 0,
        u"tenant= client-id= name= cloud= authority= graph-url= ca-file= full-schedule= poll-seconds= "
        u"secret-stdin certificate= device-code",
        u"Connects a tenant of Microsoft Intune, or changes how it is connected.\n"
        "      --tenant ID|DOMAIN --client-id ID [--name NAME] [--cloud global|usGovHigh|usGovDod|china]\n"
        "      [--authority URL] [--graph-url URL] [--ca-file PEM] [--full-schedule 1d@00:00] "
        "[--poll-seconds N]\n"
        "      (--secret-stdin | --certificate PEM (certificate and key) | --device-code)"},
    CommandInfo{u"intune check", u"[NAME]", 0, 1, u"",
        u"Sign-in and permissions by name, one line a check; exit 1 when a required one fails."},
    CommandInfo{u"intune list", u"", 0, 0, u"", u"The site's tenants and their state."},
    CommandInfo{u"intune sync", u"[NAME]", 0, 1, u"delta",
        u"Reads people, groups and devices of a tenant, and matches. [--delta]: only what changed"},
    CommandInfo{u"intune remove", u"[NAME]", 0, 1, u"",
        u"Removes a tenant with what was read from it and its credential. Nothing changes in Intune."},
    CommandInfo{u"sync full", u"", 0, 0, u"connector= confirm-shrink",
        u"Reads everything from Exchange, without a time filter, and from Intune unless --connector is "
        u"given.\n"
        "      [--connector NAME] [--confirm-shrink]: much shorter lists than before are right this time"},
    CommandInfo{u"sync delta", u"", 0, 0, u"connector=",
        u"Reads what changed since the last synchronization, in Exchange less ten minutes. Never removes a "
        u"device. Intune as well, unless --connector is given."},
    CommandInfo{u"users", u"", 0, 0, u"format=",
        u"The people of the site with licences, groups, mailbox and devices. [--format table|csv|json]"},
    CommandInfo{u"matches", u"[D]", 0, 1, u"confirm= reject=",
        u"What may belong together and is not linked: suggested and transferred ones.\n"
        "      [--confirm P D | --reject P D]: answers a suggestion, by the numbers of the list"},
    CommandInfo{u"devices", u"", 0, 0, u"columns= where= format= sort=",
        u"The phones of the site.\n"
        "      [--columns a,b] [--where CRITERIA] [--sort COLUMN[ desc]] [--format table|csv|json]"},
    CommandInfo{u"device wipe", u"DEVICE", 1, 1,
        u"mailbox= reason= account-only cancel confirm-factory-reset notify=",
        u"Wipes a phone at its next contact. DEVICE: its EAS id or Exchange's identity.\n"
        "      --account-only | --confirm-factory-reset | --cancel [--mailbox UPN] [--reason TEXT] [--notify "
        "SMTP,SMTP]"},
    CommandInfo{u"device remove", u"DEVICE", 1, 1, u"mailbox= reason= confirm",
        u"Removes the partnership in Exchange and here; nothing is erased on the phone.\n"
        "      --confirm [--mailbox UPN] [--reason TEXT]"},
    CommandInfo{u"status", u"", 0, 0, u"since= severity= connector= limit=",
        u"Status messages, newest first.\n"
        "      [--since 24h|7d|TIME] [--severity information|warning|error] [--connector NAME] [--limit N]"},
    CommandInfo{u"writes", u"NAME", 1, 1, u"limit=",
        u"What was written to Exchange for a connector, newest first, with the commands. [--limit N]"},
    CommandInfo{
        u"run", u"", 0, 0, u"", u"The site service with its schedules, until stopped (SIGINT or SIGTERM)."},
};

const CommandInfo* find(const QStringList& words)
{
    for (const auto& command : commands) {
        const QStringList name = command.name.toString().split(u' ');
        if (words.size() >= name.size() && words.mid(0, name.size()) == name)
            return &command;
    }
    return nullptr;
}

// nullopt: no such option; true: it takes a value.
std::optional<bool> takesValue(const CommandInfo* command, QStringView name)
{
    if (name == u"site")
        return true;
    if (name == u"json" || name == u"help")
        return false;
    // Before the command is known, every option of any command may come first.
    for (const auto& candidate : commands) {
        if (command && command != &candidate)
            continue;
        const auto options = candidate.options.split(u' ');
        for (const QStringView option : options) {
            const bool value = option.endsWith(u'=');
            if ((value ? option.chopped(1) : option) == name)
                return value;
        }
    }
    return std::nullopt;
}

Expected<void> take(CommandLine& line, const QString& argument, const QStringList& all, qsizetype& i)
{
    const qsizetype equals = argument.indexOf(u'=');
    const QString name = argument.mid(2, equals < 0 ? -1 : equals - 2);
    const std::optional<bool> value = takesValue(find(line.words), name);
    if (!value)
        return fail(ErrorCode::InvalidInput, u"unknown option --%1"_s.arg(name));
    if (!*value) {
        line.options.insert(name, u"true"_s);
        return {};
    }
    if (equals >= 0)
        line.options.insert(name, argument.mid(equals + 1));
    else if (i + 1 < all.size())
        line.options.insert(name, all.at(++i));
    else
        return fail(ErrorCode::InvalidInput, u"--%1 needs a value"_s.arg(name));
    return {};
}

Expected<void> checkWords(const CommandLine& line)
{
    const CommandInfo* const command = find(line.words);
    if (!command)
        return fail(ErrorCode::InvalidInput,
            line.words.isEmpty() ? u"no command"_s : u"unknown command \"%1\""_s.arg(line.words.join(u' ')));
    const qsizetype extra = line.words.size() - command->name.count(u' ') - 1;
    if (extra < command->minimum)
        return fail(ErrorCode::InvalidInput, u"%1 needs %2"_s.arg(command->name, command->arguments));
    if (extra > command->maximum)
        return fail(ErrorCode::InvalidInput, u"unexpected argument \"%1\""_s.arg(line.words.last()));
    for (auto it = line.options.keyBegin(); it != line.options.keyEnd(); ++it) {
        if (!takesValue(command, *it))
            return fail(ErrorCode::InvalidInput, u"%1 has no option --%2"_s.arg(command->name, *it));
    }
    return {};
}

} // namespace

Expected<CommandLine> parseCommandLine(const QStringList& arguments)
{
    CommandLine line;
    for (qsizetype i = 0; i < arguments.size(); ++i) {
        const QString& argument = arguments.at(i);
        if (argument == u"-h"_s) {
            line.help = true;
        } else if (argument.startsWith("--"_L1) && argument.size() > 2) {
            if (auto taken = take(line, argument, arguments, i); !taken)
                return fail(taken.error());
        } else {
            line.words.append(argument);
        }
    }
    line.help = line.help || line.options.remove(u"help"_s) > 0;
    line.json = line.options.remove(u"json"_s) > 0;
    line.site = line.options.take(u"site"_s);
    if (line.help)
        return line;
    if (auto ok = checkWords(line); !ok)
        return fail(ok.error());
    if (line.site.isEmpty())
        return fail(ErrorCode::InvalidInput, u"--site is missing: a file path or a postgresql:// URL"_s);
    return line;
}

QString helpText(const QString& topic)
{
    QString text = u"usage: postern-agent --site SITE [--json] COMMAND\n\n"
                   "SITE is a file path (SQLite) or a postgresql:// URL. Exit status: 0 success, 1 failed "
                   "(reason on stderr),\n"
                   "2 wrong usage. Passwords come on standard input and are kept in the key ring only.\n\n"_s;
    bool any = false;
    for (const auto& command : commands) {
        if (!topic.isEmpty() && !command.name.startsWith(topic))
            continue;
        any = true;
        text += u"  %1 %2\n      %3\n"_s.arg(command.name, command.arguments, command.help);
    }
    return any ? text : helpText({});
}

} // namespace postern::agent
