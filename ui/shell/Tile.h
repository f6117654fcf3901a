// A titled box of an overview page. GUI thread.
#pragma once

#include <QWidget>

class QPushButton;
class QVBoxLayout;

namespace postern::shell {

class Tile final : public QWidget
{
    Q_OBJECT
public:
    explicit Tile(const QString& title, QWidget* parent = nullptr);

    template <class Widget> Widget* add(Widget* widget)
    {
        addWidget(widget);
        return widget;
    }
    QPushButton* addLink(const QString& text);

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    void addWidget(QWidget* widget);
    QVBoxLayout* m_column;
};

} // namespace postern::shell
