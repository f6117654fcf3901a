#include "ui/devices/LargeResultBar.h"

#include <QHBoxLayout>
#include <QLocale>
#include <QPainter>
#include <QPushButton>

#include "ui/widgets/PlainLabel.h"
#include "ui/widgets/Theme.h"

namespace postern::devices {

namespace spacing = widgets::spacing;

LargeResultBar::LargeResultBar(QWidget* parent)
    : QWidget(parent)
    , m_text(new widgets::PlainLabel({}, widgets::PlainLabel::Look::Body, this))
    , m_load(new QPushButton(tr("Load &More"), this))
    , m_cancel(new QPushButton(tr("Cancel"), this))
{
    auto* line = new QHBoxLayout(this);
    line->setContentsMargins(spacing::wide, spacing::tight, spacing::normal, spacing::tight);
    m_text->setWordWrap(true);
    line->addWidget(m_text, 1);
    line->addWidget(m_load);
    line->addWidget(m_cancel);
    m_cancel->hide();
    hide();
    connect(m_load, &QPushButton::clicked, this, &LargeResultBar::loadRequested);
    connect(m_cancel, &QPushButton::clicked, this, &LargeResultBar::cancelRequested);
}

void LargeResultBar::update(const items::DeviceViewWorker::Counts& counts, int limit)
{
    const QLocale locale;
    const bool canLoad = limit < mostRows;
    const QString shown = locale.toString(counts.shown);
    const QString matching = locale.toString(counts.matching);
    if (canLoad) {
        m_text->setText(
            tr("The first %1 of %2 devices are shown. Narrow the list by searching, or load up to %3.")
                .arg(shown, matching, locale.toString(std::min(mostRows, counts.matching))));
    } else {
        m_text->setText(
            tr("The first %1 of %2 devices are shown. Narrow the list by searching.").arg(shown, matching));
    }
    m_load->setVisible(canLoad);
    setVisible(counts.matching > counts.shown);
}

void LargeResultBar::setBusy(bool busy)
{
    m_load->setEnabled(!busy);
    m_cancel->setVisible(busy);
}

void LargeResultBar::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.fillRect(rect(), widgets::toneFill(widgets::Tone::Accent, palette()));
}

} // namespace postern::devices
