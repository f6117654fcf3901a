// An enum of a service that may learn new values before Postern does: the value, and the service's own word
// when the table does not know it, so that nothing is lost on the way to the store and back. Any thread.
#pragma once

#include <QString>

#include "models/base/EnumText.h"

namespace postern {

template <class E> struct OpenEnum
{
    E value{}; // the enum's first value when raw is not empty
    QString raw; // empty for known values

    OpenEnum() = default;
    OpenEnum(E known)
        : value(known)
    {
    }
    // Letter case does not count. An empty text is the first value.
    [[nodiscard]] static OpenEnum fromText(QStringView text)
    {
        OpenEnum result;
        if (const std::optional<E> known = enumFromText<E>(text))
            result.value = *known;
        else
            result.raw = text.toString();
        return result;
    }
    [[nodiscard]] QString text() const { return raw.isEmpty() ? enumText(value).toString() : raw; }
    [[nodiscard]] bool isKnown() const { return raw.isEmpty(); }

    bool operator==(const OpenEnum&) const = default;
    bool operator==(E known) const { return raw.isEmpty() && value == known; }
};

} // namespace postern
