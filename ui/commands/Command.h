// One user action: its text, icon and key, what it may act on, and doing it (style.md 1.3). Ribbon, context
// menu and keyboard show the same QAction; from the restrictions it is enabled, or disabled with the reason
// as its tooltip. GUI thread.
#pragma once

#include <QAction>
#include <functional>

#include "models/domain/Connector.h"
#include "models/domain/Work.h"
#include "ui/widgets/NodePage.h"
#include "ui/widgets/Theme.h"

namespace postern::site {
class SiteClient;
}
namespace postern::widgets {
class FilePrompter;
class MessagePrompter;
} // namespace postern::widgets

namespace postern::commands {

enum class Restriction {
    NeedsSelection = 0x01, // at least one row
    NeedsConnector = 0x02, // at least one connector
    SingleConnector = 0x04, // exactly one
    NotWhileSyncing = 0x08, // at least one selected connector without a running synchronisation
    NeedsRunningJob = 0x10, // at least one selected job that is not over
    NeedsTenant = 0x100, // at least one tenant
    SingleTenant = 0x200, // exactly one
    SingleUser = 0x400, // exactly one person
    NeedsDevices = 0x800, // at least one device that Intune manages, at most 500 in all
    NeedsEnabled = 0x20, // at least one selected connector that is enabled
    NeedsDisabled = 0x40, // at least one selected connector that is disabled
    NotRemoving = 0x80, // no selected connector that is being removed
};
Q_DECLARE_FLAGS(Restrictions, Restriction)
Q_DECLARE_OPERATORS_FOR_FLAGS(Restrictions)

// Why the restrictions forbid it; "" when they do not.
[[nodiscard]] QString restrictionReason(
    Restrictions restrictions, const widgets::Selection& selection, const site::SiteClient& site);

struct CommandText
{
    QString id; // "synchronize-now"
    QString text; // title case, with mnemonic: "&Synchronize Now"
    QString tip; // one sentence
    QString iconName;
    QKeySequence shortcut{};
    // The id of the command that it is a variant of: the ribbon offers it in that one's drop-down. As
    // property "variantOf" of the action.
    QString variantOf{};
};

// What every command works with. Outlives the commands.
struct CommandContext
{
    site::SiteClient& site;
    widgets::MessagePrompter& messages;
    widgets::FilePrompter& files;
    QWidget* window; // parent of dialogs
    std::function<widgets::NodePage*()> page; // the one in front; may answer null
    std::function<void(widgets::Tone, const QString& title, const QString& text)> announce;
    // Shows a node in the state given, as NodePage::restoreState takes it; null in tests without a window.
    std::function<void(const QString& path, const QVariantMap& state)> openNode{};
};

class Command : public QObject
{
    Q_OBJECT
public:
    Command(CommandContext& context, const CommandText& text, Restrictions restrictions);

    [[nodiscard]] const QString& id() const { return m_id; }
    [[nodiscard]] QAction* action() { return &m_action; }
    [[nodiscard]] Restrictions restrictions() const { return m_restrictions; }
    // Called when the selection, a job or a connector changed.
    void update(const widgets::Selection& selection);
    void run();

protected:
    virtual void execute(const widgets::Selection& selection) = 0;
    virtual void updated() { } // after update(): for a tick that follows the page in front
    [[nodiscard]] CommandContext& context() const { return m_context; }
    [[nodiscard]] std::optional<Connector> connector(ConnectorId id) const;

private:
    CommandContext& m_context;
    QString m_id;
    QString m_tip;
    Restrictions m_restrictions;
    widgets::Selection m_selection;
    QAction m_action;
};

// The synchronisation of this connector that waits or runs.
[[nodiscard]] std::optional<Job> runningSync(const site::SiteClient& site, ConnectorId connector);

} // namespace postern::commands
