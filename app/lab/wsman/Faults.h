// The faults that a Windows endpoint answers with, by name. Codes are winerror's, texts are Windows'. Pure,
// any thread.
#pragma once

#include "app/lab/wsman/Envelope.h"

namespace postern::lab::faults {

[[nodiscard]] SoapFault timedOut();
[[nodiscard]] SoapFault unknownShell();
[[nodiscard]] SoapFault unknownCommand();
[[nodiscard]] SoapFault invalidResourceUri(std::string_view uri);
[[nodiscard]] SoapFault invalidHeader(std::string_view message);
[[nodiscard]] SoapFault headerRequired(std::string_view header);
[[nodiscard]] SoapFault mustUnderstand(std::string_view header);
[[nodiscard]] SoapFault schemaViolation(std::string_view message);
[[nodiscard]] SoapFault invalidBody(std::string_view message);
[[nodiscard]] SoapFault envelopeTooSmall();
[[nodiscard]] SoapFault envelopeTooLarge();
[[nodiscard]] SoapFault actionNotSupported(std::string_view action);
[[nodiscard]] SoapFault invalidOption(std::string_view message);
[[nodiscard]] SoapFault alreadyExists();
[[nodiscard]] SoapFault operationAborted();
[[nodiscard]] SoapFault accessDenied(std::string_view message = {});
[[nodiscard]] SoapFault tooManyShells(int limit);
[[nodiscard]] SoapFault tooManyOperations(int limit);
[[nodiscard]] SoapFault loadQuota(int requests, int seconds, int milliseconds);
[[nodiscard]] SoapFault invalidStream(std::string_view message);

} // namespace postern::lab::faults
