// The devices of a frame as a table: columns are frame::DeviceColumn in enum order, rows what
// DeviceViewWorker worked out. Display text is localised and harmless (visibleText); times are local, their
// tool tip says UTC. GUI thread.
#pragma once

#include <QHash>
#include <QLocale>

#include "models/items/DeviceView.h"
#include "models/items/Freshness.h"
#include "models/items/IndexedTableModel.h"
#include "models/items/Roles.h"

namespace postern::items {

class DeviceTableModel : public IndexedTableModel
{
    Q_OBJECT
public:
    explicit DeviceTableModel(QObject* parent = nullptr);

    [[nodiscard]] const frame::DeviceFrame& frame() const { return *m_frame; }
    [[nodiscard]] DeviceView view() const;
    [[nodiscard]] DeviceKey idAt(int row) const; // invalid for a row that is not there, or heads a group
    [[nodiscard]] int rowOf(DeviceKey id) const; // -1: not shown
    void install(DeviceViewChange change);

    [[nodiscard]] qint64 keyAt(int row) const override { return idAt(row).value; }
    [[nodiscard]] int rowOfKey(qint64 key) const override { return rowOf(DeviceKey::fromValue(key)); }
    [[nodiscard]] bool canGroupBy(int column) const override;
    [[nodiscard]] std::optional<GroupHead> groupHead(int row) const override;
    [[nodiscard]] const DeviceGroup* groupAt(int row) const; // null for an ordinary row
    // What "as of" cells are measured by; cells do not repaint by themselves when time goes on.
    void setFreshness(const FreshnessLimits& limits, std::function<qint64()> now);
    [[nodiscard]] Freshness freshness(frame::RowIndex row, frame::DeviceColumn column) const;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

    // A cell of any row of the frame as people read it, shown in the grid or not.
    [[nodiscard]] QString displayText(frame::RowIndex row, frame::DeviceColumn column) const;

private:
    [[nodiscard]] QString timeText(qint64 msecs) const;
    [[nodiscard]] QVariant cell(frame::RowIndex row, frame::DeviceColumn column, int role) const;
    [[nodiscard]] QVariant toolTip(frame::RowIndex row, frame::DeviceColumn column) const;
    [[nodiscard]] QVariant sortValue(frame::RowIndex row, frame::DeviceColumn column) const;
    [[nodiscard]] QVariant codeValue(frame::RowIndex row, frame::DeviceColumn column, int role) const;

    std::shared_ptr<const frame::DeviceFrame> m_frame = frame::DeviceFrame::empty();
    int m_matching = 0;
    std::optional<frame::DeviceColumn> m_groupBy;
    std::vector<DeviceGroup> m_groups;
    FreshnessLimits m_freshness;
    std::function<qint64()> m_now;
    QLocale m_locale;
    mutable QHash<qint64, QString> m_timeTexts; // formatting a time costs more than painting it
};

} // namespace postern::items
