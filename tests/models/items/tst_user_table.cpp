// The list of users: what is found, in what order, exact signals, and a hundred thousand of them in time.
#include <QAbstractItemModelTester>
#include <QElapsedTimer>
#include <QtTest>

#include "models/items/UserViewWorker.h"
#include "tests/support/ModelSpy.h"

using namespace Qt::StringLiterals;
using namespace postern;
using namespace postern::test;
using items::UserQuery;
using items::UserTableModel;
using items::userView;

namespace {

SiteUser aUser(qint64 id, const QString& name, const QString& department = {})
{
    SiteUser user;
    user.id = {id};
    user.name = name;
    user.userPrincipalName = name.section(u' ', 0, 0).toLower() + u"@contoso.lab"_s;
    user.department = department;
    return user;
}

SharedUsers shared(SiteUsers users)
{
    return std::make_shared<const SiteUsers>(std::move(users));
}

QStringList names(const UserTableModel& model)
{
    QStringList result;
    for (int row = 0; row < model.rowCount(); ++row)
        result.append(model.userAt(row)->name);
    return result;
}

} // namespace

class tst_user_table : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase()
    {
        QLocale::setDefault(QLocale::c());
        qputenv("TZ", "UTC");
    }
    void ordered_data();
    void ordered();
    void found_data();
    void found();
    void cells();
    void signalsAreExact();
    void workerShowsTheNewest();
    void workerMayDieWhileBusy();
    void manyInTime();
};

void tst_user_table::ordered_data()
{
    QTest::addColumn<int>("column");
    QTest::addColumn<bool>("descending");
    QTest::addColumn<QStringList>("result");
    const QStringList byName{u"ann 2"_s, u"Ann 10"_s, u"Zoe"_s};
    QTest::newRow("name, numbers by value") << int(UserTableModel::Name) << false << byName;
    QTest::newRow("name down") << int(UserTableModel::Name) << true
                               << QStringList(byName.rbegin(), byName.rend());
    QTest::newRow("devices down") << int(UserTableModel::Devices) << true
                                  << QStringList{u"ann 2"_s, u"Zoe"_s, u"Ann 10"_s};
    QTest::newRow("last seen, never first")
        << int(UserTableModel::LastSeen) << false << QStringList{u"Zoe"_s, u"ann 2"_s, u"Ann 10"_s};
}

void tst_user_table::ordered()
{
    QFETCH(int, column);
    QFETCH(bool, descending);
    SiteUsers users{aUser(1, u"Zoe"_s), aUser(2, u"Ann 10"_s), aUser(3, u"ann 2"_s)};
    users[0].deviceCount = 2;
    users[2].deviceCount = 10;
    users[1].lastSeen = QDateTime(QDate(2026, 11, 20), QTime(9, 0), Qt::UTC);
    users[2].lastSeen = QDateTime(QDate(2026, 11, 19), QTime(9, 0), Qt::UTC);
    UserTableModel model;
    model.install(
        userView(shared(users), {{}, column, descending ? Qt::DescendingOrder : Qt::AscendingOrder}));
    QTEST(names(model), "result");
}

void tst_user_table::found_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<bool>("is");
    QTest::newRow("name") << u"ANN"_s << true;
    QTest::newRow("sign-in name") << u"ann@contoso"_s << true;
    QTest::newRow("address") << u"archer@"_s << true;
    QTest::newRow("department") << u"sale"_s << true;
    QTest::newRow("group") << u"mdm pilot"_s << true;
    QTest::newRow("licence") << u"ems"_s << true;
    QTest::newRow("nothing") << u"bob"_s << false;
}

void tst_user_table::found()
{
    QFETCH(QString, text);
    SiteUser user = aUser(1, u"Ann Archer"_s, u"Sales"_s);
    user.emailAddress = u"archer@fabrikam.com"_s;
    user.groups = {u"All"_s, u"MDM Pilot"_s};
    user.licenses = {u"EMS"_s};
    QFETCH(bool, is);
    QCOMPARE(!userView(shared({user}), {text, 0, Qt::AscendingOrder}).rows.empty(), is);
}

