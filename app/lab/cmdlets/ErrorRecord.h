// PowerShell's error record and the ones Exchange makes, as values; and the streams a cmdlet writes to. Any
// thread.
#pragma once

#include "app/lab/psrp/Value.h"

namespace postern::lab {

struct ErrorRecord
{
    std::string message;
    std::vector<std::string> exceptionTypes; // most derived first, without System.Object
    std::string fullyQualifiedId;
    int category = 0; // ErrorCategory
    std::string activity, reason, targetName, targetType;
    Value target;
};

enum ErrorCategory : int {
    NotSpecified = 0,
    InvalidArgument = 5,
    InvalidData = 6,
    InvalidOperation = 7,
    NotImplemented = 11,
    ObjectNotFound = 13,
    OperationStopped = 14,
    ParserError = 17,
    PermissionDenied = 18,
    InvalidType = 20
};

struct Progress
{
    std::string activity, status;
    int percent = -1;
    bool completed = false;
};

class CmdletSink
{
public:
    virtual ~CmdletSink() = default;
    virtual void output(const ObjectPtr& object) = 0;
    virtual void error(const ErrorRecord& record) = 0;
    virtual void warning(const std::string& text) = 0;
    virtual void verbose(const std::string& text) = 0;
    virtual void progress(const Progress& progress) = 0;
    [[nodiscard]] virtual bool stopped() const = 0; // the client stopped the pipeline: return soon
};

// PowerShell's own.
[[nodiscard]] ErrorRecord commandNotFound(const std::string& name);
[[nodiscard]] ErrorRecord scriptsNotAllowed(const std::string& script);
[[nodiscard]] ErrorRecord pipelineStopped();
[[nodiscard]] ErrorRecord parameterError(const std::string& cmdlet, const std::string& id,
    const std::string& message, const std::string& parameter);
[[nodiscard]] ErrorRecord promptImpossible(const std::string& cmdlet);

// Exchange's: the exception's short name, for example ManagementObjectNotFoundException. `task` is the .NET
// class in the id.
[[nodiscard]] ErrorRecord exchangeError(const std::string& cmdlet, const std::string& exception,
    const std::string& message, int category, const std::string& target = {});
[[nodiscard]] ErrorRecord objectNotFound(const std::string& cmdlet, const std::string& identity);

} // namespace postern::lab
