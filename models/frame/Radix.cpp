#include "models/frame/Radix.h"

#include <algorithm>
#include <array>
#include <bit>
#include <utility>

namespace postern::frame {

namespace {

constexpr int digitBits = 11;
constexpr std::size_t digitCount = std::size_t(1) << digitBits;

std::size_t digit(std::uint64_t key, int shift)
{
    return std::size_t(key >> shift) & (digitCount - 1);
}

void pass(const std::vector<KeyedRow>& from, std::vector<KeyedRow>& to, int shift)
{
    std::array<std::size_t, digitCount> at{};
    for (const KeyedRow& row : from)
        ++at[digit(row.key, shift)];
    std::size_t sum = 0;
    for (std::size_t& start : at)
        sum += std::exchange(start, sum);
    for (const KeyedRow& row : from)
        to[at[digit(row.key, shift)]++] = row;
}

} // namespace

void radixSort(std::vector<KeyedRow>& rows, const std::stop_token& stop)
{
    std::uint64_t differing = 0;
    for (const KeyedRow& row : rows)
        differing |= row.key ^ rows.front().key;
    constexpr std::size_t few = 256; // below this the tables cost more than they save
    if (rows.size() <= few) {
        std::ranges::stable_sort(rows, {}, &KeyedRow::key);
        return;
    }
    std::vector<KeyedRow> other(rows.size());
    for (int shift = 0; shift < int(std::bit_width(differing)) && !stop.stop_requested();
         shift += digitBits) {
        if (digit(differing, shift) == 0)
            continue;
        pass(rows, other, shift);
        rows.swap(other);
    }
}

} // namespace postern::frame
