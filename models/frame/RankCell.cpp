#include "models/frame/RankCell.h"

#include <algorithm>
#include <bit>
#include <cstring>

#include "models/frame/Chunk.h"
#include "models/frame/Radix.h"
#include "models/frame/TextFold.h"

namespace postern::frame {

namespace {

// Sort keys of all distinct texts, in one stretch of bytes; entries of dictionaries come once a chunk.
struct Keys
{
    std::string bytes;
    std::vector<std::size_t> starts; // of each key, and one at the end
    std::vector<std::size_t> firstOfChunk;

    [[nodiscard]] std::size_t count() const { return starts.size() - 1; }
    [[nodiscard]] std::size_t length(std::size_t key) const { return starts[key + 1] - starts[key]; }
    // Eight bytes of a key as a number that orders as they do; zeros after its end (no key contains one).
    [[nodiscard]] std::uint64_t word(std::size_t key, std::size_t depth) const
    {
        const std::size_t size = length(key);
        if (depth >= size)
            return 0;
        std::uint64_t value = 0;
        std::memcpy(&value, bytes.data() + starts[key] + depth, std::min<std::size_t>(8, size - depth));
        return __builtin_bswap64(value);
    }
};

Digits digitsOf(DeviceColumn column)
{
    switch (column) {
    case DeviceColumn::EasDeviceId:
    case DeviceColumn::DeviceIdentity:
    case DeviceColumn::Imei:
    case DeviceColumn::PhoneNumber:
    case DeviceColumn::SerialNumber:
    case DeviceColumn::IntuneDeviceId:
    case DeviceColumn::EntraDeviceId:
        return Digits::AsText; // digits in an id have no value
    default:
        return Digits::ByValue;
    }
}

Keys keysOf(const DeviceFrame& frame, DeviceColumn column, const std::stop_token& stop)
{
    Keys keys;
    keys.starts.push_back(0);
    std::string scratch;
    SortKeyWriter writer;
    for (const auto& chunk : frame.chunks()) {
        if (stop.stop_requested())
            break;
        keys.firstOfChunk.push_back(keys.count());
        const TextColumn& cells = chunk->textColumn(column);
        const bool byRow = cells.form() != TextColumn::Form::Dictionary;
        const std::size_t count = byRow ? chunk->rows() : cells.entries().size();
        for (std::size_t i = 0; i < count; ++i) {
            const auto text = byRow ? chunk->text(i, column, scratch) : cells.entries().at(i);
            writer.append(keys.bytes, text, digitsOf(column));
            keys.starts.push_back(keys.bytes.size());
        }
    }
    return keys;
}

// Sorts by eight bytes at a time and goes deeper only where those are equal. rankOf gets equal ranks for
// equal keys.
class KeyRanking
{
public:
    KeyRanking(const Keys& keys, std::stop_token stop)
        : m_keys(keys)
        , m_stop(std::move(stop))
        , m_order(keys.count())
        , m_isNew(keys.count(), true)
    {
        for (std::size_t i = 0; i < m_order.size(); ++i)
            m_order[i].row = RowIndex(i);
    }
    [[nodiscard]] std::vector<std::uint32_t> run();

private:
    using Item = KeyedRow<std::uint64_t>;
    struct Stretch
    {
        std::size_t begin, end, depth;
    };
    [[nodiscard]] std::size_t commonDepth(const Stretch& stretch);
    void sortStretch(const Stretch& stretch);

    const Keys& m_keys;
    std::stop_token m_stop;
    std::vector<Item> m_order;
    std::vector<bool> m_isNew; // at each place of m_order: differs from the key before
    std::vector<Stretch> m_todo; // not recursion: hostile texts could be megabytes alike
};

// Where all eight bytes are alike there is nothing to sort: paths begin so.
std::size_t KeyRanking::commonDepth(const Stretch& stretch)
{
    for (std::size_t depth = stretch.depth;; depth += 8) {
        std::uint64_t differing = 0;
        const std::uint64_t first = m_keys.word(m_order[stretch.begin].row, depth);
        for (std::size_t i = stretch.begin; i < stretch.end; ++i) {
            m_order[i].key = m_keys.word(m_order[i].row, depth);
            differing |= m_order[i].key ^ first;
        }
        if (differing != 0 || (first & 0xFF) == 0)
            return depth;
    }
}

void KeyRanking::sortStretch(const Stretch& stretch)
{
    const std::size_t depth = commonDepth(stretch);
    const auto begin = m_order.begin() + qsizetype(stretch.begin);
    const auto end = m_order.begin() + qsizetype(stretch.end);
    constexpr std::size_t large = 65536; // radix sorting pays in bulk only
    if (stretch.end - stretch.begin < large) {
        std::sort(begin, end, [](const Item& a, const Item& b) { return a.key < b.key; });
    } else {
        std::vector<Item> part(begin, end);
        radixSort(part, m_stop);
        std::ranges::copy(part, begin);
    }
    for (std::size_t i = stretch.begin; i < stretch.end;) {
        std::size_t next = i + 1;
        while (next < stretch.end && m_order[next].key == m_order[i].key)
            m_isNew[next++] = false;
        const bool ended = (m_order[i].key & 0xFF) == 0;
        if (next - i > 1 && !ended)
            m_todo.push_back({i, next, depth + 8});
        i = next;
    }
}

std::vector<std::uint32_t> KeyRanking::run()
{
    m_todo.push_back({0, m_order.size(), 0});
    while (!m_todo.empty() && !m_stop.stop_requested()) {
        const Stretch stretch = m_todo.back();
        m_todo.pop_back();
        // Alike so far; the deeper look says where they part.
        for (std::size_t i = stretch.begin + 1; i < stretch.end; ++i)
            m_isNew[i] = true;
        sortStretch(stretch);
    }
    std::vector<std::uint32_t> rankOf(m_order.size());
    std::uint32_t rank = 0;
    for (std::size_t i = 0; i < m_order.size(); ++i) {
        rank += i > 0 && m_isNew[i] ? 1 : 0;
        rankOf[m_order[i].row] = rank;
    }
    return rankOf;
}

} // namespace

std::shared_ptr<const RankCell::Ranks> RankCell::ranks(
    const DeviceFrame& frame, DeviceColumn column, const std::stop_token& stop)
{
    const std::scoped_lock lock(m_mutex);
    if (m_ranks)
        return m_ranks;
    const Keys keys = keysOf(frame, column, stop);
    if (stop.stop_requested())
        return nullptr;
    const std::vector<std::uint32_t> rankOf = KeyRanking(keys, stop).run();
    if (stop.stop_requested())
        return nullptr;
    auto ranks = std::make_shared<Ranks>();
    ranks->reserve(frame.rowCount());
    for (std::size_t i = 0; i < frame.chunks().size(); ++i) {
        const Chunk& chunk = *frame.chunks()[i];
        const TextColumn& cells = chunk.textColumn(column);
        const bool byRow = cells.form() != TextColumn::Form::Dictionary;
        for (std::size_t row = 0; row < chunk.rows(); ++row)
            ranks->push_back(rankOf[keys.firstOfChunk[i] + (byRow ? row : cells.entryOf(row))]);
    }
    m_ranks = std::move(ranks);
    return m_ranks;
}

} // namespace postern::frame
