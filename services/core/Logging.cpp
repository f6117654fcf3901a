#include "services/core/Logging.h"

namespace postern::core {

Q_LOGGING_CATEGORY(logCore, "postern.core", QtInfoMsg)
Q_LOGGING_CATEGORY(logHttp, "postern.http", QtInfoMsg)
Q_LOGGING_CATEGORY(logWsman, "postern.wsman", QtInfoMsg)
Q_LOGGING_CATEGORY(logPsrp, "postern.psrp", QtInfoMsg)
Q_LOGGING_CATEGORY(logExchange, "postern.exchange", QtInfoMsg)
Q_LOGGING_CATEGORY(logGraph, "postern.graph", QtInfoMsg)
Q_LOGGING_CATEGORY(logStore, "postern.store", QtInfoMsg)
Q_LOGGING_CATEGORY(logSync, "postern.sync", QtInfoMsg)
Q_LOGGING_CATEGORY(logSite, "postern.site", QtInfoMsg)

} // namespace postern::core
