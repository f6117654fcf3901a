// From a page of Graph to values: every object of the list through a FieldTable, problems with the object's
// id. Runs on the thread pool; each call has state of its own. A bad object is a problem of the page.
#pragma once

#include <functional>

#include "services/graph/GraphErrors.h"
#include "services/graph/JsonRow.h"
#include "services/graph/PageReader.h"

namespace postern::graph {

// An object of a delta that says only what became of it.
struct DeltaMarks
{
    QStringList removed; // @removed
};

template <class T>
using MapBody = std::function<Page<T>(const JsonBody& body, qint64 first, DeltaMarks* marks)>;

// T has `id`. `first` is the number of the list's first object, to name those without an id. `marks` collects
// removed ones when it is a delta.
template <class T>
[[nodiscard]] Page<T> mapList(
    const FieldTable<T>& table, const JsonBody& body, qint64 first, DeltaMarks* marks, const QString& what)
{
    Page<T> page;
    page.items.reserve(size_t(body.size()));
    JsonRow row(&page.problems);
    FieldReader<T> reader(table);
    for (const JsonElement element : body.items()) {
        ++first;
        const size_t known = page.problems.size();
        T item;
        simdjson::dom::object object;
        const bool isObject = element.get(object) == simdjson::SUCCESS;
        JsonElement removed;
        const bool gone = isObject && marks && object["@removed"].get(removed) == simdjson::SUCCESS;
        if (isObject)
            reader.read(item, object, row);
        if (item.id.isEmpty()) {
            page.problems.push_back(
                {QString(), isObject ? QStringLiteral("id: missing") : QStringLiteral("not an object")});
            ++page.skipped;
        }
        for (size_t i = known; i < page.problems.size(); ++i) {
            page.problems[i].object
                = item.id.isEmpty() ? QStringLiteral("%1, object %2").arg(what).arg(first) : item.id;
        }
        if (item.id.isEmpty())
            continue;
        if (gone)
            marks->removed += item.id;
        else
            page.items.push_back(std::move(item));
    }
    return page;
}

// One object by itself.
template <class T>
[[nodiscard]] Expected<T> mapOne(const FieldTable<T>& table, const QByteArray& object, const QString& origin)
{
    // As a list of one: the same reader, the same limits.
    const auto body = JsonBody::parseList("{\"value\":[" + object + "]}", origin);
    if (!body) {
        const QString place = jsonFault(object);
        return place.isEmpty() ? fail(body.error()) : fail(body.error().code, place, origin);
    }
    Page<T> page = mapList(table, **body, 0, nullptr, origin);
    if (page.items.size() != 1)
        return fail(ErrorCode::Malformed,
            page.problems.empty() ? QStringLiteral("no object") : page.problems.front().reason, origin);
    return std::move(page.items.front());
}

} // namespace postern::graph
