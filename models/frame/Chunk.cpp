#include "models/frame/Chunk.h"

#include <cstring>

namespace postern::frame {

std::string_view CellBlock::keep(std::string_view value)
{
    if (value.empty())
        return {};
    auto* copy = static_cast<char*>(store.allocate(value.size(), 1));
    std::memcpy(copy, value.data(), value.size());
    return {copy, value.size()};
}

void CellBlock::append(const Chunk& chunk, std::size_t row, ColumnSet columns)
{
    ids.push_back(chunk.id(row));
    hashes.push_back(chunk.hash(row));
    std::string scratch;
    for (int i = 0; i < textColumnCount; ++i) {
        const auto column = DeviceColumn(i);
        if ((columns & columnBit(column)) == 0)
            continue;
        const bool isMade = chunk.textColumn(column).form() == TextColumn::Form::Template;
        const std::string_view value = chunk.text(row, column, scratch);
        text[std::size_t(i)].push_back(isMade ? keep(value) : value);
    }
    for (int i = 0; i < numberColumnCount; ++i) {
        const auto column = DeviceColumn(textColumnCount + i);
        if ((columns & columnBit(column)) != 0)
            numbers[std::size_t(i)].push_back(chunk.number(row, column));
    }
}

std::shared_ptr<const Chunk> Chunk::build(const CellBlock& block, std::size_t first, std::size_t count)
{
    auto chunk = std::make_shared<Chunk>();
    chunk->m_ids = std::make_shared<PackedInts>(std::span(block.ids).subspan(first, count));
    chunk->encode(block, first, count, allColumns);
    return chunk;
}

ColumnSet Chunk::affected(ColumnSet changed)
{
    constexpr ColumnSet templates = columnBit(DeviceColumn::Name) | columnBit(DeviceColumn::EmailAddress)
        | columnBit(DeviceColumn::DeviceIdentity);
    ColumnSet sources = 0;
    for (int i = 0; i < referenceCount; ++i)
        sources |= columnBit(sourceColumn(Reference(i)));
    // A template depends on what it refers to, and is made from it.
    if ((changed & (sources | templates)) != 0)
        changed |= sources | templates;
    return changed;
}

std::shared_ptr<const Chunk> Chunk::rebuild(const Chunk& old, const CellBlock& block, ColumnSet columns)
{
    auto chunk = std::make_shared<Chunk>(old);
    chunk->encode(block, 0, block.rows(), columns);
    return chunk;
}

namespace {

std::vector<ReferenceTexts> referencesOf(const CellBlock& block, std::size_t first, std::size_t count)
{
    const auto cell
        = [&block](DeviceColumn column, std::size_t row) { return block.text[std::size_t(column)][row]; };
    std::vector<ReferenceTexts> result(count);
    for (std::size_t i = 0; i < count; ++i) {
        for (int k = 0; k < referenceCount; ++k)
            result[i][std::size_t(k)] = cell(sourceColumn(Reference(k)), first + i);
        auto& local = result[i][std::size_t(Reference::LocalPart)];
        local = localPart(local);
    }
    return result;
}

} // namespace

void Chunk::encode(const CellBlock& block, std::size_t first, std::size_t count, ColumnSet columns)
{
    m_hashes.assign(block.hashes.begin() + qsizetype(first), block.hashes.begin() + qsizetype(first + count));
    std::vector<ReferenceTexts> references;
    for (int i = 0; i < textColumnCount; ++i) {
        const auto column = DeviceColumn(i);
        if ((columns & columnBit(column)) == 0)
            continue;
        const auto cells = std::span(block.text[std::size_t(i)]).subspan(first, count);
        auto& encoded = m_text[std::size_t(i)];
        encoded.reset();
        if (mayBeTemplate(column)) {
            if (references.empty())
                references = referencesOf(block, first, count);
            encoded = TextColumn::encodeTemplates(cells, references);
        }
        if (!encoded)
            encoded = TextColumn::encode(cells);
    }
    for (int i = 0; i < numberColumnCount; ++i) {
        if ((columns & columnBit(DeviceColumn(textColumnCount + i))) != 0) {
            const auto cells = std::span(block.numbers[std::size_t(i)]).subspan(first, count);
            m_numbers[std::size_t(i)] = std::make_shared<PackedInts>(cells);
        }
    }
}

std::optional<std::size_t> Chunk::rowOf(qint64 wanted) const
{
    std::size_t low = 0;
    std::size_t high = rows();
    while (low < high) {
        const std::size_t middle = low + (high - low) / 2;
        if (id(middle) < wanted)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == rows() || id(low) != wanted)
        return std::nullopt;
    return low;
}

std::string_view Chunk::reference(std::size_t row, Reference reference) const
{
    const std::string_view text
        = textColumn(sourceColumn(reference)).entryAt(row); // sources are never templates
    return reference == Reference::LocalPart ? localPart(text) : text;
}

std::string_view Chunk::text(std::size_t row, DeviceColumn column, std::string& scratch) const
{
    const TextColumn& cells = textColumn(column);
    if (cells.form() != TextColumn::Form::Template)
        return cells.entryAt(row);
    scratch.clear();
    std::string_view rest = cells.entryAt(row);
    while (!rest.empty()) {
        if (const auto named = TextColumn::referenceOf(rest.front())) {
            scratch.append(reference(row, *named));
            rest.remove_prefix(1);
            continue;
        }
        const std::size_t end = TextColumn::literalLength(rest);
        scratch.append(rest.substr(0, end));
        rest.remove_prefix(end);
    }
    return scratch;
}

ColumnSet Chunk::unsharedColumns(const Chunk& other) const
{
    ColumnSet result = 0;
    for (int i = 0; i < textColumnCount; ++i) {
        if (m_text[std::size_t(i)] != other.m_text[std::size_t(i)])
            result |= columnBit(DeviceColumn(i));
    }
    for (int i = 0; i < numberColumnCount; ++i) {
        if (m_numbers[std::size_t(i)] != other.m_numbers[std::size_t(i)])
            result |= columnBit(DeviceColumn(textColumnCount + i));
    }
    return result;
}

qint64 Chunk::memoryBytes() const
{
    qint64 bytes
        = qint64(sizeof(*this)) + m_ids->memoryBytes() + qint64(m_hashes.size() * sizeof(m_hashes[0]));
    for (const auto& column : m_text)
        bytes += column->memoryBytes();
    for (const auto& column : m_numbers)
        bytes += column->memoryBytes();
    return bytes;
}

} // namespace postern::frame
