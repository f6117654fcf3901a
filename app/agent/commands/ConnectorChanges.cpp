#include <QCoroFuture>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>

#include "app/agent/commands/ConnectorOptions.h"
#include "app/agent/commands/Follow.h"

using namespace Qt::StringLiterals;

namespace postern::agent {

namespace {

QCoro::Task<Expected<void>> removeOn(
    site::SiteSession* session, CommandLine line, Terminal* terminal, std::stop_token stop)
{
    const Expected<std::vector<Connector>> connectors = co_await connectorsOf(session, line.words.last());
    if (!connectors)
        co_return fail(connectors.error());
    Request request;
    request.kind = RequestKind::RemoveConnector;
    const bool keep = line.has(u"keep-entries"_s);
    request.parameters = keep ? "{\"keepEntries\":true}" : "{\"keepEntries\":false}";
    const Connector connector = connectors->front();
    const Expected<Followed> end = co_await askAndFollow(session, connector, request, terminal, stop);
    if (!end)
        co_return fail(end.error());
    terminal->printJson(QJsonDocument(toJson(*end)));
    if (!end->isDone())
        co_return saidAlready();
    co_return Expected<void>{};
}

Expected<ConnectorSettings> settingsFrom(const QString& path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return fail(ErrorCode::NotFound, file.errorString(), path);
    constexpr qint64 limit = 1024 * 1024;
    if (file.size() > limit)
        return fail(ErrorCode::LimitExceeded, u"larger than 1 MiB"_s, path);
    auto settings = connectorSettingsFromJson(file.readAll());
    if (!settings)
        return fail(
            ErrorCode::InvalidInput, u"%1: %2"_s.arg(settings.error().origin, settings.error().detail), path);
    return settings;
}

// Applied at once when the connector has been read before; otherwise its first full synchronization does.
QCoro::Task<Expected<void>> applyNow(
    site::SiteSession* session, Connector connector, Terminal* terminal, std::stop_token stop)
{
    if (!connector.lastFullEnd || !connector.enabled) {
        terminal->print(u"Saved; the first full synchronization applies them."_s);
        terminal->printJson(QJsonDocument::fromJson(toJson(connector.settings)));
        co_return Expected<void>{};
    }
    const Request request = site::applySettingsRequest(connector);
    const Expected<Followed> end = co_await askAndFollow(session, connector, request, terminal, stop);
    if (!end)
        co_return fail(end.error());
    terminal->printJson(QJsonDocument(toJson(*end)));
    if (!end->isDone())
        co_return saidAlready();
    co_return Expected<void>{};
}

QCoro::Task<Expected<void>> settingsOn(
    site::SiteSession* session, CommandLine line, Terminal* terminal, std::stop_token stop)
{
    const Expected<std::vector<Connector>> connectors = co_await connectorsOf(session, line.words.last());
    if (!connectors)
        co_return fail(connectors.error());
    Connector connector = connectors->front();
    if (line.has(u"set"_s)) {
        const Expected<ConnectorSettings> settings = settingsFrom(line.value(u"set"_s));
        if (!settings)
            co_return fail(settings.error());
        connector.settings = *settings;
    }
    if (line.has(u"preview"_s)) {
        const Expected<QStringList> commands = co_await session->previewSettings(connector);
        if (!commands)
            co_return fail(commands.error());
        for (const QString& command : *commands)
            terminal->print(command);
        terminal->printJson(QJsonDocument(QJsonArray::fromStringList(*commands)));
        co_return Expected<void>{};
    }
    if (!line.has(u"set"_s)) {
        const QJsonDocument document = QJsonDocument::fromJson(toJson(connector.settings));
        terminal->print(QString::fromUtf8(document.toJson()).trimmed());
        terminal->printJson(document);
        co_return Expected<void>{};
    }
    const Expected<Connector> saved = co_await session->saveConnector(connector, QString());
    if (!saved)
        co_return fail(saved.error());
    // The same settings again ask for nothing; here they are looked at all the same.
    Expected<void> applied = co_await applyNow(session, *saved, terminal, stop);
    co_return applied;
}

QCoro::Task<Expected<void>> setOn(site::SiteSession* session, CommandLine line, Terminal* terminal)
{
    const Expected<std::vector<Connector>> connectors = co_await connectorsOf(session, line.words.last());
    if (!connectors)
        co_return fail(connectors.error());
    const Expected<Connector> changed = withOptions(connectors->front(), line);
    if (!changed)
        co_return fail(changed.error());
    QString password;
    if (line.has(u"password-stdin"_s)) {
        const Expected<QString> read = passwordFromStandardInput();
        if (!read)
            co_return fail(read.error());
        password = *read;
    } else if (changed->name != connectors->front().name && !changed->user.isEmpty()) {
        co_return fail(ErrorCode::InvalidInput,
            u"it is kept under the connector's name: add --password-stdin and send it again"_s,
            u"the password of %1"_s.arg(changed->user));
    }
    const Expected<Connector> saved = co_await session->saveConnector(*changed, password);
    if (!saved)
        co_return fail(saved.error());
    terminal->print(u"Connector %1 changed."_s.arg(saved->name));
    terminal->printJson(QJsonDocument(connectorJson(*saved)));
    co_return Expected<void>{};
}

} // namespace

QCoro::Task<Expected<void>> connectorSettings(CommandLine line, Terminal* terminal, std::stop_token stop)
{
    const Serve serve = line.has(u"set"_s) && !line.has(u"preview"_s) ? Serve::Yes : Serve::No;
    const Expected<std::unique_ptr<site::SiteSession>> session = co_await openSite(line, serve);
    if (!session)
        co_return fail(session.error());
    Expected<void> done = co_await settingsOn(session->get(), line, terminal, stop);
    co_await (*session)->close();
    co_return done;
}

QCoro::Task<Expected<void>> connectorSet(CommandLine line, Terminal* terminal, std::stop_token)
{
    const Expected<std::unique_ptr<site::SiteSession>> session = co_await openSite(line, Serve::No);
    if (!session)
        co_return fail(session.error());
    Expected<void> done = co_await setOn(session->get(), line, terminal);
    co_await (*session)->close();
    co_return done;
}

QCoro::Task<Expected<void>> connectorRemove(CommandLine line, Terminal* terminal, std::stop_token stop)
{
    const Expected<std::unique_ptr<site::SiteSession>> session = co_await openSite(line, Serve::Yes);
    if (!session)
        co_return fail(session.error());
    Expected<void> removed = co_await removeOn(session->get(), line, terminal, stop);
    co_await (*session)->close();
    co_return removed;
}

} // namespace postern::agent
