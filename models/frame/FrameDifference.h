// What happened to the devices between two frames: which rows went where and which cells changed. Shared
// chunks cost nothing. Any thread.
#pragma once

#include "models/frame/DeviceFrame.h"

namespace postern::frame {

inline constexpr RowIndex noRow = UINT32_MAX;

struct FrameDifference
{
    struct Change
    {
        RowIndex row; // in the new frame
        std::uint64_t columns; // bit n: DeviceColumn(n)
    };
    std::vector<RowIndex> newRowOf; // for each old row; noRow: gone
    std::vector<Change> changes; // ascending; rows that are in both

    [[nodiscard]] static FrameDifference between(const DeviceFrame& before, const DeviceFrame& after);
};

} // namespace postern::frame
