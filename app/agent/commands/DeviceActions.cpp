#include <QCoroFuture>
#include <QJsonArray>
#include <QJsonDocument>

#include "app/agent/commands/Follow.h"
#include "services/store/ConnectorRepository.h"
#include "services/store/DeviceReader.h"
#include "services/store/PartnershipRepository.h"

using namespace Qt::StringLiterals;

namespace postern::agent {

namespace {

struct Phone
{
    PartnershipId id;
    QString user; // principal name
    QString identity; // Exchange's
    Connector connector;
};

bool isMeant(const frame::DeviceRow& row, const QString& device, const QString& mailbox)
{
    const auto is = [&row](frame::DeviceColumn column, const QString& text) {
        const std::string_view cell = row.text[std::size_t(column)];
        return QString::fromUtf8(cell.data(), qsizetype(cell.size())).compare(text, Qt::CaseInsensitive) == 0;
    };
    using Column = frame::DeviceColumn;
    if (!is(Column::EasDeviceId, device) && !is(Column::DeviceIdentity, device))
        return false;
    return mailbox.isEmpty() || is(Column::UserPrincipalName, mailbox) || is(Column::EmailAddress, mailbox);
}

// The one phone that is meant. The same id in two mailboxes is two phones (SYN-14): the mailbox must be said.
Expected<Phone> find(store::Session& session, const QString& device, const QString& mailbox)
{
    std::vector<Phone> found;
    const auto take = [&](const frame::DeviceRow& row) {
        if (row.gone || !isMeant(row, device, mailbox))
            return;
        const auto cell = [&row](frame::DeviceColumn column) {
            const std::string_view text = row.text[std::size_t(column)];
            return QString::fromUtf8(text.data(), qsizetype(text.size()));
        };
        Phone phone;
        phone.id = {row.id.value};
        phone.user = cell(frame::DeviceColumn::UserPrincipalName);
        phone.identity = cell(frame::DeviceColumn::DeviceIdentity);
        found.push_back(std::move(phone));
    };
    if (const auto read = store::readDevices(session, 0, take); !read)
        return fail(read.error());
    if (found.empty())
        return fail(ErrorCode::NotFound, {}, u"device \"%1\""_s.arg(device));
    if (found.size() > 1) {
        QStringList users;
        for (const Phone& phone : found)
            users << phone.user;
        return fail(ErrorCode::InvalidInput,
            u"several mailboxes have it; say --mailbox with one of %1"_s.arg(users.join(u", ")),
            u"device \"%1\""_s.arg(device));
    }
    const auto stored = store::PartnershipRepository(session).find(found.front().id);
    if (!stored)
        return fail(stored.error());
    const auto connector = *stored ? store::ConnectorRepository(session).find((*stored)->connectorId)
                                   : std::optional<Connector>();
    if (!connector)
        return fail(connector.error());
    if (!*connector)
        return fail(ErrorCode::NotFound, {}, u"the connector of device \"%1\""_s.arg(device));
    found.front().connector = **connector;
    return found.front();
}

// A wrong flag must not erase a phone.
Expected<Request> requestFrom(const CommandLine& line, RequestKind kind)
{
    QJsonObject parameters{{u"reason"_s, line.value(u"reason"_s)}};
    const bool accountOnly = line.has(u"account-only"_s);
    const bool cancel = line.has(u"cancel"_s);
    if (kind == RequestKind::ClearDevice && !accountOnly && !cancel && !line.has(u"confirm-factory-reset"_s))
        return fail(ErrorCode::InvalidInput,
            u"it erases everything on the phone, private things too: add --confirm-factory-reset, or "
            "--account-only"_s,
            u"device wipe"_s);
    if (kind == RequestKind::RemoveDevice && !line.has(u"confirm"_s))
        return fail(ErrorCode::InvalidInput,
            u"the mail stays on the phone, and the partnership comes back while the account is on it: add "
            "--confirm"_s,
            u"device remove"_s);
    if (kind == RequestKind::ClearDevice) {
        parameters[u"accountOnly"_s] = accountOnly;
        parameters[u"cancel"_s] = cancel;
        const QStringList notify = line.value(u"notify"_s).split(u',', Qt::SkipEmptyParts);
        parameters[u"notify"_s] = QJsonArray::fromStringList(notify);
    }
    Request request;
    request.kind = kind;
    request.parameters = QJsonDocument(parameters).toJson(QJsonDocument::Compact);
    return request;
}

QCoro::Task<Expected<void>> actOn(
    site::SiteSession* session, CommandLine line, RequestKind kind, Terminal* terminal, std::stop_token stop)
{
    Expected<Request> request = requestFrom(line, kind);
    if (!request)
        co_return fail(request.error());
    auto work = session->store().read([device = line.words.last(), mailbox = line.value(u"mailbox"_s)](
                                          store::Session& s) { return find(s, device, mailbox); });
    const Expected<Phone> phone = co_await work;
    if (!phone)
        co_return fail(phone.error());
    QJsonObject parameters = QJsonDocument::fromJson(request->parameters).object();
    parameters.insert(u"partnership"_s, phone->id.value);
    request->parameters = QJsonDocument(parameters).toJson(QJsonDocument::Compact);
    const Expected<Followed> end = co_await askAndFollow(session, phone->connector, *request, terminal, stop);
    if (!end)
        co_return fail(end.error());
    QJsonObject json = toJson(*end);
    json.insert(u"device"_s, phone->identity);
    json.insert(u"user"_s, phone->user);
    terminal->printJson(QJsonDocument(json));
    if (!end->isDone())
        co_return saidAlready();
    co_return Expected<void>{};
}

QCoro::Task<Expected<void>> act(CommandLine line, RequestKind kind, Terminal* terminal, std::stop_token stop)
{
    const Expected<std::unique_ptr<site::SiteSession>> session = co_await openSite(line, Serve::Yes);
    if (!session)
        co_return fail(session.error());
    Expected<void> done = co_await actOn(session->get(), line, kind, terminal, stop);
    co_await (*session)->close();
    co_return done;
}

} // namespace

QCoro::Task<Expected<void>> deviceWipe(CommandLine line, Terminal* terminal, std::stop_token stop)
{
    Expected<void> done = co_await act(line, RequestKind::ClearDevice, terminal, stop);
    co_return done;
}

QCoro::Task<Expected<void>> deviceRemove(CommandLine line, Terminal* terminal, std::stop_token stop)
{
    Expected<void> done = co_await act(line, RequestKind::RemoveDevice, terminal, stop);
    co_return done;
}

} // namespace postern::agent
