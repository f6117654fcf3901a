// The CLIXML of what a PSRP server sends about itself: handshake, states, records. Shapes from recordings of
// Windows. Pure, any thread. [MS-PSRP] 2.2.2, 2.2.3.
#pragma once

#include "app/lab/cmdlets/ErrorRecord.h"

namespace postern::lab::records {

[[nodiscard]] std::string sessionCapability();
[[nodiscard]] std::string applicationPrivateData();
[[nodiscard]] std::string runspacePoolState(int state);
[[nodiscard]] std::string availability(const Value& response, std::int64_t callId);
[[nodiscard]] std::string pipelineState(int state, const ErrorRecord* failure = nullptr);
[[nodiscard]] std::string errorRecord(const ErrorRecord& record);
[[nodiscard]] std::string informational(
    const char* type, const std::string& message); // WarningRecord, VerboseRecord
[[nodiscard]] std::string progress(const Progress& progress);
// callId -100: nobody may answer. [MS-PSRP] 2.2.2.27
[[nodiscard]] std::string hostCall(
    std::int64_t callId, const char* method, int number, std::vector<Value> parameters);
// The parameters of PromptForChoice when a cmdlet wants to be confirmed.
[[nodiscard]] std::vector<Value> confirmation(const std::string& action);

} // namespace postern::lab::records
