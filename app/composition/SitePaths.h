// Where the files of a site lie. One place, so that console and agent agree. Any thread.
#pragma once

#include <QString>

#include "services/store/SiteAddress.h"

namespace postern::composition {

// "<folder of the database>/Logs/EasDisc.log"; for a PostgreSQL site the folder is the user's data folder
// (LOG-01).
[[nodiscard]] QString traceLogPath(const store::SiteAddress& site);

} // namespace postern::composition
