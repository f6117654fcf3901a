// The sentence a person reads for an Error: what happened, to what, what to do next. One place, translatable,
// shared by the console and the agent's stderr (which is why it is not in ui, where all other tr() text
// lives). Any thread after QCoreApplication exists.
#pragma once

#include <QString>

#include "models/base/Error.h"

namespace postern::ErrorText {

// "The sign-in was refused: https://ex1…. Enter the connector's account again …"
[[nodiscard]] QString sentence(const Error& error);

} // namespace postern::ErrorText
