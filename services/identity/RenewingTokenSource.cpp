#include "services/identity/RenewingTokenSource.h"

#include <QCoroFuture>
#include <QPromise>
#include <QTimer>
#include <atomic>
#include <vector>

namespace postern::identity {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr qint64 usualMargin = 5 * 60; // seconds before the end
constexpr qint64 leastLeft = 60; // a token that lives on for this long is handed out while renewing fails
constexpr qint64 quietTime = 30;
constexpr std::chrono::milliseconds busyTime = 10s; // when a busy server does not say for how long
constexpr std::chrono::milliseconds grace = 5s;
constexpr int mostRounds = 5;
const QString origin = QStringLiteral("the access token");

// Short-lived tokens (a lab with fast time) have a margin of their own, or they would always be due.
qint64 secondsLeft(const TokenAnswer& answer, qint64 usual, qint64 part)
{
    return std::min(usual, answer.issuedAt.secsTo(answer.expiresAt) / part);
}

QDateTime renewalTime(const TokenAnswer& answer)
{
    const QDateTime due = answer.expiresAt.addSecs(-secondsLeft(answer, usualMargin, 4));
    return answer.renewAt.isValid() ? std::min(due, answer.renewAt) : due;
}

Error cancelled()
{
    Error error;
    error.code = ErrorCode::Cancelled;
    error.origin = origin;
    return error;
}

} // namespace

// One renewal and everybody who waits for it.
class SharedRenewal
{
public:
    explicit SharedRenewal(QString claims)
        : m_claims(std::move(claims))
    {
    }
    [[nodiscard]] const QString& claims() const { return m_claims; }
    [[nodiscard]] const Expected<TokenAnswer>& result() const { return *m_result; }

    void finish(Expected<TokenAnswer> result)
    {
        m_result.emplace(std::move(result));
        for (const auto& waiter : std::exchange(m_waiters, {}))
            waiter->finish(true);
    }

    // False when stopped first: only this caller goes.
    QCoro::Task<bool> wait(std::stop_token token)
    {
        if (m_result)
            co_return true;
        auto waiter = std::make_shared<Waiter>();
        waiter->promise.start();
        m_waiters.push_back(waiter);
        QFuture<bool> future = waiter->promise.future();
        std::stop_callback onStop(token, [waiter] { waiter->finish(false); });
        const bool ended = co_await future;
        co_return ended;
    }

private:
    struct Waiter
    {
        QPromise<bool> promise;
        std::atomic_flag over;
        void finish(bool ended)
        {
            if (over.test_and_set())
                return;
            promise.addResult(ended);
            promise.finish();
        }
    };
    const QString m_claims;
    std::optional<Expected<TokenAnswer>> m_result;
    std::vector<std::shared_ptr<Waiter>> m_waiters;
};

RenewingTokenSource::RenewingTokenSource(const core::Clock* clock)
    : m_clock(clock)
{
}

RenewingTokenSource::~RenewingTokenSource() = default;

bool RenewingTokenSource::isUsable() const
{
    return m_current
        && m_clock->now() < m_current->expiresAt.addSecs(-secondsLeft(*m_current, leastLeft, 10));
}

bool RenewingTokenSource::isFresh() const
{
    if (!isUsable())
        return false;
    const QDateTime now = m_clock->now();
    return now < renewalTime(*m_current) || (m_quietUntil.isValid() && now < m_quietUntil);
}

std::optional<Error> RenewingTokenSource::tooSoon() const
{
    const qint64 left = m_busy ? m_clock->now().msecsTo(m_busyUntil) : 0;
    if (left <= 0)
        return std::nullopt;
    Error error = *m_busy;
    error.retryAfter = std::chrono::milliseconds(left);
    return error;
}

QCoro::Task<Expected<QString>> RenewingTokenSource::accessToken(std::stop_token token)
{
    if (!m_stopping && !token.stop_requested() && isFresh())
        co_return QString(m_current->accessToken);
    co_return co_await obtain(QString(), QString(), token);
}

QCoro::Task<Expected<QString>> RenewingTokenSource::replaceToken(
    QString refused, QString claims, std::stop_token token)
{
    if (m_current && m_current->accessToken == refused)
        m_current.reset(); // nobody else gets it either
    const bool satisfies = claims.isEmpty() || claims == m_currentClaims;
    if (!m_stopping && !token.stop_requested() && isUsable() && satisfies)
        co_return QString(m_current->accessToken);
    co_return co_await obtain(refused, claims, token);
}

std::shared_ptr<SharedRenewal> RenewingTokenSource::begin(const QString& claims)
{
    auto renewal = std::make_shared<SharedRenewal>(claims);
    m_renewal = renewal;
    m_scope.start(run(renewal), u"renewing the access token"_s);
    return renewal;
}

