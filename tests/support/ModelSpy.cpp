#include "tests/support/ModelSpy.h"

using namespace Qt::StringLiterals;

namespace postern::test {

ModelSpy::ModelSpy(QAbstractItemModel& model)
{
    const auto note = [this](const QString& line) { m_lines.append(line); };
    const auto range = [note](const QString& what) {
        return [note, what](const QModelIndex&, int first, int last) {
            note(u"%1 %2-%3"_s.arg(what).arg(first).arg(last));
        };
    };
    connect(&model, &QAbstractItemModel::rowsInserted, this, range(u"rowsInserted"_s));
    connect(&model, &QAbstractItemModel::rowsRemoved, this, range(u"rowsRemoved"_s));
    connect(&model, &QAbstractItemModel::rowsMoved, this, [note] { note(u"rowsMoved"_s); });
    connect(&model, &QAbstractItemModel::modelReset, this, [note] { note(u"modelReset"_s); });
    connect(&model, &QAbstractItemModel::layoutChanged, this, [note] { note(u"layoutChanged"_s); });
    connect(&model, &QAbstractItemModel::dataChanged, this,
        [note](const QModelIndex& from, const QModelIndex& to) {
            note(u"dataChanged %1-%2 columns %3-%4"_s.arg(from.row())
                     .arg(to.row())
                     .arg(from.column())
                     .arg(to.column()));
        });
}

int ModelSpy::count(const QString& beginning) const
{
    return int(
        std::ranges::count_if(m_lines, [&](const QString& line) { return line.startsWith(beginning); }));
}

} // namespace postern::test
