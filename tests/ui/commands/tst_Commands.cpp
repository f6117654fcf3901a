// Restrictions as a table, and what each command asks of the site.
#include <QDialog>
#include <QTest>

#include "tests/ui/support/FakePrompter.h"
#include "tests/ui/support/FakeSiteClient.h"
#include "tests/ui/support/FormDriver.h"
#include "ui/commands/CommandSet.h"
#include "ui/connectors/DeleteConnectorDialog.h"

using namespace postern;
using namespace postern::commands;
using namespace Qt::StringLiterals;
using widgets::Selection;

namespace {

struct Announcement
{
    widgets::Tone tone;
    QString title;
    QString text;
};

Selection ofConnectors(std::vector<ConnectorId> ids)
{
    Selection selection;
    selection.connectors = std::move(ids);
    selection.rows = int(selection.connectors.size());
    return selection;
}

Selection ofJobs(std::vector<JobId> ids)
{
    Selection selection;
    selection.jobs = std::move(ids);
    selection.rows = int(selection.jobs.size());
    return selection;
}

class TestCommands : public QObject
{
    Q_OBJECT

private:
    std::unique_ptr<test::FakeSiteClient> m_site;
    std::unique_ptr<test::FakePrompter> m_prompter;
    std::unique_ptr<CommandContext> m_context;
    std::unique_ptr<CommandSet> m_set;
    QWidget m_window;
    std::vector<Announcement> m_announced;

