// Every kind of write as the command that is sent for it: names and values of both cmdlet families, what is
// refused before anything is sent, what an administrator reads.
#include <QSet>
#include <QTest>

#include "services/exchange/ExchangeWriter.h"
#include "services/exchange/WriteCommand.h"
#include "services/psrp/PowerShellText.h"
#include "services/psrp/clixml/Object.h"

using namespace postern;
using namespace postern::exchange;
using namespace Qt::StringLiterals;
using clixml::Value;
using Presence = CommandSet::Presence;

namespace {

CommandSet legacySet()
{
    CommandSet set;
    for (const QStringView name : modernCmdlets())
        set.learn(name, Presence::Missing);
    for (const QStringView name : requiredCmdlets())
        set.learn(name, Presence::Present);
    return set;
}

QString shown(const ExchangeWrite& write, const CommandSet& set = {})
{
    const auto command = commandFor(write, set);
    return command ? psrp::powerShellText(*command).value_or(u"(no text)"_s) : command.error().toLogText();
}

QStringList parametersOf(const ExchangeWrite& write, const CommandSet& set)
{
    QStringList names;
    const auto command = commandFor(write, set);
    if (!command)
        return {command.error().toLogText()};
    for (const psrp::PsArgument& argument : command->statements().front().front().arguments)
        names.append(argument.name);
    return names;
}

ListWrite listWrite()
{
    ListWrite write;
    write.mailboxIdentity = u"contoso.lab/Users/Anna O'Neil"_s;
    write.addAllowed = {u"Appl1"_s};
    write.removeBlocked = {u"Appl1"_s, u"Appl2"_s};
    return write;
}

MailboxPolicySettings everything()
{
    MailboxPolicySettings settings;
    settings.general.emplace();
    settings.password.emplace();
    settings.email.emplace();
    settings.security.emplace();
    settings.application.emplace();
    return settings;
}

} // namespace

class TestWriteCommand : public QObject
{
    Q_OBJECT
private slots:
    void commands_data();
    void commands();
    void wholeGroups_data();
    void wholeGroups();
    void values();
    void families();
    void refused_data();
    void refused();
    void neverAWholeListOfAMailbox();
    void saysWhatIsMissing();
    void textForPeople();
};

void TestWriteCommand::commands_data()
{
    QTest::addColumn<QString>("line");
    QTest::addColumn<QString>("expected");
    const auto row = [](const char* name, const ExchangeWrite& write, const QString& expected) {
        QTest::newRow(name) << shown(write) << expected;
    };
    row("lists", listWrite(),
        u"Set-CASMailbox -Identity 'contoso.lab/Users/Anna O''Neil' -ActiveSyncAllowedDeviceIDs "
        u"@{Add=@('Appl1')} -ActiveSyncBlockedDeviceIDs @{Remove=@('Appl1', 'Appl2')} -Confirm:$false"_s);
    OrganizationWrite organization;
    organization.settings.defaultAccessLevel = AccessLevel::Quarantine;
    organization.settings.userMailInsert = u"Ask $IT"_s;
    organization.settings.adminMailRecipients = {u"a@contoso.lab"_s, u"b@contoso.lab"_s};
    row("organisation", organization,
        u"Set-ActiveSyncOrganizationSettings -DefaultAccessLevel 'Quarantine' -UserMailInsert 'Ask $IT' "
        u"-AdminMailRecipients @('a@contoso.lab', 'b@contoso.lab') -Confirm:$false"_s);
    row("organisation emptied", OrganizationWrite{},
        u"Set-ActiveSyncOrganizationSettings -DefaultAccessLevel 'Allow' -UserMailInsert $null "
        u"-AdminMailRecipients $null -Confirm:$false"_s);
    AccessRuleCreate create;
    create.rule.characteristic = AccessRuleCharacteristic::XmsWlHeader;
    create.rule.query = u"iPhone"_s;
    create.rule.level = AccessLevel::Block;
    row("new rule", create,
        u"New-ActiveSyncDeviceAccessRule -QueryString 'iPhone' -Characteristic 'XMSWLHeader' -AccessLevel "
        u"'Block' -Confirm:$false"_s);
    row("changed rule", AccessRuleChange{u"iPhone (DeviceType)"_s, AccessLevel::Quarantine},
        u"Set-ActiveSyncDeviceAccessRule -Identity 'iPhone (DeviceType)' -AccessLevel 'Quarantine' "
        u"-Confirm:$false"_s);
    row("removed rule", AccessRuleRemove{u"iPhone (DeviceType)"_s},
        u"Remove-ActiveSyncDeviceAccessRule -Identity 'iPhone (DeviceType)' -Confirm:$false"_s);
    row("wipe", DeviceClear{u"a/b§c"_s, false, false, {u"x@contoso.lab"_s}},
        u"Clear-MobileDevice -Identity 'a/b§c' -NotificationEmailAddresses @('x@contoso.lab') "
        u"-Confirm:$false"_s);
    row("cancelled wipe of the account", DeviceClear{u"a/b§c"_s, true, true, {}},
        u"Clear-MobileDevice -Identity 'a/b§c' -AccountOnly:$true -Cancel:$true -Confirm:$false"_s);
    row("removed phone", DeviceRemove{u"a/b§c"_s},
        u"Remove-MobileDevice -Identity 'a/b§c' -Confirm:$false"_s);
    MailboxPolicyChange external;
    external.identity = u"Default"_s;
    external.allowExternalDeviceManagement = true;
    row("external management", external,
        u"Set-MobileDeviceMailboxPolicy -Identity 'Default' -AllowExternalDeviceManagement:$true "
        u"-Confirm:$false"_s);
}

