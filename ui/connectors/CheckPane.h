// The details tab Cmdlet Check of a connector (SHL-46): the lines of its last check with their time, and Run
// Again. GUI thread.
#pragma once

#include <QWidget>

#include "models/domain/Exchange.h"

class QPushButton;

namespace postern::widgets {
class PlainLabel;
class StepList;
} // namespace postern::widgets

namespace postern::connectors {

class CheckPane final : public QWidget
{
    Q_OBJECT
public:
    explicit CheckPane(QWidget* parent = nullptr);
    void setNothing(); // no single connector is selected
    void setWaiting();
    void setLines(const std::vector<CheckResult>& lines, const QDateTime& checkedAt);
    [[nodiscard]] QString sentence() const;

signals:
    void runRequested();

private:
    widgets::PlainLabel* m_sentence;
    widgets::StepList* m_steps;
    QPushButton* m_again;
};

} // namespace postern::connectors
