// Partnerships: pages, statistics, gone and back, history, device rows. The same class on both databases
// (POSTERN_TEST_DIALECT).
#include "services/store/ConnectorRepository.h"
#include "services/store/SyncRunRepository.h"
#include "tests/services/store/EstateTest.h"

using namespace Qt::StringLiterals;

namespace postern::store {

using frame::DeviceColumn;

class PartnershipTest : public EstateTest
{
    Q_OBJECT
public:
    PartnershipTest()
        : EstateTest(Dialect::POSTERN_TEST_DIALECT)
    {
    }
private slots:
    void everyFieldSurvives();
    void hostileTexts_data();
    void hostileTexts();
    void idsThatCannotBeStoredApart();
    void sameDeviceIdInTwoMailboxes();
    void keyIsCompared_data();
    void keyIsCompared();
    void unchangedRowsAreNotWritten();
    void duplicatesInAPage();
    void rolledBackPageIsForgotten();
    void indexOfARolledBackTransactionIsForgotten();
    void changesOfAnotherStoreAreSeen();
    void statistics();
    void notReadKeepsOldValues();
    void goneAndBack();
    void onlyFullSyncsSayGone();
    void deviceRowColumns();
    void incrementalReadFollowsMailboxAndConnector();
    void refusedRows();
};

void PartnershipTest::everyFieldSurvives()
{
    for (int i = 0; i < 60; ++i) {
        auto row = m_estate.row(i);
        row.partnership.ownerIdentity = sampleMailbox(i % 10).identity; // the store takes it from the mailbox
        QCOMPARE(upsert({row})->added, 1);
        const auto found = stored(row);
        QVERIFY(found.partnership == row.partnership);
        QCOMPARE(found.mailboxId, row.mailboxId);
        QCOMPARE(found.asOf, std::optional(sampleTime()));
        QCOMPARE(found.partnership.firstSyncTime.has_value(), i % 4 != 0); // null stays null
    }
}

void PartnershipTest::hostileTexts_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("stored");
    const auto same = [](const char* name, const QString& text) { QTest::newRow(name) << text << text; };
    same("quotes", u"'; DROP TABLE partnership; -- \" ` \\ \\' \\\\"_s);
    same("copy syntax", u"\\.\n\\N\ttab\r\n\\x00"_s);
    same("placeholders", u":id $1 ?1 %s {0} :list::json"_s);
    same("astral", u"📱𝔸\U0010FFFF"_s);
    same("right to left", u"\u202eadmin\u202c שלום مرحبا"_s);
    same("combining", u"e\u0301\u200d\ufeff"_s);
    same("json", u"[\"a\",\\\"]}"_s);
    same("markup", u"<img src=x onerror=alert(1)>"_s);
    same("long", QString(100'000, u'ß'));
    same("formula", u"=cmd|' /C calc'!A0"_s);
    QTest::newRow("NUL") << (u"a"_s + QChar(u'\0') + u"b"_s + QChar(u'\0')) << u"a\ufffdb\ufffd"_s;
    QTest::newRow("lone surrogate") << (u"a"_s + QChar(0xd83d) + u"b"_s) << u"a\ufffdb"_s;
}

void PartnershipTest::hostileTexts()
{
    QFETCH(QString, text);
    QFETCH(QString, stored);
    Partnership phone = samplePhone(1);
    phone.easDeviceId = EasDeviceId(text);
    phone.deviceIdentity = phone.deviceType = phone.deviceModel = phone.friendlyName = phone.deviceOS = text;
    phone.userAgent = phone.clientTypeText = phone.clientVersion = phone.imei = phone.phoneNumber = text;
    phone.mobileOperator = phone.accessStateReasonText = phone.accessControlRule = text;
    Mailbox mailbox = sampleMailbox(1);
    mailbox.identity = mailbox.upn = mailbox.samAccountName = mailbox.domain = mailbox.displayName = text;
    mailbox.primarySmtp = mailbox.organizationalUnit = mailbox.department = mailbox.serverName = text;
    mailbox.proxyAddresses = mailbox.allowedIds = QStringList{text, text};
    const auto connector = m_estate.connector;
    for (int round = 0; round < 2; ++round) { // insert, then update
        if (round == 1) {
            phone.mobileOperator += u'x';
            mailbox.easEnabled = !mailbox.easEnabled;
        }
        VERIFY_OK(
            write([=](Session& s) { return MailboxRepository(s).upsertPage(connector, {}, {mailbox}); }));
        const auto counts = upsert({{m_estate.mailboxes[1], phone}});
        VERIFY_OK(counts);
        QCOMPARE(*counts, round == 0 ? (PageCounts{1, 0, 0}) : (PageCounts{0, 1, 0}));
    }
    const auto found = read([id = m_estate.mailboxes[1], phone](Session& s) {
        return PartnershipRepository(s).find(id, phone.easDeviceId);
    }).value();
    QVERIFY(found);
    QCOMPARE(found->partnership.easDeviceId.raw(), stored);
    QCOMPARE(found->partnership.userAgent, stored);
    QCOMPARE(found->partnership.mobileOperator, QString(stored + u'x'));
    QCOMPARE(found->partnership.accessControlRule, stored);
    const auto owner
        = read([id = m_estate.mailboxes[1]](Session& s) { return MailboxRepository(s).find(id); }).value();
    QCOMPARE(owner->displayName, stored);
    const auto devices = readAll();
    QCOMPARE(devices.size(), std::size_t(1));
    QCOMPARE(
        QString::fromStdString(devices.begin()->second.text[std::size_t(DeviceColumn::UserAgent)]), stored);
    // Statistics of the same key find the row.
    PartnershipStatistics s = sampleStatistics(1);
    s.easDeviceId = phone.easDeviceId;
    s.policyApplied = s.statusNote = s.wipeRequestedBy = text;
    const auto applied = write([=, id = m_estate.mailboxes[1]](Session& session) {
        return PartnershipRepository(session).applyStatistics(connector, {{id, s}}, sampleTime());
    });
    QCOMPARE(applied.value(), (StatisticsCounts{1, 0, 0}));
}

void PartnershipTest::idsThatCannotBeStoredApart()
{
    // A phone chooses its id. Two that become the same text must not break the page for everybody else.
    auto one = m_estate.row(1);
    auto two = m_estate.row(1, 1);
    one.partnership.easDeviceId = EasDeviceId(u"a"_s + QChar(0xd83d));
    two.partnership.easDeviceId = EasDeviceId(u"a"_s + QChar(0xd83c));
    QCOMPARE(upsert({one, two, m_estate.row(2)}).value(), (PageCounts{2, 0, 0}));
    QCOMPARE(upsert({one, m_estate.row(2)}, beginRun()).value(), (PageCounts{0, 1, 1}));
}

void PartnershipTest::sameDeviceIdInTwoMailboxes()
{
    const PartnershipRow one{m_estate.mailboxes[0], samplePhone(1)};
    const PartnershipRow two{m_estate.mailboxes[1], samplePhone(1)};
    QCOMPARE(upsert({one, two}).value(), (PageCounts{2, 0, 0}));
    QVERIFY(stored(one).id != stored(two).id);
}

void PartnershipTest::keyIsCompared_data()
{
    QTest::addColumn<QString>("raw");
    QTest::newRow("case") << u"applf0000000001"_s;
    QTest::newRow("braces and dashes") << u"{ApplF-0000-000001}"_s;
    QTest::newRow("blanks") << u" ApplF0000000001 "_s;
}

void PartnershipTest::keyIsCompared()
{
    QFETCH(QString, raw);
    auto row = m_estate.row(1);
    QCOMPARE(upsert({row})->added, 1);
    row.partnership.easDeviceId = EasDeviceId(raw);
    QCOMPARE(
        upsert({row}).value(), (PageCounts{0, 1, 0})); // the same phone, Exchange writes it differently now
    QCOMPARE(stored(row).partnership.easDeviceId.raw(), raw);
    QCOMPARE(readAll().size(), std::size_t(1));
}

void PartnershipTest::unchangedRowsAreNotWritten()
{
    std::vector<PartnershipRow> rows;
    for (int i = 0; i < 500; ++i)
        rows.push_back(m_estate.row(i));
    QCOMPARE(upsert(rows).value(), (PageCounts{500, 0, 0}));
    const qint64 before = revision();
    QCOMPARE(upsert(rows).value(), (PageCounts{0, 0, 500})); // a delta
    const auto run = beginRun();
    const qint64 begun = revision();
    QCOMPARE(upsert(rows, run, 9).value(), (PageCounts{0, 0, 500})); // a full one, loads the index
    QCOMPARE(upsert(rows, run, 9).value(), (PageCounts{0, 0, 500}));
    QCOMPARE(begun, before + 1);
    QCOMPARE(revision(), begun);
    QCOMPARE(stored(rows[7]).asOf, std::optional(sampleTime()));
    rows[7].partnership.userAgent += u'!';
    QCOMPARE(upsert(rows, run, 9).value(), (PageCounts{0, 1, 499}));
    QCOMPARE(upsert(rows, run, 9).value(), (PageCounts{0, 0, 500}));
    QCOMPARE(stored(rows[7]).revision, begun + 1);
    QCOMPARE(stored(rows[8]).revision, before);
}

void PartnershipTest::duplicatesInAPage()
{
    std::vector<PartnershipRow> rows{
        m_estate.row(1), m_estate.row(2), m_estate.row(1, 1), m_estate.row(1, 2)};
    QCOMPARE(upsert(rows).value(), (PageCounts{2, 0, 0}));
    QCOMPARE(stored(rows[0]).partnership.deviceOS, u"iOS 18.2"_s);
    QCOMPARE(upsert(rows).value(), (PageCounts{0, 0, 2}));
    std::swap(rows[2], rows[3]);
    QCOMPARE(upsert(rows, beginRun()).value(), (PageCounts{0, 1, 1}));
    QCOMPARE(stored(rows[0]).partnership.deviceOS, u"iOS 18.1"_s);
}

void PartnershipTest::rolledBackPageIsForgotten()
{
    const auto run = beginRun();
    QCOMPARE(upsert({m_estate.row(1)}, run)->added, 1);
    const auto lost = write([this, run](Session& s) -> Expected<PageCounts> {
        auto counts = PartnershipRepository(s).upsertPage(
            m_estate.connector, run, {m_estate.row(1, 1), m_estate.row(2)}, sampleTime());
        return counts ? Expected<PageCounts>(fail(ErrorCode::Cancelled, {})) : counts;
    });
    QCOMPARE(lost.error().code, ErrorCode::Cancelled);
    QCOMPARE(readAll().size(), std::size_t(1));
    // What was kept in memory knows that too.
    QCOMPARE(upsert({m_estate.row(1, 1), m_estate.row(2)}, run).value(), (PageCounts{1, 1, 0}));
}

void PartnershipTest::indexOfARolledBackTransactionIsForgotten()
{
    const auto run = beginRun();
    const auto lost = write([this, run](Session& s) -> Expected<void> {
        PartnershipRepository repository(s);
        auto delta
            = repository.upsertPage(m_estate.connector, {}, {m_estate.row(1)}, sampleTime()); // no index yet
        auto full = repository.upsertPage(
            m_estate.connector, run, {m_estate.row(1), m_estate.row(2)}, sampleTime());
        auto gone = repository.markGone(m_estate.connector, run, sampleTime());
        return delta && full && gone ? fail(ErrorCode::Cancelled, {}) : fail(ErrorCode::Internal, {});
    });
    QCOMPARE(lost.error().code, ErrorCode::Cancelled);
    QCOMPARE(upsert({m_estate.row(3)})->added, 1); // the revision that was rolled back is given out again
    QCOMPARE(upsert({m_estate.row(1), m_estate.row(2), m_estate.row(3)}, run).value(), (PageCounts{2, 0, 1}));
}

void PartnershipTest::changesOfAnotherStoreAreSeen()
{
    const auto run = beginRun();
    QCOMPARE(upsert({m_estate.row(1)}, run)->added, 1);
    auto other = m_fixture->open();
    VERIFY_OK(other);
    const auto theirs = finished((*other)->write([e = m_estate](Session& s) {
        return PartnershipRepository(s).upsertPage(e.connector, {}, {e.row(1, 5), e.row(2)}, sampleTime());
    }));
    QCOMPARE(theirs.value(), (PageCounts{1, 1, 0}));
    QCOMPARE(upsert({m_estate.row(1), m_estate.row(2)}, run).value(), (PageCounts{0, 1, 1}));
}

void PartnershipTest::statistics()
{
    const auto row = m_estate.row(6);
    QCOMPARE(upsert({row})->added, 1);
    const auto apply = [&](const PartnershipStatistics& s, int minute) {
        return write([=, e = m_estate](Session& session) {
            return PartnershipRepository(session).applyStatistics(e.connector,
                {{row.mailboxId, s}, {e.mailboxes[0], sampleStatistics(4711)}}, sampleTime(minute));
        });
    };
    auto s = sampleStatistics(6);
    QCOMPARE(apply(s, 1).value(), (StatisticsCounts{1, 0, 1}));
    s.ownerIdentity = sampleMailbox(6).identity;
    QVERIFY(stored(row).statistics == s);
    QCOMPARE(stored(row).asOf, std::optional(sampleTime(1)));
    const qint64 before = revision();
    QCOMPARE(apply(s, 2).value(), (StatisticsCounts{0, 1, 1}));
    QCOMPARE(revision(), before);
    s.accessState = AccessState::Blocked;
    s.accessStateReason = AccessStateReason::ExchangeIndividualRule;
    s.lastSuccessSync.reset();
    QCOMPARE(apply(s, 3)->changed, 1);
    const auto after = stored(row);
    QCOMPARE(after.partnership.accessState, AccessState::Blocked);
    QVERIFY(!after.statistics.lastSuccessSync);
    const auto changes = history(after.id);
    QCOMPARE(changes.size(), std::size_t(1));
    QCOMPARE(changes[0].at, sampleTime(3));
    QCOMPARE(changes[0].from, row.partnership.accessState);
    QCOMPARE(changes[0].to, AccessState::Blocked);
    // Statistics without a state leave it; a listing that says the same as before does not undo it.
    s.accessState = AccessState::NotSeen;
    s.foldersSynced = 99;
    QCOMPARE(apply(s, 4)->changed, 1);
    QCOMPARE(upsert({row}, beginRun(), 5)->unchanged, 1);
    QCOMPARE(stored(row).partnership.accessState, AccessState::Blocked);
    QCOMPARE(stored(row).statistics.foldersSynced, 99);
}

void PartnershipTest::notReadKeepsOldValues()
{
    const auto row = m_estate.row(6);
    const auto other = m_estate.row(7);
    QCOMPARE(upsert({row, other})->added, 2);
    const auto s = sampleStatistics(6);
    const auto apply = [&] {
        return write([=, e = m_estate](Session& session) {
            return PartnershipRepository(session).applyStatistics(
                e.connector, {{row.mailboxId, s}}, sampleTime(1));
        });
    };
    QCOMPARE(apply()->changed, 1);
    const auto mark = [&] {
        return write([id = row.mailboxId](Session& session) {
            const MailboxId ids[] = {id, {4711}};
            return PartnershipRepository(session).markNotRead(ids);
        });
    };
    QCOMPARE(mark().value(), 1);
    QCOMPARE(mark().value(), 0);
    QVERIFY(stored(row).stale);
    QVERIFY(!stored(other).stale);
    QCOMPARE(stored(row).statistics.lastSyncAttempt, s.lastSyncAttempt);
    auto counts = read(
        [e = m_estate](Session& session) { return PartnershipRepository(session).counts(e.connector); });
    QCOMPARE(counts.value(), (PartnershipCounts{2, 0, 1}));
    QCOMPARE(apply()->changed, 1); // read again, the same content: fresh again
    QVERIFY(!stored(row).stale);
}

void PartnershipTest::goneAndBack()
{
    const auto stays = m_estate.row(1);
    const auto leaves = m_estate.row(2);
    auto run = beginRun();
    QCOMPARE(upsert({stays, leaves}, run)->added, 2);
    QCOMPARE(endRun(run, 1), 0);
    const auto id = stored(leaves).id;
    const qint64 known = revision();
    run = beginRun();
    QCOMPARE(upsert({stays}, run)->unchanged, 1);
    restart(); // a crash between listing and marking
    QCOMPARE(endRun(run, 2), 1);
    QCOMPARE(stored(leaves).goneSince, std::optional(sampleTime(2)));
    Devices devices;
    QVERIFY(readInto(devices, 0)->rows == 1);
    devices[id.value] = {};
    const auto read_ = readInto(devices, known);
    QVERIFY(!read_->restartNeeded);
    QCOMPARE(devices.size(), std::size_t(1)); // told that it is gone
    run = beginRun();
    QCOMPARE(upsert({stays, leaves}, run, 3).value(), (PageCounts{1, 0, 1}));
    QCOMPARE(stored(leaves).id, id);
    QVERIFY(!stored(leaves).goneSince);
    const auto changes = history(id);
    QCOMPARE(changes.size(), std::size_t(2));
    QCOMPARE(changes[0].to, AccessState::NotSeen);
    QCOMPARE(changes[1].from, AccessState::NotSeen);
    QCOMPARE(changes[1].to, leaves.partnership.accessState);
    QCOMPARE(endRun(run, 3), 0);
    run = beginRun();
    QCOMPARE(upsert({stays}, run)->unchanged, 1);
    QCOMPARE(endRun(run, 4), 1);
    const qint64 beforePurge = revision();
    const auto purge = [&](int minute) {
        return write([minute](Session& s) { return PartnershipRepository(s).purgeGone(sampleTime(minute)); });
    };
    QCOMPARE(purge(4).value(), 0);
    QCOMPARE(purge(5).value(), 1);
    QCOMPARE(history(id).size(), std::size_t(0));
    QVERIFY(!readInto(devices, beforePurge)->restartNeeded); // had heard of it
    QVERIFY(readInto(devices, known)->restartNeeded);
    run = beginRun();
    QCOMPARE(upsert({stays, leaves}, run)->added, 1);
    QVERIFY(stored(leaves).id > id); // never the same id twice
}

void PartnershipTest::onlyFullSyncsSayGone()
{
    QCOMPARE(upsert({m_estate.row(1)})->added, 1);
    const auto refused = write([e = m_estate](Session& s) {
        return PartnershipRepository(s).markGone(e.connector, {}, sampleTime());
    });
    QCOMPARE(refused.error().code, ErrorCode::InvalidInput);
    // A listing that starts again forgets what its former pages have seen.
    const auto run = beginRun();
    QCOMPARE(upsert({m_estate.row(1)}, run)->unchanged, 1);
    VERIFY_OK(write([run](Session& s) { return SyncRunRepository(s).restartPartnerships(run); }));
    QCOMPARE(upsert({m_estate.row(2)}, run)->added, 1);
    QCOMPARE(endRun(run, 1), 1);
}

void PartnershipTest::deviceRowColumns()
{
    const auto row = m_estate.row(16);
    const auto connector = m_estate.connector;
    VERIFY_OK(write([=](Session& s) {
        return ConnectorRepository(s).recordOrganization(connector, {u"g"_s, u"Contoso"_s, {}, {}});
    }));
    QCOMPARE(upsert({row})->added, 1);
    const auto s = sampleStatistics(16);
    VERIFY_OK(write([=](Session& session) {
        return PartnershipRepository(session).applyStatistics(connector, {{row.mailboxId, s}}, sampleTime(2));
    }));
    SyncOutcome outcome;
    outcome.watermark = sampleTime(70);
    VERIFY_OK(
        write([=](Session& session) { return ConnectorRepository(session).recordSync(connector, outcome); }));
    const auto devices = readAll();
    QCOMPARE(devices.size(), std::size_t(1));
    const DeviceCopy& device = devices.begin()->second;
    const auto text = [&](DeviceColumn c) { return QString::fromStdString(device.text[std::size_t(c)]); };
    const auto number = [&](DeviceColumn c) { return device.number[std::size_t(c)]; };
    const Mailbox mailbox = sampleMailbox(6);
    QCOMPARE(text(DeviceColumn::Name), QString(mailbox.displayName + u"_iPhone"_s));
    QCOMPARE(text(DeviceColumn::UserName), mailbox.displayName);
    QCOMPARE(text(DeviceColumn::UserPrincipalName), mailbox.upn);
    QCOMPARE(text(DeviceColumn::EmailAddress), mailbox.primarySmtp);
    QCOMPARE(text(DeviceColumn::Department), mailbox.department);
    QCOMPARE(text(DeviceColumn::ExchangeServer), mailbox.serverName);
    QCOMPARE(text(DeviceColumn::ExchangeOrganization), u"Contoso"_s);
    QCOMPARE(text(DeviceColumn::ConnectorName), u"Head office"_s);
    QCOMPARE(text(DeviceColumn::SiteCode), u"PS1"_s);
    const Partnership& p = row.partnership;
    const std::pair<DeviceColumn, QString> texts[] = {{DeviceColumn::DeviceType, p.deviceType},
        {DeviceColumn::DeviceModel, p.deviceModel}, {DeviceColumn::FriendlyName, p.friendlyName},
        {DeviceColumn::DeviceOS, p.deviceOS}, {DeviceColumn::EasDeviceId, p.easDeviceId.raw()},
        {DeviceColumn::ClientVersion, p.clientVersion}, {DeviceColumn::Imei, p.imei},
        {DeviceColumn::PhoneNumber, p.phoneNumber}, {DeviceColumn::MobileOperator, p.mobileOperator},
        {DeviceColumn::UserAgent, p.userAgent}, {DeviceColumn::AccessControlRule, p.accessControlRule},
        {DeviceColumn::AccessStateReasonText, p.accessStateReasonText},
        {DeviceColumn::DeviceIdentity, p.deviceIdentity}, {DeviceColumn::PolicyApplied, s.policyApplied},
        {DeviceColumn::PolicyApplicationStatus, s.policyApplicationStatus}};
    for (const auto& expected : texts)
        QCOMPARE(text(expected.first), expected.second);
    QCOMPARE(number(DeviceColumn::AccessState), qint64(p.accessState));
    QCOMPARE(number(DeviceColumn::AccessStateReason), qint64(p.accessStateReason));
    QCOMPARE(number(DeviceColumn::ClientType), qint64(p.clientType));
    QCOMPARE(number(DeviceColumn::WipeStatus), qint64(s.wipeStatus));
    QCOMPARE(number(DeviceColumn::FirstSyncTime), frame::noValue); // phone 16 has none
    QCOMPARE(number(DeviceColumn::LastSuccessSync), s.lastSuccessSync->toMSecsSinceEpoch());
    QCOMPARE(number(DeviceColumn::LastSyncAttempt), s.lastSyncAttempt->toMSecsSinceEpoch());
    QCOMPARE(number(DeviceColumn::LastPolicyUpdate), s.lastPolicyUpdate->toMSecsSinceEpoch());
    QCOMPARE(number(DeviceColumn::ExchangeDataAsOf), sampleTime(70).toMSecsSinceEpoch());
    QCOMPARE(number(DeviceColumn::FoldersSynced), s.foldersSynced);
    QCOMPARE(number(DeviceColumn::RemoteWipeSupported), qint64(s.isRemoteWipeSupported));
    QCOMPARE(number(DeviceColumn::EasEnabled), qint64(mailbox.easEnabled));
    QCOMPARE(number(DeviceColumn::Stale), 0);
}

void PartnershipTest::incrementalReadFollowsMailboxAndConnector()
{
    QCOMPARE(upsert({m_estate.row(1), m_estate.row(2)})->added, 2);
    Devices devices;
    auto got = readInto(devices, 0);
    QCOMPARE(got->rows, 2);
    auto mailbox = sampleMailbox(1);
    mailbox.displayName = u"Married Now"_s;
    VERIFY_OK(write([=, c = m_estate.connector](
                        Session& s) { return MailboxRepository(s).upsertPage(c, {}, {mailbox}); }));
    got = readInto(devices, got->revision);
    QCOMPARE(got->rows, 1);
    QVERIFY(devices == readAll());
    got = readInto(devices, got->revision);
    QCOMPARE(got->rows, 0);
    VERIFY_OK(write([c = m_estate.connector](Session& s) -> Expected<Connector> {
        auto connector = ConnectorRepository(s).find(c);
        if (!connector || !*connector)
            return fail(ErrorCode::NotFound, {});
        (*connector)->name = u"Renamed"_s;
        return ConnectorRepository(s).update(**connector);
    }));
    QVERIFY(readInto(devices, got->revision)->restartNeeded);
}

void PartnershipTest::refusedRows()
{
    auto row = m_estate.row(1);
    row.mailboxId = {};
    QCOMPARE(upsert({row}).error().code, ErrorCode::InvalidInput);
    row.mailboxId = {4711};
    QCOMPARE(upsert({row}).error().code, ErrorCode::NotFound); // no such mailbox: the foreign key
    row = m_estate.row(1);
    row.partnership.easDeviceId = EasDeviceId(u" {-} "_s);
    QCOMPARE(upsert({row}).error().code, ErrorCode::InvalidInput);
    QCOMPARE(readAll().size(), std::size_t(0));
    QCOMPARE(upsert({}).value(), PageCounts());
}

} // namespace postern::store

QTEST_GUILESS_MAIN(postern::store::PartnershipTest)
#include "tst_partnerships.moc"
