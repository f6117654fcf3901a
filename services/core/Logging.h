// Every logging category of the services, in one place. Developers' log; EasDisc.log is
// services/tracelog. Any thread. Never a secret: what servers say comes redacted from wsman::Client.
#pragma once

#include <QLoggingCategory>

namespace postern::core {

Q_DECLARE_LOGGING_CATEGORY(logCore)
Q_DECLARE_LOGGING_CATEGORY(logHttp)
Q_DECLARE_LOGGING_CATEGORY(logWsman)
Q_DECLARE_LOGGING_CATEGORY(logPsrp)
Q_DECLARE_LOGGING_CATEGORY(logExchange)
Q_DECLARE_LOGGING_CATEGORY(logGraph)
Q_DECLARE_LOGGING_CATEGORY(logStore)
Q_DECLARE_LOGGING_CATEGORY(logSync)
Q_DECLARE_LOGGING_CATEGORY(logSite)

} // namespace postern::core
