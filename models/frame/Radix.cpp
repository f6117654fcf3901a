#include "models/frame/Radix.h"

#include <algorithm>
#include <array>
#include <bit>
#include <utility>

namespace postern::frame {

namespace {

constexpr int digitBits = 11;
constexpr std::size_t digitCount = std::size_t(1) << digitBits;

template <class Key> std::size_t digit(Key key, int shift)
{
    return std::size_t(key >> shift) & (digitCount - 1);
}

template <class Key>
void pass(const std::vector<KeyedRow<Key>>& from, std::vector<KeyedRow<Key>>& to, int shift)
{
    std::array<std::size_t, digitCount> at{};
    for (const auto& row : from)
        ++at[digit(row.key, shift)];
    std::size_t sum = 0;
    for (std::size_t& start : at)
        sum += std::exchange(start, sum);
    for (const auto& row : from)
        to[at[digit(row.key, shift)]++] = row;
}

template <class Key> void sort(std::vector<KeyedRow<Key>>& rows, const std::stop_token& stop)
{
    constexpr std::size_t few = 256; // below this the tables cost more than they save
    if (rows.size() <= few) {
        std::ranges::stable_sort(rows, {}, &KeyedRow<Key>::key);
        return;
    }
    Key differing = 0;
    for (const auto& row : rows)
        differing |= row.key ^ rows.front().key;
    std::vector<KeyedRow<Key>> other(rows.size());
    for (int shift = 0; shift < int(std::bit_width(differing)) && !stop.stop_requested();
         shift += digitBits) {
        if (digit(differing, shift) == 0)
            continue;
        pass(rows, other, shift);
        rows.swap(other);
    }
}

} // namespace

void radixSort(std::vector<KeyedRow<std::uint32_t>>& rows, const std::stop_token& stop)
{
    sort(rows, stop);
}

void radixSort(std::vector<KeyedRow<std::uint64_t>>& rows, const std::stop_token& stop)
{
    sort(rows, stop);
}

} // namespace postern::frame
