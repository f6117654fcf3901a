#include "ui/monitoring/StatusMessagesWindow.h"

#include <QHBoxLayout>
#include <QLineEdit>
#include <QPushButton>
#include <QShortcut>
#include <QVBoxLayout>

#include "models/items/VisibleText.h"
#include "ui/grid/GridView.h"
#include "ui/monitoring/StatusMessagesView.h"
#include "ui/widgets/IconSet.h"
#include "ui/widgets/PlainLabel.h"
#include "ui/widgets/Prompter.h"

namespace postern::monitoring {

using namespace Qt::StringLiterals;
namespace spacing = widgets::spacing;

StatusMessagesWindow::StatusMessagesWindow(
    site::SiteClient& site, widgets::FilePrompter& files, const MessagesToShow& what, QWidget* parent)
    : QDialog(parent, Qt::Window)
    , m_files(files)
    , m_view(new StatusMessagesView(site, this))
{
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowIcon(widgets::icon(u"info"_s));
    setWindowTitle(what.component.isEmpty()
            ? tr("Status Messages")
            : tr("Status Messages: %1").arg(items::visibleText(what.component)));
    m_view->setPeriod(what.period);
    m_view->setComponent(what.component);
    m_view->setSeverity(what.severity);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_view, 1);
    column->addWidget(buildButtons());
    addKey(QKeySequence(Qt::Key_F5), [this] { m_view->refresh(); });
    addKey(QKeySequence(Qt::CTRL | Qt::Key_L), [this] {
        m_view->searchBox().setFocus(Qt::ShortcutFocusReason);
        m_view->searchBox().selectAll();
    });
    const auto say = [this] { m_status->setText(m_view->statusText()); };
    connect(m_view, &StatusMessagesView::changed, this, say);
    say();
    resize(1240, 700);
}

QWidget* StatusMessagesWindow::buildButtons()
{
    auto* bar = new QWidget(this);
    auto* row = new QHBoxLayout(bar);
    row->setContentsMargins(spacing::wide, spacing::normal, spacing::wide, 12);
    row->setSpacing(spacing::normal);
    m_status = new widgets::PlainLabel({}, widgets::PlainLabel::Look::Muted, bar);
    m_status->setWordWrap(true); // gives way before a button does
    auto* refresh = new QPushButton(widgets::icon(u"refresh"_s), tr("&Refresh"), bar);
    auto* copy = new QPushButton(widgets::icon(u"copy"_s), tr("&Copy"), bar);
    copy->setToolTip(tr("Copy the selected messages as a table"));
    auto* save = new QPushButton(tr("&Export..."), bar);
    save->setToolTip(tr("Save the messages that are shown as a CSV file"));
    auto* close = new QPushButton(tr("Close"), bar);
    row->addWidget(m_status, 1);
    for (auto* button : {refresh, copy, save, close}) {
        button->setAutoDefault(false);
        row->addWidget(button);
    }
    connect(refresh, &QPushButton::clicked, this, [this] { m_view->refresh(); });
    connect(copy, &QPushButton::clicked, this, [this] { static_cast<void>(m_view->grid().copySelection()); });
    connect(save, &QPushButton::clicked, this, &StatusMessagesWindow::exportCsv);
    connect(close, &QPushButton::clicked, this, &QWidget::close);
    return bar;
}

void StatusMessagesWindow::addKey(const QKeySequence& key, const std::function<void()>& action)
{
    connect(new QShortcut(key, this), &QShortcut::activated, this, action);
}

void StatusMessagesWindow::exportCsv()
{
    const QString path = m_files.saveFile(
        this, tr("Export"), u"status-messages.csv"_s, tr("Comma-separated values (*.csv);;All files (*)"));
    if (path.isEmpty())
        return;
    const auto written = m_view->exportCsv(path);
    if (written)
        m_status->setText(tr("%n message(s) saved to %1", nullptr, *written).arg(path));
    else
        m_status->setText(tr("%1 could not be written: %2").arg(path, written.error().detail));
}

} // namespace postern::monitoring
