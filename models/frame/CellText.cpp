#include "models/frame/CellText.h"

#include <QDateTime>

#include "models/domain/DeviceMatch.h"
#include "models/domain/Exchange.h"
#include "models/domain/Intune.h"

namespace postern::frame {

namespace {

template <class E> std::vector<CodeName> namesOf()
{
    std::vector<CodeName> names;
    for (const auto& entry : EnumTable<E>::entries())
        names.push_back({qint64(entry.value), entry.text});
    return names;
}

QString timeText(qint64 msecs)
{
    const QDateTime time = QDateTime::fromMSecsSinceEpoch(msecs, Qt::UTC);
    return time.toString(msecs % 1000 == 0 ? Qt::ISODate : Qt::ISODateWithMs);
}

} // namespace

std::vector<CodeName> codeNames(DeviceColumn column)
{
    switch (column) {
    case DeviceColumn::AccessState:
        return namesOf<AccessState>();
    case DeviceColumn::AccessStateReason:
        return namesOf<AccessStateReason>();
    case DeviceColumn::ClientType:
        return namesOf<ClientType>();
    case DeviceColumn::WipeStatus:
        return namesOf<WipeStatus>();
    case DeviceColumn::Platform:
        return namesOf<DevicePlatform>();
    case DeviceColumn::Owner:
        return namesOf<DeviceOwnerType>();
    case DeviceColumn::ManagementState:
        return namesOf<ManagementState>();
    case DeviceColumn::ComplianceState:
        return namesOf<ComplianceState>();
    case DeviceColumn::JailBroken:
        return namesOf<JailBroken>();
    case DeviceColumn::MatchKind:
        return namesOf<MatchKind>();
    default:
        return {};
    }
}

QStringView codeText(DeviceColumn column, qint64 code)
{
    switch (column) {
    case DeviceColumn::AccessState:
        return enumText(AccessState(code));
    case DeviceColumn::AccessStateReason:
        return enumText(AccessStateReason(code));
    case DeviceColumn::ClientType:
        return enumText(ClientType(code));
    case DeviceColumn::WipeStatus:
        return enumText(WipeStatus(code));
    case DeviceColumn::Platform:
        return enumText(DevicePlatform(code));
    case DeviceColumn::Owner:
        return enumText(DeviceOwnerType(code));
    case DeviceColumn::ManagementState:
        return enumText(ManagementState(code));
    case DeviceColumn::ComplianceState:
        return enumText(ComplianceState(code));
    case DeviceColumn::JailBroken:
        return enumText(JailBroken(code));
    case DeviceColumn::MatchKind:
        return enumText(MatchKind(code));
    default:
        return {};
    }
}

QString valueText(DeviceColumn column, qint64 value)
{
    if (value == noValue)
        return {};
    switch (deviceColumnInfo(column).kind) {
    case ColumnKind::Time:
        return timeText(value);
    case ColumnKind::Code:
        return codeText(column, value).toString();
    case ColumnKind::Flag:
        return value != 0 ? QStringLiteral("true") : QStringLiteral("false");
    case ColumnKind::Number:
    case ColumnKind::Text:
        break;
    }
    return QString::number(value);
}

QString cellText(const DeviceFrame& frame, RowIndex row, DeviceColumn column)
{
    if (deviceColumnInfo(column).kind == ColumnKind::Text)
        return frame.text(row, column);
    return valueText(column, frame.number(row, column));
}

} // namespace postern::frame
