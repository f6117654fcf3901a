// A short notice in the lower right corner of a window that goes away by itself (or on click). One at a time:
// the next one replaces it. Read out by screen readers. GUI thread.
#pragma once

#include <QFrame>
#include <QTimer>

#include "ui/widgets/Theme.h"

class QLabel;

namespace postern::widgets {

class PlainLabel;

class Toast : public QFrame
{
    Q_OBJECT
public:
    explicit Toast(QWidget* window);
    void show(Tone tone, const QString& title, const QString& text);
    [[nodiscard]] QString title() const;
    [[nodiscard]] QString text() const;

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void enterEvent(QEnterEvent* event) override;
    void leaveEvent(QEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void place();
    QLabel* m_mark;
    PlainLabel* m_title;
    PlainLabel* m_text;
    QTimer m_timer;
    Tone m_tone = Tone::Neutral;
};

// The mark that stands for a tone: never colour alone.
[[nodiscard]] QString toneIconName(Tone tone);

} // namespace postern::widgets
