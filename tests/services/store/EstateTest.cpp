#include "tests/services/store/EstateTest.h"

#include "services/store/SyncRunRepository.h"

using namespace Qt::StringLiterals;

namespace postern::store {

namespace {

DeviceCopy copyOf(const frame::DeviceRow& row)
{
    DeviceCopy copy;
    for (std::size_t i = 0; i < row.text.size(); ++i)
        copy.text[i] = std::string(row.text[i]);
    copy.number = row.number;
    return copy;
}

} // namespace

void EstateTest::init()
{
    StoreTest::init();
    if (!m_store)
        return; // skipped
    auto estate = write([](Session& s) { return SampleEstate::make(s, 10); });
    VERIFY_OK(estate);
    m_estate = *estate;
}

Expected<PageCounts> EstateTest::upsert(const std::vector<PartnershipRow>& rows, SyncRunId run, int minute)
{
    return write([=, connector = m_estate.connector](Session& s) {
        return PartnershipRepository(s).upsertPage(connector, run, rows, sampleTime(minute));
    });
}

SyncRunId EstateTest::beginRun()
{
    auto run = write([connector = m_estate.connector](Session& s) {
        return SyncRunRepository(s).begin(
            {{}, connector, {}, SyncKind::Full, u"partnerships"_s, sampleTime()});
    });
    return run ? run->id : SyncRunId{};
}

int EstateTest::endRun(SyncRunId run, int minute)
{
    auto gone = write([=, connector = m_estate.connector](Session& s) -> Expected<int> {
        auto expected = PartnershipRepository(s).countUnseen(connector, run);
        auto marked = PartnershipRepository(s).markGone(connector, run, sampleTime(minute));
        if (marked && expected && *marked != *expected)
            return fail(ErrorCode::Internal, u"countUnseen and markGone differ"_s);
        auto ended = SyncRunRepository(s).finish(run);
        return ended ? marked : Expected<int>(tl::unexpected(ended.error()));
    });
    if (!gone)
        qWarning() << gone.error().toLogText();
    return gone.value_or(-1);
}

Expected<DeviceRead> EstateTest::readInto(Devices& devices, qint64 since)
{
    return read([&devices, since](Session& s) {
        return readDevices(s, since, [&devices](const frame::DeviceRow& row) {
            if (row.gone)
                devices.erase(row.id.value);
            else
                devices[row.id.value] = copyOf(row);
        });
    });
}

Devices EstateTest::readAll()
{
    Devices devices;
    return readInto(devices, 0) ? devices : Devices();
}

StoredPartnership EstateTest::stored(const PartnershipRow& row)
{
    auto found = read([row](Session& s) {
        return PartnershipRepository(s).find(row.mailboxId, row.partnership.easDeviceId);
    });
    return found && *found ? **found : StoredPartnership();
}

std::vector<AccessChange> EstateTest::history(PartnershipId id)
{
    return read([id](Session& s) {
        return PartnershipRepository(s).history(id);
    }).value_or(std::vector<AccessChange>());
}

} // namespace postern::store
