#include "models/frame/TextColumn.h"

#include <deque>
#include <unordered_map>

namespace postern::frame {

namespace {

// A dictionary pays when the distinct texts and the codes take less than the texts themselves.
struct Distinct
{
    std::vector<std::string_view> texts;
    std::vector<qint64> codes;
    qint64 distinctBytes = 0;
    qint64 allBytes = 0;

    [[nodiscard]] bool pays() const
    {
        constexpr int offsetBytes = 2;
        const auto rows = qint64(codes.size());
        const auto entries = qint64(texts.size());
        const int codeBytes = entries <= 1 ? 0 : entries <= 256 ? 1 : 2;
        return distinctBytes + entries * (1 + offsetBytes) + rows * codeBytes
            < allBytes + rows * (1 + offsetBytes);
    }
};

Distinct distinctOf(std::span<const std::string_view> cells)
{
    Distinct result;
    result.codes.reserve(cells.size());
    std::unordered_map<std::string_view, qint64> codes;
    for (const std::string_view cell : cells) {
        result.allBytes += qint64(cell.size());
        const auto [at, isNew] = codes.try_emplace(cell, qint64(result.texts.size()));
        if (isNew) {
            result.texts.push_back(cell);
            result.distinctBytes += qint64(cell.size());
        }
        result.codes.push_back(at->second);
    }
    return result;
}

// Ids and numbers of telephones never repeat; the first rows tell, and spare the rest the hashing.
bool looksUnique(std::span<const std::string_view> cells)
{
    constexpr std::size_t sample = 128;
    if (cells.size() < 4 * sample)
        return false;
    return distinctOf(cells.first(sample)).texts.size() == sample
        && distinctOf(cells.last(sample)).texts.size() == sample;
}

// Shorter values occur by chance, and a reference to them would make templates many.
constexpr std::size_t shortestReference = 3;

std::string templateOf(std::string_view cell, const ReferenceTexts& references)
{
    std::string pattern(cell);
    for (int i = 0; i < referenceCount; ++i) {
        const std::string_view value = references[std::size_t(i)];
        if (value.size() < shortestReference || value.size() > pattern.size())
            continue;
        const std::size_t at = pattern.find(value);
        if (at != std::string::npos)
            pattern.replace(at, value.size(), 1, TextColumn::marker(Reference(i)));
    }
    return pattern;
}

} // namespace

bool mayBeTemplate(DeviceColumn column)
{
    return column == DeviceColumn::Name || column == DeviceColumn::EmailAddress
        || column == DeviceColumn::DeviceIdentity;
}

DeviceColumn sourceColumn(Reference reference)
{
    switch (reference) {
    case Reference::EasDeviceId:
        return DeviceColumn::EasDeviceId;
    case Reference::UserName:
        return DeviceColumn::UserName;
    case Reference::DeviceType:
        return DeviceColumn::DeviceType;
    case Reference::UserPrincipalName:
    case Reference::LocalPart:
        break;
    }
    return DeviceColumn::UserPrincipalName;
}

std::string_view localPart(std::string_view userPrincipalName)
{
    return userPrincipalName.substr(0, userPrincipalName.find('@'));
}

std::shared_ptr<const TextColumn> TextColumn::encode(std::span<const std::string_view> cells)
{
    auto column = std::make_shared<TextColumn>();
    if (!looksUnique(cells)) {
        const Distinct distinct = distinctOf(cells);
        if (distinct.pays()) {
            column->m_form = Form::Dictionary;
            column->m_entries = TextArena(distinct.texts);
            column->m_codes = PackedInts(distinct.codes);
            return column;
        }
    }
    column->m_entries = TextArena(cells);
    return column;
}

std::shared_ptr<const TextColumn> TextColumn::encodeTemplates(
    std::span<const std::string_view> cells, std::span<const ReferenceTexts> references)
{
    std::deque<std::string> patterns;
    std::vector<std::string_view> views;
    views.reserve(cells.size());
    qint64 cellBytes = 0;
    for (std::size_t i = 0; i < cells.size(); ++i) {
        views.push_back(patterns.emplace_back(templateOf(cells[i], references[i])));
        cellBytes += qint64(cells[i].size());
    }
    const Distinct distinct = distinctOf(views);
    // Templates make reading and searching dearer, so they have to halve the column at least.
    const qint64 cost = distinct.distinctBytes + qint64(distinct.texts.size()) * 3 + qint64(cells.size()) * 2;
    if (2 * cost > cellBytes || distinct.texts.size() * 4 > cells.size())
        return nullptr;
    auto column = std::make_shared<TextColumn>();
    column->m_form = Form::Template;
    column->m_entries = TextArena(distinct.texts);
    column->m_codes = PackedInts(distinct.codes);
    return column;
}

std::optional<Reference> TextColumn::referenceOf(char byte)
{
    const int index = int(std::uint8_t(byte)) - 0xF8;
    if (index < 0 || index >= referenceCount)
        return std::nullopt;
    return Reference(index);
}

std::size_t TextColumn::literalLength(std::string_view pattern)
{
    std::size_t end = 0;
    while (end < pattern.size() && !referenceOf(pattern[end]))
        ++end;
    return end;
}

} // namespace postern::frame
