#include "app/console/ConsoleOptions.h"

#include <QCommandLineParser>

#include "ui/shell/NodeTable.h"

namespace postern::console {

using namespace Qt::StringLiterals;

namespace {

Expected<widgets::ThemeChoice> themeFromText(const QString& text)
{
    if (text == "system"_L1)
        return widgets::ThemeChoice::System;
    if (text == "light"_L1)
        return widgets::ThemeChoice::Light;
    if (text == "dark"_L1)
        return widgets::ThemeChoice::Dark;
    return fail(ErrorCode::InvalidInput, u"--theme takes system, light or dark, not \"%1\""_s.arg(text));
}

} // namespace

Expected<ConsoleOptions> parseConsoleOptions(const QStringList& arguments)
{
    QCommandLineParser parser;
    parser.setApplicationDescription(u"The Postern console."_s);
    const QCommandLineOption help = parser.addHelpOption();
    const QCommandLineOption version = parser.addVersionOption();
    const QCommandLineOption site(
        u"site"_s, u"The site to open: a database file or a postgresql:// address."_s, u"SITE"_s);
    const QCommandLineOption lab(
        u"lab"_s, u"Start a lab (a simulated Exchange and Intune) and open a site on it."_s);
    const QCommandLineOption node(
        u"node"_s, u"The node to show, e.g. \"Assets and Compliance/Devices\"."_s, u"PATH"_s);
    const QCommandLineOption reset(
        u"reset-settings"_s, u"Forget window layout, columns and the last node."_s);
    const QCommandLineOption theme(
        u"theme"_s, u"system (default), light or dark."_s, u"THEME"_s, u"system"_s);
    parser.addOptions({site, lab, node, reset, theme});
    if (!parser.parse(arguments))
        return fail(ErrorCode::InvalidInput, parser.errorText());
    ConsoleOptions options;
    if (parser.isSet(help) || parser.isSet(u"help-all"_s))
        options.answer = parser.helpText();
    else if (parser.isSet(version))
        options.answer
            = u"%1 %2\n"_s.arg(QCoreApplication::applicationName(), QCoreApplication::applicationVersion());
    if (!parser.positionalArguments().isEmpty())
        return fail(ErrorCode::InvalidInput,
            u"Unexpected argument \"%1\""_s.arg(parser.positionalArguments().first()));
    options.site = parser.value(site);
    options.lab = parser.isSet(lab);
    options.resetSettings = parser.isSet(reset);
    options.node = shell::nodePathFromText(parser.value(node));
    if (parser.isSet(node) && options.node.isEmpty())
        return fail(ErrorCode::InvalidInput, u"There is no node \"%1\""_s.arg(parser.value(node)));
    const auto choice = themeFromText(parser.value(theme));
    if (!choice)
        return fail(choice.error());
    options.theme = *choice;
    return options;
}

} // namespace postern::console
