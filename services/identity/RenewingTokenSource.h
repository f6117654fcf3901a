// A TokenSource that keeps one access token and renews it some minutes before its end. Callers at the same
// time share one renewal; one caller's stop ends its own waiting only. While a renewal fails, a token that is
// still good is handed out. Service thread. Errors: those of the renewal; ServerBusy is remembered until its
// time is over, so that nobody knocks meanwhile. Before the end: co_await stop(). graph-reference 2.4, 2.6.
#pragma once

#include <QCoroTask>
#include <QDateTime>
#include <QString>
#include <memory>
#include <optional>
#include <stop_token>

#include "services/core/Clock.h"
#include "services/core/Scope.h"
#include "services/identity/GrantedPermissions.h"
#include "services/identity/TokenAnswer.h"
#include "services/identity/TokenSource.h"

namespace postern::identity {

class SharedRenewal;

class RenewingTokenSource : public TokenSource
{
public:
    ~RenewingTokenSource() override;
    RenewingTokenSource(const RenewingTokenSource&) = delete;
    RenewingTokenSource& operator=(const RenewingTokenSource&) = delete;

    QCoro::Task<Expected<QString>> accessToken(std::stop_token token) override;
    QCoro::Task<Expected<QString>> replaceToken(
        QString refused, QString claims, std::stop_token token) override;

    // What the token permits, for people to read (CON-39).
    QCoro::Task<Expected<GrantedPermissions>> permissions(std::stop_token token);

    // Lets a renewal that is under way finish and be written down, for 5 seconds at most; then the source
    // answers Cancelled.
    QCoro::Task<void> stop();

protected:
    explicit RenewingTokenSource(const core::Clock* clock);
    // `stop`: no new tries; `abandon`: give up the request under way.
    virtual QCoro::Task<Expected<TokenAnswer>> renew(
        QString claims, std::stop_token stop, std::stop_token abandon)
        = 0;
    // Runs when no renewal is under way and takes the place of one: `answer` is kept, then handed out.
    QCoro::Task<Expected<void>> replaceAnswer(TokenAnswer answer, std::stop_token token);
    // What replaceAnswer writes down first.
    virtual QCoro::Task<Expected<void>> keep(TokenAnswer answer) = 0;

private:
    [[nodiscard]] bool isFresh() const;
    [[nodiscard]] bool isUsable() const;
    [[nodiscard]] std::optional<Error> tooSoon() const;
    std::shared_ptr<SharedRenewal> begin(const QString& claims);
    QCoro::Task<Expected<void>> run(std::shared_ptr<SharedRenewal> renewal);
    QCoro::Task<Expected<void>> runKeep(std::shared_ptr<SharedRenewal> renewal, TokenAnswer answer);
    void conclude(const std::shared_ptr<SharedRenewal>& renewal, Expected<TokenAnswer> result);
    QCoro::Task<Expected<QString>> obtain(QString refused, QString claims, std::stop_token token);
    [[nodiscard]] Expected<QString> failed(const Error& error, const QString& refused);

    const core::Clock* m_clock;
    core::Scope m_scope;
    std::stop_source m_abandon;
    bool m_stopping = false;
    std::optional<TokenAnswer> m_current;
    QString m_currentClaims; // the challenge that m_current satisfies
    QDateTime m_quietUntil; // after a failed early renewal the current token is used until then
    std::optional<Error> m_busy;
    QDateTime m_busyUntil;
    std::shared_ptr<SharedRenewal> m_renewal; // under way
};

} // namespace postern::identity
