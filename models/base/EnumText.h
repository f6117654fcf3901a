// Enums have their text in one place: a table beside the enum, found through EnumTable<E>. The text is the
// wire and database form (English, stable); what people read is made in ui with tr(). Any thread, no
// allocation.
#pragma once

#include <QStringView>
#include <optional>
#include <span>

#include "models/base/Error.h"

namespace postern {

template <class E> struct EnumEntry
{
    E value;
    QStringView text;
};

// Specialise: static std::span<const EnumEntry<E>> entries();
template <class E> struct EnumTable;

template <class E> [[nodiscard]] QStringView enumText(E value)
{
    for (const auto& entry : EnumTable<E>::entries()) {
        if (entry.value == value)
            return entry.text;
    }
    return {};
}

// Case-insensitive, as Exchange and Graph compare enum names. nullopt: unknown text, keep the raw text beside
// it.
template <class E> [[nodiscard]] std::optional<E> enumFromText(QStringView text)
{
    for (const auto& entry : EnumTable<E>::entries()) {
        if (entry.text.compare(text, Qt::CaseInsensitive) == 0)
            return entry.value;
    }
    return std::nullopt;
}

template <> struct EnumTable<ErrorCode>
{
    static std::span<const EnumEntry<ErrorCode>> entries();
};

} // namespace postern
