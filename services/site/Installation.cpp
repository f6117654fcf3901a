#include "services/site/Installation.h"

#include <QFileInfo>
#include <QSysInfo>

#include "services/tracelog/TraceLogWriter.h"

using namespace Qt::StringLiterals;

namespace postern::site {

StatusMessage installedMessage(const Connector& connector, const QDateTime& now)
{
    StatusMessage message;
    message.time = now;
    message.component = u"SMS_EXCHANGE_CONNECTOR"_s;
    message.messageId = connectorInstalled;
    message.siteCode = connector.siteCode;
    message.machine = QSysInfo::machineHostName();
    message.arguments = QStringList{connector.name, connector.serverAddress};
    message.text = u"Connector %1 to the Exchange server %2 was installed."_s.arg(
        connector.name, connector.serverAddress);
    message.connectorId = connector.id;
    return message;
}

void logInstallation(const QString& traceLogPath, const Connector& connector, const core::Clock& clock)
{
    if (traceLogPath.isEmpty())
        return;
    tracelog::TraceLogOptions options;
    options.path = QFileInfo(traceLogPath).path() + u"/SiteComp.log"_s;
    options.component = u"SMS_SITE_COMPONENT_MANAGER"_s;
    tracelog::TraceLogWriter log(options, clock);
    tracelog::TraceLine line;
    line.context = connector.name;
    line.text = u"Component SMS_EXCHANGE_CONNECTOR flagged for installation"_s;
    log.write(line);
    line.text
        = u"STATMSG: ID=%1 SEV=I LEV=M SOURCE=\"SMS Server\" COMP=\"SMS_EXCHANGE_CONNECTOR\" SYS=%2 SITE=%3"_s
              .arg(connectorInstalled)
              .arg(QSysInfo::machineHostName(), connector.siteCode);
    log.write(line);
}

} // namespace postern::site