void tst_user_table::cells()
{
    SiteUser user = aUser(1, u"Ann \u202Erehcra"_s);
    user.mailbox = MailboxLocation::Online;
    user.intuneLicensed = true;
    user.lastSeen = QDateTime(QDate(2026, 11, 20), QTime(9, 0), Qt::UTC);
    UserTableModel model;
    model.install(userView(shared({user}), {}));
    const auto cell = [&model](int column, int role = Qt::DisplayRole) {
        return model.index(0, column).data(role).toString();
    };
    QCOMPARE(cell(UserTableModel::Name), u"Ann [U+202E]rehcra"_s);
    QCOMPARE(cell(UserTableModel::Mailbox), u"Exchange Online"_s);
    QCOMPARE(cell(UserTableModel::IntuneLicensed), u"Yes"_s);
    QCOMPARE(cell(UserTableModel::Department, Qt::AccessibleTextRole), u"Empty"_s);
    QCOMPARE(cell(UserTableModel::LastSeen, Qt::ToolTipRole), u"2026-11-20 09:00:00 UTC"_s);
    QCOMPARE(model.keyAt(0), 1);
}

void tst_user_table::signalsAreExact()
{
    UserTableModel model;
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    ModelSpy spy(model);
    model.install(userView(shared({aUser(1, u"a"_s), aUser(2, u"b"_s)}), {}));
    QCOMPARE(spy.take(), QStringList{u"rowsInserted 0-1"_s});
    SiteUser changed = aUser(2, u"b"_s);
    changed.deviceCount = 3;
    model.install(userView(shared({aUser(1, u"a"_s), changed, aUser(3, u"c"_s)}), {}));
    QCOMPARE(spy.take(), (QStringList{u"rowsInserted 2-2"_s, u"dataChanged 1-1 columns 0-11"_s}));
    model.install(userView(model.users(), {u"c"_s, 0, Qt::AscendingOrder}));
    QVERIFY(spy.take().contains(u"rowsRemoved 0-1"_s) || model.rowCount() == 3); // "c" is in contoso, too
    model.install(userView(model.users(), {{}, 0, Qt::DescendingOrder}));
    QCOMPARE(names(model), (QStringList{u"c"_s, u"b"_s, u"a"_s}));
    QCOMPARE(spy.count(u"modelReset"_s), 0);
}

void tst_user_table::workerShowsTheNewest()
{
    UserTableModel model;
    items::UserViewWorker worker(model);
    for (int i = 1; i <= 20; ++i)
        worker.setUsers(shared({aUser(i, u"user %1"_s.arg(i))}));
    worker.setQuery({u"user"_s, 0, Qt::AscendingOrder});
    QTRY_COMPARE(names(model), QStringList{u"user 20"_s});
    QTRY_VERIFY(!worker.isBusy());
}

void tst_user_table::workerMayDieWhileBusy()
{
    UserTableModel model;
    SiteUsers many;
    for (qint64 id = 1; id <= 20'000; ++id)
        many.push_back(aUser(id, u"user %1"_s.arg(id)));
    const SharedUsers users = shared(std::move(many));
    for (int round = 0; round < 5; ++round) {
        items::UserViewWorker worker(model);
        worker.setUsers(users);
    }
    QCOMPARE(model.rowCount(), 0);
}

void tst_user_table::manyInTime()
{
    SiteUsers many;
    for (qint64 id = 1; id <= 100'000; ++id)
        many.push_back(aUser(id, u"user %1"_s.arg((id * 7919) % 100'000)));
    const SharedUsers users = shared(std::move(many));
    UserTableModel model;
    QElapsedTimer spent;
    spent.start();
    auto view = userView(users, {});
    const qint64 worked = spent.restart();
    model.install(std::move(view)); // the only part that the GUI thread waits for
    const qint64 installed = spent.elapsed();
    QCOMPARE(model.rowCount(), 100'000);
    QCOMPARE(model.userAt(2)->name, u"user 2"_s);
    qInfo("100,000 users: worked out in %lld ms, installed in %lld ms", worked, installed);
    QVERIFY2(installed < 400, qPrintable(QString::number(installed))); // generous: shared machines
}

QTEST_GUILESS_MAIN(tst_user_table)
#include "tst_user_table.moc"
