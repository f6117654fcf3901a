#include "app/lab/http/LabApi.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QUrl>
#include <QUrlQuery>

#include "app/lab/psrp/Value.h"

using namespace Qt::StringLiterals;

namespace postern::lab {

namespace {

constexpr int pageSize = 1000;

WebAnswer json(const QJsonObject& object, int status = 200)
{
    WebAnswer answer;
    answer.status = status;
    answer.contentType = "application/json; charset=utf-8";
    answer.body = QJsonDocument(object).toJson(QJsonDocument::Compact).toStdString();
    return answer;
}

WebAnswer problem(const QString& text, int status = 400)
{
    return json({{"error"_L1, text}}, status);
}

QString q(std::string_view text)
{
    return QString::fromUtf8(text.data(), qsizetype(text.size()));
}

std::string item(const WebRequest& request, const char* name)
{
    return QUrlQuery(QString::fromStdString(request.query))
        .queryItemValue(QLatin1String(name), QUrl::FullyDecoded)
        .toStdString();
}

QString timeText(std::int64_t ms)
{
    return ms == 0 ? QString() : q(isoTime({ms / 1000 * 1000, true}));
}

} // namespace

WebAnswer LabApi::answer(const WebRequest& request)
{
    if (request.path == "/lab/truth" && request.method == "GET")
        return truth(request);
    if (request.path == "/lab/sync" && (request.method == "GET" || request.method == "POST"))
        return sync(request);
    if (request.path == "/lab/change" && request.method == "POST")
        return change(request);
    if (request.path == "/lab/state" && request.method == "GET")
        return state();
    if (request.path == "/lab/faults")
        return faults(request);
    if (request.path == "/lab/shells" && request.method == "DELETE") {
        m_shells.endAll(item(request, "account"));
        return json({{"shellsOpen"_L1, m_shells.count()}});
    }
    return problem(
        u"unknown: GET /lab/truth, /lab/state, POST /lab/sync, /lab/change, GET|POST|DELETE /lab/faults, DELETE /lab/shells"_s,
        404);
}

Expected<std::vector<std::uint32_t>> LabApi::phonesFor(const WebRequest& request) const
{
    const std::string mailbox = item(request, "mailbox"), device = item(request, "device");
    std::vector<std::uint32_t> phones;
    if (!mailbox.empty()) {
        const std::vector<std::uint32_t> users = m_estate.people().usersNamed(mailbox);
        if (users.empty())
            return fail(ErrorCode::NotFound, u"no mailbox %1"_s.arg(q(mailbox)));
        for (const std::uint32_t user : users)
            for (const std::uint32_t phone : m_estate.phonesOf(user))
                phones.push_back(phone);
        if (!device.empty())
            std::erase_if(
                phones, [&](std::uint32_t p) { return m_estate.phone(p).facts.deviceId != device; });
        return phones;
    }
    if (!device.empty()) {
        phones = m_estate.phonesNamed(device);
        if (phones.empty())
            return fail(ErrorCode::NotFound, u"no device %1"_s.arg(q(device)));
        return phones;
    }
    const int from = QString::fromStdString(item(request, "from")).toInt();
    for (std::uint32_t p = std::uint32_t(std::max(0, from));
         p < m_estate.phoneCount() && int(phones.size()) < pageSize; ++p)
        phones.push_back(p);
    return phones;
}

QJsonObject LabApi::phoneTruth(std::uint32_t index) const
{
    const Phone phone = m_estate.phone(index);
    const Person owner = m_estate.people().person(phone.facts.owner);
    const AccessAnswer now = m_estate.truth(index);
    const bool content = now.access == Access::Allowed && !now.refused;
    const QJsonObject cloud = m_more ? m_more(index) : QJsonObject();
    return {{"cloud"_L1, cloud}, {"device"_L1, q(phone.facts.deviceId)}, {"name"_L1, q(phone.facts.name())},
        {"type"_L1, q(phone.facts.type)}, {"model"_L1, q(phone.facts.model)}, {"os"_L1, q(phone.facts.os)},
        {"guid"_L1, q(phone.facts.guid.lower())}, {"mailbox"_L1, q(owner.smtp)},
        {"owner"_L1, q(owner.canonical())}, {"upn"_L1, q(owner.upn)},
        {"password"_L1, q(m_estate.people().passwordOf(phone.facts.owner))}, {"step"_L1, now.step},
        {"decidedBy"_L1, q(describeStep(now.step))},
        {"access"_L1, now.refused ? u"Refused"_s : q(text(now.access))}, {"reason"_L1, q(text(now.reason))},
        {"getsMail"_L1, content}, {"httpStatus"_L1, now.refused || now.access == Access::Blocked ? 403 : 200},
        {"storedState"_L1, q(text(phone.state.access))}, {"storedReason"_L1, q(text(phone.state.reason))},
        {"removed"_L1, phone.state.removed}, {"hasStatistics"_L1, phone.facts.hasStatistics},
        {"lastSuccessSync"_L1, timeText(phone.state.lastSuccessMs)},
        {"lastSyncAttempt"_L1, timeText(phone.state.lastAttemptMs)},
        {"wipe"_L1,
            phone.state.wipe == Wipe::None          ? u"none"_s
                : phone.state.wipe == Wipe::Pending ? u"pending"_s
                : phone.state.wipe == Wipe::Sent    ? u"sent"_s
                                                    : u"acknowledged"_s}};
}

WebAnswer LabApi::truth(const WebRequest& request) const
{
    const auto phones = phonesFor(request);
    if (!phones)
        return problem(phones.error().detail, 404);
    QJsonArray list;
    for (const std::uint32_t phone : *phones)
        list.append(phoneTruth(phone));
    QJsonObject out{{"phones"_L1, list}, {"total"_L1, qint64(m_estate.phoneCount())},
        {"now"_L1, timeText(m_estate.nowMs())}};
    if (item(request, "mailbox").empty() && item(request, "device").empty()
        && int(phones->size()) == pageSize)
        out.insert("next"_L1, qint64(phones->back()) + 1);
    return json(out);
}

WebAnswer LabApi::sync(const WebRequest& request)
{
    if (item(request, "mailbox").empty() && item(request, "device").empty() && item(request, "all").empty())
        return problem(u"say which phones connect: device=, mailbox= or all=1"_s);
    std::vector<std::uint32_t> phones;
    if (!item(request, "all").empty()) {
        for (std::uint32_t p = 0; p < m_estate.phoneCount(); ++p)
            phones.push_back(p);
    } else {
        auto named = phonesFor(request);
        if (!named)
            return problem(named.error().detail, 404);
        phones = std::move(*named);
    }
    for (const std::uint32_t phone : phones)
        m_estate.connect(phone);
    QJsonArray list;
    for (size_t i = 0; i < phones.size() && i < size_t(pageSize); ++i)
        list.append(phoneTruth(phones[i]));
    return json({{"connected"_L1, qint64(phones.size())}, {"phones"_L1, list}});
}

// Every n-th phone is put on its mailbox' list of blocked ones, or taken off, and connects: phone and mailbox
// change in the directory, which is what a delta looks for.
WebAnswer LabApi::change(const WebRequest& request)
{
    const int every = QString::fromStdString(item(request, "every")).toInt();
    const int from = QString::fromStdString(item(request, "from")).toInt();
    if (every < 1 || from < 0)
        return problem(u"say which phones change: every=N, and from=N"_s);
    qint64 changed = 0;
    for (std::uint32_t p = std::uint32_t(from); p < m_estate.phoneCount(); p += std::uint32_t(every)) {
        const Phone phone = m_estate.phone(p);
        if (phone.state.removed)
            continue;
        const auto toggle = [&phone](CasSettings& cas) {
            if (std::erase(cas.blockedIds, phone.facts.deviceId) == 0)
                cas.blockedIds.push_back(phone.facts.deviceId);
        };
        m_estate.changeCas(phone.facts.owner, toggle, "lab");
        m_estate.connect(p);
        ++changed;
    }
    return json({{"changed"_L1, changed}});
}

WebAnswer LabApi::state() const
{
    QJsonObject out = m_counters.toJson();
    out.insert("users"_L1, qint64(m_estate.people().userCount()));
    out.insert("devices"_L1, qint64(m_estate.phoneCount()));
    out.insert("now"_L1, timeText(m_estate.nowMs()));
    QJsonArray journal;
    for (const JournalEntry& entry : m_estate.journal())
        journal.append(QJsonObject{{"time"_L1, timeText(entry.timeMs)}, {"account"_L1, q(entry.account)},
            {"what"_L1, q(entry.what)}, {"target"_L1, q(entry.target)}});
    out.insert("journal"_L1, journal);
    return json(out);
}

WebAnswer LabApi::faults(const WebRequest& request)
{
    if (request.method == "DELETE") {
        m_faults.clear();
        return json(m_faults.toJson());
    }
    if (request.method == "POST") {
        QJsonParseError error{};
        const QJsonDocument document
            = QJsonDocument::fromJson(QByteArray::fromStdString(request.body), &error);
        if (!document.isObject())
            return problem(
                u"not a JSON object: %1 at offset %2"_s.arg(error.errorString()).arg(error.offset));
        if (const auto set = m_faults.set(document.object()); !set)
            return problem(set.error().detail);
    }
    return json(m_faults.toJson());
}

} // namespace postern::lab
