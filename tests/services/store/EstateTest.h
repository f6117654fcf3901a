// A StoreTest with ten mailboxes, and short ways to list phones, end runs and read device rows. Test thread.
#pragma once

#include <array>
#include <map>

#include "services/store/DeviceReader.h"
#include "tests/services/store/StoreTest.h"

namespace postern::store {

// A device row that outlives the callback.
struct DeviceCopy
{
    std::array<std::string, frame::deviceColumnCount> text;
    std::array<qint64, frame::deviceColumnCount> number{};
    bool operator==(const DeviceCopy&) const = default;
};
using Devices = std::map<qint64, DeviceCopy>;

class EstateTest : public StoreTest
{
    Q_OBJECT
protected:
    using StoreTest::StoreTest;
    [[nodiscard]] Expected<PageCounts> upsert(
        const std::vector<PartnershipRow>& rows, SyncRunId run = {}, int minute = 0);
    [[nodiscard]] SyncRunId beginRun();
    [[nodiscard]] int endRun(SyncRunId run, int minute); // how many are gone; -1: failed
    [[nodiscard]] Devices readAll();
    // Applies what changed since to `devices`.
    [[nodiscard]] Expected<DeviceRead> readInto(Devices& devices, qint64 since);
    [[nodiscard]] StoredPartnership stored(const PartnershipRow& row);
    [[nodiscard]] std::vector<AccessChange> history(PartnershipId id);

    SampleEstate m_estate;

protected slots:
    void init();
};

} // namespace postern::store
