// The roles that all item models of ours answer, beside Qt's. Models return values and enums; icons and
// colours are the delegate's business. Any thread.
#pragma once

#include <qnamespace.h>

namespace postern::items {

enum Role {
    SortRole = Qt::UserRole + 1, // raw value: QString, qint64, or invalid when empty
    CodeRole, // int: the enum value of a state cell
    CodeKindRole, // items::CodeKind: which enum CodeRole speaks of
    KeyRole, // qint64: the row's key in the store
    // Of horizontal headers:
    ColumnKeyRole, // QString: stable name of the column, for settings
    VisibleByDefaultRole, // bool
    WidthHintRole, // int: characters a typical cell has
};

enum class CodeKind {
    AccessState,
    AccessStateReason,
    ClientType,
    WipeStatus,
    ConnectorState,
    JobState,
    Severity, // postern::Severity
    ComponentState, // items::ComponentState
    ComplianceState, // postern::ComplianceState
    JailBroken, // postern::JailBroken
    MatchKind, // postern::MatchKind
    Freshness, // items::Freshness
    TenantState, // postern::TenantState
};

} // namespace postern::items
