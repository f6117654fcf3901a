// The console's nodes as data (SHL-10): a later issue adds a node by adding a row. Paths are English and
// stable (settings,
// --node); what people read is translated segment by segment. A node that is not built has no row. GUI
// thread.
#pragma once

#include <QString>
#include <QStringList>
#include <functional>
#include <vector>

class QWidget;

namespace postern::site {
class SiteClient;
}
namespace postern::widgets {
class NodePage;
}

namespace postern::shell {

enum class Workspace { Assets, Library, Monitoring, Administration };

struct WorkspaceRow
{
    Workspace workspace;
    QString name; // English, first segment of the paths
    QString iconName;
};

struct RibbonGroupRow
{
    const char* title; // context "NodeTable"
    QStringList commands; // ids; the first is the large one
};

struct NodeRow
{
    QString path; // "Administration/Hierarchy Configuration/Exchange Server Connectors"
    QString iconName;
    // Null: a folder, which shows what is in it.
    std::function<widgets::NodePage*(site::SiteClient& site, QWidget* parent)> makePage;
    std::vector<RibbonGroupRow> ribbon;
    QString defaultCommand; // for a double-click; empty: none
    const char* description; // context "NodeTable"; said where the node is offered
};

[[nodiscard]] const std::vector<WorkspaceRow>& workspaceTable();
[[nodiscard]] const std::vector<NodeRow>& nodeTable();

[[nodiscard]] const NodeRow* findNode(const QString& path);
// Accepts what people type after --node: "\Administration\…", "Administration > …", any case. Empty: no such
// node.
[[nodiscard]] QString nodePathFromText(const QString& text);
[[nodiscard]] QString workspaceOf(const QString& path); // its first segment
[[nodiscard]] QString segmentText(const QString& segment); // translated
[[nodiscard]] QString nodeText(const char* text); // translated title or description

} // namespace postern::shell
