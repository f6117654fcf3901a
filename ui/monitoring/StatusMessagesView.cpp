#include "ui/monitoring/StatusMessagesView.h"

#include <QComboBox>
#include <QKeyEvent>
#include <QLineEdit>
#include <QLocale>
#include <QSaveFile>
#include <QSettings>
#include <QSplitter>

#include "models/base/Csv.h"
#include "ui/grid/GridView.h"
#include "ui/grid/RecordGrid.h"
#include "ui/monitoring/MessageDetails.h"
#include "ui/widgets/EmptyState.h"
#include "ui/widgets/PlainLabel.h"

namespace postern::monitoring {

using namespace Qt::StringLiterals;
using items::StatusMessageModel;

StatusMessagesView::StatusMessagesView(site::SiteClient& site, QWidget* parent)
    : QWidget(parent)
    , m_feed(new MessageFeed(site, this))
    , m_model(new StatusMessageModel(this))
{
    build();
    connectParts();
    fill();
}

void StatusMessagesView::setPeriod(ViewingPeriod period)
{
    const QSignalBlocker blocker(m_periodBox);
    m_periodBox->setCurrentIndex(m_periodBox->findData(periodKey(period)));
    if (period == m_feed->period())
        return;
    m_feed->setPeriod(period);
    emit periodChanged();
}

void StatusMessagesView::setSeverity(std::optional<Severity> severity)
{
    m_severityBox->setCurrentIndex(severity ? m_severityBox->findData(int(*severity)) : 0);
}

std::optional<Severity> StatusMessagesView::severity() const
{
    const QVariant chosen = m_severityBox->currentData();
    return chosen.isValid() ? std::optional(Severity(chosen.toInt())) : std::nullopt;
}

void StatusMessagesView::setComponent(const QString& component)
{
    // One that has said nothing yet can be waited for.
    if (!component.isEmpty() && m_componentBox->findData(component) < 0)
        m_componentBox->addItem(component, component);
    m_componentBox->setCurrentIndex(component.isEmpty() ? 0 : m_componentBox->findData(component));
}

items::MessageFilter StatusMessagesView::filter() const
{
    return {periodStart(m_feed->period(), m_feed->now()), severity(),
        m_componentBox->currentData().toString(), m_search->text().trimmed()};
}

void StatusMessagesView::fill()
{
    fillComponents();
    const items::MessageFilter wanted = filter();
    std::vector<StatusMessage> shown;
    for (const StatusMessage& message : m_feed->messages()) {
        if (items::matches(message, wanted))
            shown.push_back(message);
    }
    const auto sort = m_grid->sort().value_or(grid::GridSort{StatusMessageModel::Time, Qt::DescendingOrder});
    m_model->setMessages(items::sortedMessages(std::move(shown), sort.column, sort.order));
    const QLocale locale;
    const int all = int(m_feed->messages().size());
    m_count->setText(m_model->rowCount() == all
            ? tr("%n message(s)", nullptr, all)
            : tr("%1 of %2 shown").arg(locale.toString(m_model->rowCount()), locale.toString(all)));
    showPlaceholder();
    showDetails();
    emit changed();
}

// Every component that has said something; the chosen one stays.
void StatusMessagesView::fillComponents()
{
    QStringList added;
    for (const StatusMessage& message : m_feed->messages()) {
        if (m_componentBox->findData(message.component) < 0 && !added.contains(message.component))
            added.append(message.component);
    }
    const QSignalBlocker blocker(m_componentBox);
    for (const QString& component : std::as_const(added))
        m_componentBox->addItem(component, component);
}

void StatusMessagesView::showDetails()
{
    const auto keys = m_grid->selectedKeys();
    m_details->showMessage(
        keys.size() == 1 ? m_model->messageAt(m_model->rowOfKey(keys.front())) : nullptr, int(keys.size()));
}

void StatusMessagesView::showPlaceholder()
{
    if (!m_feed->isLoaded())
        m_grid->setPlaceholder(nullptr); // rows that are still being read are no reason to say there are none
    else
        m_grid->setPlaceholder(m_feed->messages().empty() ? m_noMessages : m_noMatch);
}

void StatusMessagesView::clearFilter()
{
    m_search->clear();
    setSeverity(std::nullopt);
    setComponent({});
}

QString StatusMessagesView::csvText() const
{
    QStringList header;
    for (int column = 0; column < StatusMessageModel::ColumnCount; ++column)
        header.append(
            column == StatusMessageModel::Time ? tr("Date/Time (UTC)") : m_grid->columnTitle(column));
    header.append(tr("Arguments"));
    QString text = csvLine(header);
    for (int row = 0; row < m_model->rowCount(); ++row) {
        const StatusMessage& message = *m_model->messageAt(row);
        QStringList cells;
        for (int column = 0; column < StatusMessageModel::ColumnCount; ++column)
            cells.append(StatusMessageModel::cellText(message, column));
        cells[StatusMessageModel::Time] = message.time.toUTC().toString(Qt::ISODate);
        cells[StatusMessageModel::Description] = message.text;
        cells.append(message.arguments.join(u"; "_s));
        text += csvLine(cells);
    }
    return text;
}

Expected<int> StatusMessagesView::exportCsv(const QString& path) const
{
    QSaveFile file(path);
    const QByteArray bytes = "\xEF\xBB\xBF" + csvText().toUtf8(); // spreadsheets take the mark for UTF-8
    if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size() || !file.commit())
        return fail(ErrorCode::InvalidInput, file.errorString(), path);
    return m_model->rowCount();
}

QString StatusMessagesView::statusText() const
{
    const QString all = m_feed->isCut()
        ? tr("The newest %n messages of this period", nullptr, int(m_feed->messages().size()))
        : tr("%n status message(s)", nullptr, int(m_feed->messages().size()));
    const int selected = m_grid->selectedRowCount();
    //: %1 "12 status messages"
    return selected == 0 ? all : tr("%1, %n selected", nullptr, selected).arg(all);
}

QVariantMap StatusMessagesView::saveState() const
{
    QVariantMap state = grid::saveGrid(*m_grid);
    state.insert(u"search"_s, m_search->text());
    state.insert(u"severity"_s, m_severityBox->currentIndex());
    state.insert(u"component"_s, m_componentBox->currentData());
    state.insert(u"period"_s, periodKey(period()));
    return state;
}

void StatusMessagesView::restoreState(const QVariantMap& state)
{
    if (state.isEmpty())
        return;
    setPeriod(periodFromKey(state.value(u"period"_s).toString()));
    m_search->setText(state.value(u"search"_s).toString());
    m_severityBox->setCurrentIndex(state.value(u"severity"_s).toInt());
    setComponent(state.value(u"component"_s).toString());
    fill();
    grid::restoreGrid(*m_grid, state);
}

void StatusMessagesView::saveSettings(QSettings& settings) const
{
    settings.setValue(u"splitter"_s, m_splitter->saveState());
    settings.setValue(u"period"_s, periodKey(period()));
    grid::saveGridSettings(*m_grid, settings);
}

void StatusMessagesView::restoreSettings(QSettings& settings)
{
    m_splitter->restoreState(settings.value(u"splitter"_s).toByteArray());
    setPeriod(periodFromKey(settings.value(u"period"_s).toString()));
    grid::restoreGridSettings(*m_grid, settings);
}

void StatusMessagesView::keyPressEvent(QKeyEvent* event)
{
    if (event->key() == Qt::Key_Escape && !m_search->text().isEmpty()) {
        m_search->clear();
        return;
    }
    QWidget::keyPressEvent(event);
}

} // namespace postern::monitoring
