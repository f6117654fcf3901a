#include "app/composition/SitePaths.h"

#include <QFileInfo>
#include <QStandardPaths>

namespace postern::composition {

QString traceLogPath(const store::SiteAddress& site)
{
    const QString folder = site.dialect() == store::Dialect::Sqlite
        ? QFileInfo(site.filePath()).absolutePath()
        : QStandardPaths::writableLocation(QStandardPaths::GenericDataLocation) + QStringLiteral("/Postern");
    return folder + QStringLiteral("/Logs/EasDisc.log");
}

} // namespace postern::composition
