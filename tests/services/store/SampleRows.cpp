#include "tests/services/store/SampleRows.h"

#include "services/store/ConnectorRepository.h"

using namespace Qt::StringLiterals;

namespace postern::store {

QDateTime sampleTime(qint64 minute)
{
    return QDateTime(QDate(2026, 3, 2), QTime(6, 0), Qt::UTC).addSecs(minute * 60);
}

Mailbox sampleMailbox(int number)
{
    Mailbox mailbox;
    mailbox.guid = QUuid::createUuidV5(QUuid(), u"mailbox %1"_s.arg(number));
    mailbox.identity = u"contoso.lab/Users/User %1"_s.arg(number);
    mailbox.upn = u"user%1@contoso.lab"_s.arg(number);
    mailbox.samAccountName = u"user%1"_s.arg(number);
    mailbox.domain = u"CONTOSO"_s;
    mailbox.displayName = u"Üser Ñame %1"_s.arg(number);
    mailbox.primarySmtp = mailbox.upn;
    mailbox.proxyAddresses = QStringList{u"SMTP:"_s + mailbox.upn, u"smtp:u%1@contoso.lab"_s.arg(number)};
    mailbox.organizationalUnit = u"contoso.lab/Users"_s;
    mailbox.department = u"Department %1"_s.arg(number % 7);
    mailbox.serverName = u"EX%1"_s.arg(number % 3);
    mailbox.easMailboxPolicy = u"Default"_s;
    mailbox.easEnabled = number % 5 != 0;
    mailbox.allowedIds = QStringList{u"APPL%1"_s.arg(number)};
    mailbox.blockedIds = number % 2 ? QStringList() : QStringList{u"A,B"_s, u"C\"D"_s};
    return mailbox;
}

Partnership samplePhone(int number, int version)
{
    Partnership phone;
    phone.easDeviceId = EasDeviceId(u"ApplF%1"_s.arg(number, 10, 16, QChar(u'0')));
    phone.deviceIdentity = u"contoso.lab/Users/User %1/ExchangeActiveSyncDevices/iPhone§%2"_s.arg(number % 50)
                               .arg(phone.easDeviceId.raw());
    phone.guid = QUuid::createUuidV5(QUuid(), u"phone %1"_s.arg(number));
    phone.deviceType = number % 3 ? u"iPhone"_s : u"SamsungDevice"_s;
    phone.deviceModel = u"iPhone%1C2"_s.arg(number % 16);
    phone.friendlyName = u"White iPhone %1"_s.arg(number);
    phone.deviceOS = u"iOS 18.%1"_s.arg(version % 10);
    phone.userAgent = u"Apple-iPhone12C1/1802.%1"_s.arg(version);
    phone.clientType = ClientType(number % 6);
    phone.clientTypeText = u"EAS"_s;
    phone.clientVersion = u"16.1"_s;
    phone.imei = u"35%1"_s.arg(number, 13, 10, QChar(u'0'));
    phone.phoneNumber = u"+49170%1"_s.arg(number);
    phone.mobileOperator = u"Operator"_s;
    if (number % 4)
        phone.firstSyncTime = sampleTime(-number);
    phone.accessState = AccessState(1 + (number + version) % 4);
    phone.accessStateReason = AccessStateReason((number + version) % 16);
    phone.accessStateReasonText = u"Reason %1"_s.arg((number + version) % 16);
    phone.accessControlRule = number % 9 ? QString() : u"iPhones (DeviceType)"_s;
    phone.whenChanged = sampleTime(version);
    return phone;
}

PartnershipStatistics sampleStatistics(int number, int version)
{
    const Partnership phone = samplePhone(number, version);
    PartnershipStatistics s;
    s.easDeviceId = phone.easDeviceId;
    s.deviceIdentity = phone.deviceIdentity;
    s.firstSyncTime = phone.firstSyncTime;
    s.lastPolicyUpdate = sampleTime(version + 1);
    s.lastSyncAttempt = sampleTime(version + 2);
    if (number % 5)
        s.lastSuccessSync = sampleTime(version + 3);
    s.policyApplied = u"Default"_s;
    s.policyApplicationStatus = u"AppliedInFull"_s;
    s.wipeStatus = WipeStatus(version % 6);
    s.wipeRequestedBy = version % 6 ? u"admin@contoso.lab"_s : QString();
    s.isRemoteWipeSupported = number % 2 != 0;
    s.statusNote = u"note %1"_s.arg(version);
    s.accessState = phone.accessState;
    s.accessStateReason = phone.accessStateReason;
    s.accessStateReasonText = phone.accessStateReasonText;
    s.foldersSynced = number % 20;
    return s;
}

Connector sampleConnector(const QString& name)
{
    Connector connector;
    connector.name = name;
    connector.serverAddress = u"https://ex1.contoso.lab/PowerShell/"_s;
    connector.user = u"CONTOSO\\postern"_s;
    connector.siteCode = u"PS1"_s;
    connector.fullSchedule = u"1d@00:00"_s;
    connector.ewsUrl = u"https://mail.contoso.lab/EWS/Exchange.asmx"_s;
    connector.clientAccessServers = {{u"Berlin"_s, u"ex2.contoso.lab"_s}, {u"Paris \"2\""_s, u"ex3"_s}};
    connector.discoverServers = false;
    connector.settings.policy.password = PasswordPolicySettings();
    connector.settings.access.userMailInsert = u"Für Fragen: 4711"_s;
    connector.adContainers = QStringList{u"OU=A,DC=contoso,DC=lab"_s, u"OU=B \"x\",DC=contoso,DC=lab"_s};
    return connector;
}

Expected<SampleEstate> SampleEstate::make(Session& session, int mailboxCount)
{
    auto connector = ConnectorRepository(session).insert(sampleConnector());
    if (!connector)
        return tl::unexpected(connector.error());
    std::vector<Mailbox> mailboxes;
    for (int i = 0; i < mailboxCount; ++i)
        mailboxes.push_back(sampleMailbox(i));
    auto page = MailboxRepository(session).upsertPage(connector->id, {}, mailboxes);
    if (!page)
        return tl::unexpected(page.error());
    return SampleEstate{connector->id, page->ids};
}

} // namespace postern::store
