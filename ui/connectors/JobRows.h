// Jobs as rows of a list: columns and cells, shared by the connector's Sync History and Monitoring. GUI
// thread.
#pragma once

#include "models/domain/Work.h"
#include "ui/connectors/KeyedList.h"

namespace postern::connectors {

[[nodiscard]] QStringList jobHeaders();
[[nodiscard]] ListRow jobRow(const Job& job, const QString& connectorName);
// Widths, newest first; without the connector's column where all rows have the same.
void setJobColumns(KeyedList& list, bool withConnector = false);

} // namespace postern::connectors
