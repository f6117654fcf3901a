#include "models/domain/ExchangeWrite.h"

#include <QJsonDocument>
#include <array>

#include "models/domain/JsonFields.h"
#include "models/domain/SettingsFields.h"

using namespace Qt::StringLiterals;

namespace postern {

namespace {

// In the order of the variant.
constexpr std::array<QStringView, std::variant_size_v<ExchangeWrite>> kinds
    = {u"list", u"organization", u"accessRuleCreate", u"accessRuleChange", u"accessRuleRemove",
        u"mailboxPolicyCreate", u"mailboxPolicyChange", u"deviceClear", u"deviceRemove"};

template <class V, Maybe<ListWrite> S> void fields(V& visit, S& value)
{
    visit("mailbox", value.mailboxIdentity);
    visit("addAllowed", value.addAllowed);
    visit("removeAllowed", value.removeAllowed);
    visit("addBlocked", value.addBlocked);
    visit("removeBlocked", value.removeBlocked);
}

template <class V, Maybe<OrganizationWrite> S> void fields(V& visit, S& value)
{
    visit("settings", value.settings);
}

template <class V, Maybe<AccessRuleCreate> S> void fields(V& visit, S& value)
{
    visit("rule", value.rule);
}

template <class V, Maybe<AccessRuleChange> S> void fields(V& visit, S& value)
{
    visit("identity", value.identity);
    visit("level", value.level);
}

template <class V, Maybe<AccessRuleRemove> S> void fields(V& visit, S& value)
{
    visit("identity", value.identity);
}

template <class V, Maybe<MailboxPolicyCreate> S> void fields(V& visit, S& value)
{
    visit("name", value.name);
    visit("isDefault", value.isDefault);
    visit("settings", value.settings);
    visit("allowExternalDeviceManagement", value.allowExternalDeviceManagement);
}

template <class V, Maybe<MailboxPolicyChange> S> void fields(V& visit, S& value)
{
    visit("identity", value.identity);
    visit("settings", value.settings);
    visit("allowExternalDeviceManagement", value.allowExternalDeviceManagement);
}

template <class V, Maybe<DeviceClear> S> void fields(V& visit, S& value)
{
    visit("device", value.deviceIdentity);
    visit("accountOnly", value.accountOnly);
    visit("cancel", value.cancel);
    visit("notify", value.notify);
}

template <class V, Maybe<DeviceRemove> S> void fields(V& visit, S& value)
{
    visit("device", value.deviceIdentity);
}

template <std::size_t I = 0> Expected<ExchangeWrite> readKind(std::size_t kind, const QJsonObject& object)
{
    if constexpr (I == std::variant_size_v<ExchangeWrite>) {
        return fail(ErrorCode::InvalidInput, u"unknown kind"_s);
    } else {
        if (kind != I)
            return readKind<I + 1>(kind, object);
        std::variant_alternative_t<I, ExchangeWrite> value;
        JsonReader reader(object);
        fields(reader, value);
        if (auto done = reader.finish(); !done)
            return fail(done.error());
        return ExchangeWrite(std::move(value));
    }
}

struct Target
{
    QString operator()(const ListWrite& write) const { return write.mailboxIdentity; }
    QString operator()(const OrganizationWrite&) const { return u"Mobile Mailbox Settings"_s; }
    QString operator()(const AccessRuleCreate& write) const { return write.rule.query; }
    QString operator()(const MailboxPolicyCreate& write) const { return write.name; }
    QString operator()(const DeviceClear& write) const { return write.deviceIdentity; }
    QString operator()(const DeviceRemove& write) const { return write.deviceIdentity; }
    QString operator()(const auto& write) const { return write.identity; }
};

} // namespace

QString kindOf(const ExchangeWrite& write)
{
    return kinds[write.index()].toString();
}

QString targetOf(const ExchangeWrite& write)
{
    return std::visit(Target(), write);
}

QByteArray toJson(const ExchangeWrite& write)
{
    JsonWriter writer;
    std::visit([&writer](const auto& value) { fields(writer, value); }, write);
    return QJsonDocument(QJsonObject{{u"kind"_s, kindOf(write)}, {u"write"_s, writer.object}})
        .toJson(QJsonDocument::Compact);
}

Expected<ExchangeWrite> exchangeWriteFromJson(const QByteArray& json)
{
    const QString origin = u"an entry of the write journal"_s;
    QJsonParseError error;
    const QJsonDocument document = QJsonDocument::fromJson(json, &error);
    if (!document.isObject())
        return fail(
            ErrorCode::InvalidInput, u"%1 at offset %2"_s.arg(error.errorString()).arg(error.offset), origin);
    const QString kind = document.object().value(u"kind"_s).toString();
    const auto found = std::find(kinds.begin(), kinds.end(), kind);
    auto write = readKind(std::size_t(found - kinds.begin()), document.object().value(u"write"_s).toObject());
    if (!write)
        return fail(write.error().code,
            (write.error().origin.isEmpty() ? kind : write.error().origin) + u' ' + write.error().detail,
            origin);
    return write;
}

} // namespace postern
