// A row whose content hash is the stored one is not written, so a field that the hash forgets is never
// updated: every field changed by itself is seen and stored. The same class on both databases
// (POSTERN_TEST_DIALECT).
#include <functional>

#include "tests/services/store/EstateTest.h"

using namespace Qt::StringLiterals;

namespace postern::store {

namespace {

template <class T> struct Change
{
    const char* field;
    std::function<void(T&)> make;
};

template <class T> Change<T> other(const char* name, QString T::*field)
{
    return {name, [field](T& value) { value.*field += u'!'; }};
}

template <class T> Change<T> other(const char* name, QStringList T::*field)
{
    return {name, [field](T& value) { value.*field += u"another"_s; }};
}

template <class T> Change<T> other(const char* name, std::optional<QDateTime> T::*field)
{
    return {name, [field](T& value) { value.*field = sampleTime(9000); }};
}

template <class T> Change<T> other(const char* name, bool T::*field)
{
    return {name, [field](T& value) { value.*field = !(value.*field); }};
}

// Another one than before, whatever the sample has.
template <class T, class E> Change<T> other(const char* name, E T::*field, E one, E two)
{
    return {name, [field, one, two](T& value) { value.*field = value.*field == one ? two : one; }};
}

#define FIELD(TYPE, NAME) other(#NAME, &TYPE::NAME)

std::vector<Change<Partnership>> partnershipChanges()
{
    using P = Partnership;
    return {FIELD(P, deviceIdentity), FIELD(P, deviceType), FIELD(P, deviceModel), FIELD(P, friendlyName),
        FIELD(P, deviceOS), FIELD(P, userAgent), FIELD(P, clientTypeText), FIELD(P, clientVersion),
        FIELD(P, imei), FIELD(P, phoneNumber), FIELD(P, mobileOperator), FIELD(P, firstSyncTime),
        FIELD(P, accessStateReasonText), FIELD(P, accessControlRule), FIELD(P, whenChanged),
        {"guid", [](P& p) { p.guid.data4[7] ^= 1; }},
        other("clientType", &P::clientType, ClientType::Eas, ClientType::Outlook),
        other("accessState", &P::accessState, AccessState::Allowed, AccessState::Blocked),
        other("accessStateReason", &P::accessStateReason, AccessStateReason::None,
            AccessStateReason::ExchangeGlobalRule)};
}

std::vector<Change<Mailbox>> mailboxChanges()
{
    using M = Mailbox;
    return {FIELD(M, identity), FIELD(M, upn), FIELD(M, samAccountName), FIELD(M, domain),
        FIELD(M, displayName), FIELD(M, primarySmtp), FIELD(M, proxyAddresses), FIELD(M, organizationalUnit),
        FIELD(M, department), FIELD(M, serverName), FIELD(M, easMailboxPolicy), FIELD(M, easEnabled),
        FIELD(M, allowedIds), FIELD(M, blockedIds)};
}

std::vector<Change<PartnershipStatistics>> statisticsChanges()
{
    using S = PartnershipStatistics;
    return {FIELD(S, firstSyncTime), FIELD(S, lastPolicyUpdate), FIELD(S, lastSyncAttempt),
        FIELD(S, lastSuccessSync), FIELD(S, policyApplied), FIELD(S, policyApplicationStatus),
        FIELD(S, wipeRequestedBy), FIELD(S, isRemoteWipeSupported), FIELD(S, statusNote),
        FIELD(S, accessStateReasonText),
        other("wipeStatus", &S::wipeStatus, WipeStatus::None, WipeStatus::Failed),
        other("accessState", &S::accessState, AccessState::Allowed, AccessState::Blocked),
        other("accessStateReason", &S::accessStateReason, AccessStateReason::None,
            AccessStateReason::ExchangeGlobalRule),
        {"foldersSynced", [](S& s) { ++s.foldersSynced; }}};
}

} // namespace

class ChangedFieldsTest : public EstateTest
{
    Q_OBJECT
public:
    ChangedFieldsTest()
        : EstateTest(Dialect::POSTERN_TEST_DIALECT)
    {
    }
private slots:
    void ofAPartnership();
    void ofAMailbox();
    void ofStatistics();
};

void ChangedFieldsTest::ofAPartnership()
{
    PartnershipRow row = m_estate.row(3);
    row.partnership.ownerIdentity = sampleMailbox(3).identity; // the store takes it from the mailbox
    QCOMPARE(upsert({row}).value(), (PageCounts{1, 0, 0}));
    for (const auto& change : partnershipChanges()) {
        change.make(row.partnership);
        const auto counts = upsert({row});
        QVERIFY2(counts && *counts == (PageCounts{0, 1, 0}), change.field);
        QVERIFY2(stored(row).partnership == row.partnership, change.field);
        QCOMPARE(upsert({row}).value(), (PageCounts{0, 0, 1}));
    }
}

void ChangedFieldsTest::ofAMailbox()
{
    Mailbox mailbox = sampleMailbox(3);
    const MailboxId id = m_estate.mailboxes[3];
    const auto store = [&] {
        return write([mailbox, connector = m_estate.connector](Session& session) {
            return MailboxRepository(session).upsertPage(connector, {}, {mailbox});
        });
    };
    QCOMPARE(store().value().counts, (PageCounts{0, 0, 1}));
    for (const auto& change : mailboxChanges()) {
        change.make(mailbox);
        const auto page = store();
        QVERIFY2(page && page->counts == (PageCounts{0, 1, 0}), change.field);
        const auto now = read([id](Session& session) { return MailboxRepository(session).find(id); });
        QVERIFY2(now && *now == mailbox, change.field);
        QCOMPARE(store().value().counts, (PageCounts{0, 0, 1}));
    }
}

void ChangedFieldsTest::ofStatistics()
{
    const PartnershipRow row = m_estate.row(3);
    QCOMPARE(upsert({row})->added, 1);
    PartnershipStatistics statistics = sampleStatistics(3);
    statistics.ownerIdentity = sampleMailbox(3).identity;
    const auto store = [&] {
        return write([row, statistics, connector = m_estate.connector](Session& session) {
            return PartnershipRepository(session).applyStatistics(
                connector, {{row.mailboxId, statistics}}, sampleTime());
        });
    };
    QCOMPARE(store().value(), (StatisticsCounts{1, 0, 0}));
    for (const auto& change : statisticsChanges()) {
        change.make(statistics);
        const auto counts = store();
        QVERIFY2(counts && *counts == (StatisticsCounts{1, 0, 0}), change.field);
        QVERIFY2(stored(row).statistics == statistics, change.field);
        QCOMPARE(store().value(), (StatisticsCounts{0, 1, 0}));
    }
}

} // namespace postern::store

QTEST_GUILESS_MAIN(postern::store::ChangedFieldsTest)
#include "tst_changed_fields.moc"
