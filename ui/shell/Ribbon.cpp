#include "ui/shell/Ribbon.h"

#include <QAction>
#include <QHBoxLayout>
#include <QLabel>
#include <QMenu>
#include <QPainter>
#include <QTabBar>
#include <QToolButton>
#include <QVBoxLayout>

#include "ui/widgets/IconSet.h"
#include "ui/widgets/PlainLabel.h"

namespace postern::shell {

using namespace Qt::StringLiterals;
using widgets::PlainLabel;

namespace {

// Two lines under the icon, broken at the space nearest to the middle.
QString twoLines(QString text)
{
    qsizetype best = -1;
    for (qsizetype i = text.indexOf(u' '); i >= 0; i = text.indexOf(u' ', i + 1)) {
        if (best < 0 || std::abs(i - text.size() / 2) < std::abs(best - text.size() / 2))
            best = i;
    }
    return best < 0 ? text + u'\n' : text.replace(best, 1, u'\n');
}

class VerticalLine final : public QWidget
{
public:
    explicit VerticalLine(QWidget* parent)
        : QWidget(parent)
    {
        setFixedWidth(9);
    }

protected:
    void paintEvent(QPaintEvent*) override
    {
        QPainter(this).fillRect(QRect(4, 6, 1, height() - 12), widgets::lineColor(palette()));
    }
};

QString mainOf(const QAction* action)
{
    return action->property("variantOf").toString();
}

QList<QAction*> variantsOf(const RibbonGroup& group, const QAction* action)
{
    QList<QAction*> variants;
    for (QAction* other : group.actions) {
        if (!action->objectName().isEmpty() && mainOf(other) == action->objectName())
            variants.append(other);
    }
    return variants;
}

bool isVariantIn(const RibbonGroup& group, const QAction* action)
{
    return std::any_of(group.actions.begin(), group.actions.end(),
        [action](const QAction* other) { return other != action && other->objectName() == mainOf(action); });
}

} // namespace

Ribbon::Ribbon(QMenu* productMenu, QWidget* parent)
    : QWidget(parent)
    , m_body(new QWidget(this))
    , m_groups(new QHBoxLayout(m_body))
{
    setObjectName(u"ribbon"_s);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 1);
    column->setSpacing(0);
    column->addWidget(buildTabs(productMenu));
    column->addWidget(m_body);
    m_groups->setContentsMargins(6, 4, 6, 4);
    m_groups->setSpacing(0);
}

void Ribbon::setGroups(const QList<RibbonGroup>& groups)
{
    while (QLayoutItem* item = m_groups->takeAt(0)) {
        if (item->widget() != nullptr) {
            item->widget()->hide(); // one of its buttons may be the sender
            item->widget()->deleteLater();
        }
        delete item;
    }
    for (const RibbonGroup& group : groups) {
        if (m_groups->count() > 0)
            m_groups->addWidget(new VerticalLine(m_body));
        m_groups->addWidget(makeGroup(group));
    }
    m_groups->addStretch(1);
}

void Ribbon::setMinimised(bool minimised)
{
    m_minimised = minimised;
    m_body->setVisible(!minimised);
    const QString text = minimised ? tr("Expand the ribbon (Ctrl+F1)") : tr("Minimize the ribbon (Ctrl+F1)");
    m_minimise->setIcon(widgets::icon(minimised ? u"chevron-down"_s : u"chevron-up"_s));
    m_minimise->setToolTip(text);
    m_minimise->setAccessibleName(text);
}

void Ribbon::focusFirst()
{
    setMinimised(false);
    for (QToolButton* button : m_body->findChildren<QToolButton*>()) {
        if (button->isVisible() && button->isEnabled()) {
            button->setFocus(Qt::ShortcutFocusReason);
            return;
        }
    }
}

void Ribbon::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.fillRect(rect(), palette().color(QPalette::Window));
    painter.fillRect(QRect(0, height() - 1, width(), 1), widgets::lineColor(palette()));
}

