// The prerequisite and permission checks of a connector (CON-10, 11, 16, 30 to 38), one line a check, all of
// them, not only the first that fails; what cannot be checked because an earlier one failed says so. Nothing
// is changed on the server: cmdlets are found in the session's command set, or, where that cannot be listed,
// by a call with a parameter that does not exist, which is refused before anything runs. Service thread.
// Errors: Cancelled only.
#pragma once

#include <functional>
#include <vector>

#include "models/domain/Connector.h"
#include "models/domain/Exchange.h"
#include "services/core/Clock.h"
#include "services/exchange/CommandSet.h"
#include "services/exchange/TlsProbe.h"
#include "services/psrp/RunspacePool.h"
#include "services/tracelog/TraceLogWriter.h"
#include "services/wsman/Endpoint.h"

namespace postern::exchange {

class PrerequisiteCheck
{
public:
    struct Subject
    {
        Connector connector;
        Expected<wsman::Endpoint> endpoint; // an error: the address, the CA file or the kind is wrong
        std::vector<wsman::Endpoint> others; // further Client Access servers (CON-03)
        QString siteName;
        QString notificationPassword; // empty: the connector's account opens the mailbox
    };
    PrerequisiteCheck(Subject subject, tracelog::TraceLogWriter& log, const core::Clock& clock,
        std::function<void(const CheckResult&)> report);

    QCoro::Task<Expected<std::vector<CheckResult>>> run(std::stop_token token);

private:
    QCoro::Task<bool> checkNetwork(std::stop_token token); // false: no session is possible
    QCoro::Task<bool> checkSignIn(std::stop_token token);
    QCoro::Task<void> checkCmdlets(std::stop_token token);
    QCoro::Task<void> checkVersion(std::stop_token token);
    QCoro::Task<void> checkReachable(QString name, QUrl url, std::stop_token token);
    QCoro::Task<void> checkOtherServer(wsman::Endpoint endpoint, std::stop_token token);
    QCoro::Task<void> checkContainers(std::stop_token token);
    QCoro::Task<void> checkContainer(QString typed, std::stop_token token);
    void judgeContainer(
        const QString& canonical, const Expected<psrp::PipelineResult>& answer, bool byMember);
    QCoro::Task<void> checkSignInName(std::stop_token token);
    void checkClock(const QByteArray& date);
    QCoro::Task<void> checkServices(std::stop_token token);
    QCoro::Task<CommandSet> commandSet(std::stop_token token);
    QCoro::Task<CommandSet::Presence> probe(QString cmdlet, QString parameter, std::stop_token token);
    QCoro::Task<void> checkListParameters(CommandSet commands, std::stop_token token);
    void checkCertificate(const TlsFacts& facts);
    void skipFrom(const QString& why, bool withNetwork);
    void add(const CheckResult& result);
    void line(const QString& id, const QString& name, CheckResult::Outcome outcome, const QString& detail,
        bool required = true);

    Subject m_subject;
    tracelog::TraceLogWriter& m_log;
    const core::Clock& m_clock;
    std::function<void(const CheckResult&)> m_report;
    std::vector<CheckResult> m_results;
    std::unique_ptr<psrp::RunspacePool> m_session;
    bool m_clockChecked = false;
};

// CON-37: what a version of Exchange is, and whether it is enough.
struct VersionVerdict
{
    CheckResult::Outcome outcome = CheckResult::Outcome::Fail;
    QString product; // "Exchange Server 2019"
};
[[nodiscard]] VersionVerdict judgeVersion(QStringView version);

// CON-38: this computer's clock against the Date header of a server's answer; nullopt: it tells no time.
[[nodiscard]] std::optional<CheckResult> judgeClock(const QByteArray& dateHeader, const QDateTime& now);

} // namespace postern::exchange
