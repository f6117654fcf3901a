// A stable radix sort of rows by unsigned keys, eleven bits a pass, as many passes as the keys need. Small
// keys make small elements, and so twice the speed where memory is the limit. Internal to models/frame; any
// thread.
#pragma once

#include <stop_token>
#include <vector>

#include "models/frame/DeviceFrame.h"

namespace postern::frame {

template <class Key> struct KeyedRow
{
    Key key;
    RowIndex row;
};

// Leaves `rows` half sorted when stopped.
void radixSort(std::vector<KeyedRow<std::uint32_t>>& rows, const std::stop_token& stop);
void radixSort(std::vector<KeyedRow<std::uint64_t>>& rows, const std::stop_token& stop);

} // namespace postern::frame
