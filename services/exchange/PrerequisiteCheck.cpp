#include "services/exchange/PrerequisiteCheck.h"

#include <QLocale>

#include "models/base/ErrorText.h"
#include "services/core/Await.h"
#include "services/exchange/Listing.h"
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
    const CheckResult result{id, name, outcome, detail, required};
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
    }
    if (m_session)
        co_await m_session->close();
    m_session.reset();
    if (network) {
        const QString host = m_subject.endpoint->url.host();
        const QUrl autodiscover(u"https://%1/autodiscover/autodiscover.xml"_s.arg(host));
        const QUrl services(u"https://%1/EWS/Exchange.asmx"_s.arg(host));
        co_await checkReachable(u"Autodiscover"_s, autodiscover, token);
        co_await checkReachable(u"Exchange Web Services"_s, services, token);
    }
    if (token.stop_requested())
        co_return fail(ErrorCode::Cancelled, {}, m_subject.connector.name);
    co_return std::move(m_results);
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
