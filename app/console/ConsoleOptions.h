// The console's command line (design.md 5, SHL-21). GUI thread, before the window exists.
#pragma once

#include <QStringList>

#include "models/base/Error.h"
#include "ui/widgets/Theme.h"

namespace postern::console {

struct ConsoleOptions
{
    QString site;
    bool lab = false;
    QString node; // path as NodeTable has it; empty: the one of last time
    bool resetSettings = false;
    widgets::ThemeChoice theme = widgets::ThemeChoice::System;
    QString answer; // --help or --version: what to print instead of opening
};

// InvalidInput: the command line cannot be understood; detail is one line for stderr.
[[nodiscard]] Expected<ConsoleOptions> parseConsoleOptions(const QStringList& arguments);

} // namespace postern::console
