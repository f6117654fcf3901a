// Writes down what a model signals, one line each, so that a test can state the exact list:
//   rowsInserted 3-5, rowsRemoved 0-0, dataChanged 2-2 columns 1-4, layoutChanged, modelReset. GUI thread.
#pragma once

#include <QAbstractItemModel>
#include <QStringList>

namespace postern::test {

class ModelSpy : public QObject
{
    Q_OBJECT
public:
    explicit ModelSpy(QAbstractItemModel& model);
    [[nodiscard]] QStringList signalled() const { return m_lines; }
    [[nodiscard]] QStringList take() { return std::exchange(m_lines, {}); }
    [[nodiscard]] int count(const QString& beginning) const;

private:
    QStringList m_lines;
};

} // namespace postern::test
