#include "ui/connectors/SecurityPanel.h"

#include <QHeaderView>
#include <QTreeWidget>
#include <QVBoxLayout>

#include "ui/widgets/PlainLabel.h"

namespace postern::connectors {

SecurityPanel::SecurityPanel(const QString& siteName, QWidget* parent)
    : QWidget(parent)
{
    using widgets::PlainLabel;
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(12, 12, 12, 12);
    column->setSpacing(12);
    auto* note = new PlainLabel(
        tr("Who may see, change, synchronize and delete this connector."), PlainLabel::Look::Body, this);
    note->setWordWrap(true);
    column->addWidget(note);
    auto* list = new QTreeWidget(this);
    list->setHeaderLabels({tr("Who"), tr("May")});
    list->setAccessibleName(tr("Who may work with this connector"));
    list->setRootIsDecorated(false);
    const QString everything = tr("Everything");
    list->addTopLevelItem(new QTreeWidgetItem({tr("Full Administrator"), everything}));
    //: %1 is a site: "PS1 - Contoso"
    list->addTopLevelItem(
        new QTreeWidgetItem({tr("The account that owns the site %1").arg(siteName), everything}));
    list->header()->setStretchLastSection(true);
    list->resizeColumnToContents(0);
    column->addWidget(list, 1);
    auto* later = new PlainLabel(tr("Roles for other people come with administrative users (Administration > "
                                    "Security). Until then whoever "
                                    "can open the site's database may do everything."),
        PlainLabel::Look::Muted, this);
    later->setWordWrap(true);
    column->addWidget(later);
}

} // namespace postern::connectors
