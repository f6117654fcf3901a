#include "ui/connectors/DeleteConnectorDialog.h"

#include <QCheckBox>
#include <QDialogButtonBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

#include "services/site/SiteClient.h"
#include "ui/connectors/CommandPreviewDialog.h"
#include "ui/widgets/IconSet.h"
#include "ui/widgets/PlainLabel.h"

namespace postern::connectors {

using namespace Qt::StringLiterals;
using namespace widgets;

namespace {

constexpr int journalLimit = 200'000;

QString quoted(const QString& text)
{
    return u'\'' + QString(text).replace(u'\'', "''"_L1) + u'\'';
}

QString removal(const QString& parameter, const QStringList& ids)
{
    if (ids.isEmpty())
        return {};
    QStringList texts;
    for (const QString& id : ids)
        texts.append(quoted(id));
    return u" -%1 @{Remove=%2}"_s.arg(parameter, texts.join(u','));
}

} // namespace

QStringList removalCommands(const std::vector<StandingEntries>& entries)
{
    QStringList commands;
    for (const StandingEntries& mailbox : entries)
        commands.append(u"Set-CASMailbox -Identity %1"_s.arg(quoted(mailbox.mailboxIdentity))
            + removal(u"ActiveSyncAllowedDeviceIDs"_s, mailbox.allowed)
            + removal(u"ActiveSyncBlockedDeviceIDs"_s, mailbox.blocked));
    return commands;
}

DeleteConnectorDialog::DeleteConnectorDialog(
    site::SiteClient& site, std::vector<Connector> connectors, QWidget* parent)
    : QDialog(parent)
    , m_site(site)
    , m_connectors(std::move(connectors))
{
    setWindowTitle(tr("Delete"));
    setWindowIcon(icon(u"delete"_s));
    build();
    connect(&m_site, &site::SiteClient::writesLoaded, this, &DeleteConnectorDialog::writesLoaded);
    for (const Connector& connector : m_connectors)
        m_waiting.insert(connector.id);
    showCount();
    for (const Connector& connector : m_connectors)
        m_site.loadWrites(connector.id, journalLimit);
}

void DeleteConnectorDialog::accept()
{
    QList<qint64> ids;
    for (const Connector& connector : m_connectors)
        ids.append(connector.id.value);
    const bool keepEntries = !m_remove->isChecked();
    QDialog::accept();
    emit requested(ids, keepEntries);
}

QString DeleteConnectorDialog::countSentence() const
{
    return m_count->text();
}

void DeleteConnectorDialog::build()
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(spacing::wide, spacing::wide, spacing::wide, 12);
    column->setSpacing(12);
    addQuestion(*column);
    m_remove = new QCheckBox(tr("&Remove the allow and block entries that Postern wrote first"), this);
    m_remove->setChecked(true);
    connect(m_remove, &QCheckBox::toggled, this, &DeleteConnectorDialog::showCount);
    column->addWidget(m_remove);
    m_count = new PlainLabel({}, PlainLabel::Look::Body, this);
    m_count->setMessage();
    m_count->setContentsMargins(24, 0, 0, 0);
    column->addWidget(m_count);
    auto* stays
        = new PlainLabel(tr("The history stays for 30 days. Devices lose what Exchange says of them; what "
                            "Intune says stays."),
            PlainLabel::Look::Muted, this);
    stays->setWordWrap(true);
    column->addWidget(stays);
    column->addStretch(1);
    column->addWidget(buildButtons());
    resize(540, sizeHint().height());
}

void DeleteConnectorDialog::addQuestion(QVBoxLayout& column)
{
    QStringList names;
    for (const Connector& connector : m_connectors)
        names.append(connector.name);
    auto* head = new QHBoxLayout;
    head->setSpacing(12);
    auto* mark = new QLabel(this);
    mark->setPixmap(icon(u"warning"_s, Tone::Warning).pixmap(32, 32));
    auto* question
        = new PlainLabel(names.size() == 1 ? tr("Delete the connector \"%1\"?").arg(names.first())
                                           : tr("Delete %n connectors?", nullptr, int(names.size())),
            PlainLabel::Look::Strong, this);
    question->setWordWrap(true);
    head->addWidget(mark, 0, Qt::AlignTop);
    head->addWidget(question, 1);
    column.addLayout(head);
    if (names.size() > 1) {
        auto* list = new PlainLabel(names.join(u'\n'), PlainLabel::Look::Body, this);
        list->setMessage();
        list->setContentsMargins(24, 0, 0, 0);
        column.addWidget(list);
    }
}

QWidget* DeleteConnectorDialog::buildButtons()
{
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Cancel, this);
    auto* remove = buttons->addButton(tr("&Delete"), QDialogButtonBox::AcceptRole);
    m_command = buttons->addButton(tr("Sho&w Command"), QDialogButtonBox::ResetRole);
    auto* cancel = buttons->button(QDialogButtonBox::Cancel);
    cancel->setText(tr("Cancel"));
    cancel->setIcon({});
    remove->setAutoDefault(false);
    m_command->setAutoDefault(false);
    cancel->setDefault(true); // Return must not delete
    connect(buttons, &QDialogButtonBox::accepted, this, &DeleteConnectorDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(m_command, &QPushButton::clicked, this, &DeleteConnectorDialog::showCommand);
    return buttons;
}

void DeleteConnectorDialog::writesLoaded(ConnectorId connector, const std::vector<WriteRecord>& writes)
{
    if (!m_waiting.remove(connector))
        return;
    for (StandingEntries& entries : standingEntries(writes))
        m_entries.push_back(std::move(entries));
    m_more = m_more || writes.size() >= std::size_t(journalLimit);
    showCount();
}

void DeleteConnectorDialog::showCount()
{
    const int count = countOf(m_entries);
    m_command->setEnabled(m_remove->isChecked() && m_waiting.isEmpty());
    m_count->setTone(std::nullopt);
    if (!m_waiting.isEmpty()) {
        m_count->setText(tr("Counting the entries that Postern wrote..."));
    } else if (count == 0) {
        m_count->setText(tr("Postern has no entries in Exchange: nothing is changed there."));
    } else if (m_remove->isChecked()) {
        const QString text = tr(
            "%n entry(s) are removed; Exchange's own rules then decide about these phones.", nullptr, count);
        m_count->setText(m_more ? tr("At least: %1").arg(text) : text);
    } else {
        m_count->setText(
            tr("%n entry(s) stay in Exchange, and nobody maintains them any more: blocked phones stay "
               "blocked.",
                nullptr, count));
        m_count->setTone(Tone::Warning);
    }
}

void DeleteConnectorDialog::showCommand()
{
    auto* dialog = new CommandPreviewDialog(
        removalCommands(m_entries), tr("None: Postern has no entries in Exchange."), this);
    dialog->open();
}

} // namespace postern::connectors