void TestWriteCommand::commands()
{
    QFETCH(QString, line);
    QTEST(line, "expected");
}

void TestWriteCommand::wholeGroups_data()
{
    QTest::addColumn<int>("group");
    QTest::addColumn<QStringList>("modern");
    QTest::addColumn<QStringList>("legacy");
    const auto words = [](const char* text) { return QString::fromLatin1(text).split(u' '); };
    QTest::newRow("general") << 0
                             << words("AllowInternetSharing AllowDesktopSync AllowNonProvisionableDevices "
                                      "DevicePolicyRefreshInterval")
                             << QStringList();
    QTest::newRow("password")
        << 1
        << words("PasswordEnabled AlphanumericPasswordRequired MinPasswordComplexCharacters "
                 "AllowSimplePassword MinPasswordLength PasswordExpiration PasswordHistory "
                 "PasswordRecoveryEnabled MaxPasswordFailedAttempts MaxInactivityTimeLock")
        << words("DevicePasswordEnabled AlphanumericDevicePasswordRequired "
                 "MinDevicePasswordComplexCharacters AllowSimpleDevicePassword MinDevicePasswordLength "
                 "DevicePasswordExpiration DevicePasswordHistory PasswordRecoveryEnabled "
                 "MaxDevicePasswordFailedAttempts MaxInactivityTimeDeviceLock");
    QTest::newRow("email") << 2
                           << words("AllowConsumerEmail MaxEmailAgeFilter MaxCalendarAgeFilter "
                                    "RequireManualSyncWhenRoaming AllowHTMLEmail AttachmentsEnabled "
                                    "MaxAttachmentSize MaxEmailHTMLBodyTruncationSize "
                                    "MaxEmailBodyTruncationSize")
                           << QStringList();
    QTest::newRow("security") << 3
                              << words("AllowRemoteDesktop AllowStorageCard AllowCamera AllowBluetooth "
                                       "AllowWiFi AllowIrDA AllowBrowser RequireStorageCardEncryption "
                                       "RequireDeviceEncryption AllowTextMessaging")
                              << QStringList();
    QTest::newRow("application") << 4
                                 << words("AllowUnsignedApplications AllowUnsignedInstallationPackages "
                                          "UnapprovedInROMApplicationList")
                                 << QStringList();
}

void TestWriteCommand::wholeGroups()
{
    QFETCH(int, group);
    QFETCH(QStringList, modern);
    QFETCH(QStringList, legacy);
    const MailboxPolicySettings all = everything();
    MailboxPolicyChange change;
    change.identity = u"Default"_s;
    change.settings.general = group == 0 ? all.general : std::nullopt;
    change.settings.password = group == 1 ? all.password : std::nullopt;
    change.settings.email = group == 2 ? all.email : std::nullopt;
    change.settings.security = group == 3 ? all.security : std::nullopt;
    change.settings.application = group == 4 ? all.application : std::nullopt;
    const QStringList around = {u"Identity"_s, u"Confirm"_s};
    const QStringList sent = parametersOf(change, CommandSet());
    QCOMPARE(sent, QStringList(around.first(1) + modern + around.last(1)));
    QCOMPARE(parametersOf(change, legacySet()),
        QStringList(around.first(1) + (legacy.isEmpty() ? modern : legacy) + around.last(1)));
}

