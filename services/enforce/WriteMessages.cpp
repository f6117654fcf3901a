#include "services/enforce/WriteMessages.h"

using namespace Qt::StringLiterals;

namespace postern::enforce {

namespace {

StatusMessage message(
    const MessageSource& source, Severity severity, int id, QStringList arguments, const QString& text)
{
    StatusMessage said;
    said.time = source.time;
    said.severity = severity;
    said.component = u"SMS_EXCHANGE_CONNECTOR"_s;
    said.messageId = id;
    said.siteCode = source.connector.siteCode;
    said.machine = source.machine;
    said.arguments = std::move(arguments);
    said.arguments.prepend(source.connector.name);
    said.text = text;
    said.connectorId = source.connector.id;
    return said;
}

} // namespace

StatusMessage writesConfirmed(const MessageSource& source, qint64 count)
{
    return message(source, Severity::Information, messages::accessApplied, {QString::number(count)},
        u"Connector %1 changed Exchange: %2 write(s) confirmed by reading back."_s.arg(source.connector.name)
            .arg(count));
}

StatusMessage writeFailed(const MessageSource& source, const QString& problem)
{
    return message(source, Severity::Error, messages::accessWriteFailed, {problem},
        u"Connector %1 could not change Exchange. %2"_s.arg(source.connector.name, problem));
}

StatusMessage settingsDiffer(const MessageSource& source, const QStringList& differences, bool expected)
{
    const QString list = differences.join(u"; ");
    return message(source, expected ? Severity::Information : Severity::Warning, messages::settingsDiffer,
        {list},
        u"Exchange differs from the settings of connector %1 and is set again. %2."_s.arg(
            source.connector.name, list));
}

StatusMessage connectorRemoved(
    const MessageSource& source, const QString& by, qint64 entriesRemoved, qint64 entriesLeft)
{
    return message(source, Severity::Information, messages::connectorRemoved,
        {by, QString::number(entriesRemoved), QString::number(entriesLeft)},
        u"Connector %1 was removed by %2. Entries taken out of Exchange: %3, left there: %4."_s
            .arg(source.connector.name, by)
            .arg(entriesRemoved)
            .arg(entriesLeft));
}

StatusMessage deviceAction(
    const MessageSource& source, const QString& what, const QString& device, const QString& cause)
{
    return message(source, Severity::Warning, messages::deviceAction, {what, device, cause},
        u"%1 of device %2, asked for by %3."_s.arg(what, device, cause));
}

} // namespace postern::enforce
