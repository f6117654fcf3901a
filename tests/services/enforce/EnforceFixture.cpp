#include "tests/services/enforce/EnforceFixture.h"

#include <QCoroTask>

#include "services/enforce/SettingsPlan.h"
#include "services/store/MailboxRepository.h"
#include "services/store/StatusMessageRepository.h"

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace postern::enforce::test {

namespace {

template <class T> T now(QFuture<Expected<T>> future)
{
    future.waitForFinished();
    Expected<T> result = future.result();
    if (!result)
        qFatal("%s", qPrintable(result.error().toLogText()));
    return *result;
}

} // namespace

EnforceFixture::EnforceFixture(sync::test::FakeEstate estate)
    : sync(0, [this] { return statementFails(); })
    , organization(std::move(estate))
{
    if (sync.run(organization).state != JobState::Succeeded)
        qFatal("the site could not be synchronised");
    const auto owners = now(sync.site->read([id = id()](store::Session& session) {
        return store::MailboxRepository(session).withPartnerships(id, {}, 10'000);
    }));
    for (const store::MailboxRef& owner : owners)
        m_ids[owner.identity] = owner.id;
    organization.calls = 0;
}

bool EnforceFixture::statementFails()
{
    ++m_statements;
    if (m_statementsLeft < 0)
        return false;
    if (m_statementsLeft == 0)
        return true;
    --m_statementsLeft;
    return false;
}

store::PlannedWrite EnforceFixture::block(int mailbox, const QStringList& ids) const
{
    ListWrite write;
    write.mailboxIdentity = identity(mailbox);
    write.addBlocked = ids;
    store::PlannedWrite planned = other(write, stages::listTakes);
    planned.mailboxId = mailboxId(mailbox);
    return planned;
}

store::PlannedWrite EnforceFixture::unblock(int mailbox, const QStringList& ids) const
{
    ListWrite write;
    write.mailboxIdentity = identity(mailbox);
    write.removeBlocked = ids;
    store::PlannedWrite planned = other(write, stages::listGives);
    planned.mailboxId = mailboxId(mailbox);
    return planned;
}

store::PlannedWrite EnforceFixture::allow(int mailbox, const QStringList& ids) const
{
    ListWrite write;
    write.mailboxIdentity = identity(mailbox);
    write.addAllowed = ids;
    store::PlannedWrite planned = other(write, stages::listGives);
    planned.mailboxId = mailboxId(mailbox);
    return planned;
}

store::PlannedWrite EnforceFixture::other(const ExchangeWrite& write, int stage)
{
    store::PlannedWrite planned;
    planned.origin = WriteOrigin::Policy;
    planned.cause = u"test"_s;
    planned.write = write;
    planned.stage = stage;
    return planned;
}

DeviceClear EnforceFixture::wipeOf(const QString& device)
{
    DeviceClear clear;
    clear.deviceIdentity = device;
    return clear;
}

std::vector<WriteId> EnforceFixture::plan(const std::vector<store::PlannedWrite>& writes)
{
    return now(sync.site->write([=, id = id(), at = sync.clock.now()](store::Session& session) {
        return store::WriteRepository(session).plan(id, writes, at);
    }));
}

ApplyOptions EnforceFixture::quick()
{
    ApplyOptions options;
    options.backOff = {0ms, 0ms};
    options.machine = u"test"_s;
    return options;
}

ApplyOutcome EnforceFixture::apply()
{
    Apply run(sync.connector, {organization, *sync.site, *sync.trace, sync.clock}, quick());
    return QCoro::waitFor(run.run(nullptr, stop.get_token()));
}

bool EnforceFixture::applyAll(int runs)
{
    for (int i = 0; i < runs; ++i) {
        const ApplyOutcome outcome = apply();
        if (!outcome.error && outcome.open == 0)
            return true;
    }
    return false;
}

WriteRecord EnforceFixture::record(WriteId id)
{
    const auto entry = now(
        sync.site->read([id](store::Session& session) { return store::WriteRepository(session).find(id); }));
    return entry ? entry->record : WriteRecord();
}

QStringList EnforceFixture::states()
{
    auto records = now(sync.site->read(
        [id = id()](store::Session& session) { return store::WriteRepository(session).list(id, 1'000); }));
    std::reverse(records.begin(), records.end());
    QStringList texts;
    for (const WriteRecord& record : records)
        texts << u"%1 %2 %3"_s.arg(
            kindOf(record.write), targetOf(record.write), enumText(record.state).toString());
    return texts;
}

QStringList EnforceFixture::entries()
{
    const auto found = now(sync.site->read([id = id()](store::Session& session) {
        return store::ListEntryRepository(session).ofConnector(id);
    }));
    QStringList texts;
    for (const store::ListEntry& entry : found)
        texts << u"%1 %2 %3"_s.arg(entry.mailboxIdentity, enumText(entry.list).toString(), entry.deviceId);
    texts.sort();
    return texts;
}

QStringList EnforceFixture::estateText() const
{
    QStringList texts;
    const sync::test::FakeEstate& estate = organization.estate;
    const auto lists = [&texts](const QString& name, const std::map<int, QStringList>& all) {
        for (const auto& [mailbox, ids] : all) {
            QStringList sorted = ids;
            sorted.sort();
            if (!ids.isEmpty())
                texts << u"%1 %2 %3"_s.arg(name).arg(mailbox).arg(sorted.join(u','));
        }
    };
    lists(u"allowed"_s, estate.allowedIds);
    lists(u"blocked"_s, estate.blockedIds);
    for (const AccessRule& rule : estate.rules)
        texts << u"rule %1 %2"_s.arg(rule.identity, enumText(rule.level).toString());
    texts << u"default %1 %2 %3"_s.arg(enumText(estate.settings.defaultAccessLevel).toString(),
        estate.settings.userMailInsert, estate.settings.adminMailRecipients.join(u','));
    for (const auto& [policy, settings] : estate.policySettings) {
        ConnectorSettings whole;
        whole.policy = settings;
        texts << u"policy %1 %2"_s.arg(policy, QString::fromUtf8(toJson(whole)));
    }
    for (auto wipe = estate.wipes.begin(); wipe != estate.wipes.end(); ++wipe)
        texts << u"wipe %1 %2"_s.arg(wipe.key()).arg(wipe.value());
    texts << u"phones %1"_s.arg(estate.phones.size());
    texts.sort();
    return texts;
}

bool EnforceFixture::wasSaid(int messageId)
{
    const std::vector<int> ids = sync.statusIds();
    return std::find(ids.begin(), ids.end(), messageId) != ids.end();
}

} // namespace postern::enforce::test
