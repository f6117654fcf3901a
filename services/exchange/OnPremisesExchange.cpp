#include "services/exchange/OnPremisesExchange.h"

#include <map>

#include "services/core/Logging.h"
#include "services/exchange/ExchangeWriter.h"
#include "services/exchange/ListingCommands.h"
#include "services/exchange/MailboxListing.h"
#include "services/exchange/MailboxMapper.h"
#include "services/exchange/PartnershipMapper.h"
#include "services/exchange/PolicyMapper.h"
#include "services/exchange/PrerequisiteCheck.h"
#include "services/exchange/ScopedListing.h"

namespace postern::exchange {

using namespace Qt::StringLiterals;

namespace {

bool isSameOrganization(const QString& a, const QString& b)
{
    return a.compare(b, Qt::CaseInsensitive) == 0;
}

} // namespace

std::unique_ptr<ExchangeOrganization> connect(
    const Connector& connector, const QString& password, const ConnectDependencies& dependencies)
{
    dependencies.log.addSecret(password);
    dependencies.log.addSecret(dependencies.notificationPassword);
    return std::make_unique<OnPremisesExchange>(connector, password, dependencies);
}

std::function<std::unique_ptr<ExchangeOrganization>(const Connector&, const QString&)> rememberingConnect(
    const ConnectDependencies& dependencies)
{
    auto all = std::make_shared<std::map<qint64, std::shared_ptr<KnownServers>>>(); // by connector
    return [all, dependencies](const Connector& connector, const QString& password) {
        std::shared_ptr<KnownServers>& known = (*all)[connector.id.value];
        if (!known)
            known = std::make_shared<KnownServers>();
        ConnectDependencies with = dependencies;
        with.known = known;
        return connect(connector, password, with);
    };
}

OnPremisesExchange::OnPremisesExchange(
    Connector connector, QString password, ConnectDependencies dependencies)
    : m_connector(std::move(connector))
    , m_password(std::move(password))
    , m_dependencies(std::move(dependencies))
    , m_scope(ContainerScope::of(m_connector.adContainers))
    , m_organizationId(m_connector.organizationId)
{
}

OnPremisesExchange::~OnPremisesExchange() = default;

Expected<void> OnPremisesExchange::makeSessions()
{
    if (m_sessions)
        return {};
    auto configured = configuredEndpoints(m_connector, m_password);
    if (!configured)
        return fail(configured.error());
    m_configured = std::move(*configured);
    SessionPool::Plan plan;
    plan.endpoints = m_configured;
    plan.maximum = m_connector.parallelSessions;
    plan.siteName = m_dependencies.siteName;
    plan.guard = this;
    if (m_dependencies.newClient)
        plan.newClient = m_dependencies.newClient;
    m_sessions = std::make_unique<SessionPool>(std::move(plan), m_dependencies.log, m_dependencies.clock);
    const KnownServers* known = m_dependencies.known.get();
    if (known
        && (m_organizationId.isEmpty() || isSameOrganization(known->organizationId, m_organizationId))) {
        m_organizationId = known->organizationId;
        m_sessions->addEndpoints(
            discoveredEndpoints(m_connector, known->servers, m_configured, known->answering));
    }
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
    QCoro::Task<Expected<std::vector<ExchangeServer>>> reading = readServers(session, token);
    co_await std::move(greeted);
    const Expected<void> commandsRead = co_await std::move(commands);
    Expected<std::vector<ExchangeServer>> servers = co_await std::move(reading);
    if (!commandsRead) {
        first->report(commandsRead.error());
        co_return fail(commandsRead.error());
    }
    if (!servers) {
        first->report(servers.error());
        co_return fail(servers.error());
    }
    Expected<OrganizationInfo> organization = recognize(*servers, m_sessions->endpoint().url.host());
    if (organization) {
        m_dependencies.log.write(tracelog::lines::starting(organization->name, organization->serverName));
        remember(*organization, std::move(*servers));
    }
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
    PrerequisiteCheck::Subject subject;
    subject.connector = m_connector;
    subject.siteName = m_dependencies.siteName;
    subject.notificationPassword = m_dependencies.notificationPassword;
    if (auto endpoints = configuredEndpoints(m_connector, m_password)) {
        subject.endpoint = endpoints->front();
        subject.others.assign(endpoints->begin() + 1, endpoints->end());
    } else {
        subject.endpoint = fail(endpoints.error());
    }
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

QCoro::Task<Expected<std::vector<ExchangeServer>>> OnPremisesExchange::readServers(
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
    auto servers = mapAll<ExchangeServer>(chunks, mapExchangeServer, problems);
    reportProblems(problems);
    co_return servers;
}

Expected<OrganizationInfo> OnPremisesExchange::recognize(
    const std::vector<ExchangeServer>& servers, const QString& host)
{
    OrganizationInfo organization = organizationOf(servers, host);
    if (organization.id.isEmpty())
        return fail(
            ErrorCode::Malformed, u"no server names its organization"_s, u"Get-ExchangeServer on "_s + host);
    return organization;
}

// CON-06: a server further up the ladder must be of the organisation that is known, or our commands would go
// to somebody else's mailboxes.
QCoro::Task<Expected<void>> OnPremisesExchange::admit(
    psrp::RunspacePool* session, QString host, std::stop_token token)
{
    const Expected<std::vector<ExchangeServer>> servers = co_await readServers(session, token);
    if (!servers)
        co_return fail(servers.error());
    const Expected<OrganizationInfo> organization = recognize(*servers, host);
    if (!organization)
        co_return fail(organization.error());
    if (!m_organizationId.isEmpty() && !isSameOrganization(organization->id, m_organizationId))
        co_return fail(ErrorCode::Conflict,
            u"it belongs to the organization %1, the connector to %2"_s.arg(
                organization->id, m_organizationId),
            host);
    co_return Expected<void>();
}

void OnPremisesExchange::remember(const OrganizationInfo& organization, std::vector<ExchangeServer> servers)
{
    if (m_organizationId.isEmpty())
        m_organizationId = organization.id;
    if (!isSameOrganization(organization.id, m_organizationId))
        return; // the caller says so (CON-06); nothing of it is kept
    const QString host = m_sessions->endpoint().url.host();
    m_sessions->addEndpoints(discoveredEndpoints(m_connector, servers, m_configured, host));
    if (m_dependencies.known)
        *m_dependencies.known = KnownServers{organization.id, host, std::move(servers)};
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

void OnPremisesExchange::reportProblems(const std::vector<ObjectProblem>& problems)
{
    for (const ObjectProblem& problem : problems)
        m_dependencies.log.write(tracelog::lines::objectProblem(problem.object, problem.reason));
}

QCoro::Task<Expected<OrganizationSettings>> OnPremisesExchange::organizationSettings(std::stop_token token)
{
    std::vector<Alternative> alternatives;
    alternatives.push_back(plainAlternative(u"Get-ActiveSyncOrganizationSettings"));
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
    alternatives.push_back(plainAlternative(u"Get-ActiveSyncDeviceAccessRule"));
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
    auto alternatives = bothFamilies(
        m_commands, u"Get-MobileDeviceMailboxPolicy", u"Get-ActiveSyncMailboxPolicy", psrp::PsCommand());
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
    auto alternatives = bothFamilies(m_commands, u"Get-CASMailbox", u"Get-Recipient",
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
    if (!m_scope)
        co_return fail(m_scope.error());
    std::erase_if(found, [this](const Mailbox& one) { return !m_scope->contains(one.identity); });
    if (found.size() != 1)
        co_return fail(found.empty() ? ErrorCode::NotFound : ErrorCode::Conflict,
            u"%1 mailboxes match"_s.arg(found.size()), u"Get-CASMailbox -Identity %1"_s.arg(identity));
    co_return std::move(found.front());
}

template <class T, class Make> std::unique_ptr<PageReader<T>> OnPremisesExchange::scoped(Make make)
{
    if (!m_sessions)
        return std::make_unique<FailedListing<T>>(notOpen());
    if (!m_scope)
        return std::make_unique<FailedListing<T>>(m_scope.error());
    if (m_scope->isWhole())
        return make(QString());
    typename ScopedListing<T>::Readers readers;
    for (const QString& container : m_scope->containers())
        readers.push_back(make(container));
    return std::make_unique<ScopedListing<T>>(std::move(readers), *m_scope);
}

std::unique_ptr<PageReader<Mailbox>> OnPremisesExchange::mailboxListing(
    const QString& container, const QDateTime& since)
{
    auto mailboxes = stream(inContainer(mailboxCommands(m_commands, since), container, m_commands));
    auto recipients = stream(inContainer(recipientCommands(m_commands, since), container, m_commands));
    MailboxListing::StreamOfOne streamOfOne;
    if (!since.isValid()) {
        streamOfOne = [this](const QString& identity) {
            const auto command = psrp::PsCommand(u"Get-User"_s).with(u"Identity"_s, identity);
            return stream(bothFamilies(m_commands, u"Get-User", u"Get-Recipient", command));
        };
    }
    return std::make_unique<MailboxListing>(
        std::move(mailboxes), std::move(recipients), std::move(streamOfOne), m_dependencies.log);
}

std::unique_ptr<PageReader<Partnership>> OnPremisesExchange::partnershipListing(
    const QString& container, const QDateTime& since)
{
    auto partnerships = stream(inContainer(partnershipCommands(m_commands, since), container, m_commands));
    return std::make_unique<Listing<Partnership>>(
        std::move(partnerships), mapChunkWith<Partnership, PartnershipMapper>(u"Get-MobileDevice"_s));
}

std::unique_ptr<PageReader<Mailbox>> OnPremisesExchange::readMailboxes()
{
    return scoped<Mailbox>(
        [this](const QString& container) { return mailboxListing(container, QDateTime()); });
}

bool OnPremisesExchange::listsEveryClient() const
{
    return m_commands.choose(u"Get-MobileDevice", u"Get-ActiveSyncDevice") == u"Get-MobileDevice"_s;
}

std::unique_ptr<PageReader<Partnership>> OnPremisesExchange::readPartnerships()
{
    return scoped<Partnership>(
        [this](const QString& container) { return partnershipListing(container, QDateTime()); });
}

std::unique_ptr<PageReader<Mailbox>> OnPremisesExchange::readMailboxesChangedSince(const QDateTime& since)
{
    return scoped<Mailbox>(
        [this, since](const QString& container) { return mailboxListing(container, since); });
}

std::unique_ptr<PageReader<Partnership>> OnPremisesExchange::readPartnershipsChangedSince(
    const QDateTime& since)
{
    return scoped<Partnership>(
        [this, since](const QString& container) { return partnershipListing(container, since); });
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

QCoro::Task<Expected<void>> OnPremisesExchange::apply(ExchangeWrite write, std::stop_token token)
{
    const Expected<void> made = makeSessions();
    if (!made)
        co_return fail(made.error());
    ExchangeWriter writer(*m_sessions, m_commands, m_dependencies.log, address());
    Expected<void> done = co_await writer.apply(std::move(write), token);
    co_return done;
}

QString OnPremisesExchange::commandText(const ExchangeWrite& write) const
{
    return textOfWrite(write, m_commands);
}

QCoro::Task<Expected<QByteArray>> OnPremisesExchange::askForOne(
    std::vector<Alternative> alternatives, QString identity, std::stop_token token)
{
    const QString origin = u"%1 -Identity %2"_s.arg(alternatives.front().cmdlet, identity);
    if (identity.trimmed().isEmpty())
        co_return fail(ErrorCode::InvalidInput, u"an empty identity would mean everything"_s, origin);
    const Expected<std::vector<psrp::PipelineChunk>> answer = co_await ask(std::move(alternatives), token);
    if (!answer)
        co_return fail(answer.error());
    QByteArray found;
    int objects = 0;
    for (const psrp::PipelineChunk& chunk : *answer) {
        for (const QByteArrayView document : chunk.output) {
            found = document.toByteArray();
            ++objects;
        }
    }
    if (objects != 1)
        co_return fail(objects == 0 ? ErrorCode::NotFound : ErrorCode::Conflict,
            u"%1 objects match"_s.arg(objects), origin);
    co_return found;
}

// Only this cmdlet knows the lists: Get-Recipient would give a mailbox without them.
QCoro::Task<Expected<MailboxLists>> OnPremisesExchange::readLists(
    QString mailboxIdentity, std::stop_token token)
{
    std::vector<Alternative> alternatives;
    alternatives.push_back(plainAlternative(u"Get-CASMailbox"));
    alternatives.front().command.with(u"Identity"_s, mailboxIdentity);
    const Expected<QByteArray> answer
        = co_await askForOne(std::move(alternatives), std::move(mailboxIdentity), token);
    if (!answer)
        co_return fail(answer.error());
    clixml::PropertyBag bag;
    if (const auto parsed = bag.parse(*answer); !parsed)
        co_return fail(parsed.error());
    co_return mapLists(bag);
}

QCoro::Task<Expected<MailboxPolicySettings>> OnPremisesExchange::policySettings(
    QString policyIdentity, std::stop_token token)
{
    auto alternatives
        = bothFamilies(m_commands, u"Get-MobileDeviceMailboxPolicy", u"Get-ActiveSyncMailboxPolicy",
            psrp::PsCommand(u"Get-MobileDeviceMailboxPolicy"_s).with(u"Identity"_s, policyIdentity));
    const Expected<QByteArray> answer
        = co_await askForOne(std::move(alternatives), std::move(policyIdentity), token);
    if (!answer)
        co_return fail(answer.error());
    clixml::PropertyBag bag;
    if (const auto parsed = bag.parse(*answer); !parsed)
        co_return fail(parsed.error());
    std::vector<ObjectProblem> problems;
    MailboxPolicySettings settings = mapPolicySettings(bag, problems);
    reportProblems(problems);
    co_return settings;
}

int OnPremisesExchange::parallelism() const
{
    return m_sessions ? m_sessions->limit() * m_sessions->usersASession()
                      : std::clamp(m_connector.parallelSessions, 1, 8);
}

QString OnPremisesExchange::address() const
{
    return m_sessions ? m_sessions->endpoint().displayName() : m_connector.serverAddress;
}

Error OnPremisesExchange::notOpen() const
{
    return Error{ErrorCode::Internal, u"open() has not been called"_s, address(), std::nullopt};
}

} // namespace postern::exchange
