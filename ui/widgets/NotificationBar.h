// Conditions of the site that somebody should know (SHL-19): a stack of lines below the ribbon, each with an
// action that goes to the node, critical ones without a close button. Keyed, so that a condition is shown
// once and goes when it is over. GUI thread.
#pragma once

#include <QHash>
#include <QWidget>

#include "ui/widgets/Theme.h"

class QVBoxLayout;

namespace postern::widgets {

struct Notice
{
    QString key; // "connector/3"
    Tone tone = Tone::Warning;
    QString text; // plain
    QString action; // button text; empty: none
    QString target; // what activated() says: a node path
    bool dismissible = true;
    bool operator==(const Notice&) const = default;
};

class NotificationBar : public QWidget
{
    Q_OBJECT
public:
    explicit NotificationBar(QWidget* parent = nullptr);
    // Replaces what is shown. A dismissed notice stays away until its text changes.
    void setNotices(const QList<Notice>& notices);
    [[nodiscard]] QStringList texts() const; // what is shown, top to bottom

signals:
    void activated(const QString& target);

private:
    void rebuild();
    QWidget* makeLine(const Notice& notice);
    QVBoxLayout* m_lines;
    QList<Notice> m_notices;
    QHash<QString, QString> m_dismissed; // key -> text
};

} // namespace postern::widgets
