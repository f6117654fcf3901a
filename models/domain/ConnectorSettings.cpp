#include "models/domain/ConnectorSettings.h"

#include <QJsonDocument>

#include "models/domain/JsonFields.h"
#include "models/domain/SettingsFields.h"

using namespace Qt::StringLiterals;

namespace postern {

std::span<const EnumEntry<PasswordComplexity>> EnumTable<PasswordComplexity>::entries()
{
    static constexpr EnumEntry<PasswordComplexity> table[]
        = {{PasswordComplexity::Pin, u"Pin"}, {PasswordComplexity::Strong, u"Strong"}};
    return table;
}

// The text is Exchange's (MaxEmailAgeFilter).
std::span<const EnumEntry<EmailAge>> EnumTable<EmailAge>::entries()
{
    static constexpr EnumEntry<EmailAge> table[] = {{EmailAge::All, u"All"}, {EmailAge::OneDay, u"OneDay"},
        {EmailAge::ThreeDays, u"ThreeDays"}, {EmailAge::OneWeek, u"OneWeek"},
        {EmailAge::TwoWeeks, u"TwoWeeks"}, {EmailAge::OneMonth, u"OneMonth"}};
    return table;
}

std::span<const EnumEntry<CalendarAge>> EnumTable<CalendarAge>::entries()
{
    static constexpr EnumEntry<CalendarAge> table[] = {{CalendarAge::All, u"All"},
        {CalendarAge::TwoWeeks, u"TwoWeeks"}, {CalendarAge::OneMonth, u"OneMonth"},
        {CalendarAge::ThreeMonths, u"ThreeMonths"}, {CalendarAge::SixMonths, u"SixMonths"}};
    return table;
}

std::span<const EnumEntry<BluetoothUse>> EnumTable<BluetoothUse>::entries()
{
    static constexpr EnumEntry<BluetoothUse> table[] = {{BluetoothUse::Disable, u"Disable"},
        {BluetoothUse::HandsFreeOnly, u"HandsfreeOnly"}, {BluetoothUse::Allow, u"Allow"}};
    return table;
}

namespace {

Expected<void> inRange(const QString& field, std::optional<int> value, int low, int high)
{
    if (value && (*value < low || *value > high))
        return fail(ErrorCode::InvalidInput, u"%1 to %2"_s.arg(low).arg(high), field);
    return {};
}

Expected<void> validate(const PasswordPolicySettings& password)
{
    const struct
    {
        QString field;
        std::optional<int> value;
        int low, high;
    } limits[] = {
        {u"Password: minimum complex character sets"_s, password.minimumComplexSets, 1, 4},
        {u"Password: minimum length"_s, password.minimumLength, 1, 16},
        {u"Password: expiration in days"_s, password.expiryDays, 1, 730},
        {u"Password: history"_s, password.history, 0, 50},
        {u"Password: failed attempts before a wipe"_s, password.wipeAfterAttempts, 4, 16},
        {u"Password: idle minutes before the lock"_s, password.idleLockMinutes, 1, 60},
    };
    for (const auto& limit : limits) {
        if (auto fits = inRange(limit.field, limit.value, limit.low, limit.high); !fits)
            return fits;
    }
    return {};
}

Expected<void> validate(const EmailPolicySettings& email)
{
    constexpr int most = 2'097'151; // in KB: Exchange counts bytes in 31 bits
    if (auto fits = inRange(u"Email Management: maximum attachment size"_s, email.maxAttachmentKb, 1, most);
        !fits)
        return fits;
    if (auto fits = inRange(u"Email Management: maximum HTML body size"_s, email.maxHtmlBodyKb, 1, most);
        !fits)
        return fits;
    return inRange(u"Email Management: maximum text body size"_s, email.maxTextBodyKb, 1, most);
}

Expected<void> validate(const ApplicationPolicySettings& application)
{
    QSet<QString> seen;
    for (const QString& name : application.blockedApplications) {
        if (name.trimmed().isEmpty() || name.size() > 255)
            return fail(
                ErrorCode::InvalidInput, u"1 to 255 characters"_s, u"Application: blocked application"_s);
        if (seen.contains(name.toCaseFolded()))
            return fail(ErrorCode::InvalidInput, u"%1 is listed twice"_s.arg(name),
                u"Application: blocked application"_s);
        seen.insert(name.toCaseFolded());
    }
    return {};
}

Expected<void> validate(const AccessRulesSettings& access)
{
    if (access.userMailInsert.size() > 256)
        return fail(ErrorCode::InvalidInput, u"at most 256 characters"_s, u"Access rules: text for users"_s);
    for (const QString& address : access.adminMailRecipients) {
        if (address.count(u'@') != 1 || address.startsWith(u'@') || address.endsWith(u'@')
            || address.contains(u' '))
            return fail(ErrorCode::InvalidInput, u"%1 is not an e-mail address"_s.arg(address),
                u"Access rules: administrators notified"_s);
    }
    QSet<QString> seen;
    for (const AccessRule& rule : access.rules) {
        if (rule.query.trimmed().isEmpty())
            return fail(
                ErrorCode::InvalidInput, u"a rule needs a device type or model"_s, u"Access rules: rule"_s);
        const QString key = enumText(rule.characteristic).toString() + u'\n' + rule.query.toCaseFolded();
        if (seen.contains(key))
            return fail(
                ErrorCode::InvalidInput, u"%1 has two rules"_s.arg(rule.query), u"Access rules: rule"_s);
        seen.insert(key);
    }
    return {};
}

} // namespace

Expected<void> validate(const ConnectorSettings& settings)
{
    if (settings.policy.general) {
        if (auto fits = inRange(
                u"General: refresh interval in hours"_s, settings.policy.general->refreshHours, 1, 9999);
            !fits)
            return fits;
    }
    if (settings.policy.password) {
        if (auto valid = validate(*settings.policy.password); !valid)
            return valid;
    }
    if (settings.policy.email) {
        if (auto valid = validate(*settings.policy.email); !valid)
            return valid;
    }
    if (settings.policy.application) {
        if (auto valid = validate(*settings.policy.application); !valid)
            return valid;
    }
    return validate(settings.access);
}

QByteArray toJson(const ConnectorSettings& settings)
{
    JsonWriter writer;
    fields(writer, settings);
    return QJsonDocument(writer.object).toJson(QJsonDocument::Compact);
}

Expected<ConnectorSettings> connectorSettingsFromJson(const QByteArray& json)
{
    const QString origin = u"the connector's stored settings"_s;
    QJsonParseError error;
    const QJsonDocument document = QJsonDocument::fromJson(json, &error);
    if (!document.isObject())
        return fail(
            ErrorCode::InvalidInput, u"%1 at offset %2"_s.arg(error.errorString()).arg(error.offset), origin);
    ConnectorSettings settings;
    JsonReader reader(document.object());
    fields(reader, settings);
    if (auto done = reader.finish(); !done)
        return fail(done.error().code, done.error().origin + u' ' + done.error().detail, origin);
    return settings;
}

} // namespace postern
