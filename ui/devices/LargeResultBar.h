// The bar over a large list (SHL-08): says that only the first rows are shown and offers to narrow the list
// or load more, up to 100,000; while that is worked out, a button to cancel. GUI thread.
#pragma once

#include <QWidget>

#include "models/items/DeviceViewWorker.h"

class QPushButton;

namespace postern::widgets {
class PlainLabel;
}

namespace postern::devices {

class LargeResultBar : public QWidget
{
    Q_OBJECT
public:
    static constexpr int firstRows = 1000;
    static constexpr int mostRows = 100'000;

    explicit LargeResultBar(QWidget* parent = nullptr);
    // Shows or hides itself.
    void update(const items::DeviceViewWorker::Counts& counts, int limit);
    void setBusy(bool busy);

signals:
    void loadRequested();
    void cancelRequested();

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    widgets::PlainLabel* m_text;
    QPushButton* m_load;
    QPushButton* m_cancel;
};

} // namespace postern::devices
