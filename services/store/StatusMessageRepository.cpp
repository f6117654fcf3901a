#include "services/store/StatusMessageRepository.h"

#include "services/store/Query.h"

namespace postern::store {

Expected<StatusMessage> StatusMessageRepository::append(StatusMessage message)
{
    if (auto revision = m_session.touch(Table::StatusMessage); !revision)
        return tl::unexpected(revision.error());
    Query query(m_session,
        "INSERT INTO status_message (time, severity, component, message_id, site_code, machine, arguments, "
        "text,"
        " connector_id) VALUES (:time, :severity, :component, :message, :site, :machine, :arguments, :text, "
        ":connector)"
        " RETURNING id");
    query.bind(":time", message.time)
        .bind(":severity", message.severity)
        .bind(":component", message.component);
    query.bind(":message", message.messageId)
        .bind(":site", message.siteCode)
        .bind(":machine", message.machine);
    query.bind(":arguments", message.arguments)
        .bind(":text", message.text)
        .bind(":connector", message.connectorId);
    if (query.next())
        message.id = query.id<StatusMessageTag>(0);
    if (auto result = query.result(); !result)
        return tl::unexpected(result.error());
    return message;
}

Expected<std::vector<StatusMessage>> StatusMessageRepository::list(const StatusMessageFilter& filter)
{
    Query query(m_session,
        "SELECT id, time, severity, component, message_id, site_code, machine, arguments, text, connector_id"
        " FROM status_message WHERE id > :after AND (:severity = '' OR severity = :severity)"
        " AND time >= :since AND (:connector = 0 OR connector_id = :connector) ORDER BY id DESC LIMIT "
        ":limit");
    query.bind(":after", filter.after.value)
        .bind(":connector", filter.connectorId.value)
        .bind(":limit", filter.limit);
    query.bind(":since", filter.since.isValid() ? filter.since.toMSecsSinceEpoch() : qint64(0));
    query.bind(":severity", filter.severity ? enumText(*filter.severity).toString() : QString());
    std::vector<StatusMessage> messages;
    while (query.next()) {
        StatusMessage message;
        message.id = query.id<StatusMessageTag>(0);
        message.time = query.time(1).value_or(QDateTime());
        message.severity = query.enumeration(2, Severity::Information);
        message.component = query.text(3);
        message.messageId = query.number(4);
        message.siteCode = query.text(5);
        message.machine = query.text(6);
        message.arguments = query.list(7);
        message.text = query.text(8);
        message.connectorId = query.id<ConnectorTag>(9);
        messages.push_back(std::move(message));
    }
    if (auto result = query.result(); !result)
        return tl::unexpected(result.error());
    return messages;
}

Expected<int> StatusMessageRepository::prune(const QDateTime& before)
{
    if (auto revision = m_session.touch(Table::StatusMessage); !revision)
        return tl::unexpected(revision.error());
    Query query(m_session, "DELETE FROM status_message WHERE time < :before");
    if (auto done = query.bind(":before", before).run(); !done)
        return tl::unexpected(done.error());
    return int(query.affected());
}

} // namespace postern::store
