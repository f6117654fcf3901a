// What a pipeline is to run: cmdlets with typed parameters, never text to be parsed, so that no name can
// become code. Value, any thread. exchange-protocols b.6, d.1.
//
//   PsCommand list(u"Get-MobileDevice"_s);
//   list.with(u"ResultSize"_s, u"Unlimited"_s).withSwitch(u"ActiveSync"_s);
#pragma once

#include <QString>
#include <optional>
#include <vector>

#include "services/psrp/clixml/Value.h"

namespace postern::psrp {

struct PsArgument
{
    QString name; // without dash; empty: by position
    clixml::Value value;
};

struct PsStep
{
    QString text; // name of the cmdlet, or script
    bool isScript = false; // refused by Exchange (no-language mode)
    std::vector<PsArgument> arguments;
};

class PsCommand
{
public:
    PsCommand() = default;
    explicit PsCommand(QString cmdlet);
    // A script as text. Only for ends that are not Exchange; nothing that a person or a server named goes in
    // here.
    [[nodiscard]] static PsCommand script(QString text);

    PsCommand& with(QString name, clixml::Value value);
    PsCommand& with(QString name, QString text);
    PsCommand& with(QString name, bool value); // -Confirm:$false is with("Confirm", false)
    PsCommand& with(QString name, int value);
    PsCommand& with(QString name, const char*) = delete;
    PsCommand& withSwitch(QString name) { return with(std::move(name), true); }
    // `this | next`.
    PsCommand& pipe(PsCommand next);
    // `this ; next`: further statements of the same pipeline (ExtraCmds).
    PsCommand& then(PsCommand next);

    // Statements, each a pipe of steps.
    [[nodiscard]] const std::vector<std::vector<PsStep>>& statements() const { return m_statements; }
    [[nodiscard]] bool isEmpty() const { return m_statements.empty() || m_statements.front().empty(); }
    // Names of the cmdlets and parameters, without values: for logs and errors. "Get-User -Identity |
    // Get-MobileDevice".
    [[nodiscard]] QString summary() const;

private:
    std::vector<std::vector<PsStep>> m_statements;
};

// The CREATE_PIPELINE object. protocolMinor: 1, 2 or 3 of version 2.x; newer Merge fields are left out for
// older ones.
[[nodiscard]] clixml::Value createPipelineMessage(const PsCommand& command, int protocolMinor);

} // namespace postern::psrp
