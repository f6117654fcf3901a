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
    if (entries.none())
        return *hits;
    const std::vector<qint64> entryOf = cells.entriesOfRows();
    hits->fill([&](std::size_t row) { return entries.test(std::size_t(entryOf[row])); });
    return *hits;
}

namespace {

// A border between a reference and the text beside it that a match may cross: what the needle then needs of
// the referenced cell's near end.
struct Border
{
    Reference reference;
    bool needleBegins; // in the reference, before the text; else it ends there, after the text
    std::string_view part; // of the needle that lies in the reference, or in it and beyond
    std::vector<bool> agreeing; // each entry of the reference's column, when that is a dictionary
};

// One template against one needle.
struct Plan
{
    bool everywhere = false; // its own text has the needle
    bool lookAtEach = false; // two references side by side: no telling without the cells
    std::uint32_t references = 0; // bit n: refers to Reference(n)
    std::vector<Border> borders;
};

bool mayHave(std::string_view needle, char c)
{
    return (c & 0x80) != 0 || needle.find(asciiLower(c)) != std::string_view::npos;
}

void addBordersAfter(Plan& plan, std::string_view needle, std::string_view literal, Reference next)
{
    if (!mayHave(needle, literal.back()))
        return;
    const std::string text = folded(literal);
    for (std::size_t split = 1; split < needle.size(); ++split) {
        const std::size_t common = std::min(split, text.size());
        if (needle.substr(split - common, common) == std::string_view(text).substr(text.size() - common))
            plan.borders.push_back({next, false, needle.substr(split), {}});
    }
}

void addBordersBefore(Plan& plan, std::string_view needle, std::string_view literal, Reference previous)
{
    if (!mayHave(needle, literal.front()))
        return;
    const std::string text = folded(literal);
    for (std::size_t split = 1; split < needle.size(); ++split) {
        const std::size_t common = std::min(needle.size() - split, text.size());
        if (needle.substr(split, common) == std::string_view(text).substr(0, common))
            plan.borders.push_back({previous, true, needle.substr(0, split), {}});
    }
}

Plan planFor(std::string_view pattern, std::string_view needle)
{
    Plan plan;
    std::optional<Reference> previous;
    for (std::string_view rest = pattern; !rest.empty();) {
        const std::string_view literal = rest.substr(0, TextColumn::literalLength(rest));
        rest.remove_prefix(literal.size());
        std::optional<Reference> next;
        if (!rest.empty())
            next = TextColumn::referenceOf(rest.front());
        if (next)
            plan.references |= 1U << int(*next);
        if (literal.empty() && previous && next)
            plan.lookAtEach = needle.size() > 1;
        if (!literal.empty() && next)
            addBordersAfter(plan, needle, literal, *next);
        if (!literal.empty() && previous)
            addBordersBefore(plan, needle, literal, *previous);
        previous = next;
        rest.remove_prefix(rest.empty() ? 0 : 1);
    }
    return plan;
}

bool equalFolded(std::string_view cell, std::string_view lower)
{
    return std::ranges::equal(cell, lower, [](char a, char b) { return asciiLower(a) == b; });
}

// Whether the cell's end (or beginning) agrees with the needle's part, as far as both reach.
bool agrees(const Border& border, std::string_view cell)
{
    if (!isAscii(cell))
        return true; // rare enough to look at the whole text
    const std::size_t common = std::min(cell.size(), border.part.size());
    if (border.needleBegins)
        return equalFolded(
            cell.substr(cell.size() - common), border.part.substr(border.part.size() - common));
    return equalFolded(cell.substr(0, common), border.part.substr(0, common));
}

void lookUpEntries(Border& border, const TextColumn& source)
{
    if (source.form() != TextColumn::Form::Dictionary)
        return;
    for (std::size_t i = 0; i < source.entries().size(); ++i) {
        const std::string_view text = source.entries().at(i);
        border.agreeing.push_back(
            agrees(border, border.reference == Reference::LocalPart ? localPart(text) : text));
    }
}

std::vector<Plan> plansFor(const Chunk& chunk, const TextColumn& column, const Needle& needle)
{
    std::vector<Plan> plans;
    plans.reserve(column.entries().size());
    for (std::size_t i = 0; i < column.entries().size(); ++i) {
        plans.push_back(planFor(column.entries().at(i), needle.bytes()));
        for (Border& border : plans.back().borders)
            lookUpEntries(border, chunk.textColumn(sourceColumn(border.reference)));
    }
    column.entries().search(needle, [&plans](std::size_t entry) { plans[entry].everywhere = true; });
    return plans;
}

bool mayCross(const Chunk& chunk, const Plan& plan, std::size_t row)
{
    return plan.lookAtEach || std::ranges::any_of(plan.borders, [&](const Border& border) {
        if (border.agreeing.empty())
            return agrees(border, chunk.reference(row, border.reference));
        return bool(border.agreeing[chunk.textColumn(sourceColumn(border.reference)).entryOf(row)]);
    });
}

} // namespace

void ChunkSearch::searchTemplates(DeviceColumn column)
{
    const TextColumn& cells = m_chunk.textColumn(column);
    const std::vector<Plan> plans = plansFor(m_chunk, cells, m_needle);
    std::uint32_t used = 0;
    bool byRow = false;
    for (const Plan& plan : plans) {
        used |= plan.references;
        byRow = byRow || plan.everywhere || plan.lookAtEach || !plan.borders.empty();
    }
    std::string scratch;
    const auto verify = [&](std::size_t row) {
        if (m_needle.isIn(m_chunk.text(row, column, scratch)))
            m_hits.set(row);
    };
    // What a referenced cell contains, the text contains.
    for (int i = 0; i < referenceCount; ++i) {
        if ((used >> i & 1) == 0)
            continue;
        const bool whole = Reference(i) != Reference::LocalPart;
        found(sourceColumn(Reference(i))).each([&](std::size_t row) {
            if (m_hits.test(row) || (plans[cells.entryOf(row)].references >> i & 1) == 0)
                return;
            whole ? m_hits.set(row) : verify(row);
        });
    }
    for (std::size_t row = 0; byRow && row < m_chunk.rows(); ++row) {
        if (m_hits.test(row))
            continue;
        const Plan& plan = plans[cells.entryOf(row)];
        if (plan.everywhere)
            m_hits.set(row);
        else if (mayCross(m_chunk, plan, row))
            verify(row);
    }
}

} // namespace postern::frame
