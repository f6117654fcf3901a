#include "ui/connectors/WriteTexts.h"

#include <QCoreApplication>
#include <QLocale>
#include <map>

#include "ui/connectors/ConnectorTexts.h"

namespace postern::connectors {

using widgets::Fact;
using widgets::Tone;

namespace {

struct Texts
{
    Q_DECLARE_TR_FUNCTIONS(WriteTexts)
};

struct KindOf
{
    QString operator()(const ListWrite&) const { return Texts::tr("Allow and block lists"); }
    QString operator()(const OrganizationWrite&) const { return Texts::tr("Default access level"); }
    QString operator()(const AccessRuleCreate&) const { return Texts::tr("New access rule"); }
    QString operator()(const AccessRuleChange&) const { return Texts::tr("Access rule"); }
    QString operator()(const AccessRuleRemove&) const { return Texts::tr("Removal of an access rule"); }
    QString operator()(const MailboxPolicyCreate&) const { return Texts::tr("New mailbox policy"); }
    QString operator()(const MailboxPolicyChange&) const { return Texts::tr("Mailbox policy"); }
    QString operator()(const DeviceClear& clear) const
    {
        return clear.cancel ? Texts::tr("Cancel of a wipe") : Texts::tr("Wipe of a device");
    }
    QString operator()(const DeviceRemove&) const { return Texts::tr("Removal of a device"); }
};

void addTo(QStringList& list, const QStringList& ids)
{
    for (const QString& id : ids) {
        if (!list.contains(id))
            list.append(id);
    }
}

void takeFrom(QStringList& list, const QStringList& ids)
{
    for (const QString& id : ids)
        list.removeAll(id);
}

bool mayStand(WriteState state)
{
    return state == WriteState::Sent || state == WriteState::Applied || state == WriteState::Confirmed;
}

} // namespace

QString writeKindText(const ExchangeWrite& write)
{
    return std::visit(KindOf(), write);
}

QString writeStateText(WriteState state)
{
    switch (state) {
    case WriteState::Planned:
        return Texts::tr("Planned", "a write");
    case WriteState::Sent:
        return Texts::tr("Sent, not answered yet");
    case WriteState::Applied:
        return Texts::tr("Applied, not read back yet");
    case WriteState::Confirmed:
        return Texts::tr("Confirmed", "a write");
    case WriteState::Failed:
        return Texts::tr("Failed", "a write");
    case WriteState::Superseded:
        return Texts::tr("Superseded", "a write");
    }
    return {};
}

QString writeOriginText(WriteOrigin origin)
{
    switch (origin) {
    case WriteOrigin::Settings:
        return Texts::tr("Settings of the connector");
    case WriteOrigin::Policy:
        return Texts::tr("Policy", "why something is written");
    case WriteOrigin::Operator:
        return Texts::tr("A person");
    case WriteOrigin::CleanUp:
        return Texts::tr("Clean-up");
    }
    return {};
}

Tone writeTone(WriteState state)
{
    switch (state) {
    case WriteState::Confirmed:
        return Tone::Good;
    case WriteState::Failed:
        return Tone::Bad;
    case WriteState::Sent:
    case WriteState::Applied:
        return Tone::Accent;
    case WriteState::Planned:
    case WriteState::Superseded:
        break;
    }
    return Tone::Neutral;
}

QList<Fact> writeFacts(const WriteRecord& write)
{
    QList<Fact> facts{{Texts::tr("What"), writeKindText(write.write)},
        {Texts::tr("Target"), targetOf(write.write)},
        {Texts::tr("State"), writeStateText(write.state), writeTone(write.state)},
        {Texts::tr("Wanted by"), writeOriginText(write.origin)}};
    if (!write.cause.isEmpty())
        facts.append({Texts::tr("Why"), write.cause});
    facts.append({Texts::tr("Planned", "when"), timeText(write.plannedAt)});
    if (write.sentAt)
        facts.append({Texts::tr("Sent", "when"), timeText(write.sentAt)});
    if (write.confirmedAt)
        facts.append({Texts::tr("Read back", "when"), timeText(write.confirmedAt)});
    if (write.attempts > 1)
        facts.append({Texts::tr("Attempts"), QLocale().toString(write.attempts)});
    if (!write.problem.isEmpty())
        facts.append({Texts::tr("Problem"), write.problem, Tone::Bad});
    return facts;
}

std::vector<StandingEntries> standingEntries(const std::vector<WriteRecord>& writes)
{
    std::vector<const WriteRecord*> inOrder;
    for (const WriteRecord& write : writes) {
        if (std::holds_alternative<ListWrite>(write.write) && mayStand(write.state))
            inOrder.push_back(&write);
    }
    std::ranges::sort(inOrder, {}, [](const WriteRecord* write) { return write->id.value; });
    std::map<QString, StandingEntries> byMailbox;
    for (const WriteRecord* write : inOrder) {
        const auto& list = std::get<ListWrite>(write->write);
        StandingEntries& entries = byMailbox[list.mailboxIdentity];
        entries.mailboxIdentity = list.mailboxIdentity;
        takeFrom(entries.allowed, list.removeAllowed);
        takeFrom(entries.blocked, list.removeBlocked);
        addTo(entries.allowed, list.addAllowed);
        addTo(entries.blocked, list.addBlocked);
    }
    std::vector<StandingEntries> standing;
    for (const auto& entry : byMailbox) {
        if (!entry.second.allowed.isEmpty() || !entry.second.blocked.isEmpty())
            standing.push_back(entry.second);
    }
    return standing;
}

int countOf(const std::vector<StandingEntries>& entries)
{
    qsizetype count = 0;
    for (const StandingEntries& mailbox : entries)
        count += mailbox.allowed.size() + mailbox.blocked.size();
    return int(count);
}

} // namespace postern::connectors