void TestWriteCommand::values()
{
    MailboxPolicyCreate create;
    create.name = u"Postern"_s;
    create.settings.general.emplace().refreshHours = 25;
    PasswordPolicySettings& password = create.settings.password.emplace();
    password = {true, PasswordComplexity::Strong, 3, false, 8, 90, 5, true, 10, 15};
    EmailPolicySettings& email = create.settings.email.emplace();
    email.maxEmailAge = EmailAge::ThreeDays;
    email.maxCalendarAge = CalendarAge::SixMonths;
    email.pushWhileRoaming = false;
    email.maxAttachmentKb = 2'097'151;
    email.maxHtmlBodyKb = 20;
    create.settings.security.emplace().bluetooth = BluetoothUse::HandsFreeOnly;
    create.settings.application.emplace().blockedApplications = {u"a.exe"_s};
    const QString line = shown(create);
    for (const QString& part :
        {u"-Name 'Postern' -IsDefault:$true "_s, u"-DevicePolicyRefreshInterval '1.01:00:00' "_s,
            u"-PasswordEnabled:$true -AlphanumericPasswordRequired:$true -MinPasswordComplexCharacters 3 "_s,
            u"-AllowSimplePassword:$false -MinPasswordLength 8 -PasswordExpiration '90.00:00:00' "_s,
            u"-PasswordHistory 5 "_s, u"-MaxPasswordFailedAttempts '10' -MaxInactivityTimeLock '00:15:00' "_s,
            u"-MaxEmailAgeFilter 'ThreeDays' -MaxCalendarAgeFilter 'SixMonths' "_s,
            u"-RequireManualSyncWhenRoaming:$true "_s, u"-MaxAttachmentSize '2147482624' "_s,
            u"-MaxEmailHTMLBodyTruncationSize '20' -MaxEmailBodyTruncationSize 'Unlimited' "_s,
            u"-AllowBluetooth 'HandsfreeOnly' "_s, u"-UnapprovedInROMApplicationList @('a.exe') "_s})
        QVERIFY2(line.contains(part), qPrintable(part + u"\nin "_s + line));
    MailboxPolicyChange none;
    none.identity = u"Default"_s;
    none.settings.general.emplace();
    none.settings.password.emplace();
    none.settings.application.emplace();
    const QString defaults = shown(none);
    for (const QString& part : {u"-DevicePolicyRefreshInterval 'Unlimited' "_s,
             u"-MinPasswordLength $null "_s, u"-PasswordExpiration 'Unlimited' "_s,
             u"-MaxPasswordFailedAttempts 'Unlimited' "_s, u"-UnapprovedInROMApplicationList $null "_s})
        QVERIFY2(defaults.contains(part), qPrintable(part + u"\nin "_s + defaults));
}

void TestWriteCommand::families()
{
    const CommandSet legacy = legacySet();
    QVERIFY(shown(DeviceRemove{u"x"_s}, legacy).startsWith(u"Remove-ActiveSyncDevice "_s));
    QVERIFY(shown(DeviceClear{u"x"_s, false, false, {}}, legacy).startsWith(u"Clear-ActiveSyncDevice "_s));
    MailboxPolicyCreate create;
    create.name = u"P"_s;
    QCOMPARE(shown(create, legacy),
        u"New-ActiveSyncMailboxPolicy -Name 'P' -IsDefaultPolicy:$true -Confirm:$false"_s);
    const auto accountOnly = commandFor(DeviceClear{u"x"_s, true, false, {}}, legacy);
    QVERIFY(!accountOnly);
    QCOMPARE(accountOnly.error().code, ErrorCode::ParameterMissing);
    QCOMPARE(accountOnly.error().detail, u"AccountOnly"_s);
}

