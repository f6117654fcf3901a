// An immutable columnar snapshot of all devices: what a grid shows and `devices` prints. Rows are in
// DeviceKey order and live in chunks that frames share while they do not change, so a frame costs what
// changed. Any thread; hold it by shared_ptr. Text is kept as it came (NUL, bidi marks and newlines
// included): whoever shows it makes them visible.
#pragma once

#include <QString>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "models/frame/DeviceColumns.h"

namespace postern::frame {

class Chunk;
class RankCell;

using RowIndex = std::uint32_t; // a row of one frame; means nothing in the next one, keys do
using RowVector = std::vector<RowIndex>;

class DeviceFrame
{
public:
    [[nodiscard]] static std::shared_ptr<const DeviceFrame> empty();

    [[nodiscard]] RowIndex rowCount() const { return m_starts.back(); }
    [[nodiscard]] DeviceKey id(RowIndex row) const;
    [[nodiscard]] std::optional<RowIndex> rowOf(DeviceKey id) const;

    [[nodiscard]] QString text(RowIndex row, DeviceColumn column) const; // of a Text column
    // The view points into the frame or into scratch.
    [[nodiscard]] std::string_view utf8(RowIndex row, DeviceColumn column, std::string& scratch) const;
    [[nodiscard]] qint64 number(RowIndex row, DeviceColumn column) const; // of all others; noValue when empty

    // For the functions over frames (FilterRows, SortRows, FrameDifference); not for models or ui.
    [[nodiscard]] const std::vector<std::shared_ptr<const Chunk>>& chunks() const { return m_chunks; }
    [[nodiscard]] RowIndex chunkStart(std::size_t chunk) const { return m_starts[chunk]; }
    [[nodiscard]] RankCell& rankCell(DeviceColumn column) const { return *m_ranks[std::size_t(column)]; }
    [[nodiscard]] qint64 memoryBytes() const; // of the chunks, without cached ranks

    // Made by DeviceFrameBuilder. `previous` lends the ranks of columns in which nothing changed; may be
    // null.
    DeviceFrame(std::vector<std::shared_ptr<const Chunk>> chunks, const DeviceFrame* previous);

private:
    struct Place
    {
        const Chunk* chunk;
        int row;
    };
    [[nodiscard]] Place place(RowIndex row) const;

    std::vector<std::shared_ptr<const Chunk>> m_chunks;
    std::vector<RowIndex> m_starts; // first row of each chunk, and the row count at the end
    std::array<std::shared_ptr<RankCell>, deviceColumnCount> m_ranks;
};

} // namespace postern::frame