QWidget* Ribbon::buildTabs(QMenu* productMenu)
{
    auto* line = new QWidget(this);
    auto* row = new QHBoxLayout(line);
    row->setContentsMargins(6, 4, 6, 0);
    row->setSpacing(widgets::spacing::normal);
    auto* product = new QToolButton(line);
    product->setObjectName(u"productButton"_s);
    product->setText(tr("Postern"));
    product->setIcon(widgets::icon(u"product"_s));
    product->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    product->setAutoRaise(true);
    product->setMenu(productMenu);
    product->setPopupMode(QToolButton::InstantPopup);
    product->setFocusPolicy(Qt::TabFocus);
    row->addWidget(product);
    m_tabs = new QTabBar(line);
    m_tabs->setAccessibleName(tr("Ribbon tabs"));
    m_tabs->setDrawBase(false);
    m_tabs->setExpanding(false);
    m_tabs->addTab(tr("Home"));
    connect(m_tabs, &QTabBar::tabBarDoubleClicked, this, [this] { setMinimised(!m_minimised); });
    row->addWidget(m_tabs, 0, Qt::AlignBottom);
    row->addStretch(1);
    m_minimise = new QToolButton(line);
    m_minimise->setObjectName(u"minimiseRibbon"_s);
    m_minimise->setAutoRaise(true);
    m_minimise->setIconSize({14, 14});
    m_minimise->setFocusPolicy(Qt::TabFocus);
    connect(m_minimise, &QToolButton::clicked, this, [this] { setMinimised(!m_minimised); });
    row->addWidget(m_minimise);
    setMinimised(false);
    return line;
}

QWidget* Ribbon::makeGroup(const RibbonGroup& group)
{
    auto* box = new QWidget(m_body);
    auto* column = new QVBoxLayout(box);
    column->setContentsMargins(2, 0, 2, 0);
    column->setSpacing(2);
    auto* row = new QHBoxLayout;
    row->setSpacing(2);
    for (QAction* action : group.actions) {
        if (isVariantIn(group, action))
            continue;
        QToolButton* const button = makeButton(action, box);
        addVariants(button, variantsOf(group, action));
        row->addWidget(button);
    }
    column->addLayout(row, 1);
    auto* title = new PlainLabel(group.title, PlainLabel::Look::Muted, box);
    title->setAlignment(Qt::AlignHCenter);
    column->addWidget(title);
    return box;
}

QToolButton* Ribbon::makeButton(QAction* action, QWidget* parent)
{
    auto* button = new QToolButton(parent);
    button->setDefaultAction(action);
    button->setText(twoLines(action->text())); // with its mnemonic, which the default action leaves out
    button->setObjectName(action->objectName());
    button->setAccessibleName(action->text().remove(u'&'));
    button->setIconSize({28, 28});
    button->setToolButtonStyle(Qt::ToolButtonTextUnderIcon);
    button->setAutoRaise(true);
    button->setMinimumWidth(64);
    button->setFocusPolicy(Qt::TabFocus);
    // QToolButton takes text and description from its action whenever that changes.
    const auto keep = [button, action] {
        button->setText(twoLines(action->text()));
        button->setAccessibleDescription(action->toolTip());
    };
    connect(action, &QAction::changed, button, keep);
    keep();
    return button;
}

// The button does what it always did, its arrow opens the variants; the context menu has them as well.
void Ribbon::addVariants(QToolButton* button, const QList<QAction*>& variants)
{
    if (variants.isEmpty())
        return;
    auto* menu = new QMenu(button);
    menu->setObjectName(button->objectName() + u"-variants"_s);
    menu->setToolTipsVisible(true);
    menu->addActions(variants);
    button->setMenu(menu);
    button->setPopupMode(QToolButton::MenuButtonPopup);
}

} // namespace postern::shell
