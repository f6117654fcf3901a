#include "ui/connectors/DeviceImpact.h"

#include <QCollator>
#include <algorithm>
#include <unordered_set>

#include "models/domain/Exchange.h"

namespace postern::connectors {

using frame::DeviceColumn;

qint64 allowedByDefault(const frame::DeviceFrame& devices, const QString& connectorName)
{
    const std::string name = connectorName.toStdString();
    std::string scratch;
    qint64 count = 0;
    for (frame::RowIndex row = 0; row < devices.rowCount(); ++row) {
        if (devices.number(row, DeviceColumn::AccessState) == qint64(AccessState::Allowed)
            && devices.number(row, DeviceColumn::AccessStateReason)
                == qint64(AccessStateReason::ExchangeGlobalRule)
            && devices.utf8(row, DeviceColumn::ConnectorName, scratch) == name)
            ++count;
    }
    return count;
}

QStringList valuesIn(const frame::DeviceFrame& devices, DeviceColumn column)
{
    std::unordered_set<std::string> seen;
    std::string scratch;
    for (frame::RowIndex row = 0; row < devices.rowCount(); ++row)
        seen.emplace(devices.utf8(row, column, scratch));
    seen.erase(std::string());
    QStringList values;
    for (const std::string& value : seen)
        values.append(QString::fromStdString(value));
    QCollator collator;
    collator.setCaseSensitivity(Qt::CaseInsensitive);
    std::sort(values.begin(), values.end(), collator);
    return values;
}

} // namespace postern::connectors
