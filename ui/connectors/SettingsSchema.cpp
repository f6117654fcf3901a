#include "ui/connectors/SettingsSchema.h"

#include <QCoreApplication>
#include <QLocale>

namespace postern::connectors {

namespace {

struct Texts
{
    Q_DECLARE_TR_FUNCTIONS(SettingsSchema)
};

using Policy = MailboxPolicySettings;

// The settings of one group: members of Group, which stands in Policy as an optional.
template <class Group> struct Table
{
    std::optional<Group> Policy::*place;
    SettingsGroup group;

    Table(const QString& title, std::optional<Group> Policy::*member)
        : place(member)
    {
        group.title = title;
        group.isConfigured = [member](const Policy& policy) { return (policy.*member).has_value(); };
        group.configure = [member](Policy& policy, bool on) {
            policy.*member = on ? std::optional<Group>(Group()) : std::nullopt;
        };
    }

    template <class T, class ToVariant, class FromVariant>
    Setting& add(Setting::Kind kind, const QString& label, T Group::*member, ToVariant to, FromVariant from)
    {
        Setting setting;
        setting.kind = kind;
        setting.label = label;
        setting.get = [at = place, member, to](const Policy& policy) { return to((*(policy.*at)).*member); };
        setting.set = [at = place, member, from](
                          Policy& policy, const QVariant& value) { (*(policy.*at)).*member = from(value); };
        return group.settings.emplace_back(std::move(setting));
    }
    Setting& flag(const QString& label, bool Group::*member)
    {
        return add(
            Setting::Kind::Flag, label, member, [](bool on) { return QVariant(on); },
            [](const QVariant& value) { return value.toBool(); });
    }
    Setting& number(const QString& label, int Group::*member, int low, int high)
    {
        Setting& made = add(
            Setting::Kind::Number, label, member, [](int count) { return QVariant(count); },
            [](const QVariant& value) { return value.toInt(); });
        made.low = low;
        made.high = high;
        return made;
    }
    Setting& limit(const QString& label, std::optional<int> Group::*member, int low, int high)
    {
        Setting& made = add(
            Setting::Kind::Limit, label, member,
            [](const std::optional<int>& most) { return QVariant(most.value_or(0)); },
            [](const QVariant& value) {
                return value.toInt() == 0 ? std::nullopt : std::optional<int>(value.toInt());
            });
        made.low = low;
        made.high = high;
        made.zeroIs = Texts::tr("Unlimited");
        return made;
    }
    template <class Enum> Setting& choice(const QString& label, Enum Group::*member, const QStringList& texts)
    {
        Setting& made = add(
            Setting::Kind::Choice, label, member, [](Enum value) { return QVariant(int(value)); },
            [](const QVariant& value) { return Enum(value.toInt()); });
        made.choices = texts;
        return made;
    }
    void texts(const QString& label, QStringList Group::*member)
    {
        add(
            Setting::Kind::Texts, label, member, [](const QStringList& list) { return QVariant(list); },
            [](const QVariant& value) { return value.toStringList(); });
    }
};

constexpr int mostKilobytes = 2'097'151; // Exchange counts bytes in 31 bits

SettingsGroup generalGroup()
{
    using Group = GeneralPolicySettings;
    Table<Group> table(Texts::tr("General"), &Policy::general);
    table.flag(Texts::tr("Allow Internet sh&aring"), &Group::allowInternetSharing);
    table.flag(Texts::tr("Allow synchronization from a &desktop"), &Group::allowDesktopSync);
    table.flag(Texts::tr("Allow d&evices that cannot be provisioned"), &Group::allowNonProvisionableDevices);
    table.limit(Texts::tr("&Refresh interval"), &Group::refreshHours, 1, 9999).unit = Texts::tr(" hours");
    return table.group;
}

SettingsGroup passwordGroup()
{
    using Group = PasswordPolicySettings;
    Table<Group> table(Texts::tr("Password"), &Policy::password);
    table.flag(Texts::tr("A password is &required"), &Group::required);
    table.choice(Texts::tr("Co&mplexity"), &Group::complexity,
        {Texts::tr("PIN", "password complexity"), Texts::tr("Strong", "password complexity")});
    table.number(Texts::tr("Minimum &kinds of characters"), &Group::minimumComplexSets, 1, 4);
    table.flag(Texts::tr("Allow simple passwor&ds"), &Group::allowSimple);
    table.limit(Texts::tr("Minimum l&ength"), &Group::minimumLength, 1, 16).zeroIs = Texts::tr("Any length");
    Setting& expiry = table.limit(Texts::tr("Expires &after"), &Group::expiryDays, 1, 730);
    expiry.unit = Texts::tr(" days");
    expiry.zeroIs = Texts::tr("Never", "a password expires");
    table.number(Texts::tr("Former passwords &held back"), &Group::history, 0, 50);
    table.flag(Texts::tr("Allow password reco&very"), &Group::allowRecovery);
    Setting& wipe = table.limit(Texts::tr("Wipe a&fter failed attempts"), &Group::wipeAfterAttempts, 4, 16);
    wipe.zeroIs = Texts::tr("Never", "a device is wiped");
    Setting& lock = table.limit(Texts::tr("L&ock when idle for"), &Group::idleLockMinutes, 1, 60);
    lock.unit = Texts::tr(" minutes");
    lock.zeroIs = Texts::tr("Never", "a device is locked");
    const auto required = [](const Policy& policy) { return policy.password->required; };
    for (auto setting = table.group.settings.begin() + 1; setting != table.group.settings.end(); ++setting)
        setting->usableIf = required;
    table.group.settings[2].usableIf = [](const Policy& policy) {
        return policy.password->required && policy.password->complexity == PasswordComplexity::Strong;
    };
    return table.group;
}

SettingsGroup emailGroup()
{
    using Group = EmailPolicySettings;
    Table<Group> table(Texts::tr("Email Management"), &Policy::email);
    table.flag(Texts::tr("Allow cons&umer mail"), &Group::allowConsumerEmail);
    table.choice(Texts::tr("Maximum &e-mail age"), &Group::maxEmailAge,
        {Texts::tr("All", "mail of any age"), Texts::tr("1 day"), Texts::tr("3 days"), Texts::tr("1 week"),
            Texts::tr("2 weeks"), Texts::tr("1 month")});
    table.choice(Texts::tr("Maximum calen&dar age"), &Group::maxCalendarAge,
        {Texts::tr("All", "appointments of any age"), Texts::tr("2 weeks"), Texts::tr("1 month"),
            Texts::tr("3 months"), Texts::tr("6 months")});
    table.flag(Texts::tr("Push mail while &roaming"), &Group::pushWhileRoaming);
    table.flag(Texts::tr("Allow &HTML mail"), &Group::allowHtml);
    table.flag(Texts::tr("Allow &attachments"), &Group::allowAttachments);
    const QString unit = Texts::tr(" KB");
    table.limit(Texts::tr("&Maximum attachment size"), &Group::maxAttachmentKb, 1, mostKilobytes).unit = unit;
    table.limit(Texts::tr("Maximum HTML &body size"), &Group::maxHtmlBodyKb, 1, mostKilobytes).unit = unit;
    table.limit(Texts::tr("Maximum text bod&y size"), &Group::maxTextBodyKb, 1, mostKilobytes).unit = unit;
    table.group.settings[6].usableIf = [](const Policy& policy) { return policy.email->allowAttachments; };
    table.group.settings[7].usableIf = [](const Policy& policy) { return policy.email->allowHtml; };
    return table.group;
}

SettingsGroup securityGroup()
{
    using Group = SecurityPolicySettings;
    Table<Group> table(Texts::tr("Security"), &Policy::security);
    table.flag(Texts::tr("Allow remote des&ktop"), &Group::allowRemoteDesktop);
    table.flag(Texts::tr("Allow remova&ble storage"), &Group::allowRemovableStorage);
    table.flag(Texts::tr("Allow the c&amera"), &Group::allowCamera);
    table.choice(Texts::tr("Bl&uetooth"), &Group::bluetooth,
        {Texts::tr("Disable", "Bluetooth"), Texts::tr("Hands-free only", "Bluetooth"),
            Texts::tr("Allow", "Bluetooth")});
    table.flag(Texts::tr("Allow Wi-&Fi"), &Group::allowWifi);
    table.flag(Texts::tr("Allow infra&red"), &Group::allowInfrared);
    table.flag(Texts::tr("Allow the br&owser"), &Group::allowBrowser);
    table.flag(Texts::tr("Require encryption of storag&e cards"), &Group::requireStorageCardEncryption);
    table.flag(Texts::tr("Require encryption of the &device"), &Group::requireDeviceEncryption);
    table.flag(Texts::tr("Allow text &messages"), &Group::allowTextMessages);
    return table.group;
}

SettingsGroup applicationGroup()
{
    using Group = ApplicationPolicySettings;
    Table<Group> table(Texts::tr("Application"), &Policy::application);
    table.flag(Texts::tr("Allow &unsigned applications"), &Group::allowUnsignedApplications);
    table.flag(Texts::tr("Allow unsigned installation pac&kages"), &Group::allowUnsignedPackages);
    table.texts(Texts::tr("&Blocked applications"), &Group::blockedApplications);
    return table.group;
}

} // namespace

QString Setting::name() const
{
    return QString(label).remove(u'&');
}

QString Setting::text(const QVariant& value) const
{
    const QLocale locale;
    switch (kind) {
    case Kind::Flag:
        return value.toBool() ? Texts::tr("Yes") : Texts::tr("No");
    case Kind::Choice:
        return choices.value(value.toInt());
    case Kind::Texts:
        return value.toStringList().isEmpty() ? Texts::tr("None")
                                              : locale.createSeparatedList(value.toStringList());
    case Kind::Number:
    case Kind::Limit:
        break;
    }
    const int number = value.toInt();
    return number == 0 && !zeroIs.isEmpty() ? zeroIs : locale.toString(number) + unit;
}

std::vector<SettingsGroup> settingsGroups()
{
    return {generalGroup(), passwordGroup(), emailGroup(), securityGroup(), applicationGroup()};
}

QList<SettingValue> valuesOf(const SettingsGroup& group, const MailboxPolicySettings& settings)
{
    if (!group.isConfigured(settings))
        return {};
    MailboxPolicySettings defaults;
    group.configure(defaults, true);
    QList<SettingValue> values;
    for (const Setting& setting : group.settings) {
        const QVariant value = setting.get(settings);
        values.append({setting.name(), setting.text(value), value == setting.get(defaults)});
    }
    return values;
}

} // namespace postern::connectors
