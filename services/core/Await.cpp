#include "services/core/Await.h"

#include <QCoroNetworkReply>
#include <QLocale>
#include <QPromise>
#include <QSslError>
#include <QTimer>

namespace postern::core {

namespace {

// What the TLS layer said, worst news first: a name mismatch or an expired certificate is more useful than
// "untrusted".
ErrorCode certificateError(const QList<QSslError>& errors)
{
    ErrorCode code = ErrorCode::TlsFailed;
    for (const QSslError& error : errors) {
        switch (error.error()) {
        case QSslError::HostNameMismatch:
            return ErrorCode::CertificateWrongHost;
        case QSslError::CertificateExpired:
        case QSslError::CertificateNotYetValid:
            return ErrorCode::CertificateExpired;
        default:
            code = ErrorCode::CertificateUntrusted;
        }
    }
    return code;
}

ErrorCode networkError(QNetworkReply::NetworkError error)
{
    switch (error) {
    case QNetworkReply::HostNotFoundError:
    case QNetworkReply::ProxyNotFoundError:
        return ErrorCode::HostNotFound;
    case QNetworkReply::ConnectionRefusedError:
    case QNetworkReply::ProxyConnectionRefusedError:
        return ErrorCode::ConnectionRefused;
    case QNetworkReply::TimeoutError:
    case QNetworkReply::ProxyTimeoutError:
    case QNetworkReply::OperationCanceledError: // also how QNAM reports its transfer time-out
        return ErrorCode::Timeout;
    case QNetworkReply::SslHandshakeFailedError:
        return ErrorCode::TlsFailed;
    case QNetworkReply::ProtocolUnknownError:
    case QNetworkReply::ProtocolInvalidOperationError:
        return ErrorCode::InvalidAddress;
    case QNetworkReply::TooManyRedirectsError:
    case QNetworkReply::InsecureRedirectError:
        return ErrorCode::Redirected;
    default:
        return ErrorCode::ConnectionLost;
    }
}

// What one reply went through; fed by its signals, read after it finished.
struct Watch
{
    QList<QSslError> tlsErrors;
    bool tooLarge = false;
    bool late = false;
};

void connectWatch(QNetworkReply* reply, Watch* watch, qint64 maxBody)
{
    QObject::connect(reply, &QNetworkReply::sslErrors, reply,
        [watch](const QList<QSslError>& errors) { watch->tlsErrors = errors; });
    // Not downloadProgress: Qt holds that back for 100 ms, and a body without a length that comes faster and
    // then stands still would never be told again. Nothing is read before the end, so what is available is
    // all there is.
    QObject::connect(reply, &QNetworkReply::readyRead, reply, [reply, watch, maxBody] {
        if (reply->bytesAvailable() > maxBody && !watch->tooLarge) {
            watch->tooLarge = true;
            reply->abort();
        }
    });
}

Expected<HttpAnswer> outcome(QNetworkReply& reply, const Watch& watch, bool stopped)
{
    const QString origin = reply.url().toString(QUrl::RemoveQuery | QUrl::RemoveUserInfo);
    if (stopped)
        return fail(ErrorCode::Cancelled, {}, origin);
    if (watch.tooLarge)
        return fail(ErrorCode::LimitExceeded, QStringLiteral("the body is larger than allowed"), origin);
    if (watch.late)
        return fail(ErrorCode::Timeout, {}, origin);
    if (!watch.tlsErrors.isEmpty())
        return fail(certificateError(watch.tlsErrors), watch.tlsErrors.constFirst().errorString(), origin);
    const int status = reply.attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
    const auto error = reply.error();
    // QNAM calls 4xx and 5xx errors; for us they are answers. Below 100 every error is the transport's own.
    const bool transport = error != QNetworkReply::NoError && (status == 0 || int(error) < 100);
    if (transport)
        return fail(networkError(error), reply.errorString(), origin);
    HttpAnswer answer;
    answer.status = status;
    answer.body = reply.readAll();
    answer.headers = reply.rawHeaderPairs();
    answer.url = reply.url();
    return answer;
}

} // namespace

QByteArray HttpAnswer::header(QByteArrayView name) const
{
    for (const auto& [key, value] : headers) {
        if (QByteArrayView(key).compare(name, Qt::CaseInsensitive) == 0)
            return value;
    }
    return {};
}

std::optional<std::chrono::milliseconds> HttpAnswer::retryAfter(const QDateTime& now) const
{
    const QByteArray text = header("Retry-After").trimmed();
    if (text.isEmpty())
        return std::nullopt;
    bool isNumber = false;
    const qint64 seconds = text.toLongLong(&isNumber);
    if (isNumber)
        return std::chrono::seconds(std::clamp<qint64>(seconds, 0, 86'400));
    QDateTime at = QLocale::c().toDateTime(
        QString::fromLatin1(text), QStringLiteral("ddd, dd MMM yyyy hh:mm:ss 'GMT'"));
    if (!at.isValid())
        return std::nullopt;
    at.setTimeSpec(Qt::UTC);
    return std::chrono::milliseconds(std::clamp<qint64>(now.msecsTo(at), 0, 86'400'000));
}

QCoro::Task<Expected<HttpAnswer>> awaitReply(
    ReplyPointer reply, std::chrono::milliseconds deadline, qint64 maxBody, std::stop_token token)
{
    // Into a local, which dies at co_return: a parameter lives as long as the frame, which a caller may keep
    // beyond the QNetworkAccessManager that owns the reply.
    const ReplyPointer owned = std::move(reply);
    QNetworkReply* const raw = owned.get();
    Watch watch;
    connectWatch(raw, &watch, maxBody);
    QTimer timer;
    timer.setSingleShot(true);
    QObject::connect(&timer, &QTimer::timeout, raw, [raw, seen = &watch] {
        seen->late = true;
        raw->abort();
    });
    timer.start(deadline);
    // Queued: the token may fire on another thread, and abort() inside somebody's call stack would re-enter
    // us.
    std::stop_callback onStop(
        token, [raw] { QMetaObject::invokeMethod(raw, &QNetworkReply::abort, Qt::QueuedConnection); });
    if (!raw->isFinished())
        co_await qCoro(raw).waitForFinished();
    co_return outcome(*raw, watch, token.stop_requested());
}

QCoro::Task<bool> delay(std::chrono::milliseconds time, std::stop_token token)
{
    struct State
    {
        QPromise<bool> promise;
        std::atomic_flag over;
        void finish(bool passed)
        {
            if (!over.test_and_set()) {
                promise.addResult(passed);
                promise.finish();
            }
        }
    };
    auto state = std::make_shared<State>();
    state->promise.start();
    QTimer timer;
    timer.setSingleShot(true);
    QObject::connect(&timer, &QTimer::timeout, &timer, [state] { state->finish(true); });
    timer.start(time);
    std::stop_callback onStop(token, [state] { state->finish(false); });
    QFuture<bool> future = state->promise.future();
    const bool passed = co_await future;
    co_return passed;
}

} // namespace postern::core