QCoro::Task<Expected<void>> RenewingTokenSource::run(std::shared_ptr<SharedRenewal> renewal)
{
    Expected<TokenAnswer> result = co_await renew(renewal->claims(), m_scope.token(), m_abandon.get_token());
    conclude(renewal, std::move(result));
    co_return Expected<void>(); // the callers have the error
}

QCoro::Task<Expected<void>> RenewingTokenSource::runKeep(
    std::shared_ptr<SharedRenewal> renewal, TokenAnswer answer)
{
    const Expected<void> kept = co_await keep(answer);
    if (kept)
        conclude(renewal, std::move(answer));
    else
        conclude(renewal, fail(kept.error()));
    co_return Expected<void>();
}

void RenewingTokenSource::conclude(
    const std::shared_ptr<SharedRenewal>& renewal, Expected<TokenAnswer> result)
{
    m_renewal.reset();
    if (result) {
        m_current = *result;
        m_current->refreshToken.clear(); // the key ring has it
        m_currentClaims = renewal->claims();
        m_busy.reset();
        m_quietUntil = QDateTime();
    } else if (result.error().code == ErrorCode::ServerBusy) {
        m_busy = result.error();
        m_busyUntil = m_clock->now().addMSecs(result.error().retryAfter.value_or(busyTime).count());
    }
    renewal->finish(std::move(result));
}

QCoro::Task<Expected<QString>> RenewingTokenSource::obtain(
    QString refused, QString claims, std::stop_token token)
{
    for (int round = 0; round < mostRounds; ++round) {
        if (m_stopping || token.stop_requested())
            co_return fail(cancelled());
        const bool mine = !m_renewal;
        if (const auto busy = tooSoon(); mine && busy)
            co_return failed(*busy, refused);
        const std::shared_ptr<SharedRenewal> renewal = mine ? begin(claims) : m_renewal;
        const bool ended = co_await renewal->wait(token);
        if (!ended)
            co_return fail(cancelled());
        const bool satisfies = claims.isEmpty() || claims == renewal->claims();
        if (renewal->result() && satisfies && renewal->result()->accessToken != refused)
            co_return QString(renewal->result()->accessToken);
        if (!renewal->result() && satisfies)
            co_return failed(renewal->result().error(), refused);
        if (mine)
            break; // our own question, and the same token
    }
    if (m_current && m_current->accessToken == refused)
        m_current.reset();
    co_return fail(ErrorCode::AuthenticationFailed,
        u"Entra gave the token again that Microsoft Graph refuses"_s, origin);
}

// Early renewals may fail: the token at hand is good for a while, and asking pauses.
Expected<QString> RenewingTokenSource::failed(const Error& error, const QString& refused)
{
    const bool helps = refused.isEmpty() && error.code != ErrorCode::Cancelled && isUsable();
    if (!helps)
        return fail(error);
    m_quietUntil = m_clock->now().addSecs(quietTime);
    return m_current->accessToken;
}

QCoro::Task<Expected<void>> RenewingTokenSource::replaceAnswer(TokenAnswer answer, std::stop_token token)
{
    while (m_renewal) {
        const std::shared_ptr<SharedRenewal> underWay = m_renewal;
        const bool ended = co_await underWay->wait(token);
        if (!ended)
            co_return fail(cancelled());
    }
    if (m_stopping || token.stop_requested())
        co_return fail(cancelled());
    auto renewal = std::make_shared<SharedRenewal>(QString());
    m_renewal = renewal;
    m_busy.reset();
    m_scope.start(runKeep(renewal, std::move(answer)), u"keeping the sign-in"_s);
    const bool ended = co_await renewal->wait(token);
    if (!ended)
        co_return fail(cancelled());
    if (!renewal->result())
        co_return fail(renewal->result().error());
    co_return Expected<void>();
}

QCoro::Task<Expected<GrantedPermissions>> RenewingTokenSource::permissions(std::stop_token token)
{
    const Expected<QString> current = co_await accessToken(token);
    if (!current)
        co_return fail(current.error());
    TokenAnswer answer;
    if (m_current && m_current->accessToken == *current)
        answer = *m_current;
    answer.accessToken = *current;
    co_return grantedPermissions(answer);
}

QCoro::Task<void> RenewingTokenSource::stop()
{
    m_stopping = true;
    QTimer timer;
    timer.setSingleShot(true);
    QObject::connect(&timer, &QTimer::timeout, &timer, [this] { m_abandon.request_stop(); });
    timer.start(grace);
    co_await m_scope.stop();
}

} // namespace postern::identity
