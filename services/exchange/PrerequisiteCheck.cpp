#include "services/exchange/PrerequisiteCheck.h"

#include <QLocale>

#include "models/base/ErrorText.h"
#include "services/core/Await.h"
#include "services/exchange/ContainerScope.h"
#include "services/exchange/ExchangeText.h"
#include "services/exchange/Listing.h"
#include "services/exchange/NotificationCheck.h"
#include "services/exchange/OrganizationMapper.h"
#include "services/psrp/clixml/Reader.h"
#include "services/wsman/Client.h"

namespace postern::exchange {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using Outcome = CheckResult::Outcome;
using Presence = CommandSet::Presence;

namespace {

constexpr int expiryWarningDays = 30;
constexpr auto connectDeadline = 15s;
constexpr qint64 clockToleranceSeconds = 300; // Kerberos'
constexpr qint64 largestProbeAnswer = 1024 * 1024;
constexpr QStringView listParameters[] = {u"ActiveSyncAllowedDeviceIDs", u"ActiveSyncBlockedDeviceIDs"};

QString cmdletLine(QStringView cmdlet)
{
    return u"Cmdlet %1"_s.arg(cmdlet);
}

// Nothing has this name: the binder refuses the call before the cmdlet runs.
const QString noSuchParameter = QStringLiteral("PosternProbe");

} // namespace

VersionVerdict judgeVersion(QStringView version)
{
    const auto parts = version.split(u'.');
    const int major = parts.value(0).toInt();
    const int minor = parts.value(1).toInt();
    const int build = parts.value(2).toInt();
    if (major == 14)
        return {minor < 1   ? Outcome::Fail
                : minor < 3 ? Outcome::Warning
                            : Outcome::Pass,
            u"Exchange Server 2010 SP%1"_s.arg(minor)};
    if (major == 15 && minor == 0)
        return {Outcome::Pass, u"Exchange Server 2013"_s};
    if (major == 15 && minor == 1)
        return {Outcome::Pass, u"Exchange Server 2016"_s};
    if (major == 15 && minor == 2)
        return {Outcome::Pass, build >= 2562 ? u"Exchange Server SE"_s : u"Exchange Server 2019"_s};
    if (major > 15 || (major == 15 && minor > 2))
        return {Outcome::Warning, u"an Exchange Server newer than this program"_s};
    return {Outcome::Fail, u"an Exchange Server older than 2010"_s};
}

std::optional<CheckResult> judgeClock(const QByteArray& dateHeader, const QDateTime& now)
{
    const auto theirs = dateFromText(QString::fromLatin1(dateHeader));
    if (!theirs)
        return std::nullopt;
    const qint64 apart = std::abs(theirs->secsTo(now));
    if (apart < clockToleranceSeconds)
        return CheckResult{
            u"CON-38"_s, u"Clock"_s, Outcome::Pass, u"%1 s from the server's"_s.arg(apart), false};
    return CheckResult{u"CON-38"_s, u"Clock"_s, Outcome::Warning,
        u"%1 minutes from the server's: Kerberos refuses more than five. Set this computer's clock by the domain's."_s
            .arg(apart / 60),
        false};
}

PrerequisiteCheck::PrerequisiteCheck(Subject subject, tracelog::TraceLogWriter& log, const core::Clock& clock,
    std::function<void(const CheckResult&)> report)
    : m_subject(std::move(subject))
    , m_log(log)
    , m_clock(clock)
    , m_report(std::move(report))
{
}

void PrerequisiteCheck::line(
    const QString& id, const QString& name, Outcome outcome, const QString& detail, bool required)
{
    add(CheckResult{id, name, outcome, detail, required});
}

void PrerequisiteCheck::add(const CheckResult& result)
{
    m_results.push_back(result);
    if (m_report)
        m_report(result);
}

QCoro::Task<Expected<std::vector<CheckResult>>> PrerequisiteCheck::run(std::stop_token token)
{
    const bool network = co_await checkNetwork(token);
    bool signedIn = false;
    if (network)
        signedIn = co_await checkSignIn(token);
    if (signedIn) {
        co_await checkCmdlets(token);
        co_await checkVersion(token);
        co_await checkContainers(token);
        co_await checkSignInName(token);
    }
    if (m_session)
        co_await m_session->close();
    m_session.reset();
    if (network)
        co_await checkServices(token);
    if (token.stop_requested())
        co_return fail(ErrorCode::Cancelled, {}, m_subject.connector.name);
    co_return std::move(m_results);
}

// What stands beside PowerShell: the other servers, and what notifications need.
QCoro::Task<void> PrerequisiteCheck::checkServices(std::stop_token token)
{
    for (size_t i = 0; i < m_subject.others.size(); ++i)
        co_await checkOtherServer(m_subject.others.at(i), token);
    const QString host = m_subject.endpoint->url.host();
    const QUrl autodiscover(u"https://%1/autodiscover/autodiscover.xml"_s.arg(host));
    const QUrl services(u"https://%1/EWS/Exchange.asmx"_s.arg(host));
    co_await checkReachable(u"Autodiscover"_s, autodiscover, token);
    co_await checkReachable(u"Exchange Web Services"_s, services, token);
    const auto report = [this](const CheckResult& result) { add(result); };
    wsman::Endpoint as = *m_subject.endpoint;
    if (!m_subject.notificationPassword.isEmpty()) {
        as.user = m_subject.connector.notificationAccount.trimmed();
        as.password = m_subject.notificationPassword;
    }
    NotificationCheck notifications(m_subject.connector, std::move(as), report);
    co_await notifications.run(token);
}

// Not required: the ladder steps over it (CON-45).
QCoro::Task<void> PrerequisiteCheck::checkOtherServer(wsman::Endpoint endpoint, std::stop_token token)
{
    const QString name = u"Client Access server %1"_s.arg(endpoint.url.host());
    const quint16 port = quint16(endpoint.url.port(443));
    const auto facts
        = co_await probeTls(endpoint.url.host(), port, endpoint.authorities, connectDeadline, token);
    if (!facts)
        line(u"CON-03"_s, name, Outcome::Warning, ErrorText::sentence(facts.error()), false);
    else if (!facts->errors.isEmpty())
        line(u"CON-03"_s, name, Outcome::Warning,
            u"Its certificate is not trusted: %1."_s.arg(facts->errors.constFirst().errorString()), false);
    else
        line(u"CON-03"_s, name, facts->handshakeDone ? Outcome::Pass : Outcome::Warning,
            facts->handshakeDone ? u"reachable, certificate trusted"_s
                                 : u"No secure connection: %1."_s.arg(facts->failure),
            false);
}

QCoro::Task<void> PrerequisiteCheck::checkContainers(std::stop_token token)
{
    const QStringList containers = m_subject.connector.adContainers;
    for (qsizetype i = 0; i < containers.size() && !token.stop_requested(); ++i)
        co_await checkContainer(containers.at(i), token);
}

// CON-16: each must resolve. Where the account may not ask for containers, a recipient in it proves it.
QCoro::Task<void> PrerequisiteCheck::checkContainer(QString typed, std::stop_token token)
{
    const auto scope = ContainerScope::of(QStringList(typed));
    if (!scope) {
        line(u"CON-16"_s, u"Active Directory container %1"_s.arg(typed), Outcome::Fail,
            ErrorText::sentence(scope.error()));
        co_return;
    }
    const QString canonical = scope->containers().constFirst();
    psrp::PsCommand direct(u"Get-OrganizationalUnit"_s);
    direct.with(u"Identity"_s, canonical).withSwitch(u"IncludeContainers"_s);
    psrp::PsCommand byMember(u"Get-Recipient"_s);
    byMember.with(u"OrganizationalUnit"_s, canonical).with(u"ResultSize"_s, 1);
    Expected<psrp::PipelineResult> answer = co_await m_session->invoke(std::move(direct), token);
    const bool mayNotAsk = !answer
        && (answer.error().code == ErrorCode::CmdletMissing
            || answer.error().code == ErrorCode::ParameterMissing);
    if (mayNotAsk)
        answer = co_await m_session->invoke(std::move(byMember), token);
    judgeContainer(canonical, answer, mayNotAsk);
}

void PrerequisiteCheck::judgeContainer(
    const QString& canonical, const Expected<psrp::PipelineResult>& answer, bool byMember)
{
    const QString name = u"Active Directory container %1"_s.arg(canonical);
    std::optional<Error> error;
    if (!answer)
        error = answer.error();
    else if (!answer->errors.empty())
        error = psrp::toError(answer->errors.front(), name);
    if (error && (error->code == ErrorCode::CmdletMissing || error->code == ErrorCode::ParameterMissing))
        line(u"CON-16"_s, name, Outcome::Warning,
            u"Could not be looked up: the account may not. What is read is cut to it all the same."_s, false);
    else if (error)
        line(u"CON-16"_s, name, Outcome::Fail, u"Does not resolve: %1"_s.arg(error->detail));
    else if (!answer->output.empty())
        line(u"CON-16"_s, name, Outcome::Pass, u"found; what is below it is read, too"_s);
    else if (byMember)
        line(u"CON-16"_s, name, Outcome::Warning, u"Nobody is in it, or it does not exist."_s, false);
    else
        line(u"CON-16"_s, name, Outcome::Fail, u"Does not resolve: nothing has this name."_s);
}

// CON-10: mail is sent by name, and the name is the address only when both are the same.
QCoro::Task<void> PrerequisiteCheck::checkSignInName(std::stop_token token)
{
    const QString account = m_subject.connector.notificationAccount.trimmed();
    if (account.isEmpty() || token.stop_requested())
        co_return;
    const QString name = u"Sign-in name of the notification account"_s;
    psrp::PsCommand command(u"Get-User"_s);
    command.with(u"Identity"_s, account);
    const Expected<psrp::PipelineResult> answer = co_await m_session->invoke(std::move(command), token);
    if (!answer && answer.error().code == ErrorCode::CmdletMissing)
        co_return; // CON-33 has said so
    if (!answer || answer->output.size() != 1) {
        line(u"CON-10"_s, name, Outcome::Warning,
            u"%1 is nobody in this organization: give an account with an active mailbox in it."_s.arg(
                account),
            false);
        co_return;
    }
    const QString upn = answer->output.front().property(u"UserPrincipalName").toText();
    const bool isSame = upn.isEmpty() || upn.compare(account, Qt::CaseInsensitive) == 0;
    line(u"CON-10"_s, name, isSame ? Outcome::Pass : Outcome::Warning,
        isSame ? u"the same as the address"_s
               : u"It is %1: make the user principal name equal to the address %2."_s.arg(upn, account),
        false);
}

// Once is enough; a server without the header says nothing.
void PrerequisiteCheck::checkClock(const QByteArray& date)
{
    const auto result = judgeClock(date, m_clock.now());
    if (result && !std::exchange(m_clockChecked, true))
        add(*result);
}

QCoro::Task<bool> PrerequisiteCheck::checkNetwork(std::stop_token token)
{
    if (!m_subject.endpoint) {
        line(
            u"CON-02"_s, u"Server address"_s, Outcome::Fail, ErrorText::sentence(m_subject.endpoint.error()));
        skipFrom(u"Not checked: the server address cannot be used."_s, true);
        co_return false;
    }
    const QUrl url = m_subject.endpoint->url;
    const quint16 port = quint16(url.port(443));
    const auto addresses = co_await resolveHost(url.host(), token);
    if (!addresses) {
        line(u"CON-30"_s, u"Name resolution"_s, Outcome::Fail, ErrorText::sentence(addresses.error()));
        skipFrom(u"Not checked: %1 has no address."_s.arg(url.host()), false);
        co_return false;
    }
    line(u"CON-30"_s, u"Name resolution"_s, Outcome::Pass,
        u"%1 is %2"_s.arg(url.host(), addresses->isEmpty() ? u"?"_s : addresses->constFirst().toString()));
    const auto facts
        = co_await probeTls(url.host(), port, m_subject.endpoint->authorities, connectDeadline, token);
    const QString connection = u"Connection to %1:%2"_s.arg(url.host()).arg(port);
    if (!facts) {
        line(u"CON-30"_s, connection, Outcome::Fail, ErrorText::sentence(facts.error()));
        line(u"CON-31"_s, u"Server certificate"_s, Outcome::NotApplicable,
            u"Not checked: there is no connection."_s);
        skipFrom(u"Not checked: there is no connection."_s, false);
        co_return false;
    }
    line(u"CON-30"_s, connection, Outcome::Pass, u"open"_s);
    checkCertificate(*facts);
    if (facts->handshakeDone)
        co_return true;
    skipFrom(u"Not checked: there is no secure connection, so no password was sent."_s, false);
    co_return false;
}

void PrerequisiteCheck::checkCertificate(const TlsFacts& facts)
{
    const QString name = u"Server certificate"_s;
    const QString host = m_subject.endpoint->url.host();
    if (!facts.errors.isEmpty()) {
        QStringList reasons;
        for (const QSslError& error : facts.errors)
            reasons.append(error.errorString());
        reasons.removeDuplicates();
        const bool selfSigned = facts.chain.size() == 1 && facts.chain.constFirst().isSelfSigned();
        const QString advice = selfSigned
            ? u"It signed itself; use one from a trusted public authority, or give the connector your own CA file."_s
            : u"Use a certificate from a trusted public authority for this name, or give the connector your own CA file."_s;
        line(u"CON-31"_s, name, Outcome::Fail, u"%1. %2"_s.arg(reasons.join(u"; "_s), advice));
        return;
    }
    if (!facts.handshakeDone || facts.chain.isEmpty()) {
        line(u"CON-31"_s, name, Outcome::Fail,
            u"No secure connection: %1. The server must offer TLS 1.2 or newer."_s.arg(facts.failure));
        return;
    }
    const QDateTime expires = facts.chain.constFirst().expiryDate();
    const qint64 days = m_clock.now().daysTo(expires);
    const QString until = expires.toUTC().date().toString(Qt::ISODate);
    if (days < expiryWarningDays) {
        m_log.write(tracelog::lines::certificate(host, u"expires on %1"_s.arg(until)));
        line(u"CON-31"_s, name, Outcome::Warning, u"Trusted, but it expires on %1: renew it."_s.arg(until));
        return;
    }
    line(u"CON-31"_s, name, Outcome::Pass, u"trusted until %1, %2"_s.arg(until, facts.protocol));
}

QCoro::Task<bool> PrerequisiteCheck::checkSignIn(std::stop_token token)
{
    m_session = std::make_unique<psrp::RunspacePool>(
        std::make_unique<wsman::Client>(*m_subject.endpoint, nullptr, &m_clock));
    const Expected<void> opened = co_await m_session->open(token);
    const QString name = u"Sign-in and PowerShell session"_s;
    if (opened) {
        line(u"CON-08"_s, name, Outcome::Pass,
            u"%1 by %2"_s.arg(
                m_subject.connector.user.isEmpty() ? u"own account"_s : m_subject.connector.user,
                m_session->client().signInMethod()));
        co_return true;
    }
    if (opened.error().code != ErrorCode::Cancelled)
        m_log.write(tracelog::lines::runspaceFailed(m_subject.siteName, opened.error().toLogText()));
    line(u"CON-08"_s, name, Outcome::Fail, ErrorText::sentence(opened.error()));
    skipFrom(u"Not checked: there is no PowerShell session."_s, false);
    co_return false;
}

QCoro::Task<CommandSet> PrerequisiteCheck::commandSet(std::stop_token token)
{
    psrp::PsCommand query = CommandSet::query();
    const Expected<psrp::PipelineResult> answer = co_await m_session->invoke(std::move(query), token);
    if (answer && !answer->output.empty())
        co_return CommandSet::fromAnswer(answer->output);
    CommandSet learnt;
    std::vector<QStringView> names(requiredCmdlets().begin(), requiredCmdlets().end());
    for (const ExtendedCmdlet& cmdlet : extendedCmdlets())
        names.push_back(cmdlet.name);
    names.insert(names.end(), modernCmdlets().begin(), modernCmdlets().end());
    for (const QStringView name : names) {
        const Presence presence = co_await probe(name.toString(), QString(), token);
        learnt.learn(name, presence);
    }
    co_return learnt;
}

// Whether a cmdlet, or a parameter of it, exists: the refusal says which of the two names is unknown.
QCoro::Task<Presence> PrerequisiteCheck::probe(QString cmdlet, QString parameter, std::stop_token token)
{
    psrp::PsCommand command(cmdlet);
    if (!parameter.isEmpty())
        command.with(parameter, clixml::Value());
    command.with(noSuchParameter, true);
    const Expected<psrp::PipelineResult> answer = co_await m_session->invoke(std::move(command), token);
    Error error;
    if (!answer)
        error = answer.error();
    else if (!answer->errors.empty())
        error = psrp::toError(answer->errors.front(), cmdlet);
    if (error.code == ErrorCode::CmdletMissing)
        co_return Presence::Missing;
    if (error.code == ErrorCode::ParameterMissing)
        co_return !parameter.isEmpty() && error.detail.contains(parameter, Qt::CaseInsensitive)
            ? Presence::Missing
            : Presence::Present;
    co_return Presence::Unknown;
}

QCoro::Task<void> PrerequisiteCheck::checkCmdlets(std::stop_token token)
{
    CommandSet commands = co_await commandSet(token);
    if (token.stop_requested())
        co_return;
    for (const QStringView name : requiredCmdlets()) {
        const bool missing = commands.has(name) == Presence::Missing;
        if (missing)
            m_log.write(tracelog::lines::cmdletFailed(name.toString()));
        line(u"CON-32"_s, cmdletLine(name), missing ? Outcome::Fail : Outcome::Pass,
            missing ? u"The account may not use it: add it to the account's management role."_s
                    : u"available"_s);
    }
    for (const ExtendedCmdlet& cmdlet : extendedCmdlets()) {
        const bool missing = commands.has(cmdlet.name) == Presence::Missing;
        line(u"CON-33"_s, cmdletLine(cmdlet.name), missing ? Outcome::Warning : Outcome::Pass,
            missing ? u"Missing: %1."_s.arg(cmdlet.lostFeature) : u"available"_s, false);
    }
    const bool modernFamily
        = commands.choose(u"Get-MobileDeviceStatistics", u"Get-ActiveSyncDeviceStatistics")
        == "Get-MobileDeviceStatistics"_L1;
    line(u"CON-35"_s, u"MobileDevice cmdlets"_s, modernFamily ? Outcome::Pass : Outcome::Warning,
        modernFamily
            ? u"available"_s
            : u"Missing: the ActiveSync cmdlets are used; clients other than ActiveSync are not seen."_s,
        false);
    co_await checkListParameters(std::move(commands), token);
}

QCoro::Task<void> PrerequisiteCheck::checkListParameters(CommandSet commands, std::stop_token token)
{
    QStringList missing;
    bool unknown = false;
    for (const QStringView parameter : listParameters) {
        Presence presence = commands.hasParameter(u"Set-CASMailbox", parameter);
        if (presence == Presence::Unknown)
            presence = co_await probe(u"Set-CASMailbox"_s, parameter.toString(), token);
        if (presence == Presence::Missing)
            missing.append(parameter.toString());
        unknown = unknown || presence == Presence::Unknown;
    }
    const QString name = u"Parameters of Set-CASMailbox"_s;
    if (!missing.isEmpty())
        line(u"CON-36"_s, name, Outcome::Warning,
            u"Missing: %1. Devices can be read, but not allowed or blocked."_s.arg(missing.join(u", "_s)),
            false);
    else
        line(u"CON-36"_s, name, unknown ? Outcome::Warning : Outcome::Pass,
            unknown ? u"Could not be found out without changing something."_s : u"available"_s, false);
}

QCoro::Task<void> PrerequisiteCheck::checkVersion(std::stop_token token)
{
    const QString name = u"Exchange version"_s;
    psrp::PsCommand command(u"Get-ExchangeServer"_s);
    auto pipeline = m_session->pipeline(std::move(command));
    std::vector<psrp::PipelineChunk> chunks;
    for (bool last = false; !last;) {
        Expected<psrp::PipelineChunk> chunk = co_await pipeline->next(token);
        if (!chunk) {
            line(u"CON-37"_s, name, Outcome::Fail, ErrorText::sentence(chunk.error()));
            co_return;
        }
        last = chunk->last();
        chunks.push_back(std::move(*chunk));
    }
    std::vector<ObjectProblem> problems;
    const auto servers = mapAll<ExchangeServer>(chunks, mapExchangeServer, problems);
    const OrganizationInfo info = organizationOf(servers, m_subject.endpoint->url.host());
    VersionVerdict verdict = judgeVersion(info.version);
    QString detail
        = u"%1 (%2) on %3, organization %4"_s.arg(verdict.product, info.version, info.serverName, info.name);
    const bool newerExists = std::any_of(servers.begin(), servers.end(),
        [](const ExchangeServer& server) { return server.version.startsWith("15."_L1); });
    if (info.version.startsWith("14."_L1) && newerExists) {
        verdict.outcome = std::max(verdict.outcome, Outcome::Warning);
        detail += u". Newer servers exist: use one of them as the address, or their users are not seen."_s;
    } else if (verdict.outcome == Outcome::Warning) {
        detail
            += info.version.startsWith("14."_L1) ? u". Update it to SP3."_s : u". It has not been tried."_s;
    } else if (verdict.outcome == Outcome::Fail) {
        detail += u". At least Exchange Server 2010 SP1 is needed."_s;
    }
    line(u"CON-37"_s, name, verdict.outcome, detail);
}

// Any answer proves the service: without credentials it is 401, a page, or a redirect.
QCoro::Task<void> PrerequisiteCheck::checkReachable(QString name, QUrl url, std::stop_token token)
{
    const int port = m_subject.endpoint->url.port(443);
    if (port != 443)
        url.setPort(port);
    QNetworkAccessManager network;
    QNetworkRequest request(url);
    request.setAttribute(QNetworkRequest::RedirectPolicyAttribute, QNetworkRequest::ManualRedirectPolicy);
    request.setAttribute(QNetworkRequest::AuthenticationReuseAttribute, QNetworkRequest::Manual);
    QSslConfiguration tls = request.sslConfiguration();
    if (!m_subject.endpoint->authorities.isEmpty())
        tls.setCaCertificates(m_subject.endpoint->authorities);
    request.setSslConfiguration(tls);
    core::ReplyPointer reply(network.get(request));
    const auto answer
        = co_await core::awaitReply(std::move(reply), connectDeadline, largestProbeAnswer, token);
    if (!answer) {
        line(u"CON-30"_s, name, Outcome::Warning, ErrorText::sentence(answer.error()), false);
        co_return;
    }
    checkClock(answer->header("Date"));
    const bool there = answer->status < 500 && answer->status != 404;
    line(u"CON-30"_s, name, there ? Outcome::Pass : Outcome::Warning,
        there ? u"answers at %1"_s.arg(url.toString())
              : u"%1 answers with %2: mail to users of blocked devices may not be possible."_s
                    .arg(url.toString())
                    .arg(answer->status),
        false);
}

// The checks after the network, as lines that say why they were not made.
void PrerequisiteCheck::skipFrom(const QString& why, bool withNetwork)
{
    if (withNetwork) {
        line(u"CON-30"_s, u"Name resolution"_s, Outcome::NotApplicable, why);
        line(u"CON-31"_s, u"Server certificate"_s, Outcome::NotApplicable, why);
    }
    const bool triedSignIn = !m_results.empty() && m_results.back().id == "CON-08"_L1;
    if (!triedSignIn)
        line(u"CON-08"_s, u"Sign-in and PowerShell session"_s, Outcome::NotApplicable, why);
    for (const QStringView name : requiredCmdlets())
        line(u"CON-32"_s, cmdletLine(name), Outcome::NotApplicable, why);
    for (const ExtendedCmdlet& cmdlet : extendedCmdlets())
        line(u"CON-33"_s, cmdletLine(cmdlet.name), Outcome::NotApplicable, why, false);
    line(u"CON-36"_s, u"Parameters of Set-CASMailbox"_s, Outcome::NotApplicable, why, false);
    line(u"CON-37"_s, u"Exchange version"_s, Outcome::NotApplicable, why);
}

} // namespace postern::exchange
