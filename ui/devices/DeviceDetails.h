// The pane below the device list (SHL-45): Summary, Exchange, Partnerships, Intune, Match and Raw properties
// of the current device. GUI
// thread.
#pragma once

#include <QTabWidget>

#include "models/base/Error.h"
#include "models/domain/DeviceMatch.h"
#include "models/items/DeviceTableModel.h"
#include "ui/widgets/FactList.h"

class QLabel;
class QStackedWidget;
class QTableView;

namespace postern::grid {
class GridView;
}
namespace postern::items {
class PartnershipModel;
}
namespace postern::widgets {
class PlainLabel;
}

namespace postern::devices {

class DevicePropertiesModel;
class MatchPanel;

class DeviceDetails : public QTabWidget
{
    Q_OBJECT
public:
    // `table` gives the frame and the words for cells; it must outlive this.
    explicit DeviceDetails(const items::DeviceTableModel& table, QWidget* parent = nullptr);
    void showDevice(DeviceKey id, qint64 nowMs); // an invalid id: none
    void showDetail(const DeviceDetail& detail); // what the list has not; another device's is ignored
    void showAnswer(PartnershipId partnership, ManagedDeviceId device, const std::optional<Error>& refused);
    [[nodiscard]] DeviceKey device() const { return m_device; }
    [[nodiscard]] MatchPanel& match() const { return *m_match; }
    [[nodiscard]] items::PartnershipModel& partnerships() const { return *m_partnerships; }
    [[nodiscard]] bool isShowingDevice() const;
    [[nodiscard]] QString summaryText() const; // what the Summary tab says, for tests and the clipboard

signals:
    void suggestionDecided(postern::PartnershipId partnership, postern::ManagedDeviceId device, bool accept);

private:
    [[nodiscard]] QWidget* makeSummary();
    [[nodiscard]] QWidget* makeFacts(widgets::FactList*& facts, const QString& name);
    [[nodiscard]] QWidget* makePartnerships();
    [[nodiscard]] QTableView* makeProperties();
    [[nodiscard]] QWidget* withoutDevice(QWidget* page);
    void fillSummary(frame::RowIndex row, qint64 nowMs);
    void fillExchange(frame::RowIndex row, qint64 nowMs);
    void fillIntune(frame::RowIndex row, qint64 nowMs);
    void sortPartnerships();
    [[nodiscard]] QList<widgets::Fact> actionFacts(qint64 nowMs) const;
    [[nodiscard]] widgets::Fact toned(frame::RowIndex row, frame::DeviceColumn column) const;
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
    widgets::FactList* m_intune = nullptr;
    grid::GridView* m_partnershipList = nullptr;
    items::PartnershipModel* m_partnerships = nullptr;
    MatchPanel* m_match = nullptr;
    DevicePropertiesModel* m_properties = nullptr;
    DeviceKey m_device;
    DeviceDetail m_detail;
    qint64 m_shownAt = 0; // what "now" was
};

} // namespace postern::devices
