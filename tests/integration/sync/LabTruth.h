// What the lab's truth says, and what a site shows, as lines that compare: "owner|device|state|reason|last
// success|user". Test thread.
#pragma once

#include <QJsonArray>
#include <QStringList>

#include "tests/services/sync/SyncFixture.h"

namespace postern::sync::test {

[[nodiscard]] QStringList storedRows(SyncFixture& fixture);
[[nodiscard]] QStringList trueRows(const QJsonArray& phones);
// Twenty lines at most: what is missing and what is not true.
[[nodiscard]] QString differences(const QStringList& have, const QStringList& want);
[[nodiscard]] QString identityOf(const QString& row); // owner and device
[[nodiscard]] QString lastSuccessOf(const QString& row);

} // namespace postern::sync::test
