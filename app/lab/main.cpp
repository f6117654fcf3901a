// postern-lab: a simulated Exchange organisation on loopback. Prints one JSON object, then serves until
// stopped.
#include <QCommandLineParser>
#include <QCoreApplication>
#include <QDateTime>
#include <QTextStream>
#include <csignal>
#include <cstdio>

#include "app/lab/LabServer.h"

using namespace Qt::StringLiterals;
using namespace postern;

namespace {

const QList<QCommandLineOption>& optionList()
{
    static const QList<QCommandLineOption> list{
        {u"users"_s, u"Mailbox users (500)."_s, u"N"_s, u"500"_s},
        {u"devices-per-user"_s, u"Phones per user on average (1.4)."_s, u"X"_s, u"1.4"_s},
        {u"seed"_s, u"The same seed gives the same organisation (1)."_s, u"N"_s, u"1"_s},
        {u"host"_s, u"Address to listen on (127.0.0.1)."_s, u"ADDRESS"_s, u"127.0.0.1"_s},
        {u"port"_s, u"Port to listen on; 0 takes a free one (0)."_s, u"N"_s, u"0"_s},
        {u"state"_s, u"Keep the authority and all changes in DIR, so that a restart continues."_s, u"DIR"_s},
        {u"latency"_s, u"Milliseconds added to each answer of Exchange (0)."_s, u"MS"_s, u"0"_s},
        {u"time-scale"_s, u"Lab seconds a second; 0: phones connect only when told to (1)."_s, u"X"_s,
            u"1"_s},
        {u"culture"_s, u"Culture of the server's texts (en-US)."_s, u"NAME"_s, u"en-US"_s},
        {u"date"_s, u"The day that the lab takes for today, yyyy-MM-dd (today)."_s, u"DATE"_s},
        {u"throttling"_s,
            u"PowerShell throttling policy: stock (18 sessions, nothing else), published (what Exchange Online printed), or cmdlets=400,period=5,exchangeCmdlets=200,destructive=120,destructivePeriod=60,runspaces=20,runspacePeriod=60,concurrency=18 (stock)."_s,
            u"POLICY"_s, u"stock"_s},
        {u"client-access-servers"_s,
            u"Listen as several servers on the same port, HOST[@SITE],...: the first is --host, the others addresses of this machine, such as 127.0.0.2."_s,
            u"LIST"_s},
        {u"kerberos-keytab"_s, u"Accept Kerberos with the keys in FILE."_s, u"FILE"_s},
        {u"kerberos-service"_s, u"The service name to accept, HTTP@host; without it any in the keytab."_s,
            u"NAME"_s},
    };
    return list;
}

int usage(const QString& problem)
{
    QTextStream(stderr) << problem << "\nTry postern-lab --help.\n";
    return 2;
}

template <class T, class Convert>
bool number(const QCommandLineParser& parser, const QString& name, T& into, Convert convert)
{
    bool ok = false;
    into = T(convert(parser.value(name), &ok));
    return ok;
}

std::optional<lab::LabOptions> optionsOf(const QCommandLineParser& parser)
{
    lab::LabOptions options;
    const auto integer = [](const QString& text, bool* ok) { return text.toULongLong(ok); };
    const auto decimal = [](const QString& text, bool* ok) { return text.toDouble(ok); };
    const bool numbers = number(parser, u"users"_s, options.users, integer)
        && number(parser, u"devices-per-user"_s, options.devicesPerUser, decimal)
        && number(parser, u"seed"_s, options.seed, integer)
        && number(parser, u"port"_s, options.port, integer)
        && number(parser, u"latency"_s, options.latencyMs, integer)
        && number(parser, u"time-scale"_s, options.timeScale, decimal);
    if (!numbers || options.port > 65535 || options.devicesPerUser < 0 || options.devicesPerUser > 50
        || options.users > 5000000 || options.timeScale < 0)
        return std::nullopt;
    options.host = parser.value(u"host"_s).toStdString();
    options.stateDirectory = parser.value(u"state"_s).toStdString();
    options.culture = parser.value(u"culture"_s).toStdString();
    options.kerberosKeytab = parser.value(u"kerberos-keytab"_s).toStdString();
    options.kerberosService = parser.value(u"kerberos-service"_s).toStdString();
    return options;
}

Expected<void> readRules(const QCommandLineParser& parser, lab::LabOptions& options)
{
    const auto throttling = lab::ThrottlingPolicy::fromText(parser.value(u"throttling"_s).toStdString());
    if (!throttling)
        return fail(throttling.error());
    options.throttling = *throttling;
    if (const QString given = parser.value(u"date"_s); !given.isEmpty()) {
        const QDate date = QDate::fromString(given, Qt::ISODate);
        if (!date.isValid() || date.year() < 2000 || date.year() > 2100)
            return fail(ErrorCode::InvalidInput, u"the date %1 is none of yyyy-MM-dd"_s.arg(given));
        options.referenceMs = date.startOfDay(Qt::UTC).toMSecsSinceEpoch();
    }
    auto servers = lab::ClientAccessServer::fromText(parser.value(u"client-access-servers"_s).toStdString());
    if (!servers)
        return fail(servers.error());
    options.servers = std::move(*servers);
    return {};
}

// Until one of these signals, which are blocked, arrives.
int serve(const lab::LabOptions& options, const sigset_t& until)
{
    lab::LabServer server;
    const auto addresses = server.start(options);
    if (!addresses) {
        QTextStream(stderr) << "The lab could not start: " << addresses.error().detail << '\n';
        return 1;
    }
    std::printf("%s\n", addresses->toJson().constData());
    std::fflush(stdout);
    int received = 0;
    sigwait(&until, &received);
    server.stop();
    return 0;
}

} // namespace

int main(int argc, char** argv)
{
    QCoreApplication application(argc, argv);
    QCoreApplication::setApplicationName(u"postern-lab"_s);
    QCommandLineParser parser;
    parser.setApplicationDescription(
        u"A simulated Exchange organisation that speaks the real protocols, for trying and testing Postern."_s);
    const QCommandLineOption help = parser.addHelpOption();
    parser.addOptions(optionList());
    if (!parser.parse(QCoreApplication::arguments()))
        return usage(parser.errorText());
    if (parser.isSet(help)) {
        QTextStream(stdout) << parser.helpText();
        return 0;
    }
    if (!parser.positionalArguments().isEmpty())
        return usage(u"Unexpected argument: %1"_s.arg(parser.positionalArguments().first()));
    auto options = optionsOf(parser);
    if (!options)
        return usage(u"A number is missing, malformed or out of range."_s);
    if (const auto rules = readRules(parser, *options); !rules)
        return usage(rules.error().detail);

    // Blocked before any thread starts, so that all inherit it and only sigwait below sees them.
    sigset_t signalsToWaitFor;
    sigemptyset(&signalsToWaitFor);
    sigaddset(&signalsToWaitFor, SIGINT);
    sigaddset(&signalsToWaitFor, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &signalsToWaitFor, nullptr);
    std::signal(SIGPIPE, SIG_IGN);
    return serve(*options, signalsToWaitFor);
}
