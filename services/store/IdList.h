// Statements over a list of ids or texts, which travels as one bound JSON array. Store thread, inside a
// Session.
#pragma once

#include <functional>
#include <vector>

#include "services/store/Query.h"

namespace postern::store {

// "IN (…)" over the JSON array of numbers, or of texts, that is bound as :list.
[[nodiscard]] const char* idList(Dialect dialect);
[[nodiscard]] const char* textList(Dialect dialect);

// Runs `sql` for ids in chunks; `bindRest` binds the other parameters. Returns how many rows it affected.
[[nodiscard]] Expected<int> runForIds(
    Session& session, Sql sql, const std::vector<qint64>& ids, const std::function<void(Query&)>& bindRest);
[[nodiscard]] QString jsonIds(const qint64* first, std::size_t count);

} // namespace postern::store
