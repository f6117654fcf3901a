// Which cmdlets and parameters the account's session has (CON-32, 35, 36): read once with Get-Command, or
// learnt by refusals where that does not exist. Pure value, any thread.
#pragma once

#include <QHash>
#include <QSet>
#include <QString>
#include <QStringList>
#include <span>
#include <vector>

#include "services/psrp/PsCommand.h"
#include "services/psrp/clixml/Value.h"

namespace postern::exchange {

// CON-32, in the order that it lists them.
[[nodiscard]] std::span<const QStringView> requiredCmdlets();

// CON-33, and the newer names that CON-35 prefers: what is lost without each.
struct ExtendedCmdlet
{
    QStringView name;
    QStringView lostFeature;
};
[[nodiscard]] std::span<const ExtendedCmdlet> extendedCmdlets();
[[nodiscard]] std::span<const QStringView> modernCmdlets();

class CommandSet
{
public:
    enum class Presence { Unknown, Present, Missing };

    // Asks for every cmdlet that Postern knows of, by name.
    [[nodiscard]] static psrp::PsCommand query();
    // The objects that query() gave: what was asked for and is not among them is missing.
    [[nodiscard]] static CommandSet fromAnswer(const std::vector<clixml::Value>& commands);

    [[nodiscard]] Presence has(QStringView cmdlet) const;
    [[nodiscard]] Presence hasParameter(QStringView cmdlet, QStringView parameter) const;
    void learn(QStringView cmdlet, Presence presence);
    void learnParameter(QStringView cmdlet, QStringView parameter, Presence presence);
    // The newer name unless it is known to be missing and the older is not.
    [[nodiscard]] QString choose(QStringView modern, QStringView legacy) const;

private:
    [[nodiscard]] static QString key(QStringView cmdlet, QStringView parameter = {});

    QHash<QString, Presence> m_cmdlets;
    QHash<QString, Presence> m_parameters; // "set-casmailbox -x"
    QSet<QString> m_withParameters; // cmdlets whose parameters were listed
};

} // namespace postern::exchange
