// The body of a page, parsed once and read many times: a list ("value") with links and marks around it. Over
// simdjson, which reads inventory pages some ten times faster than QJsonDocument. Immutable after parse(),
// any thread. Errors: Malformed with the place, LimitExceeded (deeper than we accept). graph-reference 3, 8.
#pragma once

#include <simdjson.h>

#include <QByteArray>
#include <QString>
#include <QUrl>
#include <memory>
#include <optional>

#include "models/base/Error.h"

namespace postern::graph {

using JsonElement = simdjson::dom::element;

class JsonBody
{
public:
    // A JSON object with an array "value". `origin` names the request in errors.
    [[nodiscard]] static Expected<std::shared_ptr<const JsonBody>> parseList(
        QByteArray body, const QString& origin);

    [[nodiscard]] simdjson::dom::array items() const { return m_items; }
    [[nodiscard]] qint64 size() const { return m_size; }
    [[nodiscard]] const QUrl& nextLink() const { return m_nextLink; } // empty: no further page
    [[nodiscard]] const QUrl& deltaLink() const { return m_deltaLink; }
    // @odata.count: of the whole list, or, at Intune, of this page.
    [[nodiscard]] std::optional<qint64> count() const { return m_count; }

private:
    JsonBody() = default;
    Expected<void> read(const QString& origin);

    QByteArray m_bytes; // the parser reads a little beyond its end: reserved
    simdjson::dom::parser m_parser; // owns the parsed form
    simdjson::dom::array m_items;
    qint64 m_size = 0;
    QUrl m_nextLink, m_deltaLink;
    std::optional<qint64> m_count;
};

} // namespace postern::graph
