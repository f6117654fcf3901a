#include "ui/connectors/CommandPreviewDialog.h"

#include <QDialogButtonBox>
#include <QPushButton>
#include <QVBoxLayout>

#include "services/site/SiteClient.h"
#include "ui/widgets/CommandText.h"
#include "ui/widgets/PlainLabel.h"

namespace postern::connectors {

using widgets::PlainLabel;
namespace spacing = widgets::spacing;

CommandPreviewDialog::CommandPreviewDialog(QWidget* parent)
    : QDialog(parent)
    , m_text(new widgets::CommandText(tr("Commands"), this))
{
    setWindowTitle(tr("Show Command"));
    setAttribute(Qt::WA_DeleteOnClose);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(spacing::wide, spacing::wide, spacing::wide, 12);
    column->setSpacing(spacing::normal);
    auto* note = new PlainLabel(
        tr("What will run in Exchange. Nothing has been run yet."), PlainLabel::Look::Body, this);
    note->setWordWrap(true);
    column->addWidget(note);
    column->addWidget(m_text, 1);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close, this);
    buttons->button(QDialogButtonBox::Close)->setText(tr("Close"));
    buttons->button(QDialogButtonBox::Close)->setIcon({});
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    column->addWidget(buttons);
    resize(720, 380);
}

CommandPreviewDialog::CommandPreviewDialog(
    site::SiteClient& site, const Connector& connector, QWidget* parent)
    : CommandPreviewDialog(parent)
{
    const QString name = connector.name;
    connect(&site, &site::SiteClient::settingsPreviewed, this,
        [this, name](const postern::Connector& of, const QStringList& commands) {
            if (of.name == name)
                m_text->setCommands(commands, tr("None: Exchange has these values already."));
        });
    site.previewSettings(connector);
}

CommandPreviewDialog::CommandPreviewDialog(
    const QStringList& commands, const QString& textWhenNone, QWidget* parent)
    : CommandPreviewDialog(parent)
{
    m_text->setCommands(commands, textWhenNone);
}

QStringList CommandPreviewDialog::commands() const
{
    return m_text->commands();
}

} // namespace postern::connectors
