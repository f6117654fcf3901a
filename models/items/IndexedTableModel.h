// Base of all our tables: rows are an index vector into a source that a subclass swaps. It never resets; a
// change is either ranges removed and inserted or, when rows move, rows added at the end, one layout change
// with mapped persistent indexes, and rows removed at the end, so that row counts never change inside a
// layout change. GUI thread.
#pragma once

#include <QAbstractTableModel>
#include <functional>

#include "models/items/RowChange.h"

namespace postern::items {

class IndexedTableModel : public QAbstractTableModel
{
    Q_OBJECT
public:
    using Rows = std::vector<std::uint32_t>;
    static constexpr std::uint32_t ghost = UINT32_MAX; // a row that is about to be removed: no data

    using QAbstractTableModel::QAbstractTableModel;
    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] const Rows& rows() const { return m_rows; }
    [[nodiscard]] virtual qint64 keyAt(int row) const = 0; // 0 for a ghost
    [[nodiscard]] virtual int rowOfKey(qint64 key) const; // -1: not shown

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
