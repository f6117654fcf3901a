#include "ui/connectors/ConnectorLogDialog.h"

#include <QDialogButtonBox>
#include <QPushButton>
#include <QVBoxLayout>

#include "ui/connectors/LogPanel.h"
#include "ui/widgets/IconSet.h"

namespace postern::connectors {

using namespace Qt::StringLiterals;

ConnectorLogDialog::ConnectorLogDialog(const QString& path, const QString& connectorName, QWidget* parent)
    : QDialog(parent)
{
    //: %1 is a connector
    setWindowTitle(tr("Log of %1").arg(connectorName));
    setWindowIcon(widgets::icon(u"log"_s));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(widgets::spacing::wide, widgets::spacing::wide, widgets::spacing::wide, 12);
    column->addWidget(new LogPanel(path, connectorName, this), 1);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close, this);
    buttons->button(QDialogButtonBox::Close)->setText(tr("Close"));
    buttons->button(QDialogButtonBox::Close)->setIcon({});
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    column->addWidget(buttons);
    resize(860, 480);
}

} // namespace postern::connectors
