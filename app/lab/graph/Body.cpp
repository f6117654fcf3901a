#include "app/lab/graph/Body.h"

#include <QJsonDocument>
#include <algorithm>

#include "app/lab/text/Text.h"

namespace postern::lab {

namespace {

bool fits(const QJsonValue& value, const BodyField& field)
{
    if (value.isNull())
        return field.nullable;
    switch (field.kind) {
    case JsonKind::Text:
        return value.isString();
    case JsonKind::Flag:
        return value.isBool();
    case JsonKind::Number:
        return value.isDouble();
    case JsonKind::Object:
        return value.isObject();
    case JsonKind::List:
        return value.isArray();
    }
    return false;
}

std::optional<GraphAnswer> wrong(const QJsonObject& body, std::span<const BodyField> fields,
    const std::function<std::string(const std::string&)>& unknown)
{
    for (auto at = body.begin(); at != body.end(); ++at) {
        const std::string name = at.key().toStdString();
        if (name.find('@') != std::string::npos)
            continue;
        const auto field = std::find_if(
            fields.begin(), fields.end(), [&](const BodyField& known) { return known.name == name; });
        if (field == fields.end())
            return badRequest(unknown(name));
        if (!fits(at.value(), *field))
            return badRequest("Cannot convert the literal of property '" + name + "' to the expected type.");
    }
    return std::nullopt;
}

} // namespace

Answered<QJsonObject> bodyOf(const GraphCall& call, bool mayBeEmpty)
{
    if (call.body.empty()) {
        if (mayBeEmpty)
            return QJsonObject();
        return refused(400, "BadRequest", "Empty Payload. JSON content expected.");
    }
    const auto type = call.headers.find("content-type");
    if (type == call.headers.end())
        return refused(400, "BadRequest",
            "Write requests (excluding DELETE) must contain the Content-Type header declaration.");
    if (!startsWithIgnoreCase(type->second, "application/json"))
        return refused(415, "UnsupportedMediaType",
            "A supported MIME type could not be found that matches the content type of the request.");
    const QJsonDocument document = QJsonDocument::fromJson(QByteArray::fromStdString(call.body));
    if (!document.isObject())
        return refused(400, "BadRequest",
            "Unable to read JSON request payload. Please ensure Content-Type header is set and payload is of "
            "valid JSON format.");
    return document.object();
}

std::optional<GraphAnswer> wrongParameter(
    const QJsonObject& body, std::span<const BodyField> fields, std::string_view operation)
{
    return wrong(body, fields, [operation](const std::string& name) {
        return "The parameter '" + name
            + "' in the request payload is not a valid parameter for the operation '" + std::string(operation)
            + "'.";
    });
}

std::optional<GraphAnswer> wrongProperty(
    const QJsonObject& body, std::span<const BodyField> fields, std::string_view type)
{
    return wrong(body, fields, [type](const std::string& name) {
        return "The property '" + name + "' does not exist on type '" + std::string(type)
            + "'. Make sure to only use property names that are defined by the type.";
    });
}

} // namespace postern::lab
