// One Exchange organisation, whichever way it is reached: OnPremisesExchange over remote PowerShell,
// OnlineExchange over REST. Sync, store and grids do not know which they have (HYB). Service thread only.
// Errors are values; a row that cannot be mapped is an ObjectProblem in its page, never a failed page
// (SYN-30). Every co_await-able operation takes a stop token: stop finishes the current cmdlet, then returns
// Cancelled.
#pragma once

#include <QCoroTask>
#include <memory>
#include <stop_token>
#include <vector>

#include "models/base/Error.h"
#include "models/domain/Connector.h"
#include "models/domain/Exchange.h"
#include "models/domain/ExchangeWrite.h"

namespace postern::exchange {

template <class T> struct Page
{
    std::vector<T> items;
    std::vector<ObjectProblem> problems;
    qint64 skipped = 0; // objects that gave no item; what they were is in problems
    bool last
        = false; // nothing follows; a listing that never says so was cut short and must not delete (SYN-05)
};

// A listing that is pulled page by page, so that memory does not grow with its length. While the caller
// stores a page, the next answer is already under way.
template <class T> class PageReader
{
public:
    virtual ~PageReader() = default;
    // After last or an error, do not call again; destroying the reader early ends the command on the server.
    virtual QCoro::Task<Expected<Page<T>>> next(std::stop_token token) = 0;
};

struct StatisticsBatch
{
    std::vector<PartnershipStatistics> items;
    std::vector<ObjectProblem> problems; // object: the mailbox identity that could not be read
    std::vector<ObjectProblem> objectProblems; // objects or properties of mailboxes that were read
};

class ExchangeOrganization
{
public:
    virtual ~ExchangeOrganization() = default;

    // Opens the first session and reads who answers.
    virtual QCoro::Task<Expected<OrganizationInfo>> open(std::stop_token token) = 0;
    // Ends every session; also on errors, or they count against the account until idle time-out (d.6).
    virtual QCoro::Task<void> close() = 0;

    // Prerequisite and permission checks (CON-30..37), in order; `report` is called as each one ends.
    virtual QCoro::Task<Expected<std::vector<CheckResult>>> check(
        std::function<void(const CheckResult&)> report, std::stop_token token)
        = 0;

    virtual QCoro::Task<Expected<OrganizationSettings>> organizationSettings(std::stop_token token) = 0;
    virtual QCoro::Task<Expected<std::vector<AccessRule>>> accessRules(std::stop_token token) = 0;
    virtual QCoro::Task<Expected<std::vector<MailboxPolicy>>> mailboxPolicies(std::stop_token token) = 0;

    // Mailboxes that have a partnership.
    [[nodiscard]] virtual std::unique_ptr<PageReader<Mailbox>> readMailboxes() = 0;
    // One mailbox by identity, whether or not Exchange remembers that it has a partnership.
    virtual QCoro::Task<Expected<Mailbox>> mailbox(QString identity, std::stop_token token) = 0;
    // All clients, EAS and others (SYN-08).
    [[nodiscard]] virtual std::unique_ptr<PageReader<Partnership>> readPartnerships() = 0;
    // False once readPartnerships() had to do with the cmdlet that knows EAS clients only: what it did not
    // list of other clients is not gone (SYN-05).
    [[nodiscard]] virtual bool listsEveryClient() const { return true; }
    // Delta: those changed at or after `since`. Where the server refuses to filter by that, all of them: more
    // than asked for is no fault. A mailbox may come without what only Get-User knows (its `upn` is empty
    // then).
    [[nodiscard]] virtual std::unique_ptr<PageReader<Mailbox>> readMailboxesChangedSince(
        const QDateTime& since)
        = 0;
    [[nodiscard]] virtual std::unique_ptr<PageReader<Partnership>> readPartnershipsChangedSince(
        const QDateTime& since)
        = 0;
    // Statistics of up to 100 mailboxes in one conversation (SYN-07). A mailbox that fails is a problem of
    // the batch.
    virtual QCoro::Task<Expected<StatisticsBatch>> statistics(
        std::vector<QString> mailboxIdentities, std::stop_token token)
        = 0;

    // --- Writing. Only services/enforce calls these, with a journal entry first.
    // One command on the server. Never repeated by itself: after an error that is not the server's own words
    // (SessionLost, ConnectionLost, Timeout, Cancelled) it may or may not have been done, and the read-back
    // tells. InvalidInput, CmdletMissing and ParameterMissing: nothing was sent.
    virtual QCoro::Task<Expected<void>> apply(ExchangeWrite write, std::stop_token token) = 0;
    // The PowerShell line that apply() sends, as an administrator would type it (SHL-25), before open() that
    // of a current server. Passwords never appear in writes. What apply() would refuse is a "# …" comment.
    [[nodiscard]] virtual QString commandText(const ExchangeWrite& write) const = 0;
    // SYN-23: what the mailbox' lists are now. NotFound: there is no such mailbox.
    virtual QCoro::Task<Expected<MailboxLists>> readLists(QString mailboxIdentity, std::stop_token token) = 0;
    // SYN-02: every group of a mailbox policy as it stands, to find drift. A group of which a value is not
    // understood is nullopt, and its reason is in EasDisc.log.
    virtual QCoro::Task<Expected<MailboxPolicySettings>> policySettings(
        QString policyIdentity, std::stop_token token)
        = 0;

    // How many statistics() may run at once (CON-18, lowered while the server says it is busy).
    [[nodiscard]] virtual int parallelism() const = 0;
    // For the log and errors: "https://ex1.contoso.lab/PowerShell/".
    [[nodiscard]] virtual QString address() const = 0;
};

} // namespace postern::exchange
