#include "ui/widgets/PlainLabel.h"

#include <QApplication>
#include <QEvent>

namespace postern::widgets {

PlainLabel::PlainLabel(const QString& text, Look look, QWidget* parent)
    : QLabel(parent)
    , m_look(look)
{
    setTextFormat(Qt::PlainText);
    setForegroundRole(QPalette::WindowText); // on a Base background, too: applyLook() colours that role
    setText(text);
    applyLook();
}

void PlainLabel::setTone(std::optional<Tone> tone)
{
    m_tone = tone;
    applyLook();
}

void PlainLabel::setMessage()
{
    setWordWrap(true);
    setTextInteractionFlags(Qt::TextSelectableByMouse);
}

void PlainLabel::changeEvent(QEvent* event)
{
    QLabel::changeEvent(event);
    if (event->type() == QEvent::ApplicationPaletteChange || event->type() == QEvent::ApplicationFontChange)
        applyLook();
}

void PlainLabel::applyLook()
{
    if (m_applying)
        return;
    m_applying = true;
    QPalette colors = QApplication::palette();
    if (m_tone)
        colors.setColor(QPalette::WindowText, toneColor(*m_tone, colors));
    else if (m_look == Look::Muted)
        colors.setColor(QPalette::WindowText, mutedText(colors));
    if (m_tone || m_look == Look::Muted)
        setPalette(colors);
    else
        setPalette({});
    QFont face = QApplication::font();
    if (m_look == Look::Title)
        face.setPointSizeF(face.pointSizeF() * 1.35);
    else if (m_look == Look::Heading)
        face.setPointSizeF(face.pointSizeF() * 1.1);
    if (m_look == Look::Strong || m_look == Look::Title || m_look == Look::Heading) {
        face.setWeight(QFont::DemiBold);
        setFont(face);
    }
    m_applying = false;
}

} // namespace postern::widgets
