#include <QApplication>
#include <cstdio>
#ifdef __GLIBC__
#include <malloc.h>
#endif

#include "app/composition/StopSignals.h"
#include "app/composition/Translations.h"
#include "app/console/Console.h"

using namespace postern;
using namespace Qt::StringLiterals;

namespace {

// --help and --version need no display. What else is wrong is said later: options of Qt are not known here.
bool answeredWithoutDisplay(int argc, char** argv)
{
    const QCoreApplication application(argc, argv);
    const auto options = console::parseConsoleOptions(QCoreApplication::arguments());
    if (options)
        std::fputs(qPrintable(options->answer), stdout);
    return options && !options->answer.isEmpty();
}

} // namespace

int main(int argc, char** argv)
{
#ifdef __GLIBC__
    mallopt(M_ARENA_MAX, 2); // as in postern-agent: pages of a synchronisation cross threads
#endif
    QApplication::setApplicationName(u"postern"_s);
    QApplication::setApplicationVersion(QStringLiteral(POSTERN_VERSION));
    QApplication::setDesktopFileName(u"postern"_s);
    if (answeredWithoutDisplay(argc, argv))
        return 0;
    QApplication application(argc, argv);
    QApplication::setApplicationDisplayName(u"Postern"_s);

    const auto options = console::parseConsoleOptions(application.arguments());
    if (!options) {
        std::fprintf(stderr, "postern: %s\nTry --help.\n", qPrintable(options.error().detail));
        return 2;
    }
    if (!options->answer.isEmpty()) { // asked for beside options of Qt
        std::fputs(qPrintable(options->answer), stdout);
        return 0;
    }
    composition::installTranslations(application);
    widgets::applyTheme(application, options->theme);

    console::Console window(*options);
    composition::StopSignals stop;
    QObject::connect(&stop, &composition::StopSignals::stopRequested, &window, &console::Console::close);
    QMetaObject::invokeMethod(&window, &console::Console::open, Qt::QueuedConnection);
    return QApplication::exec();
}
