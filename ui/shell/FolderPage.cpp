#include "ui/shell/FolderPage.h"

#include <QCommandLinkButton>
#include <QVBoxLayout>

#include "ui/shell/NodeTable.h"
#include "ui/widgets/IconSet.h"
#include "ui/widgets/PlainLabel.h"

namespace postern::shell {

using namespace widgets;

FolderPage::FolderPage(const QString& path, QWidget* parent)
    : NodePage(parent)
{
    setAutoFillBackground(true);
    setBackgroundRole(QPalette::Base);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(24, 20, 24, 20);
    column->setSpacing(spacing::normal);
    column->addWidget(new PlainLabel(segmentText(path.section(u'/', -1)), PlainLabel::Look::Title, this));
    for (const NodeRow& row : nodeTable()) {
        if (row.path.section(u'/', 0, -2) != path)
            continue;
        auto* link = new QCommandLinkButton(
            segmentText(row.path.section(u'/', -1)), nodeText(row.description), this);
        link->setIcon(icon(row.iconName));
        link->setIconSize({28, 28});
        link->setMaximumWidth(560);
        connect(link, &QCommandLinkButton::clicked, this,
            [this, target = row.path] { emit nodeRequested(target); });
        column->addWidget(link);
        if (m_first == nullptr)
            m_first = link;
    }
    column->addStretch(1);
}

void FolderPage::focusMain()
{
    if (m_first != nullptr)
        m_first->setFocus(Qt::ShortcutFocusReason);
}

} // namespace postern::shell
