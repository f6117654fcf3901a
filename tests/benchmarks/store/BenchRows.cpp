#include "tests/benchmarks/store/BenchRows.h"

#include <QJsonObject>
#include <QTextStream>

#include "services/store/ConnectorRepository.h"
#include "services/store/SyncRunRepository.h"

using namespace Qt::StringLiterals;

namespace postern::store::bench {

namespace {

QDateTime moment(qint64 second)
{
    return QDateTime::fromMSecsSinceEpoch(1'772'000'000'000 + second * 1000, Qt::UTC);
}

} // namespace

int mailboxOf(int phone)
{
    return int(qint64(phone) * 7 / 10);
}

Mailbox mailbox(int number)
{
    Mailbox m;
    m.guid = QUuid(uint(number), 1, 2, 3, 4, 5, 6, 7, 8, 9, 10);
    m.identity = u"contoso.lab/Berlin/Users/First Last%1"_s.arg(number);
    m.upn = u"first.last%1@contoso.lab"_s.arg(number);
    m.samAccountName = u"last%1"_s.arg(number);
    m.displayName = u"Last%1, First"_s.arg(number);
    m.primarySmtp = m.upn;
    m.department = u"Department %1"_s.arg(number % 40);
    m.serverName = u"EX%1"_s.arg(number % 4);
    return m;
}

Partnership phone(int number)
{
    static const QString types[] = {u"iPhone"_s, u"SamsungSMG991B"_s, u"iPad"_s, u"Outlook"_s};
    Partnership p;
    const quint64 scattered = quint64(number) * 0x9e3779b97f4a7c15ULL;
    p.easDeviceId = EasDeviceId(u"APPL%1"_s.arg(scattered, 16, 16, QChar(u'0')));
    p.deviceIdentity
        = u"contoso.lab/Berlin/Users/First Last%1/ExchangeActiveSyncDevices/%2§%3"_s.arg(mailboxOf(number))
              .arg(types[number % 4], p.easDeviceId.raw());
    p.guid = QUuid(uint(number), 9, 8, 7, 6, 5, 4, 3, 2, 1, 0);
    p.deviceType = types[number % 4];
    p.deviceModel = u"iPhone%1C2"_s.arg(number % 16);
    p.friendlyName = u"Black iPhone 1%1 Pro"_s.arg(number % 6);
    p.deviceOS = u"iOS 18.%1 22A%2"_s.arg(number % 7).arg(number % 400);
    p.userAgent = u"Apple-iPhone%1C2/2201.%2"_s.arg(number % 16).arg(number % 400);
    p.clientTypeText = u"EAS"_s;
    p.clientVersion = u"16.1"_s;
    p.imei = u"35%1"_s.arg(number, 13, 10, QChar(u'0'));
    p.firstSyncTime = moment(-number);
    p.accessState = AccessState(1 + number % 4);
    p.accessStateReason = AccessStateReason::ExchangeGlobalRule;
    p.accessStateReasonText = u"Global"_s;
    p.whenChanged = moment(number % 100'000);
    return p;
}

PlainRow plainRow(int number, qint64 connector, qint64 firstMailbox)
{
    using Kind = PlainRow::Value::Kind;
    const Partnership p = phone(number);
    PlainRow row;
    int at = 0;
    const auto integer = [&](qint64 value) { row.values[std::size_t(at++)] = {Kind::Integer, value, {}}; };
    const auto text = [&](const QString& value) {
        row.values[std::size_t(at++)] = {Kind::Text, 0, value.toStdString()};
    };
    const quint64 hash = quint64(number + 1) * 0xd6e8feb86659fd93ULL;
    integer(number + 1);
    integer(connector);
    integer(firstMailbox + mailboxOf(number));
    text(p.easDeviceId.normalised());
    integer(qint64(hash));
    integer(qint64(hash ^ 0x1234));
    integer(7 + number / pageSize);
    integer(1'772'000'000'000);
    integer(qint64(p.accessState));
    integer(qint64(p.accessStateReason));
    text(p.accessStateReasonText);
    text(p.easDeviceId.raw());
    text(p.deviceIdentity);
    text(p.guid.toString(QUuid::WithoutBraces));
    for (const QString* value : {&p.deviceType, &p.deviceModel, &p.friendlyName, &p.deviceOS, &p.userAgent})
        text(*value);
    integer(int(p.clientType));
    for (const QString* value :
        {&p.clientTypeText, &p.clientVersion, &p.imei, &p.phoneNumber, &p.mobileOperator})
        text(*value);
    integer(p.firstSyncTime->toMSecsSinceEpoch());
    text(p.accessControlRule);
    integer(p.whenChanged->toMSecsSinceEpoch());
    return row;
}

Site makeSite(const SiteAddress& address, int phones)
{
    OpenOptions options;
    options.create = true;
    Site site{must(Store::open(address, options)), {}, {}};
    const auto connector = site.store->write([](Session& s) {
        Connector c;
        c.name = u"Bench"_s;
        c.siteCode = u"PS1"_s;
        return ConnectorRepository(s).insert(c);
    });
    site.connector = must(connector.result()).id;
    const int count = mailboxOf(phones - 1) + 1;
    for (int first = 0; first < count; first += 5000) {
        std::vector<Mailbox> rows;
        for (int i = first; i < std::min(count, first + 5000); ++i)
            rows.push_back(mailbox(i));
        const auto stored = site.store->write([rows = std::move(rows), c = site.connector](Session& s) {
            return MailboxRepository(s).upsertPage(c, {}, rows);
        });
        for (const MailboxId id : must(stored.result()).ids)
            site.mailboxes.push_back(id);
    }
    return site;
}

int nth(Order order, int position, int count)
{
    // A prime that divides no size we use: every number once, far from its neighbours.
    return order == Order::Stored ? position : int(qint64(position) * 7'368'787 % count);
}

std::vector<PartnershipRow> page(const Site& site, Order order, int first, int phones)
{
    std::vector<PartnershipRow> rows;
    for (int i = first; i < std::min(first + pageSize, phones); ++i) {
        const int number = nth(order, i, phones);
        rows.push_back({site.mailboxes[std::size_t(mailboxOf(number))], phone(number)});
    }
    return rows;
}

Seconds upsertAll(Site& site, SyncRunId run, int phones, Order order)
{
    Stopwatch watch;
    for (int first = 0; first < phones; first += pageSize) {
        const auto rows
            = std::make_shared<const std::vector<PartnershipRow>>(page(site, order, first, phones));
        watch.start();
        // Shared: the rows are freed outside, as the peer's are.
        const auto done = site.store->write([rows, c = site.connector, run](Session& s) {
            return PartnershipRepository(s).upsertPage(c, run, *rows, moment(0));
        });
        must(done.result());
        watch.stop();
    }
    return watch.spent();
}

SyncRunId beginRun(Site& site)
{
    const auto run = site.store->write([c = site.connector](Session& s) {
        return SyncRunRepository(s).begin({{}, c, {}, SyncKind::Full, u"partnerships"_s, moment(0)});
    });
    return must(run.result()).id;
}

void endRun(Site& site, SyncRunId run)
{
    const auto done = site.store->write([run](Session& s) { return SyncRunRepository(s).finish(run); });
    must(done.result());
}

void Report::add(const QString& name, double value, const QString& unit, const QString& goal)
{
    QTextStream(stdout) << name.leftJustified(64) << QString::number(value, 'g', 4).rightJustified(10) << u' '
                        << unit.leftJustified(8) << goal << Qt::endl;
    m_rows.append(QJsonObject{{u"name"_s, name}, {u"value"_s, value}, {u"unit"_s, unit}, {u"goal"_s, goal}});
}

void Report::add(const QString& name, Seconds seconds, const QString& goal)
{
    add(name, seconds.wall, u"s"_s, goal);
    add(name + u", CPU"_s, seconds.cpu, u"s"_s);
}

void Report::addRatio(const QString& name, Seconds a, Seconds b, const QString& goal)
{
    add(name, a.wall / b.wall, u"x"_s, goal);
    add(name + u", CPU"_s, a.cpu / b.cpu, u"x"_s, goal);
}

} // namespace postern::store::bench
