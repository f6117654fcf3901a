// What a list says when there is nothing to show: why, and what to do next. GUI thread.
#pragma once

#include <QWidget>

class QPushButton;

namespace postern::widgets {

class PlainLabel;

class EmptyState : public QWidget
{
    Q_OBJECT
public:
    // An empty `action` makes no button.
    EmptyState(const QString& iconName, const QString& title, const QString& text, const QString& action,
        QWidget* parent = nullptr);
    [[nodiscard]] QString title() const;
    [[nodiscard]] QPushButton* button() const { return m_button; }

signals:
    void activated();

private:
    PlainLabel* m_title;
    QPushButton* m_button = nullptr;
};

} // namespace postern::widgets
