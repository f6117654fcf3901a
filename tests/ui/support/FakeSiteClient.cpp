#include "tests/ui/support/FakeSiteClient.h"

namespace postern::test {

using namespace Qt::StringLiterals;

namespace {

template <class Container, class Id> auto findById(Container& container, Id id)
{
    return std::find_if(container.begin(), container.end(), [id](const auto& each) { return each.id == id; });
}

} // namespace

Connector aConnector(const QString& name)
{
    Connector connector;
    connector.name = name;
    connector.serverAddress = u"https://ex1.contoso.lab/PowerShell/"_s;
    connector.authentication = Authentication::Basic;
    connector.user = u"CONTOSO\\svc-postern"_s;
    connector.siteCode = u"PS1"_s;
    connector.fullSchedule = u"1d@00:00"_s;
    connector.state = ConnectorState::Connected;
    connector.organizationName = u"Contoso"_s;
    connector.organizationId = u"CN=Contoso"_s;
    connector.deviceCount = 700;
    connector.mailboxCount = 500;
    connector.lastFullEnd = QDateTime(QDate(2026, 11, 20), QTime(8, 30), Qt::UTC);
    return connector;
}

StatusMessage aMessage(qint64 id, Severity severity, int number, const QDateTime& time)
{
    StatusMessage message;
    message.id = {id};
    message.time = time;
    message.severity = severity;
    message.component = u"SMS_EXCHANGE_CONNECTOR"_s;
    message.messageId = number;
    message.siteCode = u"PS1"_s;
    message.machine = u"SITE01"_s;
    message.arguments = {u"Lab"_s, u"700"_s};
    message.text = u"Full synchronization of connector Lab: message %1."_s.arg(id);
    return message;
}

WriteRecord aBlockWrite(qint64 id, const QString& mailbox, const QString& deviceId)
{
    WriteRecord record;
    record.id = {id};
    record.origin = WriteOrigin::Policy;
    record.cause = u"not compliant"_s;
    ListWrite write;
    write.mailboxIdentity = mailbox;
    write.addBlocked = {deviceId};
    record.write = write;
    record.commandText
        = u"Set-CASMailbox -Identity '%1' -ActiveSyncBlockedDeviceIDs @{Add='%2'}"_s.arg(mailbox, deviceId);
    record.state = WriteState::Confirmed;
    record.attempts = 1;
    record.plannedAt = QDateTime(QDate(2026, 11, 24), QTime(9, 0), Qt::UTC).addSecs(id);
    record.sentAt = record.plannedAt;
    record.confirmedAt = record.plannedAt.addSecs(2);
    return record;
}

FakeSiteClient::FakeSiteClient()
    : m_devices(frame::DeviceFrame::empty())
{
}

ConnectorId FakeSiteClient::addConnector(Connector connector)
{
    connector.id = ConnectorId{m_nextId++};
    connector.revision = 1;
    m_connectors.push_back(connector);
    emit connectorsChanged(m_connectors);
    return connector.id;
}

void FakeSiteClient::changeConnector(const Connector& connector)
{
    *findById(m_connectors, connector.id) = connector;
    emit connectorsChanged(m_connectors);
}

void FakeSiteClient::setDevices(const std::vector<AccessState>& states)
{
    m_builder.clear();
    qint64 id = 1;
    for (const AccessState state : states) {
        frame::DeviceRow row;
        row.number.fill(frame::noValue);
        row.id = PartnershipId{id};
        const std::string name = "user" + std::to_string(id) + "_iPhone";
        row.text[std::size_t(frame::DeviceColumn::Name)] = name;
        row.number[std::size_t(frame::DeviceColumn::AccessState)] = qint64(state);
        m_builder.apply(row);
        ++id;
    }
    m_devices = m_builder.publish();
    emit devicesChanged(m_devices);
}

void FakeSiteClient::setDeviceList(const std::vector<FakeDevice>& devices)
{
    using frame::DeviceColumn;
    m_builder.clear();
    qint64 id = 1;
    for (const FakeDevice& device : devices) {
        frame::DeviceRow row;
        row.number.fill(frame::noValue);
        row.id = PartnershipId{id};
        const std::string type = device.type.toStdString();
        const std::string model = device.model.toStdString();
        const std::string connector = device.connectorName.toStdString();
        row.text[std::size_t(DeviceColumn::DeviceType)] = type;
        row.text[std::size_t(DeviceColumn::DeviceModel)] = model;
        row.text[std::size_t(DeviceColumn::ConnectorName)] = connector;
        row.number[std::size_t(DeviceColumn::AccessState)] = qint64(device.state);
        row.number[std::size_t(DeviceColumn::AccessStateReason)] = qint64(device.reason);
        m_builder.apply(row);
        ++id;
    }
    m_devices = m_builder.publish();
    emit devicesChanged(m_devices);
}

JobId FakeSiteClient::startJob(ConnectorId connector, const QString& step, qint64 done, qint64 total)
{
    Job job;
    job.id = JobId{m_nextId++};
    job.connectorId = connector;
    job.state = JobState::Running;
    job.step = step;
    job.done = done;
    job.total = total;
    job.startedAt = QDateTime(QDate(2026, 11, 24), QTime(9, 15), Qt::UTC);
    setJob(job);
    return job.id;
}

void FakeSiteClient::progress(JobId id, const QString& step, qint64 done, qint64 total)
{
    Job changed = job(id);
    changed.step = step;
    changed.done = done;
    changed.total = total;
    setJob(changed);
}

void FakeSiteClient::endJob(JobId id, JobState state, const QString& result)
{
    Job changed = job(id);
    changed.state = state;
    changed.result = result;
    changed.endedAt = changed.startedAt.addSecs(95);
    setJob(changed);
}

void FakeSiteClient::setJob(const Job& job)
{
    if (const auto known = findById(m_jobs, job.id); known != m_jobs.end())
        *known = job;
    else
        m_jobs.push_back(job);
    emit jobsChanged(m_jobs);
}

Connector FakeSiteClient::connector(ConnectorId id) const
{
    const auto found = findById(m_connectors, id);
    return found == m_connectors.end() ? Connector() : *found;
}

Job FakeSiteClient::job(JobId id) const
{
    const auto found = findById(m_jobs, id);
    return found == m_jobs.end() ? Job() : *found;
}

void FakeSiteClient::submit(const Request& request)
{
    requests.push_back(request);
    if (refuseRequests) {
        emit requestRefused(request, *refuseRequests);
        return;
    }
    emit requestAccepted(request);
    if (startsJobs)
        startJob(request.connectorId, u"mailboxes"_s, 0, 500);
}

void FakeSiteClient::cancelJob(JobId id)
{
    cancelled.push_back(id);
    Job changed = job(id);
    changed.state = JobState::Cancelling;
    setJob(changed);
}

void FakeSiteClient::saveConnector(const Connector& connector, const QString& password)
{
    saved.push_back(connector);
    passwords.append(password);
    if (refuseSaves) {
        emit connectorRefused(connector, *std::exchange(refuseSaves, std::nullopt));
        return;
    }
    if (!answersSaves)
        return;
    Connector kept = connector;
    if (!kept.id.isValid()) {
        kept.id = addConnector(connector);
        kept.revision = 1;
    } else {
        ++kept.revision;
        changeConnector(kept);
    }
    emit connectorSaved(kept);
}

void FakeSiteClient::removeConnector(ConnectorId id, bool keepEntries)
{
    removed.push_back(id);
    keptEntries.push_back(keepEntries);
    if (!removesAtOnce) {
        findById(m_connectors, id)->state = ConnectorState::Removing;
        emit connectorsChanged(m_connectors);
        return;
    }
    m_connectors.erase(findById(m_connectors, id));
    emit connectorsChanged(m_connectors);
}

void FakeSiteClient::checkConnector(const Connector& connector, const QString& password)
{
    checked.push_back(connector);
    passwords.append(password);
}

void FakeSiteClient::loadLastCheck(ConnectorId connector)
{
    const auto& lines = lastChecks[connector];
    emit lastCheckLoaded(
        connector, lines, lines.empty() ? QDateTime() : QDateTime(QDate(2026, 11, 24), QTime(8, 0), Qt::UTC));
}

void FakeSiteClient::loadWrites(ConnectorId connector, int limit)
{
    std::vector<WriteRecord> newest = writes.value(connector);
    std::ranges::sort(newest, std::greater(), [](const WriteRecord& write) { return write.id.value; });
    if (newest.size() > std::size_t(limit))
        newest.resize(std::size_t(limit));
    emit writesLoaded(connector, newest);
}

void FakeSiteClient::previewSettings(const Connector& connector)
{
    previewed.push_back(connector);
    if (answersPreviews)
        emit settingsPreviewed(connector, previewCommands);
}

void FakeSiteClient::stopCheck()
{
    checkStopped = true;
    emit checkFinished(Error{ErrorCode::Cancelled, {}, u"the connection test"_s}, false);
}

void FakeSiteClient::addMessage(StatusMessage message)
{
    messages.push_back(message);
    emit statusMessageAdded(message);
}

void FakeSiteClient::loadStatusMessages(const site::StatusMessageQuery& query)
{
    messageQueries.push_back(query);
    std::vector<StatusMessage> found;
    for (const StatusMessage& message : messages) {
        if (!query.since.isValid() || message.time >= query.since)
            found.push_back(message);
    }
    std::sort(found.begin(), found.end(),
        [](const StatusMessage& a, const StatusMessage& b) { return a.id > b.id; });
    if (int(found.size()) > query.limit)
        found.resize(std::size_t(query.limit));
    emit statusMessagesLoaded(query, found);
}

} // namespace postern::test
