// The part of UsersPage that answers the shell: selection, focus, what to keep for Back and for the next
// session.
#include <QLineEdit>
#include <QLocale>
#include <QSettings>
#include <QSplitter>

#include "services/site/SiteClient.h"
#include "ui/grid/GridView.h"
#include "ui/grid/RecordGrid.h"
#include "ui/users/UserDetails.h"
#include "ui/users/UsersPage.h"

namespace postern::users {

using namespace Qt::StringLiterals;

widgets::Selection UsersPage::selection() const
{
    constexpr int mostNamed = 500; // commands on more people than that ask the list itself
    widgets::Selection chosen;
    chosen.rows = m_grid->selectedRowCount();
    if (chosen.rows > mostNamed)
        return chosen;
    for (const qint64 key : m_grid->selectedKeys())
        chosen.users.push_back(UserId{key});
    return chosen;
}

QVariantMap UsersPage::saveState() const
{
    QVariantMap state = m_grid->selectedRowCount() <= 500 ? grid::saveGrid(*m_grid) : QVariantMap();
    state.insert(u"search"_s, m_search->text());
    state.insert(u"tab"_s, m_details->currentIndex());
    return state;
}

void UsersPage::restoreState(const QVariantMap& state)
{
    if (state.isEmpty())
        return;
    m_search->setText(state.value(u"search"_s).toString());
    m_details->setCurrentIndex(state.value(u"tab"_s).toInt());
    m_toRestore = state; // the rows may come only when the search is done
    applyQuery();
    if (!m_worker->isBusy())
        restoreSelection();
}

void UsersPage::restoreSelection()
{
    if (m_toRestore.isEmpty() || m_worker->isBusy())
        return;
    const QVariantMap state = std::exchange(m_toRestore, {});
    if (state.contains(u"columns"_s))
        grid::restoreGrid(*m_grid, state);
}

void UsersPage::saveSettings(QSettings& settings) const
{
    settings.setValue(u"splitter"_s, m_splitter->saveState());
    settings.setValue(u"detailsTab"_s, m_details->currentIndex());
    grid::saveGridSettings(*m_grid, settings);
}

void UsersPage::restoreSettings(QSettings& settings)
{
    m_splitter->restoreState(settings.value(u"splitter"_s).toByteArray());
    m_details->setCurrentIndex(settings.value(u"detailsTab"_s).toInt());
    grid::restoreGridSettings(*m_grid, settings);
}

void UsersPage::focusMain()
{
    m_grid->setFocus(Qt::ShortcutFocusReason);
    m_grid->selectSomething();
}

bool UsersPage::focusSearch()
{
    m_search->setFocus(Qt::ShortcutFocusReason);
    m_search->selectAll();
    return true;
}

bool UsersPage::focusDetails()
{
    m_details->setFocus(Qt::ShortcutFocusReason);
    return true;
}

void UsersPage::refresh()
{
    m_worker->setUsers(m_site.users());
    showDetails();
}

bool UsersPage::copySelection()
{
    return m_grid->copySelection();
}

void UsersPage::selectAll()
{
    m_grid->selectAll();
}

QString UsersPage::statusText() const
{
    const QString all = tr("%n user(s)", nullptr, m_worker->total());
    const int selected = m_grid->selectedRowCount();
    //: %1 "700 users", %2 a number
    return selected == 0 ? all : tr("%1, %2 selected").arg(all, QLocale().toString(selected));
}

} // namespace postern::users
