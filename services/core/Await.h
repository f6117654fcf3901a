// The awaitables of the services (style.md 3.5 rules 6 to 8). Everything here resumes on the thread that
// awaited. A stop token that fires ends the wait with ErrorCode::Cancelled; nothing is left connected or
// leaked.
#pragma once

#include <QCoroFuture>
#include <QCoroTask>
#include <QFuture>
#include <QNetworkReply>
#include <QtConcurrentRun>
#include <chrono>
#include <memory>
#include <stop_token>

#include "models/base/Error.h"

namespace postern::core {

struct ReplyDeleter
{
    void operator()(QNetworkReply* reply) const { reply->deleteLater(); }
};
using ReplyPointer = std::unique_ptr<QNetworkReply, ReplyDeleter>;

// A complete HTTP answer, whatever its status: WSMan sends faults as 500 with a body.
struct HttpAnswer
{
    HttpAnswer() = default;
    int status = 0;
    QByteArray body;
    QList<QNetworkReply::RawHeaderPair> headers;
    QUrl url;

    [[nodiscard]] QByteArray header(QByteArrayView name) const;
    // Retry-After in seconds or as an HTTP date, against `now`.
    [[nodiscard]] std::optional<std::chrono::milliseconds> retryAfter(const QDateTime& now) const;
};

// The only wait on the wire. Owns the reply; aborts it on stop or when `deadline` has passed. An answer with
// any HTTP status is a value; only transport faults are errors: HostNotFound, ConnectionRefused,
// ConnectionLost, Timeout, Certificate…, TlsFailed, Cancelled. `maxBody` bytes at most are read
// (LimitExceeded).
QCoro::Task<Expected<HttpAnswer>> awaitReply(
    ReplyPointer reply, std::chrono::milliseconds deadline, qint64 maxBody, std::stop_token token);

// True when the time has passed, false when stopped first.
QCoro::Task<bool> delay(std::chrono::milliseconds time, std::stop_token token);

// CPU work on the global pool; `work` returns Expected<T> and does not throw. Not cancelled: work that takes
// long watches a token of its own. Resumes on the calling thread.
template <class Work> auto runInPool(Work work) -> QFuture<std::invoke_result_t<Work>>
{
    return QtConcurrent::run(std::move(work));
}

} // namespace postern::core
