#include "services/graph/JsonBody.h"

#include "services/graph/GraphErrors.h"

namespace postern::graph {

using namespace Qt::StringLiterals;

namespace {

constexpr size_t deepest = 64; // a managed device with everything in it has 5
constexpr size_t largest = 256 * 1024 * 1024;

Error parseError(const QByteArray& body, simdjson::error_code code, const QString& origin)
{
    // simdjson does not say where; Qt does, and this path is cold.
    const QString place = jsonFault(body);
    if (place.isEmpty() && code == simdjson::DEPTH_ERROR)
        return {ErrorCode::LimitExceeded, u"JSON deeper than %1"_s.arg(deepest), origin, std::nullopt};
    const QString words = QString::fromLatin1(simdjson::error_message(code));
    return {ErrorCode::Malformed, place.isEmpty() ? words : place, origin, std::nullopt};
}

// nullopt: it is there and no text.
std::optional<QUrl> linkAt(const simdjson::dom::object& object, std::string_view key)
{
    JsonElement value;
    if (object[key].get(value) != simdjson::SUCCESS || value.is_null())
        return QUrl();
    std::string_view text;
    if (value.get(text) != simdjson::SUCCESS || text.size() > 64 * 1024)
        return std::nullopt;
    return QUrl::fromEncoded(QByteArray(text.data(), qsizetype(text.size())));
}

} // namespace

Expected<std::shared_ptr<const JsonBody>> JsonBody::parseList(QByteArray body, const QString& origin)
{
    const std::shared_ptr<JsonBody> parsed(new JsonBody);
    parsed->m_bytes = std::move(body);
    parsed->m_bytes.reserve(parsed->m_bytes.size() + qsizetype(simdjson::SIMDJSON_PADDING));
    if (const auto read = parsed->read(origin); !read)
        return fail(read.error());
    return std::shared_ptr<const JsonBody>(parsed);
}

Expected<void> JsonBody::read(const QString& origin)
{
    const size_t size = size_t(m_bytes.size());
    if (size > largest)
        return fail(ErrorCode::LimitExceeded, u"a page of %1 bytes"_s.arg(size), origin);
    simdjson::error_code code = m_parser.allocate(std::max<size_t>(size, 64), deepest);
    JsonElement root;
    if (code == simdjson::SUCCESS)
        code = m_parser.parse(m_bytes.constData(), size, false).get(root);
    if (code != simdjson::SUCCESS)
        return fail(parseError(m_bytes, code, origin));
    simdjson::dom::object object;
    if (root.get(object) != simdjson::SUCCESS)
        return fail(ErrorCode::Malformed, u"JSON, but no object"_s, origin);
    if (object["value"].get(m_items) != simdjson::SUCCESS)
        return fail(ErrorCode::Malformed, u"no list \"value\" in it"_s, origin);
    m_size = std::distance(m_items.begin(), m_items.end());
    const auto next = linkAt(object, "@odata.nextLink");
    const auto delta = linkAt(object, "@odata.deltaLink");
    if (!next || !delta)
        return fail(ErrorCode::Malformed, u"a link that is no text"_s, origin);
    m_nextLink = *next;
    m_deltaLink = *delta;
    int64_t count = 0;
    if (object["@odata.count"].get(count) == simdjson::SUCCESS && count >= 0)
        m_count = count;
    return {};
}

} // namespace postern::graph
