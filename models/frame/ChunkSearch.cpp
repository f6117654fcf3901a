#include "models/frame/ChunkSearch.h"

#include <algorithm>
#include <bit>

#include "models/frame/TextFold.h"

namespace postern::frame {

bool RowBits::none() const
{
    return std::ranges::all_of(m_words, [](std::uint64_t word) { return word == 0; });
}

std::size_t RowBits::count() const
{
    std::size_t n = 0;
    for (const std::uint64_t word : m_words)
        n += std::size_t(std::popcount(word));
    return n;
}

void RowBits::invert()
{
    for (std::uint64_t& word : m_words)
        word = ~word;
    if (m_rows % 64 != 0)
        m_words.back() &= (std::uint64_t(1) << (m_rows % 64)) - 1;
}

RowBits& RowBits::operator|=(const RowBits& other)
{
    for (std::size_t i = 0; i < m_words.size(); ++i)
        m_words[i] |= other.m_words[i];
    return *this;
}

RowBits& RowBits::operator&=(const RowBits& other)
{
    for (std::size_t i = 0; i < m_words.size(); ++i)
        m_words[i] &= other.m_words[i];
    return *this;
}

const RowBits& ChunkSearch::search(std::span<const DeviceColumn> columns)
{
    // Templates last: rows that another column brought in already need no look.
    for (const DeviceColumn column : columns) {
        if (m_chunk.textColumn(column).form() != TextColumn::Form::Template && !m_hits.all())
            m_hits |= found(column);
    }
    for (const DeviceColumn column : columns) {
        if (m_chunk.textColumn(column).form() == TextColumn::Form::Template && !m_hits.all())
            searchTemplates(column);
    }
    return m_hits;
}

const RowBits& ChunkSearch::found(DeviceColumn column)
{
    auto& hits = m_found[std::size_t(column)];
    if (hits)
        return *hits;
    hits.emplace(m_chunk.rows());
    const TextColumn& cells = m_chunk.textColumn(column);
    if (cells.form() == TextColumn::Form::Plain) {
        cells.entries().search(m_needle, [&hits](std::size_t row) { hits->set(row); });
        return *hits;
    }
    RowBits entries(cells.entries().size());
    cells.entries().search(m_needle, [&entries](std::size_t entry) { entries.set(entry); });
    const std::size_t end = entries.none() ? 0 : m_chunk.rows();
    for (std::size_t row = 0; row < end; ++row) {
        if (entries.test(cells.entryOf(row)))
            hits->set(row);
    }
    return *hits;
}

namespace {

enum Verdict : std::uint8_t {
    OnlyInReferences, // the match can only lie inside one of the referenced cells
    Everywhere, // the template's own text has it
    Unclear, // it may lie across the border of a reference: look at each row
};

// Whether a match could end inside what follows `literal` (which it must then cover the end of).
bool mayLeave(std::string_view needle, std::string_view literal)
{
    const char last = literal.back();
    if ((last & 0x80) == 0
        && needle.substr(0, needle.size() - 1).find(asciiLower(last)) == std::string_view::npos)
        return false;
    const std::string text = folded(literal);
    for (std::size_t split = 1; split < needle.size(); ++split) {
        const std::size_t common = std::min(split, text.size());
        if (needle.substr(split - common, common) == std::string_view(text).substr(text.size() - common))
            return true;
    }
    return false;
}

// Whether a match could begin inside what stands before `literal`.
bool mayEnter(std::string_view needle, std::string_view literal)
{
    const char first = literal.front();
    if ((first & 0x80) == 0 && needle.substr(1).find(asciiLower(first)) == std::string_view::npos)
        return false;
    const std::string text = folded(literal);
    for (std::size_t split = 1; split < needle.size(); ++split) {
        const std::size_t common = std::min(needle.size() - split, text.size());
        if (needle.substr(split, common) == std::string_view(text).substr(0, common))
            return true;
    }
    return false;
}

// Whether a match could cover the border between a reference and what stands beside it.
bool mayStraddle(std::string_view needle, std::string_view pattern)
{
    if (needle.size() < 2)
        return false;
    std::size_t literalFrom = 0;
    bool afterReference = false;
    for (std::size_t at = 0; at <= pattern.size(); ++at) {
        const bool isReference = at < pattern.size() && TextColumn::referenceOf(pattern[at]);
        if (at < pattern.size() && !isReference)
            continue;
        const std::string_view literal = pattern.substr(literalFrom, at - literalFrom);
        if (literal.empty() && isReference && afterReference)
            return true;
        if (!literal.empty()
            && ((isReference && mayLeave(needle, literal)) || (afterReference && mayEnter(needle, literal))))
            return true;
        afterReference = isReference;
        literalFrom = at + 1;
    }
    return false;
}

} // namespace

std::vector<std::uint8_t> ChunkSearch::verdicts(const TextColumn& column) const
{
    std::vector<std::uint8_t> result(column.entries().size(), OnlyInReferences);
    for (std::size_t i = 0; i < result.size(); ++i) {
        if (mayStraddle(m_needle.bytes(), column.entries().at(i)))
            result[i] = Unclear;
    }
    column.entries().search(m_needle, [&result](std::size_t entry) { result[entry] = Everywhere; });
    return result;
}

void ChunkSearch::verify(DeviceColumn column, std::size_t row)
{
    std::string scratch;
    if (!m_hits.test(row) && m_needle.isIn(m_chunk.text(row, column, scratch)))
        m_hits.set(row);
}

void ChunkSearch::searchTemplates(DeviceColumn column)
{
    const TextColumn& cells = m_chunk.textColumn(column);
    const std::vector<std::uint8_t> verdictOf = verdicts(cells);
    bool isUnclear = false;
    std::uint32_t used = 0; // references that any template makes
    for (std::size_t i = 0; i < verdictOf.size(); ++i) {
        isUnclear = isUnclear || verdictOf[i] != OnlyInReferences;
        for (const char byte : cells.entries().at(i)) {
            if (const auto reference = TextColumn::referenceOf(byte))
                used |= 1U << int(*reference);
        }
    }
    RowBits candidates(m_chunk.rows());
    for (int i = 0; i < referenceCount; ++i) {
        if ((used >> i & 1) != 0)
            candidates |= found(sourceColumn(Reference(i)));
    }
    for (std::size_t row = 0; isUnclear && row < m_chunk.rows(); ++row) {
        const auto verdict = verdictOf[cells.entryOf(row)];
        if (verdict == Everywhere)
            m_hits.set(row);
        else if (verdict == Unclear)
            candidates.set(row);
    }
    candidates.each([this, column](std::size_t row) { verify(column, row); });
}

} // namespace postern::frame
