// One running piece of work in a line: what, how far, a bar, Cancel (SHL-22). GUI thread.
#pragma once

#include <QWidget>

class QProgressBar;
class QToolButton;

namespace postern::widgets {

class PlainLabel;

class ProgressPanel : public QWidget
{
    Q_OBJECT
public:
    explicit ProgressPanel(QWidget* parent = nullptr);
    // total < 0: not known, the bar only moves.
    void setProgress(const QString& text, qint64 done, qint64 total);
    void setCancellable(bool can, const QString& tip);
    [[nodiscard]] QString text() const;

signals:
    void cancelRequested();

private:
    PlainLabel* m_text;
    QProgressBar* m_bar;
    QToolButton* m_cancel;
};

} // namespace postern::widgets
