#include "models/frame/DeviceFrame.h"

#include <algorithm>

#include "models/frame/Chunk.h"
#include "models/frame/RankCell.h"

namespace postern::frame {

namespace {

// The columns in which two frames with the same rows may differ; all of them when the rows differ.
ColumnSet changedColumns(const std::vector<std::shared_ptr<const Chunk>>& chunks,
    const std::vector<std::shared_ptr<const Chunk>>& before)
{
    if (chunks.size() != before.size())
        return ~ColumnSet(0);
    ColumnSet changed = 0;
    for (std::size_t i = 0; i < chunks.size(); ++i) {
        if (chunks[i] == before[i])
            continue;
        if (!chunks[i]->sharesIds(*before[i]))
            return ~ColumnSet(0);
        changed |= chunks[i]->unsharedColumns(*before[i]);
    }
    return changed;
}

} // namespace

DeviceFrame::DeviceFrame(std::vector<std::shared_ptr<const Chunk>> chunks, const DeviceFrame* previous)
    : m_chunks(std::move(chunks))
{
    m_starts.reserve(m_chunks.size() + 1);
    m_starts.push_back(0);
    for (const auto& chunk : m_chunks)
        m_starts.push_back(m_starts.back() + RowIndex(chunk->rows()));
    const ColumnSet changed = previous ? changedColumns(m_chunks, previous->m_chunks) : ~ColumnSet(0);
    for (int i = 0; i < deviceColumnCount; ++i) {
        const bool lend = (changed & columnBit(DeviceColumn(i))) == 0;
        m_ranks[std::size_t(i)] = lend ? previous->m_ranks[std::size_t(i)] : std::make_shared<RankCell>();
    }
}

std::shared_ptr<const DeviceFrame> DeviceFrame::empty()
{
    return std::make_shared<const DeviceFrame>(std::vector<std::shared_ptr<const Chunk>>{}, nullptr);
}

DeviceFrame::Place DeviceFrame::place(RowIndex row) const
{
    const auto next = std::upper_bound(m_starts.begin(), m_starts.end(), row);
    const auto chunk = std::size_t(next - m_starts.begin()) - 1;
    return {m_chunks[chunk].get(), int(row - m_starts[chunk])};
}

DeviceKey DeviceFrame::id(RowIndex row) const
{
    const Place at = place(row);
    return DeviceKey::fromValue(at.chunk->id(std::size_t(at.row)));
}

std::optional<RowIndex> DeviceFrame::rowOf(DeviceKey id) const
{
    const auto chunk
        = std::ranges::lower_bound(m_chunks, id.value, {}, [](const auto& c) { return c->lastId(); });
    if (chunk == m_chunks.end())
        return std::nullopt;
    const auto row = (*chunk)->rowOf(id.value);
    if (!row)
        return std::nullopt;
    return m_starts[std::size_t(chunk - m_chunks.begin())] + RowIndex(*row);
}

std::string_view DeviceFrame::utf8(RowIndex row, DeviceColumn column, std::string& scratch) const
{
    const Place at = place(row);
    return at.chunk->text(std::size_t(at.row), column, scratch);
}

QString DeviceFrame::text(RowIndex row, DeviceColumn column) const
{
    std::string scratch;
    const std::string_view value = utf8(row, column, scratch);
    return QString::fromUtf8(value.data(), qsizetype(value.size()));
}

qint64 DeviceFrame::number(RowIndex row, DeviceColumn column) const
{
    const Place at = place(row);
    return at.chunk->number(std::size_t(at.row), column);
}

qint64 DeviceFrame::memoryBytes() const
{
    qint64 bytes = 0;
    for (const auto& chunk : m_chunks)
        bytes += chunk->memoryBytes();
    return bytes;
}

} // namespace postern::frame
