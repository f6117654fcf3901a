// One status message in full (CON-63): the text with its line breaks, what was filled into it, local time and
// UTC. GUI thread.
#pragma once

#include <QScrollArea>

#include "models/domain/Work.h"

namespace postern::widgets {
class FactList;
class PlainLabel;
} // namespace postern::widgets

namespace postern::monitoring {

class MessageDetails final : public QScrollArea
{
    Q_OBJECT
public:
    explicit MessageDetails(QWidget* parent = nullptr);
    // Null: none, or `selected` of them.
    void showMessage(const StatusMessage* message, int selected);
    [[nodiscard]] QString toText() const;

private:
    widgets::PlainLabel* m_text;
    widgets::FactList* m_facts;
};

} // namespace postern::monitoring
