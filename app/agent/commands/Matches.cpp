#include <QCoroFuture>
#include <QJsonArray>
#include <QJsonObject>

#include "app/agent/Command.h"
#include "models/base/EnumText.h"
#include "services/store/cloud/MatchRepository.h"

using namespace Qt::StringLiterals;

namespace postern::agent {

namespace {

struct Answer
{
    PartnershipId partnership;
    ManagedDeviceId device;
    bool accept = false;
};

// nullopt: only the list is wanted.
Expected<std::optional<Answer>> answerIn(const CommandLine& line)
{
    const bool confirms = line.has(u"confirm"_s), rejects = line.has(u"reject"_s);
    const QString device = line.words.value(1);
    if (!confirms && !rejects) {
        if (!device.isEmpty())
            return fail(ErrorCode::InvalidInput, u"it goes with --confirm or --reject"_s, device);
        return std::nullopt;
    }
    if (confirms && rejects)
        return fail(ErrorCode::InvalidInput, u"only one of them"_s, u"--confirm, --reject"_s);
    const QString option = confirms ? u"confirm"_s : u"reject"_s;
    bool partnershipOk = false, deviceOk = false;
    Answer answer;
    answer.partnership = PartnershipId{line.value(option).toLongLong(&partnershipOk)};
    answer.device = ManagedDeviceId{device.toLongLong(&deviceOk)};
    answer.accept = confirms;
    if (!partnershipOk || !deviceOk || !answer.partnership.isValid() || !answer.device.isValid())
        return fail(ErrorCode::InvalidInput,
            u"the numbers of a partnership and a device, as matches lists them"_s,
            u"--%1 %2 %3"_s.arg(option, line.value(option), device));
    return answer;
}

QJsonObject toJson(const MatchCandidate& one)
{
    return {{u"partnership"_s, one.partnership.value}, {u"device"_s, one.device.value},
        {u"kind"_s, enumText(one.kind).toString()}, {u"mailbox"_s, one.mailboxName},
        {u"partnershipName"_s, one.partnershipName}, {u"easDeviceId"_s, one.easDeviceId},
        {u"deviceName"_s, one.deviceName}, {u"deviceUser"_s, one.deviceUser},
        {u"serialNumber"_s, one.serialNumber}, {u"model"_s, one.model}};
}

void print(const std::vector<MatchCandidate>& candidates, Terminal& terminal)
{
    std::vector<QStringList> rows;
    QJsonArray json;
    for (const MatchCandidate& one : candidates) {
        rows.push_back({QString::number(one.partnership.value), QString::number(one.device.value),
            enumText(one.kind).toString(), one.mailboxName, one.easDeviceId, one.deviceName, one.deviceUser,
            one.serialNumber, one.model});
        json.append(toJson(one));
    }
    terminal.printJson(QJsonDocument(json));
    if (terminal.json())
        return;
    terminal.printTable({u"P"_s, u"D"_s, u"KIND"_s, u"MAILBOX"_s, u"EAS ID"_s, u"DEVICE"_s, u"USER"_s,
                            u"SERIAL"_s, u"MODEL"_s},
        rows);
    if (!rows.empty())
        terminal.note(u"Suggested ones: matches --confirm P D, or matches --reject P D."_s);
}

QCoro::Task<Expected<void>> matchesOn(
    site::SiteSession* session, std::optional<Answer> answer, Terminal* terminal)
{
    if (answer) {
        const Expected<void> answered
            = co_await session->answerSuggestion(answer->partnership, answer->device, answer->accept);
        if (!answered)
            co_return answered;
        terminal->note(answer->accept ? u"Confirmed; matched again."_s : u"Rejected for good."_s);
    }
    auto work
        = session->store().read([](store::Session& s) { return store::MatchRepository(s).allCandidates(); });
    const Expected<std::vector<MatchCandidate>> candidates = co_await work;
    if (!candidates)
        co_return fail(candidates.error());
    print(*candidates, *terminal);
    co_return Expected<void>();
}

} // namespace

QCoro::Task<Expected<void>> matches(CommandLine line, Terminal* terminal, std::stop_token)
{
    const Expected<std::optional<Answer>> answer = answerIn(line);
    if (!answer)
        co_return fail(answer.error());
    const Expected<std::unique_ptr<site::SiteSession>> session = co_await openSite(line, Serve::No);
    if (!session)
        co_return fail(session.error());
    Expected<void> result = co_await matchesOn(session->get(), *answer, terminal);
    co_await (*session)->close();
    co_return result;
}

} // namespace postern::agent
