#include "ui/shell/NodeTable.h"

#include <QCoreApplication>

#include "ui/cloud/TenantsPage.h"
#include "ui/connectors/ConnectorsPage.h"
#include "ui/connectors/SyncHistoryPage.h"
#include "ui/devices/DevicesPage.h"
#include "ui/monitoring/ComponentStatusPage.h"
#include "ui/monitoring/StatusMessagesPage.h"
#include "ui/shell/OverviewPage.h"
#include "ui/users/UsersPage.h"

namespace postern::shell {

using namespace Qt::StringLiterals;

namespace {

template <class Page> widgets::NodePage* make(site::SiteClient& site, QWidget* parent)
{
    return new Page(site, parent);
}

// The drop-down "Viewing Period" before other commands.
QStringList withPeriods(QStringList others)
{
    QStringList ids{u"viewing-period"_s};
    for (const auto period : monitoring::allPeriods)
        ids.append(u"viewing-period-"_s + monitoring::periodKey(period));
    return ids + others;
}

} // namespace

const std::vector<WorkspaceRow>& workspaceTable()
{
    static const std::vector<WorkspaceRow> rows{
        {Workspace::Assets, u"Assets and Compliance"_s, u"assets"_s},
        {Workspace::Library, u"Software Library"_s, u"library"_s},
        {Workspace::Monitoring, u"Monitoring"_s, u"monitoring"_s},
        {Workspace::Administration, u"Administration"_s, u"administration"_s},
    };
    return rows;
}

namespace {

// Titles of ribbon groups.
constexpr const char* connectorGroup = QT_TRANSLATE_NOOP("NodeTable", "Connector");
constexpr const char* createGroup = QT_TRANSLATE_NOOP("NodeTable", "Create");
constexpr const char* deviceGroup = QT_TRANSLATE_NOOP("NodeTable", "Device");
constexpr const char* jobGroup = QT_TRANSLATE_NOOP("NodeTable", "Job");
constexpr const char* componentGroup = QT_TRANSLATE_NOOP("NodeTable", "Component");
constexpr const char* tenantGroup = QT_TRANSLATE_NOOP("NodeTable", "Tenant");
constexpr const char* userGroup = QT_TRANSLATE_NOOP("NodeTable", "User");
constexpr const char* messageGroup = QT_TRANSLATE_NOOP("NodeTable", "Message");
constexpr const char* viewGroup = QT_TRANSLATE_NOOP("NodeTable", "View");

std::vector<NodeRow> assetsRows()
{
    return {
        {u"Assets and Compliance/Overview"_s, u"overview"_s, make<OverviewPage>,
            {{createGroup, {u"add-connector"_s}}, {viewGroup, {u"refresh"_s}}}, {},
            QT_TRANSLATE_NOOP("NodeTable", "Devices by access state, and how the connectors are doing")},
        {u"Assets and Compliance/Users"_s, u"user"_s, make<users::UsersPage>,
            {{userGroup, {u"show-devices"_s}}, {viewGroup, {u"refresh"_s}}}, u"show-devices"_s,
            QT_TRANSLATE_NOOP("NodeTable", "People with their licenses, groups, mailboxes and devices")},
        {u"Assets and Compliance/Devices"_s, u"devices"_s, make<devices::DevicesPage>,
            {{deviceGroup,
                 {u"remote-actions"_s, u"remote-sync"_s, u"remote-lock"_s, u"remote-reset-passcode"_s,
                     u"remote-retire"_s, u"remote-wipe"_s}},
                {viewGroup, {u"refresh"_s}}},
            {}, QT_TRANSLATE_NOOP("NodeTable", "All phones and tablets that Exchange or Intune knows")},
    };
}

std::vector<NodeRow> monitoringRows()
{
    return {
        {u"Monitoring/Exchange Connector"_s, u"history"_s, make<connectors::SyncHistoryPage>,
            {{jobGroup, {u"cancel-job"_s}}, {viewGroup, {u"refresh"_s}}}, {},
            QT_TRANSLATE_NOOP("NodeTable", "Synchronizations that run or have run")},
        {u"Monitoring/System Status"_s, u"folder"_s, nullptr, {}, {},
            QT_TRANSLATE_NOOP("NodeTable", "What the parts of this site have to say")},
        {u"Monitoring/System Status/Component Status"_s, u"check"_s, make<monitoring::ComponentStatusPage>,
            {{componentGroup,
                 {u"show-messages"_s, u"show-messages-error"_s, u"show-messages-warning"_s,
                     u"show-messages-information"_s}},
                {viewGroup, withPeriods({u"refresh"_s})}},
            u"show-messages"_s, QT_TRANSLATE_NOOP("NodeTable", "How each component of this site is doing")},
        {u"Monitoring/System Status/Status Message Queries"_s, u"info"_s,
            make<monitoring::StatusMessagesPage>,
            {{messageGroup, {u"export-messages"_s}}, {viewGroup, withPeriods({u"refresh"_s})}}, {},
            QT_TRANSLATE_NOOP("NodeTable", "All status messages, by period, severity and component")},
    };
}

std::vector<NodeRow> administrationRows()
{
    return {
        {u"Administration/Hierarchy Configuration"_s, u"folder"_s, nullptr, {}, {},
            QT_TRANSLATE_NOOP("NodeTable", "What this site is connected to")},
        {u"Administration/Hierarchy Configuration/Exchange Server Connectors"_s, u"server"_s,
            make<connectors::ConnectorsPage>,
            {{createGroup, {u"add-connector"_s}},
                {connectorGroup,
                    {u"synchronize-now"_s, u"synchronize-delta"_s, u"check-connector"_s,
                        u"enable-connector"_s, u"disable-connector"_s, u"show-log"_s, u"properties"_s,
                        u"delete-connector"_s}}},
            u"properties"_s, QT_TRANSLATE_NOOP("NodeTable", "The Exchange organizations that Postern reads")},
        {u"Administration/Cloud Services"_s, u"folder"_s, nullptr, {}, {},
            QT_TRANSLATE_NOOP("NodeTable", "Microsoft 365 services that this site reads")},
        {u"Administration/Cloud Services/Microsoft Intune"_s, u"cloud"_s, make<cloud::TenantsPage>,
            {{createGroup, {u"connect-tenant"_s}},
                {tenantGroup,
                    {u"synchronize-tenant"_s, u"sign-in-again"_s, u"check-tenant"_s, u"tenant-properties"_s,
                        u"delete-tenant"_s}}},
            u"tenant-properties"_s,
            QT_TRANSLATE_NOOP("NodeTable", "The tenant whose phones and people Postern reads")},
    };
}

} // namespace

const std::vector<NodeRow>& nodeTable()
{
    static const std::vector<NodeRow> rows = [] {
        std::vector<NodeRow> all = assetsRows();
        for (auto part : {monitoringRows(), administrationRows()})
            all.insert(all.end(), part.begin(), part.end());
        return all;
    }();
    return rows;
}

const NodeRow* findNode(const QString& path)
{
    for (const NodeRow& row : nodeTable()) {
        if (row.path == path)
            return &row;
    }
    return nullptr;
}

QString nodePathFromText(const QString& text)
{
    QString wanted = text;
    wanted.replace(u'\\', u'/').replace(u'>', u'/');
    QStringList segments = wanted.split(u'/', Qt::SkipEmptyParts);
    for (QString& segment : segments)
        segment = segment.trimmed();
    segments.removeAll(QString());
    wanted = segments.join(u'/');
    for (const NodeRow& row : nodeTable()) {
        if (row.path.compare(wanted, Qt::CaseInsensitive) == 0)
            return row.path;
    }
    // A workspace stands for its first node.
    for (const NodeRow& row : nodeTable()) {
        if (workspaceOf(row.path).compare(wanted, Qt::CaseInsensitive) == 0)
            return row.path;
    }
    return {};
}

QString workspaceOf(const QString& path)
{
    return path.section(u'/', 0, 0);
}

QString segmentText(const QString& segment)
{
    // Every segment of the tables above, for lupdate.
    static const char* const known[] = {
        QT_TRANSLATE_NOOP("NodeTable", "Assets and Compliance"),
        QT_TRANSLATE_NOOP("NodeTable", "Software Library"),
        QT_TRANSLATE_NOOP("NodeTable", "Monitoring"),
        QT_TRANSLATE_NOOP("NodeTable", "Administration"),
        QT_TRANSLATE_NOOP("NodeTable", "Overview"),
        QT_TRANSLATE_NOOP("NodeTable", "Devices"),
        QT_TRANSLATE_NOOP("NodeTable", "Users"),
        QT_TRANSLATE_NOOP("NodeTable", "Cloud Services"),
        QT_TRANSLATE_NOOP("NodeTable", "Microsoft Intune"),
        QT_TRANSLATE_NOOP("NodeTable", "Exchange Connector"),
        QT_TRANSLATE_NOOP("NodeTable", "System Status"),
        QT_TRANSLATE_NOOP("NodeTable", "Component Status"),
        QT_TRANSLATE_NOOP("NodeTable", "Status Message Queries"),
        QT_TRANSLATE_NOOP("NodeTable", "Hierarchy Configuration"),
        QT_TRANSLATE_NOOP("NodeTable", "Exchange Server Connectors"),
    };
    for (const char* text : known) {
        if (segment == QLatin1StringView(text))
            return QCoreApplication::translate("NodeTable", text);
    }
    return segment;
}

QString nodeText(const char* text)
{
    return QCoreApplication::translate("NodeTable", text);
}

} // namespace postern::shell
