#include "models/frame/PackedInts.h"

#include <algorithm>
#include <cstring>

#include "models/frame/DeviceColumns.h"

namespace postern::frame {

namespace {

struct Range
{
    qint64 low = INT64_MAX;
    qint64 high = INT64_MIN;
    bool hasEmpty = false;
};

Range rangeOf(std::span<const qint64> values)
{
    Range range;
    for (const qint64 value : values) {
        if (value == noValue) {
            range.hasEmpty = true;
            continue;
        }
        range.low = std::min(range.low, value);
        range.high = std::max(range.high, value);
    }
    return range;
}

constexpr int wholeSecond = 1000;

bool allWholeSeconds(std::span<const qint64> values, qint64 base)
{
    return std::ranges::all_of(values, [base](qint64 value) {
        return value == noValue || (quint64(value) - quint64(base)) % wholeSecond == 0;
    });
}

std::uint8_t widthFor(std::uint64_t highest)
{
    if (highest == 0)
        return 0;
    if (highest <= UINT8_MAX)
        return 1;
    if (highest <= UINT16_MAX)
        return 2;
    return highest <= UINT32_MAX ? 4 : 8;
}

template <class T> std::uint64_t load(const std::byte* bytes, std::size_t index)
{
    T value;
    std::memcpy(&value, bytes + index * sizeof(T), sizeof(T));
    return value;
}

} // namespace

PackedInts::PackedInts(std::span<const qint64> values)
    : m_count(std::uint32_t(values.size()))
{
    const Range range = rangeOf(values);
    m_hasEmpty = range.hasEmpty;
    const bool anyValue = range.low <= range.high;
    m_base = anyValue ? range.low : 0;
    // Unsigned: the difference of two qint64 need not fit one.
    std::uint64_t highest = anyValue ? quint64(range.high) - quint64(range.low) : 0;
    if (highest >= wholeSecond && allWholeSeconds(values, m_base)) {
        m_scale = wholeSecond;
        highest /= wholeSecond;
    }
    if (anyValue && m_hasEmpty)
        ++highest; // cannot overflow: noValue itself is not in the range
    m_width = widthFor(highest);
    if (m_width == 0)
        return;
    m_bytes = std::make_unique_for_overwrite<std::byte[]>(values.size() * m_width);
    for (std::size_t i = 0; i < values.size(); ++i) {
        std::uint64_t code = 0;
        if (values[i] != noValue)
            code = (quint64(values[i]) - quint64(m_base)) / m_scale + (m_hasEmpty ? 1 : 0);
        std::memcpy(m_bytes.get() + i * m_width, &code, m_width); // little endian, as every host of ours
    }
}

std::uint64_t PackedInts::encoded(std::size_t index) const
{
    switch (m_width) {
    case 0:
        return 0;
    case 1:
        return load<std::uint8_t>(m_bytes.get(), index);
    case 2:
        return load<std::uint16_t>(m_bytes.get(), index);
    case 4:
        return load<std::uint32_t>(m_bytes.get(), index);
    default:
        return load<std::uint64_t>(m_bytes.get(), index);
    }
}

qint64 PackedInts::decoded(std::uint64_t code) const
{
    if (m_hasEmpty) {
        if (code == 0)
            return noValue;
        --code;
    }
    return qint64(quint64(m_base) + code * m_scale);
}

qint64 PackedInts::at(std::size_t index) const
{
    return decoded(encoded(index));
}

template <class T> void PackedInts::decodeAs(qint64* out) const
{
    if (m_scale == 1 && !m_hasEmpty) { // codes and offsets, which searches decode by the thousand
        for (std::size_t i = 0; i < m_count; ++i)
            out[i] = qint64(quint64(m_base) + load<T>(m_bytes.get(), i));
        return;
    }
    for (std::size_t i = 0; i < m_count; ++i)
        out[i] = decoded(load<T>(m_bytes.get(), i));
}

void PackedInts::decode(qint64* out) const
{
    switch (m_width) {
    case 0:
        std::fill_n(out, m_count, decoded(0));
        return;
    case 1:
        return decodeAs<std::uint8_t>(out);
    case 2:
        return decodeAs<std::uint16_t>(out);
    case 4:
        return decodeAs<std::uint32_t>(out);
    default:
        return decodeAs<std::uint64_t>(out);
    }
}

} // namespace postern::frame