    [[nodiscard]] QAction* action(const QString& id) const { return m_set->find(id)->action(); }
    [[nodiscard]] QStringList dialogTitles() const
    {
        QStringList titles;
        for (const auto* dialog : m_window.findChildren<QDialog*>())
            titles.append(dialog->windowTitle());
        return titles;
    }
    void pressDelete() const;

private slots:
    void init();
    void cleanup();
    void restrictions_data();
    void restrictions();
    void everyCommandHasTextTipAndIcon();
    void waitingSyncIsSaid();
    void lateKeyDoesNothing();
    void propertiesOpenOncePerConnector();
    void addOpensOneWizard();
    void checkUsesTheStoredPassword();
    void cancelTouchesOnlyRunningJobs();
    void refusedDeleteIsSaid();
    void deltaIsAskedForWithoutAQuestion();
    void deltaNeedsAFullBefore();
    void deleteAsksForTheEntries();
    void disableAsksAndKeepsEverythingElse();
    void enableDoesNotAsk();
    void onlyWhatDiffersIsEnabledOrDisabled();
    void refusedDisableIsSaid();
    void removingCannotBeDeletedAgain();
    void showLogNamesTheConnector();
};

void TestCommands::pressDelete() const
{
    auto* dialog = m_window.findChild<connectors::DeleteConnectorDialog*>();
    QVERIFY(dialog != nullptr);
    test::click(dialog, u"Delete"_s);
}

void TestCommands::deleteAsksForTheEntries()
{
    m_window.show();
    Selection selection;
    selection.connectors
        = {m_site->addConnector(test::aConnector(u"A"_s)), m_site->addConnector(test::aConnector(u"B"_s))};
    m_set->setSelection(selection);
    action(u"delete-connector"_s)->trigger();
    action(u"delete-connector"_s)->trigger(); // raises the first
    QCOMPARE(dialogTitles(), QStringList(u"Delete"_s));
    QVERIFY(m_site->removed.empty()); // not before the answer
    pressDelete();
    QVERIFY(m_site->removed == selection.connectors);
    QVERIFY(m_site->keptEntries == std::vector<bool>({false, false}));
}

void TestCommands::disableAsksAndKeepsEverythingElse()
{
    Connector lab = test::aConnector(u"Lab"_s);
    lab.parallelSessions = 5;
    Selection selection;
    selection.connectors = {m_site->addConnector(lab)};
    m_set->setSelection(selection);
    QVERIFY(!action(u"enable-connector"_s)->isEnabled());
    QCOMPARE(action(u"enable-connector"_s)->toolTip(), u"It is enabled already"_s);
    m_prompter->answer = false;
    action(u"disable-connector"_s)->trigger();
    QCOMPARE(m_prompter->asked.size(), 1U);
    QVERIFY(m_site->saved.empty());
    m_prompter->answer = true;
    action(u"disable-connector"_s)->trigger();
    QCOMPARE(m_site->saved.size(), 1U);
    QVERIFY(!m_site->saved.front().enabled);
    QCOMPARE(m_site->saved.front().parallelSessions, 5);
    QCOMPARE(m_site->passwords, QStringList(QString())); // the stored one stays
    QVERIFY(!action(u"disable-connector"_s)->isEnabled());
    QVERIFY(action(u"enable-connector"_s)->isEnabled());
}

void TestCommands::enableDoesNotAsk()
{
    Connector lab = test::aConnector(u"Lab"_s);
    lab.enabled = false;
    Selection selection;
    selection.connectors = {m_site->addConnector(lab)};
    m_set->setSelection(selection);
    action(u"enable-connector"_s)->trigger();
    QVERIFY(m_prompter->asked.empty());
    QVERIFY(m_site->saved.front().enabled);
}

void TestCommands::onlyWhatDiffersIsEnabledOrDisabled()
{
    Connector off = test::aConnector(u"Off"_s);
    off.enabled = false;
    Selection selection;
    selection.connectors = {m_site->addConnector(test::aConnector(u"On"_s)), m_site->addConnector(off)};
    m_set->setSelection(selection);
    action(u"disable-connector"_s)->trigger();
    QCOMPARE(m_site->saved.size(), 1U);
    QCOMPARE(m_site->saved.front().name, u"On"_s);
    QVERIFY(m_prompter->asked.front().text.contains(u"\"On\""_s));
}

void TestCommands::refusedDisableIsSaid()
{
    Selection selection;
    selection.connectors = {m_site->addConnector(test::aConnector(u"Lab"_s))};
    m_set->setSelection(selection);
    m_site->refuseSaves = Error{ErrorCode::Conflict, {}, u"connector \"Lab\""_s};
    action(u"disable-connector"_s)->trigger();
    QCOMPARE(m_announced.size(), 1U);
    QCOMPARE(m_announced.front().title, u"The connector was not disabled"_s);
}

void TestCommands::removingCannotBeDeletedAgain()
{
    m_site->removesAtOnce = false;
    Selection selection;
    selection.connectors = {m_site->addConnector(test::aConnector(u"Lab"_s))};
    m_set->setSelection(selection);
    m_site->removeConnector(selection.connectors.front(), true);
    for (const auto& id : {u"delete-connector"_s, u"disable-connector"_s}) {
        QVERIFY(!action(id)->isEnabled());
        QCOMPARE(action(id)->toolTip(), u"The connector is being removed"_s);
    }
}

void TestCommands::showLogNamesTheConnector()
{
    Selection selection;
    selection.connectors = {m_site->addConnector(test::aConnector(u"Lab"_s))};
    m_set->setSelection(selection);
    action(u"show-log"_s)->trigger();
    QCOMPARE(dialogTitles(), QStringList(u"Log of Lab"_s));
}

void TestCommands::init()
{
    m_site = std::make_unique<test::FakeSiteClient>();
    m_prompter = std::make_unique<test::FakePrompter>();
    m_announced.clear();
    m_context = std::make_unique<CommandContext>(
        CommandContext{*m_site, *m_prompter, *m_prompter, &m_window, [] { return nullptr; },
            [this](widgets::Tone tone, const QString& title, const QString& text) {
                m_announced.push_back({tone, title, text});
            }});
    m_set = std::make_unique<CommandSet>(*m_context);
}

void TestCommands::cleanup()
{
    qDeleteAll(m_window.findChildren<QDialog*>(QString(), Qt::FindDirectChildrenOnly));
    m_set.reset();
}

void TestCommands::restrictions_data()
{
    QTest::addColumn<int>("restriction");
    QTest::addColumn<QList<int>>("connectors"); // positions: 0 idle, 1 idle, 2 running
    QTest::addColumn<QString>("reason");
    const int none = 0;
    const int single = int(Restriction::SingleConnector);
    const int any = int(Restriction::NeedsConnector);
    const int idle = int(Restriction::NeedsConnector) | int(Restriction::NotWhileSyncing);
    QTest::newRow("none needs nothing") << none << QList<int>() << QString();
    QTest::newRow("selection, nothing")
        << int(Restriction::NeedsSelection) << QList<int>() << u"Select a row first"_s;
    QTest::newRow("selection, one") << int(Restriction::NeedsSelection) << QList<int>{0} << QString();
    QTest::newRow("connector, nothing") << any << QList<int>() << u"Select a connector first"_s;
    QTest::newRow("connector, two") << any << QList<int>{0, 1} << QString();
    QTest::newRow("single, nothing") << single << QList<int>() << u"Select a connector first"_s;
    QTest::newRow("single, one") << single << QList<int>{0} << QString();
    QTest::newRow("single, two") << single << QList<int>{0, 1} << u"Select one connector only"_s;
    QTest::newRow("idle, one idle") << idle << QList<int>{0} << QString();
    QTest::newRow("idle, one running") << idle << QList<int>{2} << u"Started"_s;
    QTest::newRow("idle, one of two running") << idle << QList<int>{0, 2} << QString();
    QTest::newRow("job, none") << int(Restriction::NeedsRunningJob) << QList<int>()
                               << u"Select a job that is running"_s;
}

void TestCommands::restrictions()
{
    QFETCH(int, restriction);
    QFETCH(QList<int>, connectors);
    QFETCH(QString, reason);
    std::vector<ConnectorId> ids;
    for (const auto& name : {u"A"_s, u"B"_s, u"C"_s})
        ids.push_back(m_site->addConnector(test::aConnector(name)));
    m_site->startJob(ids[2], u"mailboxes"_s, 120, 500);
    Selection selection;
    for (const int position : connectors)
        selection.connectors.push_back(ids[std::size_t(position)]);
    selection.rows = int(connectors.size());
    const QString said = restrictionReason(Restrictions::fromInt(restriction), selection, *m_site);
    if (reason.isEmpty())
        QCOMPARE(said, QString());
    else
        QVERIFY2(said.startsWith(reason), qPrintable(said));
}

void TestCommands::everyCommandHasTextTipAndIcon()
{
    QSet<QString> ids;
    // One key may serve things that are never selected together: only one of its commands is enabled.
    QSet<std::pair<QKeySequence, bool>> keys;
    for (const auto& command : m_set->all()) {
        QAction* each = command->action();
        QVERIFY(!ids.contains(command->id()));
        ids.insert(command->id());
        QVERIFY2(each->text().contains(u'&'), qPrintable(each->text()));
        QVERIFY2(!each->icon().isNull(), qPrintable(command->id()));
        QVERIFY2(!each->toolTip().isEmpty() && !each->toolTip().endsWith(u'.'), qPrintable(each->toolTip()));
        if (!each->shortcut().isEmpty()) {
            const bool ofTenants
                = command->restrictions().testAnyFlags(Restriction::NeedsTenant | Restriction::SingleTenant);
            const std::pair key(each->shortcut(), ofTenants);
            QVERIFY2(!keys.contains(key), qPrintable(each->shortcut().toString()));
            keys.insert(key);
        }
    }
    QVERIFY(m_set->find(u"no-such-command"_s) == nullptr);
}

void TestCommands::waitingSyncIsSaid()
{
    const ConnectorId id = m_site->addConnector(test::aConnector(u"A"_s));
    Job job;
    job.id = JobId{99};
    job.connectorId = id;
    m_site->setJob(job);
    m_set->setSelection(ofConnectors({id}));
    QCOMPARE(action(u"synchronize-now"_s)->toolTip(), u"A synchronization waits for its turn"_s);
    job.kind = RequestKind::CheckConnector; // no synchronisation: forbids nothing
    m_site->setJob(job);
    QVERIFY(action(u"synchronize-now"_s)->isEnabled());
}

void TestCommands::lateKeyDoesNothing()
{
    const ConnectorId id = m_site->addConnector(test::aConnector(u"A"_s));
    m_set->setSelection(ofConnectors({id}));
    {
        const QSignalBlocker news(*m_site); // the job is known to the site, its news is on the way
        m_site->startJob(id);
    }
    m_set->find(u"synchronize-now"_s)->run();
    QVERIFY(m_prompter->asked.empty());
    QVERIFY(m_site->requests.empty());
}

void TestCommands::propertiesOpenOncePerConnector()
{
    const ConnectorId a = m_site->addConnector(test::aConnector(u"A"_s));
    const ConnectorId b = m_site->addConnector(test::aConnector(u"B"_s));
    m_set->setSelection(ofConnectors({a}));
    action(u"properties"_s)->trigger();
    action(u"properties"_s)->trigger();
    QCOMPARE(dialogTitles(), QStringList(u"A Properties"_s));
    m_set->setSelection(ofConnectors({b}));
    action(u"properties"_s)->trigger();
    QCOMPARE(dialogTitles(), QStringList({u"A Properties"_s, u"B Properties"_s}));
    QCOMPARE(action(u"properties"_s)->shortcut(), QKeySequence(u"Alt+Return"_s));
}

void TestCommands::addOpensOneWizard()
{
    action(u"add-connector"_s)->trigger();
    action(u"add-connector"_s)->trigger();
    QCOMPARE(dialogTitles(), QStringList(u"Add Exchange Server"_s));
}

void TestCommands::checkUsesTheStoredPassword()
{
    const ConnectorId id = m_site->addConnector(test::aConnector(u"A"_s));
    m_set->setSelection(ofConnectors({id}));
    action(u"check-connector"_s)->trigger();
    QCOMPARE(m_site->checked.size(), 1U);
    QCOMPARE(m_site->checked.front().id, id);
    QCOMPARE(m_site->passwords, QStringList(QString()));
}

void TestCommands::cancelTouchesOnlyRunningJobs()
{
    const ConnectorId id = m_site->addConnector(test::aConnector(u"A"_s));
    const JobId over = m_site->startJob(id);
    m_site->endJob(over, JobState::Succeeded);
    const JobId running = m_site->startJob(id);
    const JobId other = m_site->startJob(id);
    m_set->setSelection(ofJobs({over}));
    QVERIFY(!action(u"cancel-job"_s)->isEnabled());
    m_set->setSelection(ofJobs({over, running}));
    action(u"cancel-job"_s)->trigger();
    QCOMPARE(m_site->cancelled, std::vector<JobId>{running});
    QVERIFY(!m_site->job(other).isOver());
}

void TestCommands::refusedDeleteIsSaid()
{
    const ConnectorId id = m_site->addConnector(test::aConnector(u"A"_s));
    const Connector kept = m_site->connector(id);
    m_set->setSelection(ofConnectors({id}));
    emit m_site->connectorRefused(
        kept, Error{ErrorCode::StoreFailed, {}, u"the site"_s}); // of somebody's dialog
    QVERIFY(m_announced.empty());
    action(u"delete-connector"_s)->trigger();
    pressDelete();
    emit m_site->connectorRefused(kept, Error{ErrorCode::StoreFailed, {}, u"the site"_s});
    QCOMPARE(m_announced.size(), 1U);
    QCOMPARE(m_announced.front().title, u"The connector was not deleted"_s);
    QVERIFY(m_announced.front().text.startsWith(u"The site database refused a change"_s));
}

void TestCommands::deltaIsAskedForWithoutAQuestion()
{
    Connector connector = test::aConnector(u"Lab"_s);
    connector.watermark = QDateTime(QDate(2026, 3, 2), QTime(6, 0), Qt::UTC);
    Selection selection;
    selection.connectors = {m_site->addConnector(connector)};
    m_set->setSelection(selection);
    QVERIFY(action(u"synchronize-delta"_s)->isEnabled());
    QCOMPARE(action(u"synchronize-delta"_s)->property("variantOf").toString(), u"synchronize-now"_s);
    action(u"synchronize-delta"_s)->trigger();
    QVERIFY(m_prompter->asked.empty());
    QCOMPARE(m_site->requests.size(), 1U);
    QCOMPARE(m_site->requests.front().kind, RequestKind::SynchronizeDelta);
    QCOMPARE(m_site->requests.front().connectorId, selection.connectors.front());
    emit m_site->requestRefused(m_site->requests.front(), Error{ErrorCode::AlreadyRunning, {}, u"Lab"_s, {}});
    QCOMPARE(m_announced.size(), 1U); // once, not by Synchronize Now as well
    QCOMPARE(m_announced.front().title, u"A synchronization is already running"_s);
}

void TestCommands::deltaNeedsAFullBefore()
{
    Connector connector = test::aConnector(u"Lab"_s);
    connector.watermark.reset();
    Selection selection;
    selection.connectors = {m_site->addConnector(connector)};
    m_set->setSelection(selection);
    action(u"synchronize-delta"_s)->trigger();
    QVERIFY(m_site->requests.empty());
    QCOMPARE(m_announced.size(), 1U);
    QVERIFY(m_announced.front().text.contains(u"Lab"_s));
}

} // namespace

QTEST_MAIN(TestCommands)
#include "tst_Commands.moc"
