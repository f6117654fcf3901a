#include "services/store/RequestRepository.h"

#include "services/store/Query.h"

using namespace Qt::StringLiterals;

namespace postern::store {

namespace {

const std::string& selectRequests()
{
    static const std::string sql
        = "SELECT r.id, r.kind, r.connector_id, r.job_id, r.requested_by, r.requested_at,"
          " r.state, r.result, r.parameters FROM request r ";
    return sql;
}

Request requestOf(const Query& row)
{
    Request request;
    request.id = row.id<RequestTag>(0);
    request.kind = row.enumeration(1, RequestKind::CheckConnector);
    request.connectorId = row.id<ConnectorTag>(2);
    request.jobId = row.id<JobTag>(3);
    request.requestedBy = row.text(4);
    request.requestedAt = row.time(5).value_or(QDateTime());
    request.state = row.enumeration(6, RequestState::Queued);
    request.result = row.text(7);
    request.parameters = row.text(8).toUtf8();
    return request;
}

Expected<std::optional<Request>> oneOf(Query& query)
{
    std::optional<Request> found;
    if (query.next())
        found = requestOf(query);
    if (auto result = query.result(); !result)
        return tl::unexpected(result.error());
    return found;
}

} // namespace

Expected<RequestInsertion> RequestRepository::insert(Request request)
{
    // First the counter's lock, then the search: two consoles that ask at once find each other's.
    if (auto revision = m_session.touch(Table::Request); !revision)
        return tl::unexpected(revision.error());
    static const std::string equal = selectRequests()
        + "WHERE r.state IN ('Queued', 'Taken') AND r.kind = :kind AND coalesce(r.connector_id, 0) = "
          ":connector"
          " AND coalesce(r.job_id, 0) = :job AND r.parameters = :parameters ORDER BY r.id";
    {
        Query query(m_session, Sql::constant(equal));
        query.bind(":kind", request.kind)
            .bind(":connector", request.connectorId.value)
            .bind(":job", request.jobId.value)
            .bind(":parameters", QString::fromUtf8(request.parameters));
        auto found = oneOf(query);
        if (!found)
            return tl::unexpected(found.error());
        if (*found)
            return RequestInsertion{**found, true};
    }
    request.state = RequestState::Queued;
    request.result.clear();
    Query query(m_session,
        "INSERT INTO request (kind, connector_id, job_id, requested_by, requested_at, state, parameters)"
        " VALUES (:kind, :connector, :job, :by, :at, :state, :parameters) RETURNING id");
    query.bind(":kind", request.kind).bind(":connector", request.connectorId).bind(":job", request.jobId);
    query.bind(":by", request.requestedBy).bind(":at", request.requestedAt).bind(":state", request.state);
    query.bind(":parameters", QString::fromUtf8(request.parameters));
    if (query.next())
        request.id = query.id<RequestTag>(0);
    if (auto result = query.result(); !result)
        return tl::unexpected(result.error());
    return RequestInsertion{request, false};
}

Expected<std::optional<Request>> RequestRepository::takeNext(const QString& owner, const QDateTime& now)
{
    static const std::string sql = selectRequests()
        + "JOIN lease l ON l.connector_id = r.connector_id WHERE r.state = 'Queued' AND l.owner = :owner"
          " AND l.expires_at > :now ORDER BY r.id LIMIT 1";
    const auto oldest = [this, &owner, &now] {
        Query query(m_session, Sql::constant(sql));
        query.bind(":owner", owner).bind(":now", now);
        return oneOf(query);
    };
    auto found = oldest(); // an idle poll writes nothing
    if (!found || !*found)
        return found;
    if (auto revision = m_session.touch(Table::Request); !revision)
        return tl::unexpected(revision.error());
    found = oldest(); // again, now that nobody else can take it
    if (!found || !*found)
        return found;
    Query take(m_session,
        "UPDATE request SET state = 'Taken', taken_by = :owner, taken_at = :now WHERE id = :id AND state = "
        "'Queued'");
    take.bind(":owner", owner).bind(":now", now).bind(":id", (*found)->id.value);
    if (auto done = take.run(); !done)
        return tl::unexpected(done.error());
    (*found)->state = RequestState::Taken;
    return found;
}

Expected<void> RequestRepository::finish(RequestId id, RequestState state, const QString& result)
{
    if (state == RequestState::Queued || state == RequestState::Taken)
        return fail(ErrorCode::InvalidInput, u"a request does not end in that state"_s);
    if (auto revision = m_session.touch(Table::Request); !revision)
        return tl::unexpected(revision.error());
    Query query(m_session,
        "UPDATE request SET state = :state, result = :result WHERE id = :id AND state IN ('Queued', "
        "'Taken')");
    query.bind(":state", state).bind(":result", result).bind(":id", id.value);
    if (auto done = query.run(); !done || query.affected() == 1)
        return done;
    auto present = find(id);
    if (!present)
        return tl::unexpected(present.error());
    return *present ? fail(ErrorCode::Conflict, u"the request is over already"_s)
                    : fail(ErrorCode::NotFound, u"there is no such request"_s);
}

Expected<void> RequestRepository::cancel(RequestId id)
{
    if (auto revision = m_session.touch(Table::Request); !revision)
        return tl::unexpected(revision.error());
    Query query(m_session, "UPDATE request SET state = 'Cancelled' WHERE id = :id AND state = 'Queued'");
    if (auto done = query.bind(":id", id.value).run(); !done || query.affected() == 1)
        return done;
    auto present = find(id);
    if (!present)
        return tl::unexpected(present.error());
    return *present ? fail(ErrorCode::Conflict, u"the request was taken already"_s)
                    : fail(ErrorCode::NotFound, u"there is no such request"_s);
}

Expected<int> RequestRepository::requeueAbandoned(ConnectorId connector, const QString& owner)
{
    if (auto revision = m_session.touch(Table::Request); !revision)
        return tl::unexpected(revision.error());
    Query query(m_session,
        "UPDATE request SET state = 'Queued', taken_by = NULL, taken_at = NULL"
        " WHERE connector_id = :connector AND state = 'Taken' AND taken_by <> :owner");
    if (auto done = query.bind(":connector", connector.value).bind(":owner", owner).run(); !done)
        return tl::unexpected(done.error());
    return int(query.affected());
}

Expected<std::optional<Request>> RequestRepository::find(RequestId id)
{
    static const std::string sql = selectRequests() + "WHERE r.id = :id";
    Query query(m_session, Sql::constant(sql));
    query.bind(":id", id.value);
    return oneOf(query);
}

Expected<std::vector<Request>> RequestRepository::list(int limit)
{
    static const std::string sql = selectRequests() + "ORDER BY r.id DESC LIMIT :limit";
    Query query(m_session, Sql::constant(sql));
    query.bind(":limit", limit);
    std::vector<Request> requests;
    while (query.next())
        requests.push_back(requestOf(query));
    if (auto result = query.result(); !result)
        return tl::unexpected(result.error());
    return requests;
}

} // namespace postern::store
