// SYN-06: a full synchronization read far less than the time before, removed nothing and asks. One line for
// each such connector with the numbers, Confirm and Run Again, Open Log; gone when a newer full has begun. It
// follows the status messages 30015 by itself. GUI thread.
#pragma once

#include <QHash>
#include <QWidget>

#include "models/domain/Work.h"

class QVBoxLayout;

namespace postern::site {
class SiteClient;
struct StatusMessageQuery;
} // namespace postern::site

namespace postern::connectors {

struct ShrinkFinding
{
    ConnectorId connectorId;
    QDateTime at;
    QString what; // "partnerships" or "mailboxes"
    qint64 previous = 0, now = 0;
    bool operator==(const ShrinkFinding&) const = default;
};

// nullopt: another message, or one that does not say what it should.
[[nodiscard]] std::optional<ShrinkFinding> shrinkFinding(const StatusMessage& message);
// Nobody has run a full since.
[[nodiscard]] bool stillAsks(
    const ShrinkFinding& finding, const std::vector<Job>& jobs, const std::vector<Connector>& connectors);

class ShrinkGuardBar final : public QWidget
{
    Q_OBJECT
public:
    explicit ShrinkGuardBar(site::SiteClient& site, QWidget* parent = nullptr);
    [[nodiscard]] QStringList texts() const; // what is shown, top to bottom

private:
    void messagesLoaded(const site::StatusMessageQuery& query, const std::vector<StatusMessage>& messages);
    void messageAdded(const postern::StatusMessage& message);
    void note(const StatusMessage& message);
    void refresh();
    [[nodiscard]] QWidget* makeLine(const ShrinkFinding& finding, const QString& name);
    void confirm(const ShrinkFinding& finding);
    void openLog(ConnectorId connector);
    [[nodiscard]] QString nameOf(ConnectorId id) const;

    site::SiteClient& m_site;
    QVBoxLayout* m_lines;
    QHash<ConnectorId, ShrinkFinding> m_findings; // the newest of each
    QStringList m_texts;
    std::vector<ShrinkFinding> m_shown;
};

} // namespace postern::connectors
