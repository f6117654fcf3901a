#include "models/frame/DeviceFrameBuilder.h"

#include <QByteArray>
#include <algorithm>
#include <cstring>
#include <span>

#include "models/frame/Chunk.h"
#include "models/frame/TextFold.h"

namespace postern::frame {

// A row that waits for the next flush: its text lies in m_text, one cell after the other.
struct DeviceFrameBuilder::Pending
{
    qint64 id = 0;
    std::uint64_t hash = 0;
    std::size_t textAt = 0;
    std::array<std::uint32_t, textColumnCount> lengths{};
    std::array<qint64, numberColumnCount> numbers{};
    bool gone = false;
};

namespace {

using Chunks = std::vector<std::shared_ptr<const Chunk>>;

template <class T> std::string_view bytesOf(const T& array)
{
    return {reinterpret_cast<const char*>(array.data()), array.size() * sizeof(array[0])};
}

// 64 bits: two different rows agree by chance once in 10^19.
template <class Row> std::uint64_t hashOf(const Row& row, std::string_view text)
{
    const std::hash<std::string_view> hash;
    return hash(text) * 0x9E3779B97F4A7C15U ^ hash(bytesOf(row.lengths)) * 0xC2B2AE3D27D4EB4FU
        ^ hash(bytesOf(row.numbers));
}
constexpr std::size_t largestChunk = Chunk::targetRows + Chunk::targetRows / 2;

// The texts of a pending row as views.
template <class Row, class Use> void eachText(const Row& row, const std::string& bytes, Use use)
{
    std::size_t at = row.textAt;
    for (std::size_t i = 0; i < row.lengths.size(); ++i) {
        use(i, std::string_view(bytes).substr(at, row.lengths[i]));
        at += row.lengths[i];
    }
}

template <class Row>
void append(CellBlock& block, const Row& row, const std::string& bytes, ColumnSet columns)
{
    block.ids.push_back(row.id);
    block.hashes.push_back(row.hash);
    eachText(row, bytes, [&](std::size_t i, std::string_view cell) {
        if ((columns & columnBit(DeviceColumn(int(i)))) != 0)
            block.text[i].push_back(cell);
    });
    for (std::size_t i = 0; i < row.numbers.size(); ++i) {
        if ((columns & columnBit(DeviceColumn(textColumnCount + int(i)))) != 0)
            block.numbers[i].push_back(row.numbers[i]);
    }
}

template <class Row>
ColumnSet differences(const Chunk& chunk, std::size_t at, const Row& row, const std::string& bytes)
{
    ColumnSet result = 0;
    std::string scratch;
    eachText(row, bytes, [&](std::size_t i, std::string_view cell) {
        if (chunk.text(at, DeviceColumn(int(i)), scratch) != cell)
            result |= columnBit(DeviceColumn(int(i)));
    });
    for (std::size_t i = 0; i < row.numbers.size(); ++i) {
        const auto column = DeviceColumn(textColumnCount + int(i));
        if (chunk.number(at, column) != row.numbers[i])
            result |= columnBit(column);
    }
    return result;
}

void appendChunks(Chunks& out, const CellBlock& block)
{
    for (std::size_t first = 0; first < block.rows();) {
        const std::size_t rest = block.rows() - first;
        const std::size_t count = rest <= largestChunk ? rest : Chunk::targetRows;
        out.push_back(Chunk::build(block, first, count));
        first += count;
    }
}

// Whether pending rows leave the set of rows as it is, and which columns they then change.
struct Effect
{
    bool sameRows = true;
    ColumnSet changed = 0;
};

template <class Row> Effect effectOn(const Chunk& chunk, std::span<const Row> rows, const std::string& bytes)
{
    Effect effect;
    for (const Row& row : rows) {
        const auto at = chunk.rowOf(row.id);
        effect.sameRows
            = effect.sameRows && at.has_value() != row.gone; // removing what is not there changes nothing
        if (at && !row.gone && chunk.hash(*at) != row.hash)
            effect.changed |= differences(chunk, *at, row, bytes);
    }
    return effect;
}

template <class Row>
void merge(CellBlock& block, const Chunk* chunk, std::span<const Row> rows, const std::string& bytes,
    ColumnSet columns)
{
    const std::size_t count = chunk ? chunk->rows() : 0;
    std::size_t at = 0;
    for (const Row& row : rows) {
        for (; at < count && chunk->id(at) < row.id; ++at)
            block.append(*chunk, at, columns);
        if (at < count && chunk->id(at) == row.id)
            ++at;
        if (!row.gone)
            append(block, row, bytes, columns);
    }
    for (; at < count; ++at)
        block.append(*chunk, at, columns);
}

// What a run of pending rows (ascending, one a key) does to the chunk it falls into; null: a stretch without
// a chunk.
template <class Row>
void mergeInto(Chunks& out, const std::shared_ptr<const Chunk>& chunk, std::span<const Row> rows,
    const std::string& bytes)
{
    const Effect effect = chunk ? effectOn(*chunk, rows, bytes) : Effect{false, 0};
    if (effect.sameRows && effect.changed == 0) {
        out.push_back(chunk);
        return;
    }
    CellBlock block;
    if (effect.sameRows) {
        const ColumnSet columns = Chunk::affected(effect.changed);
        merge(block, chunk.get(), rows, bytes, columns);
        out.push_back(Chunk::rebuild(*chunk, block, columns));
    } else {
        merge(block, chunk.get(), rows, bytes, allColumns);
        appendChunks(out, block);
    }
}

// Chunks that removals made small are put together again, or a frame would end as a list of tiny ones.
Chunks joined(Chunks chunks)
{
    constexpr std::size_t small = Chunk::targetRows / 2;
    Chunks out;
    for (auto& chunk : chunks) {
        if (out.empty() || out.back()->rows() + chunk->rows() > small) {
            out.push_back(std::move(chunk));
            continue;
        }
        CellBlock block;
        for (const Chunk* part : {out.back().get(), chunk.get()}) {
            for (std::size_t row = 0; row < part->rows(); ++row)
                block.append(*part, row, allColumns);
        }
        out.back() = Chunk::build(block, 0, block.rows());
    }
    return out;
}

} // namespace

DeviceFrameBuilder::DeviceFrameBuilder()
    : m_last(DeviceFrame::empty())
{
}

DeviceFrameBuilder::~DeviceFrameBuilder() = default;

void DeviceFrameBuilder::apply(const DeviceRow& row)
{
    if (!row.id.isValid())
        return;
    Pending pending;
    pending.id = row.id.value;
    pending.gone = row.gone;
    pending.textAt = m_text.size();
    for (std::size_t i = 0; !row.gone && i < textColumnCount; ++i) {
        const std::string_view cell = row.text[i];
        const std::size_t before = m_text.size();
        if (isUtf8(cell))
            m_text.append(cell);
        else
            m_text.append(QString::fromUtf8(cell.data(), qsizetype(cell.size())).toUtf8().toStdString());
        pending.lengths[i] = std::uint32_t(m_text.size() - before);
    }
    std::copy_n(row.number.begin() + textColumnCount, numberColumnCount, pending.numbers.begin());
    pending.hash = hashOf(pending, std::string_view(m_text).substr(pending.textAt));
    m_appending = m_appending && isBeyond(pending.id);
    m_pending.push_back(pending);
    // Pending rows are five times as large as encoded ones, so not too many. But in proportion to the frame
    // when they fall between others, so that a load in random order does not encode every chunk anew each
    // time.
    constexpr std::size_t fewest = 4 * Chunk::targetRows;
    if (m_pending.size() >= fewest + (m_appending ? 0 : m_rows / 8))
        flush();
}

bool DeviceFrameBuilder::isBeyond(qint64 id) const
{
    if (!m_pending.empty())
        return id > m_pending.back().id;
    return m_chunks.empty() || id > m_chunks.back()->lastId();
}

void DeviceFrameBuilder::clear()
{
    forgetPending();
    m_changed = m_changed || !m_chunks.empty();
    m_chunks.clear();
    m_rows = 0;
}

void DeviceFrameBuilder::forgetPending()
{
    m_pending.clear();
    m_text.clear();
    m_appending = true;
}

// Ascending, one row a key: the last word on a key counts.
void DeviceFrameBuilder::sortPending()
{
    if (m_appending)
        return;
    std::ranges::stable_sort(m_pending, {}, &Pending::id);
    const auto sameKeyFollows = [this](std::size_t i) {
        return i + 1 < m_pending.size() && m_pending[i + 1].id == m_pending[i].id;
    };
    std::size_t kept = 0;
    for (std::size_t i = 0; i < m_pending.size(); ++i) {
        if (!sameKeyFollows(i))
            m_pending[kept++] = m_pending[i];
    }
    m_pending.resize(kept);
}

void DeviceFrameBuilder::flush()
{
    sortPending();
    Chunks out;
    std::span<const Pending> rest(m_pending);
    for (std::size_t i = 0; i < m_chunks.size(); ++i) {
        const auto& chunk = m_chunks[i];
        const bool takesAppended = i + 1 == m_chunks.size() && chunk->rows() < Chunk::targetRows;
        const qint64 last = takesAppended ? INT64_MAX : chunk->lastId();
        const auto end = std::ranges::upper_bound(rest, last, {}, &Pending::id);
        const auto run = rest.first(std::size_t(end - rest.begin()));
        rest = rest.subspan(run.size());
        if (run.empty())
            out.push_back(chunk);
        else
            mergeInto(out, chunk, run, m_text);
    }
    if (!rest.empty())
        mergeInto(out, std::shared_ptr<const Chunk>(), rest, m_text);
    out = joined(std::move(out));
    m_changed = m_changed || out != m_chunks;
    m_chunks = std::move(out);
    m_rows = 0;
    for (const auto& chunk : m_chunks)
        m_rows += chunk->rows();
    forgetPending();
}

std::shared_ptr<const DeviceFrame> DeviceFrameBuilder::publish()
{
    if (!m_pending.empty())
        flush();
    m_pending.shrink_to_fit(); // a bulk load must not leave its buffers behind
    m_text.shrink_to_fit();
    if (m_changed) {
        m_last = std::make_shared<const DeviceFrame>(m_chunks, m_last.get());
        m_changed = false;
    }
    return m_last;
}

} // namespace postern::frame
