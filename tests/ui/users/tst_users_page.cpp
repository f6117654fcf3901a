// The Users page as somebody uses it: search, sort, details with the devices of a person, state kept.
#include <QLineEdit>
#include <QPushButton>
#include <QSettings>
#include <QtTest>

#include "models/frame/DeviceFrameBuilder.h"
#include "tests/support/DeviceFactory.h"
#include "tests/ui/support/FakeSiteClient.h"
#include "tests/ui/support/FormDriver.h"
#include "ui/grid/GridView.h"
#include "ui/users/UserDetails.h"
#include "ui/users/UsersPage.h"
#include "ui/widgets/EmptyState.h"

using namespace Qt::StringLiterals;
using namespace postern;
using namespace postern::test;
using frame::DeviceColumn;
using items::UserTableModel;
using users::UsersPage;

namespace {

SiteUser aUser(qint64 id, const QString& name, const QString& group = {})
{
    SiteUser user;
    user.id = {id};
    user.name = name;
    user.userPrincipalName = name.toLower() + u"@contoso.lab"_s;
    user.intuneLicensed = true;
    user.groups = {group};
    return user;
}

struct Fixture
{
    FakeSiteClient site;
    std::unique_ptr<UsersPage> page;

    explicit Fixture(SiteUsers people)
    {
        site.setUsers(std::move(people));
        page = std::make_unique<UsersPage>(site);
        page->resize(1200, 700);
        page->show();
        if (!QTest::qWaitForWindowActive(page.get()))
            qWarning("The page never became active");
        settle();
    }
    void settle() const
    {
        QVERIFY(QTest::qWaitFor([this] { return page->isSettled(); }));
    }
    [[nodiscard]] QStringList names() const
    {
        QStringList result;
        const auto* model = page->grid().table();
        for (int row = 0; row < model->rowCount(); ++row)
            result.append(model->index(row, UserTableModel::Name).data().toString());
        return result;
    }
    [[nodiscard]] QString emptyTitle() const
    {
        for (const auto* state : page->findChildren<widgets::EmptyState*>()) {
            if (state->isVisible())
                return state->title();
        }
        return {};
    }
};

} // namespace

class tst_users_page : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase()
    {
        QLocale::setDefault(QLocale::c());
        QStandardPaths::setTestModeEnabled(true);
        qputenv("TZ", "UTC");
    }
    void listsSortsAndSearches();
    void followsTheSite();
    void detailsShowThePerson();
    void devicesAreThoseOfThePersonOnly();
    void emptyStates();
    void selectionForCommands();
    void stateAndSettingsComeBack();
    void isAccessible();
};

void tst_users_page::listsSortsAndSearches()
{
    Fixture f({aUser(1, u"Zoe"_s), aUser(2, u"Ann"_s, u"Pilot"_s), aUser(3, u"Bo"_s)});
    QCOMPARE(f.names(), (QStringList{u"Ann"_s, u"Bo"_s, u"Zoe"_s}));
    f.page->grid().setSort(grid::GridSort{UserTableModel::Name, Qt::DescendingOrder});
    f.settle();
    QCOMPARE(f.names().front(), u"Zoe"_s);
    f.page->focusSearch();
    QTest::keyClicks(&f.page->searchBox(), u"pilot"_s); // a group
    f.settle();
    QCOMPARE(f.names(), QStringList{u"Ann"_s});
    QTest::keyClick(f.page.get(), Qt::Key_Escape);
    f.settle();
    QCOMPARE(f.names().size(), 3);
    QCOMPARE(f.page->statusText(), u"3 user(s)"_s);
}

void tst_users_page::followsTheSite()
{
    Fixture f({aUser(1, u"Zoe"_s), aUser(2, u"Ann"_s)});
    f.page->grid().selectKeys({1}, 1);
    f.site.setUsers({aUser(1, u"Zoe"_s), aUser(2, u"Ann"_s), aUser(3, u"Bo"_s)});
    QTRY_COMPARE(f.names(), (QStringList{u"Ann"_s, u"Bo"_s, u"Zoe"_s}));
    QCOMPARE(f.page->grid().selectedKeys(), std::vector<qint64>{1});
}

