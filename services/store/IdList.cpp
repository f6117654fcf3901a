#include "services/store/IdList.h"

namespace postern::store {

const char* idList(Dialect dialect)
{
    return dialect == Dialect::Sqlite
        ? "IN (SELECT value FROM json_each(:list))"
        : "IN (SELECT value::bigint FROM json_array_elements_text(CAST(:list AS json)) AS value)";
}

const char* textList(Dialect dialect)
{
    return dialect == Dialect::Sqlite
        ? "IN (SELECT value FROM json_each(:list))"
        : "IN (SELECT value FROM json_array_elements_text(CAST(:list AS json)) AS value)";
}

QString jsonIds(const qint64* first, std::size_t count)
{
    QString json = QStringLiteral("[");
    for (std::size_t i = 0; i < count; ++i) {
        if (i > 0)
            json += u',';
        json += QString::number(first[i]);
    }
    return json + u']';
}

Expected<int> runForIds(
    Session& session, Sql sql, const std::vector<qint64>& ids, const std::function<void(Query&)>& bindRest)
{
    constexpr std::size_t chunk = 1000;
    qint64 affected = 0;
    for (std::size_t at = 0; at < ids.size(); at += chunk) {
        Query query(session, sql);
        query.bind(":list", jsonIds(ids.data() + at, std::min(chunk, ids.size() - at)));
        bindRest(query);
        if (auto done = query.run(); !done)
            return tl::unexpected(done.error());
        affected += query.affected();
    }
    return int(affected);
}

} // namespace postern::store
