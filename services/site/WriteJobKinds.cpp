// What the kinds of requests do that are about one phone or the end of a connector; beside WriteJobs.cpp for
// length only.
#include <QCoroFuture>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QSysInfo>

#include "models/base/ErrorText.h"
#include "services/core/Logging.h"
#include "services/enforce/CleanUp.h"
#include "services/enforce/SettingsPlan.h"
#include "services/enforce/WriteMessages.h"
#include "services/site/WriteJobs.h"
#include "services/store/ConnectorRepository.h"
#include "services/store/PartnershipRepository.h"
#include "services/store/StatusMessageRepository.h"

using namespace Qt::StringLiterals;

namespace postern::site {

namespace {

// The write that a request for a phone asks for. ACT-05: account only needs EAS 16.1, and fails rather than
// becoming a factory reset.
Expected<store::PlannedWrite> plannedFor(
    const Request& request, ConnectorId connector, const store::StoredPartnership& phone)
{
    const QJsonObject parameters = QJsonDocument::fromJson(request.parameters).object();
    if (phone.connectorId != connector)
        return fail(ErrorCode::InvalidInput, u"it belongs to another connector"_s, u"the partnership"_s);
    store::PlannedWrite planned;
    planned.origin = WriteOrigin::Operator;
    const QString reason = parameters[u"reason"_s].toString().trimmed();
    planned.cause = reason.isEmpty() ? request.requestedBy : u"%1: %2"_s.arg(request.requestedBy, reason);
    planned.stage = enforce::stages::device;
    planned.mailboxId = phone.mailboxId;
    planned.requestId = request.id;
    const QString identity = phone.partnership.deviceIdentity;
    if (request.kind == RequestKind::RemoveDevice) {
        planned.write = DeviceRemove{identity};
        return planned;
    }
    DeviceClear clear;
    clear.deviceIdentity = identity;
    clear.accountOnly = parameters[u"accountOnly"_s].toBool();
    clear.cancel = parameters[u"cancel"_s].toBool();
    for (const QJsonValue address : parameters[u"notify"_s].toArray())
        clear.notify << address.toString();
    const double version = phone.partnership.clientVersion.toDouble();
    if (clear.accountOnly && !clear.cancel && version < 16.1)
        return fail(ErrorCode::Unsupported,
            u"the phone speaks Exchange ActiveSync %1; only 16.1 and newer can remove the account alone"_s
                .arg(phone.partnership.clientVersion),
            identity);
    planned.write = std::move(clear);
    return planned;
}

QString actionName(const ExchangeWrite& write)
{
    const auto* clear = std::get_if<DeviceClear>(&write);
    if (!clear)
        return u"Removal of the partnership"_s;
    if (clear->cancel)
        return u"Cancelling of the wipe"_s;
    return clear->accountOnly ? u"Account wipe"_s : u"Wipe"_s;
}

} // namespace

// Audited before it is sent: the plan, its cause and a status message are one transaction.
QCoro::Task<WriteJobs::Outcome> WriteJobs::deviceAction(
    Request request, Connector connector, RunningPointer running)
{
    const std::stop_token token = running->stop.get_token();
    const Expected<Organization> organization = co_await openOrganization(connector, token);
    if (!organization)
        co_return failure(organization.error(), running);
    const enforce::MessageSource source{connector, QSysInfo::machineHostName(), m_with.clock.now()};
    auto planning = m_with.store.write([=](store::Session& session) -> Expected<WriteId> {
        const QJsonObject parameters = QJsonDocument::fromJson(request.parameters).object();
        const PartnershipId id{qint64(parameters[u"partnership"_s].toDouble())};
        const auto phone = store::PartnershipRepository(session).find(id);
        if (!phone)
            return fail(phone.error());
        if (!*phone)
            return fail(ErrorCode::NotFound, {}, u"partnership %1"_s.arg(id.value));
        const auto planned = plannedFor(request, connector.id, **phone);
        if (!planned)
            return fail(planned.error());
        const auto message = enforce::deviceAction(
            source, actionName(planned->write), targetOf(planned->write), planned->cause);
        if (auto said = store::StatusMessageRepository(session).append(message); !said)
            return fail(said.error());
        const auto ids = store::WriteRepository(session).plan(connector.id, {*planned}, source.time);
        if (!ids)
            return fail(ids.error());
        return ids->front();
    });
    const Expected<WriteId> planned = co_await planning;
    if (!planned) {
        co_await (*organization)->close();
        co_return failure(planned.error(), running);
    }
    enforce::Apply apply(connector, with(**organization), options());
    const enforce::ApplyOutcome applied = co_await apply.run(reporter(running), token);
    co_await (*organization)->close();
    noteOpen(connector.id, applied);
    Outcome outcome = co_await deviceOutcome(*planned, request);
    if (outcome.state == JobState::Failed && applied.error && outcome.sentence.isEmpty())
        outcome = failure(*applied.error, running);
    co_return outcome;
}

// What became of it; a partnership that is gone in Exchange is gone here too.
QCoro::Task<WriteJobs::Outcome> WriteJobs::deviceOutcome(WriteId id, Request request)
{
    auto work
        = m_with.store.write([=, now = m_with.clock.now()](store::Session& session) -> Expected<Outcome> {
              const auto entry = store::WriteRepository(session).find(id);
              if (!entry)
                  return fail(entry.error());
              Outcome outcome;
              const WriteRecord record = *entry ? (*entry)->record : WriteRecord();
              const QString what = u"%1 of %2"_s.arg(actionName(record.write), targetOf(record.write));
              if (record.state == WriteState::Confirmed) {
                  outcome.sentence = what + u": Exchange confirmed it."_s;
                  if (request.kind != RequestKind::RemoveDevice)
                      return outcome;
                  const QJsonObject parameters = QJsonDocument::fromJson(request.parameters).object();
                  const PartnershipId phone{qint64(parameters[u"partnership"_s].toDouble())};
                  if (auto gone = store::PartnershipRepository(session).markGone(phone, now); !gone)
                      return fail(gone.error());
                  return outcome;
              }
              if (record.state == WriteState::Applied) {
                  outcome.sentence = what + u": sent; Exchange does not show it yet."_s;
                  return outcome;
              }
              outcome.state = JobState::Failed;
              if (!record.problem.isEmpty())
                  outcome.sentence = u"%1: %2"_s.arg(what, record.problem);
              return outcome;
          });
    const Expected<Outcome> outcome = co_await work;
    if (!outcome)
        co_return failure(outcome.error(), nullptr);
    co_return *outcome;
}

// CON-48.
QCoro::Task<WriteJobs::Outcome> WriteJobs::remove(
    Request request, Connector connector, RunningPointer running)
{
    const QJsonObject parameters = QJsonDocument::fromJson(request.parameters).object();
    const bool keep = parameters[u"keepEntries"_s].toBool();
    auto counting = m_with.store.read([id = connector.id](store::Session& session) -> Expected<qint64> {
        const auto ours = enforce::countOurs(session, id);
        const auto rules = store::WriteRepository(session).writtenRules(id);
        if (!ours || !rules)
            return fail(ours ? rules.error() : ours.error());
        return *ours + qint64(rules->size());
    });
    const Expected<qint64> ours = co_await counting;
    if (!ours)
        co_return failure(ours.error(), running);
    Outcome outcome;
    // Nothing of ours is there, or it stays: Exchange need not answer.
    if (*ours == 0 || keep)
        outcome = co_await retire(request, connector, 0, *ours);
    else
        outcome = co_await cleanUpFirst(request, connector, running);
    co_return outcome;
}

QCoro::Task<WriteJobs::Outcome> WriteJobs::cleanUpFirst(
    Request request, Connector connector, RunningPointer running)
{
    const std::stop_token token = running->stop.get_token();
    const Expected<Organization> organization = co_await openOrganization(connector, token);
    Expected<enforce::CleanUpOutcome> cleaned = fail(ErrorCode::Internal, {}, {});
    if (organization) {
        const QString cause = u"%1 removes connector %2"_s.arg(request.requestedBy, connector.name);
        enforce::CleanUp cleanUp(connector, with(**organization), cause, options());
        cleaned = co_await cleanUp.run(reporter(running), token);
        co_await (*organization)->close();
    } else {
        cleaned = fail(organization.error());
    }
    Error error;
    if (!cleaned)
        error = cleaned.error();
    else if (cleaned->applied.error)
        error = *cleaned->applied.error;
    Outcome outcome;
    if (cleaned && cleaned->left == 0 && !cleaned->applied.error) {
        outcome = co_await retire(request, connector, cleaned->applied.confirmed, 0);
        co_return outcome;
    }
    const bool stopped = running->stop.stop_requested();
    if (stopped && !running->cancelled) { // the program ends: the next one goes on
        outcome.state = JobState::Cancelled;
        co_return outcome;
    }
    QString why = u"Removing was cancelled."_s;
    if (!stopped && cleaned && !cleaned->applied.error)
        why = cleaned->applied.problems.value(0, u"Exchange does not show the changes yet."_s);
    else if (!stopped)
        why = ErrorText::sentence(error);
    outcome = co_await removalFailed(connector, why, stopped);
    co_return outcome;
}

QCoro::Task<WriteJobs::Outcome> WriteJobs::retire(
    Request request, Connector connector, qint64 removed, qint64 left)
{
    const enforce::MessageSource source{connector, QSysInfo::machineHostName(), m_with.clock.now()};
    const StatusMessage message = enforce::connectorRemoved(source, request.requestedBy, removed, left);
    auto work = m_with.store.write([=](store::Session& session) -> Expected<void> {
        // What is still open is never sent: nobody takes requests of a removed connector.
        const auto dropped = store::WriteRepository(session).abandon(connector.id, message.time);
        if (!dropped)
            return fail(dropped.error());
        if (auto said = store::StatusMessageRepository(session).append(message); !said)
            return fail(said.error());
        return store::ConnectorRepository(session).retire(connector.id, message.time);
    });
    const Expected<void> done = co_await work;
    if (!done)
        co_return failure(done.error(), nullptr);
    const Expected<void> forgotten = co_await m_with.secrets.remove(connector.secretKey());
    if (!forgotten)
        qCWarning(core::logSite).noquote() << "password not removed:" << forgotten.error().toLogText();
    m_lookAgain.erase(connector.id);
    Outcome outcome;
    outcome.sentence = message.text;
    co_return outcome;
}

// Says what remains and what can be done about it. It stays in the state Removing, and nothing else is done
// for it, unless a person cancelled: then it goes on as before.
QCoro::Task<WriteJobs::Outcome> WriteJobs::removalFailed(Connector connector, QString why, bool cancelled)
{
    const ConnectorState state = !cancelled  ? ConnectorState::Removing
        : connector.organizationId.isEmpty() ? ConnectorState::Installing
                                             : ConnectorState::Connected;
    auto work = m_with.store.write([=, id = connector.id](store::Session& session) -> Expected<QString> {
        const auto ours = enforce::countOurs(session, id);
        if (!ours)
            return fail(ours.error());
        const QString sentence
            = u"%1 Changes of Postern still in Exchange: %2. Try again when Exchange answers, or remove the "
              "connector and leave them."_s.arg(why)
                  .arg(*ours);
        auto set = store::ConnectorRepository(session).setState(id, state, cancelled ? QString() : sentence);
        return set ? Expected<QString>(sentence) : Expected<QString>(fail(set.error()));
    });
    const Expected<QString> sentence = co_await work;
    Outcome outcome;
    outcome.state = cancelled ? JobState::Cancelled : JobState::Failed;
    outcome.sentence = sentence ? *sentence : ErrorText::sentence(sentence.error());
    co_return outcome;
}

} // namespace postern::site
