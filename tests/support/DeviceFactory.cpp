#include "tests/support/DeviceFactory.h"

#include <QRandomGenerator>

#include "models/frame/DeviceFrameBuilder.h"

using namespace Qt::StringLiterals;

namespace postern::test {

using frame::DeviceColumn;

QDateTime testNow()
{
    return QDateTime(QDate(2026, 11, 20), QTime(12, 0), Qt::UTC);
}

DeviceFactory::DeviceFactory(qint64 id)
    : m_id(id)
{
    m_numbers.fill(frame::noValue);
}

DeviceFactory& DeviceFactory::set(DeviceColumn column, QStringView text)
{
    m_text[std::size_t(column)] = text.toUtf8().toStdString();
    return *this;
}

DeviceFactory& DeviceFactory::utf8(DeviceColumn column, std::string text)
{
    m_text[std::size_t(column)] = std::move(text);
    return *this;
}

DeviceFactory& DeviceFactory::set(DeviceColumn column, qint64 value)
{
    m_numbers[std::size_t(column)] = value;
    return *this;
}

DeviceFactory& DeviceFactory::in(AccessState state, AccessStateReason reason)
{
    return set(DeviceColumn::AccessState, qint64(state)).set(DeviceColumn::AccessStateReason, qint64(reason));
}

DeviceFactory& DeviceFactory::lastSync(Ago ago)
{
    return set(DeviceColumn::LastSuccessSync, testNow().toMSecsSinceEpoch() - ago.msecs);
}

DeviceFactory& DeviceFactory::gone()
{
    m_gone = true;
    return *this;
}

frame::DeviceRow DeviceFactory::row() const
{
    frame::DeviceRow row;
    row.id = m_managed ? DeviceKey(ManagedDeviceId{m_id}) : DeviceKey(PartnershipId{m_id});
    row.gone = m_gone;
    for (std::size_t i = 0; i < m_text.size(); ++i)
        row.text[i] = m_text[i];
    row.number = m_numbers;
    return row;
}

DeviceFactory aDevice(qint64 id)
{
    DeviceFactory device(id);
    device.named(u"user%1_iPhone"_s.arg(id)).of(u"User %1"_s.arg(id));
    device.set(DeviceColumn::DeviceType, u"iPhone")
        .set(DeviceColumn::EasDeviceId, u"Appl%1"_s.arg(id, 12, 10, QChar(u'0')));
    device.set(DeviceColumn::ClientType, qint64(ClientType::Eas));
    return device.allowed().lastSync(2_hours_ago);
}

namespace {

struct Product
{
    QStringView type, model, os, userAgent;
    int osVersions;
};

constexpr Product products[] = {
    {u"iPhone", u"iPhone1%1C2", u"iOS 17.%1 21%2", u"Apple-iPhone14C2/2107.%1", 8},
    {u"iPhone", u"iPhone15C%1", u"iOS 16.%1 20%2", u"Apple-iPhone15C3/2005.%1", 8},
    {u"iPad", u"iPad13C%1", u"iOS 17.%1 21%2", u"Apple-iPad13C4/2107.%1", 8},
    {u"SamsungDevice", u"SM-G99%1B", u"Android 1%1", u"SAMSUNG-SM-G998B/101.1%1", 5},
    {u"Android", u"Pixel %1", u"Android 1%1", u"Android-Mail/2026.10.%1", 5},
    {u"Outlook", u"Outlook for iOS and Android", u"iOS 17.%1", u"Outlook-iOS-Android/1.0", 8},
    {u"WindowsMail", u"Surface Pro %1", u"Windows 10.0.1904%1", u"MSFT-WIN-4/10.0.19041", 5},
};

constexpr QStringView firstNames[] = {u"Anna", u"Bastian", u"Chloé", u"Dmitri", u"Elif", u"Fatima", u"Gábor",
    u"Hélène", u"Ines", u"Jonas", u"Katarzyna", u"Liam", u"Miriam", u"Nils", u"Olga", u"Pedro", u"Quentin",
    u"Rosa", u"Søren", u"Tamás", u"Ursula", u"Viktor", u"Wanda", u"Xavier", u"Yusuf", u"Zoë"};
constexpr QStringView lastNames[] = {u"Archer", u"Bergström", u"Castillo", u"Dubois", u"Eriksen", u"Fischer",
    u"García", u"Hofmann", u"Ivanova", u"Jansen", u"Kowalski", u"Lindqvist", u"Müller", u"Novák", u"O'Brien",
    u"Petrov", u"Quinn", u"Rossi", u"Schneider", u"Tanaka", u"Ueda", u"Virtanen", u"Weber", u"Yılmaz",
    u"Zimmermann"};
constexpr QStringView departments[]
    = {u"Sales", u"Finance", u"Engineering", u"Legal", u"Operations", u"Human Resources"};

template <class T, std::size_t n> const T& pick(const T (&list)[n], QRandomGenerator& random)
{
    return list[random.bounded(quint32(n))];
}

QString plain(QStringView name)
{
    QString out;
    const QString decomposed = name.toString().normalized(QString::NormalizationForm_KD).toLower();
    for (const QChar c : decomposed) {
        if (c.unicode() < 128 && c.isLetter())
            out += c;
    }
    return out;
}

void addUser(DeviceFactory& device, qint64 user, quint32 seed)
{
    QRandomGenerator random(seed * 7919 + quint32(user));
    const QString first = pick(firstNames, random).toString();
    const QString last = pick(lastNames, random).toString();
    const QString local = plain(first) + u'.' + plain(last) + QString::number(user);
    const QString department = pick(departments, random).toString();
    device.of(first + u' ' + last).set(DeviceColumn::UserPrincipalName, u"%1@contoso.lab"_s.arg(local));
    device.set(DeviceColumn::EmailAddress, u"%1@contoso.com"_s.arg(local))
        .set(DeviceColumn::Department, department);
    device.set(DeviceColumn::ExchangeServer, u"ex%1.contoso.lab"_s.arg(user % 4 + 1));
    device.named(local);
}

void addProduct(DeviceFactory& device, QRandomGenerator& random)
{
    const Product& product = pick(products, random);
    const QString version = QString::number(random.bounded(product.osVersions));
    const QString build = u"%1%2"_s.arg(QChar(u'A' + int(random.bounded(6)))).arg(random.bounded(300, 310));
    const auto filled
        = [&](QStringView text) { return text.toString().replace(u"%1"_s, version).replace(u"%2"_s, build); };
    device.set(DeviceColumn::DeviceType, product.type).set(DeviceColumn::DeviceModel, filled(product.model));
    device.set(DeviceColumn::DeviceOS, filled(product.os))
        .set(DeviceColumn::UserAgent, filled(product.userAgent));
    const QString id = QString::number(random.generate64(), 36).toUpper()
        + QString::number(random.generate(), 36).toUpper();
    const QString eas = product.type.startsWith(u'i') ? u"Appl%1"_s.arg(id.left(12)) : id;
    device.set(DeviceColumn::EasDeviceId, eas);
    const QString user = QString::fromStdString(device.text(DeviceColumn::UserName));
    const QString place = QString::fromStdString(device.text(DeviceColumn::Department));
    device.set(DeviceColumn::DeviceIdentity,
        u"contoso.lab/%1/%2/ExchangeActiveSyncDevices/%3§%4"_s.arg(place, user, product.type, eas));
    device.set(DeviceColumn::FriendlyName, u"%1's %2"_s.arg(user.section(u' ', 0, 0), product.type));
    device.named(u"%1_%2"_s.arg(QString::fromStdString(device.text(DeviceColumn::Name)), product.type));
    device.set(
        DeviceColumn::ClientType, qint64(product.type == u"Outlook" ? ClientType::Outlook : ClientType::Eas));
    device.set(DeviceColumn::ClientVersion, random.bounded(5) == 0 ? u"14.1" : u"16.1");
    if (random.bounded(4) != 0)
        device.set(DeviceColumn::Imei, u"35%1"_s.arg(random.bounded(quint64(1e13)), 13, 10, QChar(u'0')));
    if (random.bounded(2) != 0)
        device.set(
            DeviceColumn::PhoneNumber, u"+49170%1"_s.arg(random.bounded(10'000'000), 7, 10, QChar(u'0')));
    device.set(DeviceColumn::MobileOperator, random.bounded(2) != 0 ? u"Contoso Mobile" : u"");
}

void addState(DeviceFactory& device, QRandomGenerator& random)
{
    const quint32 dice = random.bounded(100);
    if (dice < 78)
        device.allowed().set(DeviceColumn::AccessStateReasonText, u"Global");
    else if (dice < 88)
        device.blocked().set(DeviceColumn::AccessStateReasonText, u"Individual");
    else if (dice < 96)
        device.quarantined().set(DeviceColumn::AccessStateReasonText, u"Global");
    else
        device.in(AccessState::Unknown).set(DeviceColumn::AccessStateReasonText, u"");
    const qint64 now = testNow().toMSecsSinceEpoch() / 1000;
    const qint64 sync = now - qint64(random.bounded(40 * 24 * 3600));
    if (random.bounded(12) != 0)
        device.set(DeviceColumn::LastSuccessSync, sync * 1000);
    device.set(DeviceColumn::LastSyncAttempt, (sync + 30) * 1000);
    device.set(DeviceColumn::FirstSyncTime, (sync - qint64(random.bounded(700 * 24 * 3600))) * 1000);
    device.set(DeviceColumn::LastPolicyUpdate, (sync - 3600) * 1000);
    device.set(DeviceColumn::ExchangeDataAsOf, (now - 600) * 1000);
    device.set(DeviceColumn::FoldersSynced, qint64(random.bounded(40)));
    device.set(
        DeviceColumn::WipeStatus, qint64(random.bounded(200) == 0 ? WipeStatus::Pending : WipeStatus::None));
    device.set(DeviceColumn::RemoteWipeSupported, qint64(1))
        .set(DeviceColumn::EasEnabled, qint64(random.bounded(50) != 0));
    device.set(DeviceColumn::Stale, qint64(random.bounded(100) == 0));
}

} // namespace

DeviceFactory organisationDevice(qint64 n, quint32 seed)
{
    DeviceFactory device(n);
    QRandomGenerator random(seed * 104'729 + quint32(n));
    addUser(device, n * 5 / 7, seed);
    addProduct(device, random);
    addState(device, random);
    device.set(DeviceColumn::ExchangeOrganization, u"Contoso Lab")
        .set(DeviceColumn::ConnectorName, u"Contoso on-premises");
    device.set(DeviceColumn::PolicyApplied, u"Default")
        .set(DeviceColumn::PolicyApplicationStatus, u"AppliedInFull");
    device.set(DeviceColumn::SiteCode, u"PS1");
    return device;
}

std::shared_ptr<const frame::DeviceFrame> organisation(qint64 devices, quint32 seed)
{
    frame::DeviceFrameBuilder builder;
    for (qint64 n = 1; n <= devices; ++n)
        builder.apply(organisationDevice(n, seed).row());
    return builder.publish();
}

std::shared_ptr<const frame::DeviceFrame> frameOf(const std::vector<DeviceFactory>& devices)
{
    frame::DeviceFrameBuilder builder;
    for (const DeviceFactory& device : devices)
        builder.apply(device.row());
    return builder.publish();
}

} // namespace postern::test
