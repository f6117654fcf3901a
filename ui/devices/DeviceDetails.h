// The pane below the device list (SHL-45): Summary, Exchange and Raw properties of the current device. GUI
// thread.
#pragma once

#include <QTabWidget>

#include "models/items/DeviceTableModel.h"
#include "ui/widgets/FactList.h"

class QLabel;
class QStackedWidget;
class QTableView;

namespace postern::widgets {
class PlainLabel;
}

namespace postern::devices {

class DevicePropertiesModel;

class DeviceDetails : public QTabWidget
{
    Q_OBJECT
public:
    // `table` gives the frame and the words for cells; it must outlive this.
    explicit DeviceDetails(const items::DeviceTableModel& table, QWidget* parent = nullptr);
    void showDevice(PartnershipId id, qint64 nowMs); // an invalid id: none
    [[nodiscard]] bool isShowingDevice() const;
    [[nodiscard]] QString summaryText() const; // what the Summary tab says, for tests and the clipboard

private:
    [[nodiscard]] QWidget* makeSummary();
    [[nodiscard]] QWidget* makeExchange();
    [[nodiscard]] QTableView* makeProperties();
    [[nodiscard]] QWidget* withoutDevice(QWidget* page);
    void fillSummary(frame::RowIndex row, qint64 nowMs);
    void fillExchange(frame::RowIndex row, qint64 nowMs);
    [[nodiscard]] widgets::Fact fact(frame::RowIndex row, frame::DeviceColumn column) const;
    [[nodiscard]] widgets::Fact timeFact(frame::RowIndex row, frame::DeviceColumn column, qint64 nowMs) const;

    const items::DeviceTableModel& m_table;
    QList<QStackedWidget*> m_stacks; // a page, or the hint to choose a device
    QLabel* m_mark = nullptr;
    widgets::PlainLabel* m_sentence = nullptr;
    widgets::PlainLabel* m_dataAge = nullptr;
    widgets::FactList* m_summary = nullptr; // who and what
    widgets::FactList* m_times = nullptr; // beside it: when
    widgets::FactList* m_exchange = nullptr;
    DevicePropertiesModel* m_properties = nullptr;
};

} // namespace postern::devices
