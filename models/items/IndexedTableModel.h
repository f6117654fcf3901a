// Base of all our tables: rows are an index vector into a source that a subclass swaps. It never resets; a
// change is either ranges removed and inserted or, when rows move, rows added at the end, one layout change
// with mapped persistent indexes, and rows removed at the end, so that row counts never change inside a
// layout change. GUI thread.
#pragma once

#include <QAbstractTableModel>
#include <functional>
#include <optional>

#include "models/items/RowChange.h"

namespace postern::items {

class IndexedTableModel : public QAbstractTableModel
{
    Q_OBJECT
public:
    using Rows = std::vector<std::uint32_t>;
    static constexpr std::uint32_t ghost = UINT32_MAX; // a row that is about to be removed: no data
    // A row that heads a group, with the group's number in the other bits. A source has no more rows.
    static constexpr std::uint32_t groupBit = std::uint32_t(1) << 31;
    [[nodiscard]] static constexpr bool isGroup(std::uint32_t row) { return row >= groupBit && row != ghost; }

    // What stands over a group of rows (SHL-06).
    struct GroupHead
    {
        QString title; // "Exchange Access State: Blocked"
        int count = 0; // rows of the group, shown or not
        bool collapsed = false;
    };

    using QAbstractTableModel::QAbstractTableModel;
    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] const Rows& rows() const { return m_rows; }
    [[nodiscard]] virtual qint64 keyAt(int row) const = 0; // 0 for a ghost and for a group's head
    [[nodiscard]] virtual int rowOfKey(qint64 key) const; // -1: not shown
    [[nodiscard]] virtual bool canGroupBy(int column) const; // false: this table has no groups
    // nullopt: an ordinary row.
    [[nodiscard]] virtual std::optional<GroupHead> groupHead(int row) const;
    [[nodiscard]] bool isGroupRow(int row) const
    {
        return row >= 0 && row < rowCount() && isGroup(m_rows[std::size_t(row)]);
    }
    // A group's head can be walked over, but not selected.
    [[nodiscard]] Qt::ItemFlags flags(const QModelIndex& index) const override;

signals:
    // Around everything else a change emits: a view remembers its place at the first and takes it again at
    // the second.
    void changeStarting();
    void changeFinished();

protected:
    // Calls takeSource() once, at the moment from which `rows` count in the new source.
    void change(const RowChange& change, Rows rows, const std::function<void()>& takeSource);

private:
    void removeRanges(const RowChange& change);
    void insertRanges(const RowChange& change, const Rows& rows);
    void relay(const RowChange& change, const Rows& rows, const std::function<void()>& takeSource);
    void permute(const RowChange& change, const Rows& rows, const std::vector<int>& place);

    Rows m_rows;
};

} // namespace postern::items
