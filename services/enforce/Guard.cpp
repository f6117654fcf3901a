#include "services/enforce/Guard.h"

#include <QSet>

namespace postern::enforce {

qint64 newlyBlocked(const ExchangeWrite& write)
{
    const auto* list = std::get_if<ListWrite>(&write);
    if (!list)
        return 0;
    QSet<QString> ids;
    for (const QStringList* some : {&list->addBlocked, &list->removeAllowed}) {
        for (const QString& id : *some)
            ids.insert(id.trimmed().toCaseFolded());
    }
    return ids.size();
}

std::optional<MassChange> massChange(std::span<const ExchangeWrite> writes, qint64 partnerships)
{
    MassChange change;
    for (const ExchangeWrite& write : writes)
        change.newlyBlocked += newlyBlocked(write);
    change.allowedAtOnce = std::max<qint64>(50, partnerships / 50);
    if (change.newlyBlocked <= change.allowedAtOnce)
        return std::nullopt;
    return change;
}

} // namespace postern::enforce
