#include <QCoroFuture>
#include <QDir>
#include <QFileInfo>
#include <QJsonObject>
#include <QRegularExpression>

#include "app/agent/Command.h"

using namespace Qt::StringLiterals;

namespace postern::agent {

QCoro::Task<Expected<void>> siteInit(CommandLine line, Terminal* terminal, std::stop_token)
{
    const QString code = line.value(u"site-code"_s, u"PS1"_s).toUpper();
    static const QRegularExpression threeLetters(u"^[A-Z0-9]{3}$"_s);
    if (!threeLetters.match(code).hasMatch())
        co_return fail(ErrorCode::InvalidInput, u"three letters or digits"_s, u"--site-code %1"_s.arg(code));
    const Expected<store::SiteAddress> address = store::SiteAddress::parse(line.site);
    if (!address)
        co_return fail(address.error());
    site::SiteOptions options;
    options.address = *address;
    options.create = true;
    options.siteCode = code;
    options.serve = false;
    options.feed = false;
    if (address->dialect() == store::Dialect::Sqlite)
        QDir().mkpath(QFileInfo(address->filePath()).absolutePath());
    site::SiteSession session(std::move(options));
    const Expected<store::SiteInfo> info = co_await session.open();
    co_await session.close();
    if (!info)
        co_return fail(info.error());
    terminal->print(u"Site %1 is ready: %2"_s.arg(info->siteCode, address->toString()));
    QJsonObject json;
    json["siteCode"_L1] = info->siteCode;
    json["site"_L1] = address->toString();
    json["schemaVersion"_L1] = info->schemaVersion;
    terminal->printJson(QJsonDocument(json));
    co_return Expected<void>{};
}

} // namespace postern::agent
