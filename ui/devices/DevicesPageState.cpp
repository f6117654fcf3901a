// The part of DevicesPage that answers the shell: selection, focus, what to keep for Back and for the next
// session.
#include <QLineEdit>
#include <QLocale>
#include <QScrollBar>
#include <QSettings>
#include <QSplitter>

#include "services/site/SiteClient.h"
#include "ui/devices/DeviceDetails.h"
#include "ui/devices/DevicesPage.h"
#include "ui/grid/GridView.h"

using namespace Qt::StringLiterals;

namespace postern::devices {

namespace {

constexpr std::size_t mostRemembered
    = 500; // selected rows that Back brings again; also what a bulk action takes (ACT-10)

} // namespace

widgets::Selection DevicesPage::selection() const
{
    widgets::Selection selection;
    selection.rows = m_grid->selectedRowCount();
    if (selection.rows > int(mostRemembered))
        return selection;
    for (const qint64 key : m_grid->selectedKeys())
        selection.devices.push_back(DeviceKey::fromValue(key));
    return selection;
}

QVariantMap DevicesPage::saveState() const
{
    QVariantList keys;
    if (m_grid->selectedRowCount() <= int(mostRemembered)) {
        for (const qint64 key : m_grid->selectedKeys())
            keys.append(key);
    }
    return {{u"search"_s, m_search->text()}, {u"limit"_s, m_limit}, {u"selected"_s, keys},
        {u"current"_s, m_grid->currentKey()}, {u"scroll"_s, m_grid->verticalScrollBar()->value()},
        {u"columns"_s, m_grid->saveColumns()}, {u"tab"_s, m_details->currentIndex()}};
}

void DevicesPage::restoreState(const QVariantMap& state)
{
    if (state.isEmpty())
        return;
    m_search->setText(state.value(u"search"_s).toString());
    m_limit = state.value(u"limit"_s, m_limit).toInt();
    m_grid->restoreColumns(state.value(u"columns"_s).toMap());
    m_details->setCurrentIndex(state.value(u"tab"_s).toInt());
    m_toRestore = state; // the rows may come only when the search is done
    search();
    if (!m_worker->isBusy())
        restoreSelection();
}

void DevicesPage::restoreSelection()
{
    if (m_toRestore.isEmpty() || m_worker->isBusy())
        return;
    const QVariantMap state = std::exchange(m_toRestore, {});
    std::vector<qint64> keys;
    for (const QVariant& key : state.value(u"selected"_s).toList())
        keys.push_back(key.toLongLong());
    m_grid->selectKeys(keys, state.value(u"current"_s).toLongLong());
    m_grid->verticalScrollBar()->setValue(state.value(u"scroll"_s).toInt());
}

void DevicesPage::saveSettings(QSettings& settings) const
{
    const QVariantMap columns = m_grid->saveColumns();
    settings.beginGroup(u"grid"_s);
    settings.remove(QString());
    for (auto entry = columns.begin(); entry != columns.end(); ++entry)
        settings.setValue(entry.key(), entry.value());
    settings.endGroup();
    settings.setValue(u"splitter"_s, m_splitter->saveState());
    settings.setValue(u"detailsTab"_s, m_details->currentIndex());
}

void DevicesPage::restoreSettings(QSettings& settings)
{
    QVariantMap columns;
    settings.beginGroup(u"grid"_s);
    const QStringList keys = settings.childKeys();
    for (const QString& key : keys)
        columns.insert(key, settings.value(key));
    settings.endGroup();
    if (!columns.isEmpty())
        m_grid->restoreColumns(columns);
    m_splitter->restoreState(settings.value(u"splitter"_s).toByteArray());
    m_details->setCurrentIndex(settings.value(u"detailsTab"_s).toInt());
}

void DevicesPage::focusMain()
{
    m_grid->setFocus(Qt::ShortcutFocusReason);
    m_grid->selectSomething();
}

bool DevicesPage::focusSearch()
{
    m_search->setFocus(Qt::ShortcutFocusReason);
    m_search->selectAll();
    return true;
}

bool DevicesPage::focusDetails()
{
    m_details->setFocus(Qt::ShortcutFocusReason);
    return true;
}

void DevicesPage::refresh()
{
    m_worker->setFrame(m_site.devices());
    showDetails(); // ages have moved on
}

bool DevicesPage::copySelection()
{
    return m_grid->copySelection();
}

void DevicesPage::selectAll()
{
    m_grid->selectAll();
}

QString DevicesPage::statusText() const
{
    const QString devices = tr("%n device(s)", nullptr, m_worker->counts().total);
    const int selected = m_grid->selectedRowCount();
    if (selected == 0)
        return devices;
    //: %1 "700 devices", %2 a number
    return tr("%1, %2 selected").arg(devices, QLocale().toString(selected));
}

} // namespace postern::devices
