#include "ui/widgets/ProgressPanel.h"

#include <QHBoxLayout>
#include <QProgressBar>
#include <QToolButton>

#include "ui/widgets/IconSet.h"
#include "ui/widgets/PlainLabel.h"

namespace postern::widgets {

using namespace Qt::StringLiterals;

ProgressPanel::ProgressPanel(QWidget* parent)
    : QWidget(parent)
    , m_text(new PlainLabel({}, PlainLabel::Look::Body, this))
    , m_bar(new QProgressBar(this))
    , m_cancel(new QToolButton(this))
{
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(spacing::normal);
    m_bar->setFixedWidth(140);
    m_bar->setFixedHeight(14);
    m_bar->setTextVisible(false);
    m_cancel->setObjectName(u"cancelJob"_s);
    m_cancel->setIcon(icon(u"cancel"_s));
    m_cancel->setAutoRaise(true);
    m_cancel->setIconSize({14, 14});
    m_cancel->setFocusPolicy(Qt::TabFocus);
    row->addWidget(m_text, 1);
    row->addWidget(m_bar);
    row->addWidget(m_cancel);
    connect(m_cancel, &QToolButton::clicked, this, &ProgressPanel::cancelRequested);
    setCancellable(true, tr("Cancel"));
}

void ProgressPanel::setProgress(const QString& text, qint64 done, qint64 total)
{
    m_text->setText(text);
    m_bar->setAccessibleName(text);
    if (total < 0) {
        m_bar->setRange(0, 0);
        return;
    }
    // QProgressBar counts in int; a thousandth is finer than its width.
    m_bar->setRange(0, 1000);
    m_bar->setValue(
        total == 0 ? 1000 : int(std::clamp<double>(1000.0 * double(done) / double(total), 0, 1000)));
}

void ProgressPanel::setCancellable(bool can, const QString& tip)
{
    m_cancel->setEnabled(can);
    m_cancel->setToolTip(tip);
    m_cancel->setAccessibleName(tip);
}

QString ProgressPanel::text() const
{
    return m_text->text();
}

} // namespace postern::widgets