void tst_users_page::detailsShowThePerson()
{
    SiteUser user = aUser(1, u"Ann"_s, u"MDM Pilot"_s);
    user.licenses = {u"EMS"_s};
    user.intuneLicensed = false;
    user.mailbox = MailboxLocation::Online;
    Fixture f({user});
    QVERIFY(f.page->details().summaryText().contains(u"Select a user"_s));
    f.page->focusMain();
    const QString text = f.page->details().summaryText();
    for (const auto& part : {u"Name: Ann"_s, u"Mailbox: Exchange Online"_s, u"Licensed for Intune: No"_s,
             u"EMS"_s, u"MDM Pilot"_s, u"Department: Not known"_s})
        QVERIFY2(text.contains(part), qPrintable(text));
}

void tst_users_page::devicesAreThoseOfThePersonOnly()
{
    Fixture f({aUser(1, u"Ann"_s), aUser(2, u"Joann"_s)});
    frame::DeviceFrameBuilder builder;
    builder.apply(aDevice(1)
                      .named(u"ann_iPhone")
                      .blocked()
                      .set(DeviceColumn::UserPrincipalName, u"ANN@contoso.lab")
                      .row());
    builder.apply(
        aDevice(2).named(u"joann_iPad").set(DeviceColumn::UserPrincipalName, u"joann@contoso.lab").row());
    f.site.setFrame(builder.publish());
    f.page->grid().selectKeys({1}, 1);
    const QString text = f.page->details().devicesText();
    QVERIFY2(text.contains(u"ann_iPhone: Blocked"_s), qPrintable(text));
    QVERIFY2(!text.contains(u"joann_iPad"_s), qPrintable(text)); // its address only contains the other one
    builder.apply(aDevice(1).gone().row());
    f.site.setFrame(builder.publish());
    QCOMPARE(f.page->details().devicesText(), u"No device of this user is known.\n"_s);
}

void tst_users_page::emptyStates()
{
    Fixture f({});
    QCOMPARE(f.emptyTitle(), u"No users yet"_s);
    QSignalSpy node(f.page.get(), &widgets::NodePage::nodeRequested);
    click(f.page.get(), u"Go to Microsoft Intune"_s);
    QCOMPARE(node.count(), 1);
    f.site.setUsers({aUser(1, u"Ann"_s)});
    QTRY_COMPARE(f.names().size(), 1);
    f.page->searchBox().setText(u"nobody"_s);
    QTRY_COMPARE(f.emptyTitle(), u"No user matches"_s);
    click(f.page.get(), u"Clear Search"_s);
    QTRY_COMPARE(f.names().size(), 1);
}

void tst_users_page::selectionForCommands()
{
    Fixture f({aUser(1, u"Ann"_s), aUser(2, u"Bo"_s)});
    f.page->selectAll();
    QCOMPARE(f.page->selection().users, (std::vector<UserId>{{1}, {2}}));
    QCOMPARE(f.page->selection().rows, 2);
    QCOMPARE(f.page->statusText(), u"2 user(s), 2 selected"_s);
    QVERIFY(f.page->copySelection());
}

void tst_users_page::stateAndSettingsComeBack()
{
    Fixture f({aUser(1, u"Ann"_s), aUser(2, u"Annika"_s), aUser(3, u"Bo"_s)});
    f.page->searchBox().setText(u"ann"_s);
    f.settle();
    f.page->grid().setColumnVisible(UserTableModel::Groups, true);
    f.page->grid().selectKeys({2}, 2);
    QTemporaryDir folder;
    QSettings settings(folder.filePath(u"s.ini"_s), QSettings::IniFormat);
    f.page->saveSettings(settings);
    Fixture g({aUser(1, u"Ann"_s), aUser(2, u"Annika"_s), aUser(3, u"Bo"_s)});
    g.page->restoreSettings(settings);
    QVERIFY(!g.page->grid().isColumnHidden(UserTableModel::Groups));
    g.page->restoreState(f.page->saveState());
    QTRY_COMPARE(g.names().size(), 2);
    QCOMPARE(g.page->grid().selectedKeys(), std::vector<qint64>{2});
    QCOMPARE(g.page->saveState(), f.page->saveState());
}

void tst_users_page::isAccessible()
{
    Fixture f({aUser(1, u"Ann"_s)});
    const QStringList problems = accessibilityProblems(f.page.get());
    QVERIFY2(problems.isEmpty(), qPrintable(problems.join(u'\n')));
}

QTEST_MAIN(tst_users_page)
#include "tst_users_page.moc"
