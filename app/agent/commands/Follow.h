// Asks the site service for something and follows it to its end, whoever works it off: what sync, connector
// and device commands share. Main thread.
#pragma once

#include <QJsonObject>

#include "app/agent/Command.h"

namespace postern::agent {

struct Followed
{
    QString connector; // its name
    Request request;
    std::optional<Job> job;
    [[nodiscard]] bool isDone() const { return request.state == RequestState::Done; }
};

// Submits `request` for `connector`, notes progress on stderr and prints the sentence of its end. A stop
// cancels the job and still waits for its end.
QCoro::Task<Expected<Followed>> askAndFollow(site::SiteSession* session, Connector connector, Request request,
    Terminal* terminal, std::stop_token stop);

[[nodiscard]] QJsonObject toJson(const Followed& followed);

// The end of a command whose sentences were said already: exit status 1 without another line.
[[nodiscard]] inline tl::unexpected<Error> saidAlready()
{
    return fail(ErrorCode::Cancelled, {}, {});
}

} // namespace postern::agent
