#include "ui/connectors/LogPanel.h"

#include <QClipboard>
#include <QDesktopServices>
#include <QFileInfo>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QPushButton>
#include <QTreeWidget>
#include <QUrl>
#include <QVBoxLayout>

#include "models/base/ErrorText.h"
#include "ui/connectors/ConnectorTexts.h"
#include "ui/connectors/LogTail.h"
#include "ui/widgets/IconSet.h"
#include "ui/widgets/PlainLabel.h"
#include "ui/widgets/Toast.h"

namespace postern::connectors {

using namespace Qt::StringLiterals;
using widgets::icon;
using widgets::PlainLabel;
using widgets::Tone;

namespace {

constexpr int shownLines = 200;

Tone toneOf(Severity severity)
{
    return severity == Severity::Error  ? Tone::Bad
        : severity == Severity::Warning ? Tone::Warning
                                        : Tone::Accent;
}

QString severityText(Severity severity)
{
    return severity == Severity::Error  ? LogPanel::tr("Error", "severity")
        : severity == Severity::Warning ? LogPanel::tr("Warning", "severity")
                                        : LogPanel::tr("Information", "severity");
}

QTreeWidgetItem* itemOf(const LogEntry& entry)
{
    const Tone tone = toneOf(entry.severity);
    auto* item = new QTreeWidgetItem({entry.time.isValid() ? timeText(entry.time) : QString(),
        severityText(entry.severity), entry.text.section(u'\n', 0, 0).trimmed()});
    item->setIcon(1, icon(tone == Tone::Accent ? u"info"_s : widgets::toneIconName(tone), tone));
    item->setToolTip(2, entry.text);
    return item;
}

} // namespace

LogPanel::LogPanel(QString path, QString connectorName, QWidget* parent)
    : QWidget(parent)
    , m_path(std::move(path))
    , m_name(std::move(connectorName))
    , m_note(new PlainLabel({}, PlainLabel::Look::Muted, this))
    , m_lines(new QTreeWidget(this))
{
    build();
    refresh();
}

void LogPanel::build()
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(widgets::spacing::normal);
    m_note->setMessage();
    m_lines->setHeaderLabels({tr("Time"), tr("Severity"), tr("Message")});
    m_lines->setAccessibleName(tr("Last log lines of this connector, newest first"));
    m_lines->setRootIsDecorated(false);
    m_lines->setUniformRowHeights(true);
    m_lines->setSelectionMode(QAbstractItemView::ExtendedSelection);
    m_lines->header()->setStretchLastSection(true);
    auto* row = new QHBoxLayout;
    m_open = new QPushButton(icon(u"log"_s), tr("Open &EasDisc.log"), this);
    auto* copyButton = new QPushButton(icon(u"copy"_s), tr("C&opy"), this);
    auto* again = new QPushButton(icon(u"refresh"_s), tr("Re&fresh"), this);
    for (auto* button : {m_open, copyButton, again})
        button->setAutoDefault(false);
    connect(m_open, &QPushButton::clicked, this, &LogPanel::openFile);
    connect(copyButton, &QPushButton::clicked, this, &LogPanel::copy);
    connect(again, &QPushButton::clicked, this, &LogPanel::refresh);
    row->addWidget(m_open);
    row->addWidget(copyButton);
    row->addWidget(again);
    row->addStretch(1);
    column->addWidget(m_note);
    column->addWidget(m_lines, 1);
    column->addLayout(row);
}

void LogPanel::refresh()
{
    m_lines->clear();
    m_open->setEnabled(QFileInfo::exists(m_path));
    if (m_path.isEmpty()) {
        m_note->setText(tr("The service of this site runs on another computer; its EasDisc.log is there."));
        return;
    }
    const auto entries = logTail(m_path, m_name, shownLines);
    if (!entries) {
        m_note->setText(entries.error().code == ErrorCode::NotFound
                ? tr("Nothing has been logged yet: %1").arg(m_path)
                : ErrorText::sentence(entries.error()));
        return;
    }
    m_note->setText(entries->empty() ? tr("Nothing about this connector: %1").arg(m_path) : m_path);
    for (const LogEntry& entry : *entries)
        m_lines->addTopLevelItem(itemOf(entry));
    for (const int section : {0, 1})
        m_lines->resizeColumnToContents(section);
}

int LogPanel::lineCount() const
{
    return m_lines->topLevelItemCount();
}

void LogPanel::openFile() const
{
    QDesktopServices::openUrl(QUrl::fromLocalFile(m_path));
}

// The selected lines, or all.
void LogPanel::copy() const
{
    QString text;
    const bool all = m_lines->selectedItems().isEmpty();
    for (int row = 0; row < m_lines->topLevelItemCount(); ++row) {
        const QTreeWidgetItem* item = m_lines->topLevelItem(row);
        if (all || item->isSelected())
            text += item->text(0) + u'\t' + item->text(1) + u'\t' + item->toolTip(2) + u'\n';
    }
    QGuiApplication::clipboard()->setText(text);
}

} // namespace postern::connectors
