// A label that never reads its text as markup: names and messages come from servers (a device may be called
// "<b>"). GUI thread.
#pragma once

#include <QLabel>

#include "ui/widgets/Theme.h"

namespace postern::widgets {

class PlainLabel : public QLabel
{
    Q_OBJECT
public:
    enum class Look { Body, Muted, Strong, Title, Heading };
    explicit PlainLabel(const QString& text = {}, Look look = Look::Body, QWidget* parent = nullptr);

    // Muted and toned text follow the palette when it changes.
    void setTone(std::optional<Tone> tone);
    // Wraps, and may be selected by mouse or keyboard: for messages that somebody wants to copy.
    void setMessage();

protected:
    void changeEvent(QEvent* event) override;

private:
    void applyLook();
    Look m_look;
    std::optional<Tone> m_tone;
    bool m_applying = false;
};

} // namespace postern::widgets
