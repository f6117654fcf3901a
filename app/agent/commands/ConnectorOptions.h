// The options by which connector add and connector set say what a connector is. Main thread.
#pragma once

#include <QJsonObject>

#include "app/agent/Command.h"

namespace postern::agent {

// `connector` with what the line says changed. InvalidInput names the option.
[[nodiscard]] Expected<Connector> withOptions(Connector connector, const CommandLine& line);

// As connector list --json shows it.
[[nodiscard]] QJsonObject connectorJson(const Connector& connector);

// A line of connector check and intune check.
[[nodiscard]] QString checkLine(const CheckResult& check);
[[nodiscard]] QJsonObject checkJson(const CheckResult& check);

// One line, for --password-stdin.
[[nodiscard]] Expected<QString> passwordFromStandardInput();

} // namespace postern::agent
