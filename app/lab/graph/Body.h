// Bodies of requests, held against a list of what an action or a type takes: unknown properties and wrong
// types are refused in Graph's words. Pure, any thread.
#pragma once

#include <QJsonObject>
#include <span>

#include "app/lab/graph/GraphCall.h"

namespace postern::lab {

enum class JsonKind { Text, Flag, Number, Object, List };

struct BodyField
{
    std::string_view name;
    JsonKind kind = JsonKind::Text;
    bool nullable = true;
};

// An object, or an empty one when there is no body and `mayBeEmpty`.
[[nodiscard]] Answered<QJsonObject> bodyOf(const GraphCall& call, bool mayBeEmpty);
// For actions: "The parameter 'x' … is not a valid parameter for the operation 'wipe'."
[[nodiscard]] std::optional<GraphAnswer> wrongParameter(
    const QJsonObject& body, std::span<const BodyField> fields, std::string_view operation);
// For entities: "The property 'x' does not exist on type …".
[[nodiscard]] std::optional<GraphAnswer> wrongProperty(
    const QJsonObject& body, std::span<const BodyField> fields, std::string_view type);

} // namespace postern::lab
