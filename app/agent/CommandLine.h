// The agent's command line as data (design.md 5): what was asked, checked for form only. Pure, any thread.
#pragma once

#include <QHash>
#include <QStringList>

#include "models/base/Error.h"

namespace postern::agent {

struct CommandLine
{
    QString site;
    QStringList words; // the command and its positional arguments: {"connector", "check", "ex1"}
    QHash<QString, QString> options; // without the dashes; a switch has the value "true"
    bool json = false;
    bool help = false;

    [[nodiscard]] bool has(const QString& option) const { return options.contains(option); }
    [[nodiscard]] QString value(const QString& option, const QString& otherwise = {}) const
    {
        return options.value(option, otherwise);
    }
};

// InvalidInput names the argument that is wrong and what is expected.
[[nodiscard]] Expected<CommandLine> parseCommandLine(const QStringList& arguments);

// The help of a command ("connector", "connector add", …), or of all when `topic` is empty or unknown.
[[nodiscard]] QString helpText(const QString& topic);

} // namespace postern::agent
