// postern-agent: a site without a window. Exit status 0 success, 1 a failed operation, 2 wrong usage.
#include <QCoreApplication>
#include <QCoroTask>
#include <QLoggingCategory>
#include <QTimer>

#ifdef __GLIBC__
#include <malloc.h>
#endif

#include "app/agent/Command.h"
#include "app/composition/StopSignals.h"

using namespace Qt::StringLiterals;

namespace postern::agent {

namespace {

struct Entry
{
    QStringView command;
    CommandFunction function;
};

constexpr Entry entries[] = {
    {u"site init", &siteInit},
    {u"connector add", &connectorAdd},
    {u"connector check", &connectorCheck},
    {u"connector list", &connectorList},
    {u"connector remove", &connectorRemove},
    {u"connector settings", &connectorSettings},
    {u"connector set", &connectorSet},
    {u"device wipe", &deviceWipe},
    {u"device remove", &deviceRemove},
    {u"status", &status},
    {u"writes", &writes},
    {u"sync full", &syncFull},
    {u"sync delta", &syncDelta},
    {u"intune connect", &intuneConnect},
    {u"intune check", &intuneCheck},
    {u"intune list", &intuneList},
    {u"intune sync", &intuneSync},
    {u"intune remove", &intuneRemove},
    {u"users", &users},
    {u"matches", &matches},
    {u"devices", &devices},
    {u"run", &runService},
};

CommandFunction functionOf(const CommandLine& line)
{
    const QString words = line.words.join(u' ');
    for (const Entry& entry : entries) {
        if (words == entry.command || words.startsWith(entry.command.toString() + u' '))
            return entry.function;
    }
    return nullptr;
}

// InvalidInput is what the person typed; everything else is the operation's failure.
int exitStatus(const Expected<void>& result)
{
    if (result)
        return 0;
    return result.error().code == ErrorCode::InvalidInput ? 2 : 1;
}

QCoro::Task<Expected<void>> execute(
    CommandFunction function, CommandLine line, Terminal* terminal, std::stop_token stop)
{
    const Expected<void> result = co_await function(line, terminal, stop);
    // Without an origin the reason has been said already, one line a connector.
    if (!result && !(result.error().code == ErrorCode::Cancelled && result.error().origin.isEmpty()))
        terminal->fail(result.error());
    QCoreApplication::exit(exitStatus(result));
    co_return Expected<void>{};
}

int run(QCoreApplication& application)
{
    const QStringList arguments = application.arguments().mid(1);
    const Expected<CommandLine> line = parseCommandLine(arguments);
    Terminal terminal(line && line->json);
    if (!line) {
        terminal.note(line.error().detail);
        terminal.note(u"Try: postern-agent --help"_s);
        return 2;
    }
    if (line->help) {
        terminal.printRaw(helpText(line->words.join(u' ')).toUtf8());
        return 0;
    }
    const composition::StopSignals stopSignals;
    core::Scope scope;
    const auto start = [&] {
        scope.start(
            execute(functionOf(*line), *line, &terminal, stopSignals.token()), line->words.join(u' '));
    };
    QTimer::singleShot(0, &application, start);
    return QCoreApplication::exec();
}

} // namespace

} // namespace postern::agent

int main(int argc, char* argv[])
{
#ifdef __GLIBC__
    // Pages of a synchronisation are made on one thread and freed on another; with an arena a thread the heap
    // of 100,000 phones stays some 10 MB larger than what is used.
    mallopt(M_ARENA_MAX, 2);
#endif
    QCoreApplication application(argc, argv);
    QCoreApplication::setApplicationName(QStringLiteral("postern-agent"));
    QCoreApplication::setOrganizationName(QStringLiteral("Postern"));
    // stderr is for people and scripts: only what went wrong. QT_LOGGING_RULES brings the rest back.
    QLoggingCategory::setFilterRules(QStringLiteral("postern.*.info=false"));
    return postern::agent::run(application);
}
