// "Name: value" lines of a details pane, a tile or a summary page; values are plain, selectable text. GUI
// thread.
#pragma once

#include <QWidget>

#include "ui/widgets/Theme.h"

class QGridLayout;

namespace postern::widgets {

struct Fact
{
    QString name;
    QString value;
    Tone tone = Tone::Neutral; // other than Neutral: an icon stands beside the value
    bool isHeading = false; // name only, starts a group
    bool operator==(const Fact&) const = default;
};

class FactList : public QWidget
{
    Q_OBJECT
public:
    explicit FactList(QWidget* parent = nullptr);
    void setFacts(const QList<Fact>& facts); // does nothing when they are the same
    [[nodiscard]] QString toText() const; // for the clipboard

private:
    void addLine(int row, const Fact& fact);
    QList<Fact> m_facts;
    QWidget* m_body = nullptr;
    QGridLayout* m_grid = nullptr;
};

} // namespace postern::widgets
