#include "ui/widgets/EmptyState.h"

#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

#include "ui/widgets/IconSet.h"
#include "ui/widgets/PlainLabel.h"

namespace postern::widgets {

EmptyState::EmptyState(const QString& iconName, const QString& title, const QString& text,
    const QString& action, QWidget* parent)
    : QWidget(parent)
    , m_title(new PlainLabel(title, PlainLabel::Look::Heading, this))
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(spacing::wide * 2, spacing::wide * 2, spacing::wide * 2, spacing::wide * 2);
    column->setSpacing(spacing::normal);
    column->addStretch(2);
    auto* mark = new QLabel(this);
    mark->setPixmap(icon(iconName, Tone::Neutral).pixmap(48, 48));
    column->addWidget(mark, 0, Qt::AlignHCenter);
    column->addWidget(m_title, 0, Qt::AlignHCenter);
    auto* sentence = new PlainLabel(text, PlainLabel::Look::Muted, this);
    sentence->setWordWrap(true);
    sentence->setAlignment(Qt::AlignHCenter);
    // The layout asks for the height at its own width, not at the label's: without this, lines are cut off.
    constexpr int width = 480;
    sentence->setFixedWidth(width);
    sentence->setMinimumHeight(sentence->heightForWidth(width));
    column->addWidget(sentence, 0, Qt::AlignHCenter);
    if (!action.isEmpty()) {
        m_button = new QPushButton(action, this);
        connect(m_button, &QPushButton::clicked, this, &EmptyState::activated);
        column->addSpacing(spacing::normal);
        column->addWidget(m_button, 0, Qt::AlignHCenter);
    }
    column->addStretch(3);
}

QString EmptyState::title() const
{
    return m_title->text();
}

} // namespace postern::widgets