void TestWriteCommand::refused_data()
{
    QTest::addColumn<QString>("line");
    const auto row
        = [](const char* name, const ExchangeWrite& write) { QTest::newRow(name) << shown(write); };
    ListWrite write = listWrite();
    write.mailboxIdentity = u" "_s;
    row("no mailbox", write);
    write = ListWrite();
    write.mailboxIdentity = u"x"_s;
    row("no change", write);
    write.addAllowed = {QString()};
    row("empty id", write);
    write.addAllowed = {u"Appl1"_s};
    write.addBlocked = {u"APPL1"_s};
    row("allowed and blocked", write);
    write.addBlocked.clear();
    write.removeAllowed = {u"appl1"_s};
    row("in and out", write);
    row("rule without identity", AccessRuleChange{});
    row("rule to remove without identity", AccessRuleRemove{});
    row("rule without query", AccessRuleCreate{});
    row("policy without name", MailboxPolicyCreate{});
    MailboxPolicyChange change;
    row("policy without identity", change);
    change.identity = u"Default"_s;
    row("policy without a setting", change);
    row("wipe of everybody", DeviceClear{});
    row("removal of everybody", DeviceRemove{});
    OrganizationWrite organization;
    organization.settings.userMailInsert = QString(257, u'x');
    row("text too long", organization);
}

void TestWriteCommand::refused()
{
    QFETCH(QString, line);
    QVERIFY2(line.startsWith(u"InvalidInput"_s), qPrintable(line));
}

// TRP-02: whatever the lists are, they are sent as what to add and what to remove.
void TestWriteCommand::neverAWholeListOfAMailbox()
{
    for (int mask = 1; mask < 16; ++mask) {
        ListWrite write;
        write.mailboxIdentity = u"x"_s;
        if (mask & 1)
            write.addAllowed = {u"a"_s};
        if (mask & 2)
            write.removeAllowed = {u"b"_s};
        if (mask & 4)
            write.addBlocked = {u"c"_s};
        if (mask & 8)
            write.removeBlocked = {u"d"_s};
        const auto command = commandFor(write, CommandSet());
        QVERIFY(command);
        QCOMPARE(command->statements().size(), size_t(1));
        int changes = 0;
        for (const psrp::PsArgument& argument : command->statements().front().front().arguments) {
            if (!argument.name.startsWith(u"ActiveSync"_s))
                continue;
            const clixml::Object* table = argument.value.object();
            QVERIFY(table && table->container == clixml::Container::Dictionary);
            for (const auto& entry : table->entries) {
                QVERIFY(!entry.second.stringList().isEmpty());
                ++changes;
            }
        }
        QCOMPARE(changes, int(std::popcount(unsigned(mask))));
    }
}

void TestWriteCommand::saysWhatIsMissing()
{
    CommandSet set;
    set.learn(u"Set-CASMailbox", Presence::Missing);
    const auto cmdlet = commandFor(listWrite(), set);
    QVERIFY(!cmdlet);
    QCOMPARE(cmdlet.error().code, ErrorCode::CmdletMissing);
    QCOMPARE(cmdlet.error().detail, u"Set-CASMailbox"_s);
    set.learn(u"Set-CASMailbox", Presence::Present);
    set.learnParameter(u"Set-CASMailbox", u"ActiveSyncBlockedDeviceIDs", Presence::Missing);
    const auto parameter = commandFor(listWrite(), set);
    QVERIFY(!parameter);
    QCOMPARE(parameter.error().code, ErrorCode::ParameterMissing);
    QCOMPARE(parameter.error().detail, u"ActiveSyncBlockedDeviceIDs"_s);
    ListWrite allowOnly = listWrite();
    allowOnly.removeBlocked.clear();
    QVERIFY(commandFor(allowOnly, set)); // needs only what is there
}

void TestWriteCommand::textForPeople()
{
    CommandSet none;
    none.learn(u"Set-CASMailbox", Presence::Missing);
    QVERIFY(textOfWrite(listWrite(), none).startsWith(u"Set-CASMailbox -Identity 'contoso.lab"_s));
    const QString invalid = textOfWrite(DeviceRemove{}, none);
    QVERIFY2(invalid.startsWith(u"# "_s) && !invalid.contains(u'\n'), qPrintable(invalid));
}

QTEST_APPLESS_MAIN(TestWriteCommand)
#include "tst_writecommand.moc"
