#include "services/exchange/OnPremisesExchange.h"

#include "services/core/Logging.h"
#include "services/exchange/MailboxListing.h"
#include "services/exchange/MailboxMapper.h"
#include "services/exchange/PartnershipMapper.h"
#include "services/exchange/PrerequisiteCheck.h"

namespace postern::exchange {

using namespace Qt::StringLiterals;

namespace {

psrp::PsCommand unlimited(QStringView cmdlet)
{
    psrp::PsCommand command(cmdlet.toString());
    command.with(u"ResultSize"_s, u"Unlimited"_s);
    return command;
}

constexpr QStringView hasPhones = u"HasActiveSyncDevicePartnership -eq $true";

// d.7: a date in the form that a server of any culture reads the same way is not known; this one is en-US,
// which is what the session asks for (a.3).
QString changedSince(const QDateTime& since)
{
    return u"WhenChangedUTC -ge '%1'"_s.arg(QLocale::c().toString(since.toUTC(), u"MM/dd/yyyy HH:mm:ss"_s));
}

Alternative plain(QStringView cmdlet)
{
    return {cmdlet.toString(), psrp::PsCommand(cmdlet.toString())};
}

} // namespace

std::unique_ptr<ExchangeOrganization> connect(
    const Connector& connector, const QString& password, const ConnectDependencies& dependencies)
{
    dependencies.log.addSecret(password);
    return std::make_unique<OnPremisesExchange>(connector, password, dependencies);
}

Expected<wsman::Endpoint> endpointOf(const Connector& connector, const QString& password)
{
    if (connector.kind != ConnectorKind::OnPremises)
        return fail(
            ErrorCode::Unsupported, u"hosted Exchange is not served by this version"_s, connector.name);
    wsman::Endpoint endpoint;
    const QString typed = connector.serverAddress.trimmed();
    endpoint.url
        = QUrl(typed.contains(u"://"_s) ? typed : u"https://%1/PowerShell/"_s.arg(typed), QUrl::StrictMode);
    // Nobody here reads .NET blobs: without them an object is half as long (exchange-protocols d.4).
    if (!endpoint.url.hasQuery())
        endpoint.url.setQuery(u"serializationLevel=None"_s);
    switch (connector.authentication) {
    case Authentication::Basic:
        endpoint.signIn = wsman::SignIn::Basic;
        break;
    case Authentication::Negotiate:
        endpoint.signIn = wsman::SignIn::Negotiate;
        break;
    case Authentication::Certificate:
    case Authentication::Secret:
        return fail(ErrorCode::Unsupported, u"an Exchange Server takes Basic or Negotiate"_s, connector.name);
    }
    endpoint.user = connector.user;
    endpoint.password = password;
    if (!connector.caFile.isEmpty()) {
        auto authorities = wsman::readAuthorities(connector.caFile);
        if (!authorities)
            return fail(authorities.error());
        endpoint.authorities = std::move(*authorities);
    }
    if (const auto valid = endpoint.validate(); !valid)
        return fail(valid.error());
    return endpoint;
}

OnPremisesExchange::OnPremisesExchange(
    Connector connector, QString password, ConnectDependencies dependencies)
    : m_connector(std::move(connector))
    , m_password(std::move(password))
    , m_dependencies(std::move(dependencies))
{
}

OnPremisesExchange::~OnPremisesExchange() = default;

Expected<void> OnPremisesExchange::makeSessions()
{
    if (m_sessions)
        return {};
    auto endpoint = endpointOf(m_connector, m_password);
    if (!endpoint)
        return fail(endpoint.error());
    m_endpoint = std::move(*endpoint);
    SessionPool::Plan plan{m_endpoint, m_connector.parallelSessions, m_dependencies.siteName};
    m_sessions = std::make_unique<SessionPool>(std::move(plan), m_dependencies.log, m_dependencies.clock);
    return {};
}

QCoro::Task<Expected<OrganizationInfo>> OnPremisesExchange::open(std::stop_token token)
{
    const Expected<void> made = makeSessions();
    if (!made)
        co_return fail(made.error());
    // Without it only the server's own domain is seen.
    psrp::PsCommand greeting(u"Set-ADServerSettings"_s);
    greeting.with(u"ViewEntireForest"_s, true);
    Expected<SessionLease> first = co_await m_sessions->take(SessionUse::Shared, token);
    if (!first)
        co_return fail(first.error());
    m_sessions->setGreeting(greeting);
    m_sessions->warmUp();
    // All at once in the first session, whose queue keeps their order: the way there and back is waited for
    // once.
    psrp::RunspacePool* const session = &first->session();
    QCoro::Task<void> greeted = m_sessions->greet(session, token);
    QCoro::Task<Expected<void>> commands = readCommandSet(session, token);
    QCoro::Task<Expected<OrganizationInfo>> reading = readOrganization(session, token);
    co_await std::move(greeted);
    const Expected<void> commandsRead = co_await std::move(commands);
    Expected<OrganizationInfo> organization = co_await std::move(reading);
    if (!commandsRead) {
        first->report(commandsRead.error());
        co_return fail(commandsRead.error());
    }
    if (!organization)
        first->report(organization.error());
    co_return organization;
}

QCoro::Task<void> OnPremisesExchange::close()
{
    if (m_sessions)
        co_await m_sessions->close();
}

QCoro::Task<Expected<std::vector<CheckResult>>> OnPremisesExchange::check(
    std::function<void(const CheckResult&)> report, std::stop_token token)
{
    auto endpoint = endpointOf(m_connector, m_password);
    PrerequisiteCheck::Subject subject{m_connector, std::move(endpoint), m_dependencies.siteName};
    PrerequisiteCheck prerequisites(
        std::move(subject), m_dependencies.log, m_dependencies.clock, std::move(report));
    Expected<std::vector<CheckResult>> results = co_await prerequisites.run(token);
    co_return results;
}

// Each name that does not exist is an error record, and no reason to doubt the others.
QCoro::Task<Expected<void>> OnPremisesExchange::readCommandSet(
    psrp::RunspacePool* session, std::stop_token token)
{
    psrp::PsCommand query = CommandSet::query();
    const Expected<psrp::PipelineResult> answer = co_await session->invoke(std::move(query), token);
    if (answer) {
        if (!answer->output.empty())
            m_commands = CommandSet::fromAnswer(answer->output);
        co_return Expected<void>();
    }
    const ErrorCode code = answer.error().code;
    const bool withoutGetCommand = code == ErrorCode::CmdletMissing || code == ErrorCode::ParameterMissing
        || code == ErrorCode::AccessDenied || code == ErrorCode::CmdletFailed;
    if (!withoutGetCommand)
        co_return fail(answer.error());
    co_return Expected<void>(); // learnt by and by from refusals
}

QCoro::Task<Expected<OrganizationInfo>> OnPremisesExchange::readOrganization(
    psrp::RunspacePool* session, std::stop_token token)
{
    auto pipeline = session->pipeline(psrp::PsCommand(u"Get-ExchangeServer"_s));
    std::vector<psrp::PipelineChunk> chunks;
    for (bool last = false; !last;) {
        Expected<psrp::PipelineChunk> chunk = co_await pipeline->next(token);
        if (!chunk) {
            if (chunk.error().code != ErrorCode::Cancelled)
                m_dependencies.log.write(
                    tracelog::lines::cmdletFailed(u"Get-ExchangeServer"_s, chunk.error().toLogText()));
            co_return fail(chunk.error());
        }
        last = chunk->last();
        chunks.push_back(std::move(*chunk));
    }
    std::vector<ObjectProblem> problems;
    const auto servers = mapAll<ExchangeServer>(chunks, mapExchangeServer, problems);
    reportProblems(problems);
    const OrganizationInfo organization = organizationOf(servers, m_endpoint.url.host());
    if (organization.id.isEmpty())
        co_return fail(ErrorCode::Malformed, u"no server names its organization"_s,
            u"Get-ExchangeServer on "_s + address());
    m_dependencies.log.write(tracelog::lines::starting(organization.name, organization.serverName));
    co_return organization;
}

QCoro::Task<Expected<std::vector<psrp::PipelineChunk>>> OnPremisesExchange::ask(
    std::vector<Alternative> alternatives, std::stop_token token)
{
    const Expected<void> made = makeSessions();
    if (!made)
        co_return fail(made.error());
    std::vector<psrp::PipelineChunk> chunks;
    auto source = stream(std::move(alternatives));
    bool replayed = false;
    for (;;) {
        Expected<psrp::PipelineChunk> chunk = co_await source->next(token);
        if (!chunk && chunk.error().code == ErrorCode::SessionLost && !replayed && !chunks.empty()) {
            // Lost in the middle: a read may be asked again from its start.
            replayed = true;
            chunks.clear();
            source = source->again();
            continue;
        }
        if (!chunk) {
            if (chunk.error().code != ErrorCode::Cancelled)
                m_dependencies.log.write(
                    tracelog::lines::cmdletFailed(source->cmdlet(), chunk.error().toLogText()));
            co_return fail(chunk.error());
        }
        const bool last = chunk->last();
        chunks.push_back(std::move(*chunk));
        if (last)
            co_return chunks;
    }
}

std::unique_ptr<ListingStream> OnPremisesExchange::stream(std::vector<Alternative> alternatives)
{
    return std::make_unique<ListingStream>(
        *m_sessions, m_commands, m_dependencies.log, std::move(alternatives), address());
}

std::vector<Alternative> OnPremisesExchange::inOrder(
    QStringView modern, QStringView legacy, const psrp::PsCommand& tail) const
{
    std::vector<Alternative> alternatives;
    const QString first = m_commands.choose(modern, legacy);
    for (const QStringView name : {QStringView(first), legacy}) {
        if (!alternatives.empty() && alternatives.front().cmdlet == name)
            continue;
        psrp::PsCommand command(name.toString());
        if (!tail.isEmpty()) {
            for (const psrp::PsArgument& argument : tail.statements().front().front().arguments)
                command.with(argument.name, argument.value);
        }
        alternatives.push_back(Alternative{name.toString(), std::move(command)});
    }
    return alternatives;
}

void OnPremisesExchange::reportProblems(const std::vector<ObjectProblem>& problems)
{
    for (const ObjectProblem& problem : problems)
        m_dependencies.log.write(tracelog::lines::objectProblem(problem.object, problem.reason));
}

QCoro::Task<Expected<OrganizationSettings>> OnPremisesExchange::organizationSettings(std::stop_token token)
{
    std::vector<Alternative> alternatives;
    alternatives.push_back(plain(u"Get-ActiveSyncOrganizationSettings"));
    const Expected<std::vector<psrp::PipelineChunk>> answer = co_await ask(std::move(alternatives), token);
    if (!answer)
        co_return fail(answer.error());
    clixml::PropertyBag bag;
    for (const psrp::PipelineChunk& chunk : *answer) {
        for (const QByteArrayView document : chunk.output) {
            if (const auto parsed = bag.parse(document); !parsed)
                co_return fail(parsed.error());
            co_return mapOrganizationSettings(bag);
        }
    }
    co_return fail(
        ErrorCode::Malformed, u"no settings came"_s, u"Get-ActiveSyncOrganizationSettings on "_s + address());
}

QCoro::Task<Expected<std::vector<AccessRule>>> OnPremisesExchange::accessRules(std::stop_token token)
{
    std::vector<Alternative> alternatives;
    alternatives.push_back(plain(u"Get-ActiveSyncDeviceAccessRule"));
    const Expected<std::vector<psrp::PipelineChunk>> answer = co_await ask(std::move(alternatives), token);
    if (!answer)
        co_return fail(answer.error());
    std::vector<ObjectProblem> problems;
    auto rules = mapAll<AccessRule>(*answer, mapAccessRule, problems);
    reportProblems(problems);
    co_return rules;
}

QCoro::Task<Expected<std::vector<MailboxPolicy>>> OnPremisesExchange::mailboxPolicies(std::stop_token token)
{
    auto alternatives
        = inOrder(u"Get-MobileDeviceMailboxPolicy", u"Get-ActiveSyncMailboxPolicy", psrp::PsCommand());
    const Expected<std::vector<psrp::PipelineChunk>> answer = co_await ask(std::move(alternatives), token);
    if (!answer)
        co_return fail(answer.error());
    std::vector<ObjectProblem> problems;
    auto policies = mapAll<MailboxPolicy>(*answer, mapMailboxPolicy, problems);
    reportProblems(problems);
    co_return policies;
}

QCoro::Task<Expected<Mailbox>> OnPremisesExchange::mailbox(QString identity, std::stop_token token)
{
    if (identity.trimmed().isEmpty())
        co_return fail(
            ErrorCode::InvalidInput, u"an empty identity would mean every mailbox"_s, u"Get-CASMailbox"_s);
    auto alternatives = inOrder(u"Get-CASMailbox", u"Get-Recipient",
        psrp::PsCommand(u"Get-CASMailbox"_s).with(u"Identity"_s, identity));
    const Expected<std::vector<psrp::PipelineChunk>> answer = co_await ask(std::move(alternatives), token);
    if (!answer)
        co_return fail(answer.error());
    std::vector<ObjectProblem> problems;
    MailboxMapper mapper;
    auto map = [&mapper](const clixml::PropertyBag& bag, std::vector<ObjectProblem>& found) {
        return mapper.map(bag, found);
    };
    std::vector<Mailbox> found = mapAll<Mailbox>(*answer, map, problems);
    reportProblems(problems);
    if (found.size() != 1)
        co_return fail(found.empty() ? ErrorCode::NotFound : ErrorCode::Conflict,
            u"%1 mailboxes match"_s.arg(found.size()), u"Get-CASMailbox -Identity %1"_s.arg(identity));
    co_return std::move(found.front());
}

std::unique_ptr<PageReader<Mailbox>> OnPremisesExchange::readMailboxes()
{
    if (!m_sessions)
        return std::make_unique<FailedListing<Mailbox>>(notOpen());
    psrp::PsCommand withPhones = unlimited(u"Get-CASMailbox");
    withPhones.with(u"Filter"_s, hasPhones.toString());
    std::vector<Alternative> mailboxes;
    if (m_commands.has(u"Get-CASMailbox") != CommandSet::Presence::Missing)
        mailboxes.push_back(Alternative{u"Get-CASMailbox"_s, std::move(withPhones)});
    mailboxes.push_back(Alternative{u"Get-Recipient"_s, unlimited(u"Get-Recipient")});
    auto recipients = inOrder(u"Get-User", u"Get-Recipient", unlimited(u"Get-User"));
    auto streamOfOne = [this](const QString& identity) {
        const auto command = psrp::PsCommand(u"Get-User"_s).with(u"Identity"_s, identity);
        return stream(inOrder(u"Get-User", u"Get-Recipient", command));
    };
    return std::make_unique<MailboxListing>(stream(std::move(mailboxes)), stream(std::move(recipients)),
        std::move(streamOfOne), m_dependencies.log);
}

std::unique_ptr<PageReader<Partnership>> OnPremisesExchange::readPartnerships()
{
    if (!m_sessions)
        return std::make_unique<FailedListing<Partnership>>(notOpen());
    auto alternatives = inOrder(u"Get-MobileDevice", u"Get-ActiveSyncDevice", unlimited(u"Get-MobileDevice"));
    return std::make_unique<Listing<Partnership>>(
        stream(std::move(alternatives)), mapChunkWith<Partnership, PartnershipMapper>(u"Get-MobileDevice"_s));
}

std::vector<Alternative> OnPremisesExchange::filtered(
    std::vector<Alternative> alternatives, const QString& filter)
{
    std::vector<Alternative> both;
    for (Alternative& whole : alternatives) {
        Alternative part = whole;
        part.command.with(u"Filter"_s, filter);
        part.mayBeRefused = true;
        both.push_back(std::move(part));
        both.push_back(std::move(whole));
    }
    return both;
}

std::unique_ptr<PageReader<Mailbox>> OnPremisesExchange::readMailboxesChangedSince(const QDateTime& since)
{
    if (!m_sessions)
        return std::make_unique<FailedListing<Mailbox>>(notOpen());
    const QString changed = changedSince(since);
    std::vector<Alternative> mailboxes;
    if (m_commands.has(u"Get-CASMailbox") != CommandSet::Presence::Missing) {
        psrp::PsCommand part = unlimited(u"Get-CASMailbox"), whole = unlimited(u"Get-CASMailbox");
        part.with(u"Filter"_s, u"%1 -and %2"_s.arg(hasPhones, changed));
        whole.with(u"Filter"_s, hasPhones.toString());
        mailboxes.push_back(Alternative{u"Get-CASMailbox"_s, std::move(part), true});
        mailboxes.push_back(Alternative{u"Get-CASMailbox"_s, std::move(whole)});
    }
    for (Alternative& other : filtered({{u"Get-Recipient"_s, unlimited(u"Get-Recipient")}}, changed))
        mailboxes.push_back(std::move(other));
    auto recipients = filtered(inOrder(u"Get-User", u"Get-Recipient", unlimited(u"Get-User")), changed);
    return std::make_unique<MailboxListing>(stream(std::move(mailboxes)), stream(std::move(recipients)),
        MailboxListing::StreamOfOne(), m_dependencies.log);
}

std::unique_ptr<PageReader<Partnership>> OnPremisesExchange::readPartnershipsChangedSince(
    const QDateTime& since)
{
    if (!m_sessions)
        return std::make_unique<FailedListing<Partnership>>(notOpen());
    auto alternatives
        = filtered(inOrder(u"Get-MobileDevice", u"Get-ActiveSyncDevice", unlimited(u"Get-MobileDevice")),
            changedSince(since));
    return std::make_unique<Listing<Partnership>>(
        stream(std::move(alternatives)), mapChunkWith<Partnership, PartnershipMapper>(u"Get-MobileDevice"_s));
}

QCoro::Task<Expected<StatisticsBatch>> OnPremisesExchange::statistics(
    std::vector<QString> mailboxIdentities, std::stop_token token)
{
    if (!m_sessions)
        co_return fail(notOpen());
    StatisticsReader reader(*m_sessions, m_commands, m_dependencies.log, m_habits, address());
    Expected<StatisticsBatch> batch = co_await reader.read(std::move(mailboxIdentities), token);
    co_return batch;
}

int OnPremisesExchange::parallelism() const
{
    return m_sessions ? m_sessions->limit() * m_sessions->usersASession()
                      : std::clamp(m_connector.parallelSessions, 1, 8);
}

QString OnPremisesExchange::address() const
{
    return m_endpoint.url.isValid() ? m_endpoint.displayName() : m_connector.serverAddress;
}

Error OnPremisesExchange::notOpen() const
{
    return Error{ErrorCode::Internal, u"open() has not been called"_s, address(), std::nullopt};
}

} // namespace postern::exchange
