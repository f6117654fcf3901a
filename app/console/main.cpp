#include <QApplication>
#include <QLibraryInfo>
#include <QTranslator>
#include <cstdio>

#include "app/console/Console.h"
#include "app/console/QuitOnSignal.h"

using namespace postern;
using namespace Qt::StringLiterals;

namespace {

void install(QTranslator& translator, const QLocale& locale, const QString& name, const QString& folder)
{
    if (translator.load(locale, name, u"_"_s, folder))
        QCoreApplication::installTranslator(&translator);
}

} // namespace

int main(int argc, char** argv)
{
    QApplication::setApplicationName(u"postern"_s);
    QApplication::setApplicationVersion(QStringLiteral(POSTERN_VERSION));
    QApplication::setDesktopFileName(u"postern"_s);
    QApplication application(argc, argv);
    QApplication::setApplicationDisplayName(u"Postern"_s);

    const auto options = console::parseConsoleOptions(application.arguments());
    if (!options) {
        std::fprintf(stderr, "postern: %s\nTry --help.\n", qPrintable(options.error().detail));
        return 2;
    }
    if (!options->answer.isEmpty()) {
        std::fputs(qPrintable(options->answer), stdout);
        return 0;
    }
    QTranslator own;
    QTranslator toolkit;
    install(toolkit, QLocale(), u"qtbase"_s, QLibraryInfo::path(QLibraryInfo::TranslationsPath));
    install(own, QLocale(), u"postern"_s, u":/postern/i18n"_s);
    if (own.isEmpty()) // English has plurals too
        install(own, QLocale(QLocale::English), u"postern"_s, u":/postern/i18n"_s);
    widgets::applyTheme(application, options->theme);

    console::Console window(*options);
    console::QuitOnSignal quit;
    QObject::connect(&quit, &console::QuitOnSignal::quitRequested, &window, &console::Console::close);
    QMetaObject::invokeMethod(&window, &console::Console::open, Qt::QueuedConnection);
    return QApplication::exec();
}
