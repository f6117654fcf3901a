// What each component of the site has to say: its state by Configuration Manager's default thresholds, how
// many messages of each severity, the last one (CON-63). GUI thread.
#pragma once

#include "models/domain/Work.h"
#include "models/items/RecordTableModel.h"

namespace postern::items {

enum class ComponentState { Ok, Warning, Critical };

struct ComponentStatus
{
    RowId<struct ComponentTag> id; // of this run only
    QString component; // "SMS_EXCHANGE_CONNECTOR"
    ComponentState state = ComponentState::Ok;
    int information = 0, warnings = 0, errors = 0;
    std::optional<StatusMessage> last;
    bool operator==(const ComponentStatus&) const = default;
};

// Critical from 5 errors or 50 warnings on, Warning from 1 error or 10 warnings on.
[[nodiscard]] ComponentState componentState(int warnings, int errors);
// A row for each of `known`, in that order, then for every other component that a message names. Ids are
// places in that list, so `known` must keep what it had.
[[nodiscard]] std::vector<ComponentStatus> componentStatus(
    const std::vector<StatusMessage>& messages, const QStringList& known);

class ComponentStatusModel : public RecordTableModel<ComponentStatus>
{
    Q_OBJECT
public:
    enum Column { State, Component, Information, Warnings, Errors, LastTime, LastMessage, ColumnCount };

    using RecordTableModel::RecordTableModel;
    void setComponents(std::vector<ComponentStatus> components) { setRecords(std::move(components)); }
    [[nodiscard]] const ComponentStatus* componentAt(int row) const { return recordAt(row); }
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

    [[nodiscard]] static QString stateTitle(ComponentState state);
    // What a component does, for people who do not know its name; empty for an unknown one.
    [[nodiscard]] static QString purpose(const QString& component);

protected:
    [[nodiscard]] QVariant cell(const ComponentStatus& status, int column, int role) const override;

private:
    [[nodiscard]] static QString text(const ComponentStatus& status, int column);
};

} // namespace postern::items
