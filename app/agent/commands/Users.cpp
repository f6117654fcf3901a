#include <QCoroFuture>
#include <QJsonArray>
#include <QJsonObject>

#include "app/agent/Command.h"
#include "models/base/Csv.h"
#include "models/base/EnumText.h"
#include "services/store/cloud/SiteUserReader.h"

using namespace Qt::StringLiterals;

namespace postern::agent {

namespace {

const QStringList& header()
{
    static const QStringList keys{u"name"_s, u"userPrincipalName"_s, u"emailAddress"_s, u"department"_s,
        u"licenses"_s, u"intuneLicensed"_s, u"groups"_s, u"mailbox"_s, u"accountEnabled"_s, u"devices"_s,
        u"blocked"_s, u"lastSeen"_s};
    return keys;
}

QString yesNo(bool value)
{
    return value ? u"yes"_s : u"no"_s;
}

QString timeText(const std::optional<QDateTime>& time)
{
    return time ? time->toUTC().toString(Qt::ISODate) : QString();
}

QStringList cells(const SiteUser& user)
{
    return {user.name, user.userPrincipalName, user.emailAddress, user.department,
        user.licenses.join(u"; "_s), yesNo(user.intuneLicensed), user.groups.join(u"; "_s),
        enumText(user.mailbox).toString(), yesNo(user.accountEnabled), QString::number(user.deviceCount),
        QString::number(user.blockedCount), timeText(user.lastSeen)};
}

QJsonObject toJson(const SiteUser& user)
{
    const QString seen = timeText(user.lastSeen);
    return {{u"name"_s, user.name}, {u"userPrincipalName"_s, user.userPrincipalName},
        {u"emailAddress"_s, user.emailAddress}, {u"department"_s, user.department},
        {u"objectId"_s, user.objectId.isEmpty() ? QJsonValue() : QJsonValue(user.objectId)},
        {u"licenses"_s, QJsonArray::fromStringList(user.licenses)},
        {u"intuneLicensed"_s, user.intuneLicensed}, {u"groups"_s, QJsonArray::fromStringList(user.groups)},
        {u"mailbox"_s, enumText(user.mailbox).toString()}, {u"accountEnabled"_s, user.accountEnabled},
        {u"devices"_s, user.deviceCount}, {u"blocked"_s, user.blockedCount},
        {u"lastSeen"_s, seen.isEmpty() ? QJsonValue() : QJsonValue(seen)}};
}

void print(const SiteUsers& users, const QString& format, Terminal& terminal)
{
    if (format == "csv"_L1) {
        terminal.printRaw(csvLine(header()).toUtf8());
        for (const SiteUser& user : users)
            terminal.printRaw(csvLine(cells(user)).toUtf8());
    } else if (format == "json"_L1) {
        QByteArray before = "[\n";
        for (const SiteUser& user : users) {
            terminal.printRaw(before + QJsonDocument(toJson(user)).toJson(QJsonDocument::Compact));
            before = ",\n";
        }
        terminal.printRaw(users.empty() ? "[]\n" : "\n]\n");
    } else {
        std::vector<QStringList> rows;
        rows.reserve(users.size());
        for (const SiteUser& user : users)
            rows.push_back(cells(user));
        terminal.printTable(header(), rows);
    }
}

} // namespace

QCoro::Task<Expected<void>> users(CommandLine line, Terminal* terminal, std::stop_token)
{
    const QString format = line.json ? u"json"_s : line.value(u"format"_s, u"table"_s);
    const QStringList formats{u"table"_s, u"csv"_s, u"json"_s};
    if (!formats.contains(format))
        co_return fail(ErrorCode::InvalidInput, u"table, csv or json"_s, u"--format %1"_s.arg(format));
    const Expected<std::unique_ptr<site::SiteSession>> session = co_await openSite(line, Serve::No);
    if (!session)
        co_return fail(session.error());
    auto work = (*session)->store().read([](store::Session& s) { return store::readSiteUsers(s); });
    const Expected<SharedUsers> people = co_await work;
    co_await (*session)->close();
    if (!people)
        co_return fail(people.error());
    print(**people, format, *terminal);
    co_return Expected<void>();
}

} // namespace postern::agent
