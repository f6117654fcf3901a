#include "ui/shell/BreadcrumbBar.h"

#include <QAction>
#include <QHBoxLayout>
#include <QLabel>
#include <QMenu>
#include <QPainter>
#include <QToolButton>

#include "ui/shell/NavigationHistory.h"
#include "ui/shell/NodeTable.h"
#include "ui/widgets/IconSet.h"
#include "ui/widgets/Theme.h"

namespace postern::shell {

using namespace Qt::StringLiterals;

BreadcrumbBar::BreadcrumbBar(QAction* refresh, QWidget* parent)
    : QWidget(parent)
    , m_back(new QAction(widgets::icon(u"back"_s), tr("Back"), this))
    , m_forward(new QAction(widgets::icon(u"forward"_s), tr("Forward"), this))
    , m_history(new QMenu(this))
    , m_row(new QHBoxLayout(this))
{
    m_back->setShortcut(QKeySequence(Qt::ALT | Qt::Key_Left));
    m_forward->setShortcut(QKeySequence(Qt::ALT | Qt::Key_Right));
    m_row->setContentsMargins(6, 4, 6, 5);
    m_row->setSpacing(2);
    addTool(m_back, u"back"_s);
    addTool(m_forward, u"forward"_s);
    auto* history = new QToolButton(this);
    history->setObjectName(u"history"_s);
    history->setIcon(widgets::icon(u"chevron-down"_s));
    history->setIconSize({12, 12});
    history->setAutoRaise(true);
    history->setPopupMode(QToolButton::InstantPopup);
    history->setMenu(m_history);
    history->setStyleSheet(u"QToolButton::menu-indicator{image:none}"_s);
    history->setToolTip(tr("Recent places"));
    history->setAccessibleName(tr("Recent places"));
    history->setFocusPolicy(Qt::TabFocus);
    m_row->addWidget(history);
    m_row->addSpacing(widgets::spacing::normal);
    m_segments = new QHBoxLayout;
    m_segments->setSpacing(0);
    m_row->addLayout(m_segments);
    m_row->addStretch(1);
    addTool(refresh, u"refreshButton"_s);
    connect(m_back, &QAction::triggered, this, [this] { emit stepRequested(-1); });
    connect(m_forward, &QAction::triggered, this, [this] { emit stepRequested(1); });
}

void BreadcrumbBar::show(const QString& path, const NavigationHistory& history)
{
    m_back->setEnabled(history.canGo(-1));
    m_forward->setEnabled(history.canGo(1));
    if (path != m_path)
        rebuildPath(path);
    rebuildHistory(history);
}

void BreadcrumbBar::focusPath()
{
    if (auto* last = m_segments->itemAt(m_segments->count() - 1))
        last->widget()->setFocus(Qt::ShortcutFocusReason);
}

QString BreadcrumbBar::pathText() const
{
    QStringList texts;
    for (const QString& segment : m_path.split(u'/'))
        texts.append(segmentText(segment));
    return texts.join(u" > "_s);
}

void BreadcrumbBar::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.fillRect(rect(), palette().color(QPalette::Base));
    painter.fillRect(QRect(0, height() - 1, width(), 1), widgets::lineColor(palette()));
}

QToolButton* BreadcrumbBar::addTool(QAction* action, const QString& name)
{
    auto* button = new QToolButton(this);
    button->setObjectName(name);
    button->setDefaultAction(action);
    button->setAutoRaise(true);
    button->setIconSize({18, 18});
    button->setToolButtonStyle(Qt::ToolButtonIconOnly);
    button->setFocusPolicy(Qt::TabFocus);
    button->setAccessibleName(action->text().remove(u'&'));
    m_row->addWidget(button);
    return button;
}

void BreadcrumbBar::rebuildPath(const QString& path)
{
    m_path = path;
    while (QLayoutItem* item = m_segments->takeAt(0)) {
        item->widget()->hide();
        item->widget()->deleteLater();
        delete item;
    }
    QString prefix;
    for (const QString& segment : path.split(u'/')) {
        if (!prefix.isEmpty()) {
            auto* arrow = new QLabel(this);
            arrow->setPixmap(widgets::icon(u"forward"_s, widgets::Tone::Neutral).pixmap(12, 12));
            m_segments->addWidget(arrow);
        }
        prefix = prefix.isEmpty() ? segment : prefix + u'/' + segment;
        auto* button = new QToolButton(this);
        button->setAutoRaise(true);
        button->setText(segmentText(segment));
        button->setFocusPolicy(Qt::TabFocus);
        const QString target = nodePathFromText(prefix);
        connect(button, &QToolButton::clicked, this, [this, target] { emit nodeChosen(target); });
        m_segments->addWidget(button);
        button->show(); // now, not with the next event: Ctrl+I may follow at once
    }
}

void BreadcrumbBar::rebuildHistory(const NavigationHistory& history)
{
    m_history->clear();
    const auto& places = history.places();
    for (int i = int(places.size()) - 1; i >= 0; --i) {
        const int steps = i - history.current();
        QStringList texts;
        for (const QString& segment : places[std::size_t(i)].path.split(u'/'))
            texts.append(segmentText(segment));
        QAction* action = m_history->addAction(texts.join(u" > "_s));
        action->setCheckable(true);
        action->setChecked(steps == 0);
        connect(action, &QAction::triggered, this, [this, steps] { emit stepRequested(steps); });
    }
}

} // namespace postern::shell
