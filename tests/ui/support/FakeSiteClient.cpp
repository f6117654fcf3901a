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

void FakeSiteClient::removeConnector(ConnectorId id, bool)
{
    removed.push_back(id);
    m_connectors.erase(findById(m_connectors, id));
    emit connectorsChanged(m_connectors);
}

void FakeSiteClient::checkConnector(const Connector& connector, const QString& password)
{
    checked.push_back(connector);
    passwords.append(password);
}

void FakeSiteClient::stopCheck()
{
    checkStopped = true;
    emit checkFinished(Error{ErrorCode::Cancelled, {}, u"the connection test"_s}, false);
}

} // namespace postern::test
