// A column of integers in as few bytes as its values need: none when all are equal, else 1, 2, 4 or 8 a cell.
// Times are kept in seconds when all of them are whole seconds. Immutable; any thread.
#pragma once

#include <QtGlobal>
#include <cstdint>
#include <memory>
#include <span>

namespace postern::frame {

class PackedInts
{
public:
    PackedInts() = default;
    explicit PackedInts(std::span<const qint64> values); // any values; noValue is one of them
    [[nodiscard]] std::size_t size() const { return m_count; }
    [[nodiscard]] qint64 at(std::size_t index) const;
    void decode(qint64* out) const; // all of them
    [[nodiscard]] qint64 memoryBytes() const { return qint64(m_count) * m_width + qint64(sizeof(*this)); }

private:
    [[nodiscard]] std::uint64_t encoded(std::size_t index) const;
    [[nodiscard]] qint64 decoded(std::uint64_t code) const;
    template <class T> void decodeAs(qint64* out) const;

    std::unique_ptr<std::byte[]> m_bytes;
    qint64 m_base = 0; // the smallest value
    std::uint32_t m_count = 0;
    std::uint16_t m_scale = 1;
    std::uint8_t m_width = 0;
    bool m_hasEmpty = false; // then code 0 is noValue
};

} // namespace postern::frame
