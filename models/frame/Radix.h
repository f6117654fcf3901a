// A stable radix sort of rows by unsigned keys, eleven bits a pass, as many passes as the largest key needs.
// Internal to models/frame; any thread.
#pragma once

#include <stop_token>
#include <vector>

#include "models/frame/DeviceFrame.h"

namespace postern::frame {

struct KeyedRow
{
    std::uint64_t key;
    RowIndex row;
};

// Leaves `rows` half sorted when stopped.
void radixSort(std::vector<KeyedRow>& rows, const std::stop_token& stop);

} // namespace postern::frame
