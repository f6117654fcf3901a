// One text column of a chunk, in the cheapest of three forms: Plain (a text a row), Dictionary (texts that
// repeat, a code a row) or Template. A template is a text in which values of other columns of the same row
// are replaced by references: nearly every Name is {user}_{type} and every DeviceIdentity a path around the
// user and the device id, so one template serves hundreds of rows and the text costs two bytes instead of
// ninety. Immutable; any thread.
#pragma once

#include <array>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "models/frame/DeviceColumns.h"
#include "models/frame/TextArena.h"

namespace postern::frame {

// What a template may refer to, in the order in which texts are searched for it: the most specific first.
enum class Reference : std::uint8_t { UserPrincipalName, EasDeviceId, UserName, LocalPart, DeviceType };
inline constexpr int referenceCount = int(Reference::DeviceType) + 1;
using ReferenceTexts = std::array<std::string_view, referenceCount>;

// Columns that are kept as templates when that is cheaper, and the columns whose change changes them.
[[nodiscard]] bool mayBeTemplate(DeviceColumn column);
[[nodiscard]] DeviceColumn sourceColumn(Reference reference);
[[nodiscard]] std::string_view localPart(std::string_view userPrincipalName);

class TextColumn
{
public:
    enum class Form : std::uint8_t { Plain, Dictionary, Template };

    [[nodiscard]] static std::shared_ptr<const TextColumn> encode(std::span<const std::string_view> cells);
    // Null when templates would not repay.
    [[nodiscard]] static std::shared_ptr<const TextColumn> encodeTemplates(
        std::span<const std::string_view> cells, std::span<const ReferenceTexts> references);

    [[nodiscard]] Form form() const { return m_form; }
    [[nodiscard]] const TextArena& entries() const { return m_entries; }
    [[nodiscard]] std::size_t entryOf(std::size_t row) const
    {
        return m_form == Form::Plain ? row : std::size_t(m_codes.at(row));
    }
    // entryOf of every row of a Dictionary or Template column, at once.
    [[nodiscard]] std::vector<qint64> entriesOfRows() const
    {
        std::vector<qint64> entries(m_codes.size());
        m_codes.decode(entries.data());
        return entries;
    }
    [[nodiscard]] std::string_view entryAt(std::size_t row) const { return m_entries.at(entryOf(row)); }
    [[nodiscard]] qint64 memoryBytes() const { return m_entries.memoryBytes() + m_codes.memoryBytes(); }

    // The byte that stands for a reference inside a template; not part of any UTF-8.
    [[nodiscard]] static constexpr char marker(Reference reference) { return char(0xF8 + int(reference)); }
    [[nodiscard]] static std::optional<Reference> referenceOf(char byte);
    // How many bytes of a template come before its next reference.
    [[nodiscard]] static std::size_t literalLength(std::string_view pattern);

private:
    TextArena m_entries;
    PackedInts m_codes;
    Form m_form = Form::Plain;
};

} // namespace postern::frame
