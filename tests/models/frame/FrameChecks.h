// What the frame tests share: a naive model of a frame (a sorted map of rows) and random changes to it.
#pragma once

#include <QRandomGenerator>
#include <map>

#include "models/frame/CellText.h"
#include "models/frame/DeviceFrame.h"
#include "tests/support/DeviceFactory.h"

namespace postern::test {

using DeviceMap = std::map<qint64, DeviceFactory>;

// Empty when they hold the same rows, ids and cells; else what differs first.
inline QString difference(const frame::DeviceFrame& frame, const DeviceMap& expected)
{
    if (frame.rowCount() != expected.size())
        return QStringLiteral("%1 rows, expected %2").arg(frame.rowCount()).arg(expected.size());
    frame::RowIndex row = 0;
    std::string scratch;
    for (const auto& [id, device] : expected) {
        if (frame.id(row).value != id || frame.rowOf(DeviceKey::fromValue(id)) != row)
            return QStringLiteral("row %1 has id %2, expected %3").arg(row).arg(frame.id(row).value).arg(id);
        for (const auto& info : frame::deviceColumns()) {
            const bool same = info.kind == frame::ColumnKind::Text
                ? frame.utf8(row, info.column, scratch) == device.text(info.column)
                : frame.number(row, info.column) == device.number(info.column);
            if (!same)
                return QStringLiteral("row %1, %2: %3")
                    .arg(row)
                    .arg(info.key)
                    .arg(cellText(frame, row, info.column));
        }
        ++row;
    }
    return {};
}

// One random change of the kinds a site sees: a new device, one that is gone, another state, another user
// name.
inline DeviceFactory randomChange(QRandomGenerator& random, const DeviceMap& devices, qint64 highestId)
{
    const qint64 id = 1 + random.bounded(int(highestId));
    const auto known = devices.find(id);
    if (known == devices.end())
        return organisationDevice(id, random.bounded(3));
    DeviceFactory device = known->second;
    switch (random.bounded(4)) {
    case 0:
        return device.gone();
    case 1:
        return device.in(AccessState(random.bounded(5)), AccessStateReason(random.bounded(8)));
    case 2:
        return device.set(
            frame::DeviceColumn::UserName, QStringLiteral("Renamed %1").arg(random.bounded(50)));
    default:
        return device.lastSync({qint64(random.bounded(1'000'000)) * 1000});
    }
}

} // namespace postern::test
