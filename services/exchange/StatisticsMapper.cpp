#include "services/exchange/StatisticsMapper.h"

#include "services/exchange/DeviceIdentity.h"

namespace postern::exchange {

using namespace Qt::StringLiterals;

namespace {

struct Properties
{
    Names identity = namesOf({u"Identity"});
    Names deviceId = namesOf({u"DeviceID", u"DeviceId"});
    Names firstSync = namesOf({u"FirstSyncTime"});
    Names policyUpdate = namesOf({u"LastPolicyUpdateTime"});
    Names attempt = namesOf({u"LastSyncAttemptTime"});
    Names success = namesOf({u"LastSuccessSync"});
    Names policy = namesOf({u"DevicePolicyApplied"});
    Names policyStatus = namesOf({u"DevicePolicyApplicationStatus"});
    Names status = namesOf({u"Status"});
    Names note = namesOf({u"StatusNote"});
    Names wipeRequested = namesOf({u"DeviceWipeRequestTime"});
    Names wipeSent = namesOf({u"DeviceWipeSentTime"});
    Names wipeAcknowledged = namesOf({u"DeviceWipeAckTime"});
    Names accountRequested = namesOf({u"AccountOnlyDeviceWipeRequestTime"});
    Names accountSent = namesOf({u"AccountOnlyDeviceWipeSentTime"});
    Names accountAcknowledged = namesOf({u"AccountOnlyDeviceWipeAckTime"});
    Names requestor = namesOf({u"LastDeviceWipeRequestor"});
    Names accountRequestor = namesOf({u"LastAccountOnlyDeviceWipeRequestor"});
    Names wipeSupported = namesOf({u"IsRemoteWipeSupported"});
    Names state = namesOf({u"DeviceAccessState"});
    Names reason = namesOf({u"DeviceAccessStateReason"});
    Names folders = namesOf({u"NumberOfFoldersSynced"});
};

const Properties& properties()
{
    static const Properties made;
    return made;
}

struct Wipe
{
    WipeStatus status = WipeStatus::None;
    std::optional<QDateTime> requested;
};

// How far a wipe came. A request that is newer than the last acknowledgement is a new wipe.
Wipe wipeOf(
    std::optional<QDateTime> requested, std::optional<QDateTime> sent, std::optional<QDateTime> acknowledged)
{
    const auto since
        = [&](const std::optional<QDateTime>& time) { return time && (!requested || *time >= *requested); };
    if (since(acknowledged))
        return {WipeStatus::Acknowledged, requested};
    if (since(sent))
        return {WipeStatus::Sent, requested};
    return {requested ? WipeStatus::Pending : WipeStatus::None, requested};
}

} // namespace

std::optional<PartnershipStatistics> StatisticsMapper::map(
    const clixml::PropertyBag& bag, std::vector<ObjectProblem>& problems)
{
    const Properties& p = properties();
    m_row.begin(bag, problems);
    PartnershipStatistics statistics;
    if (!mapIdentity(statistics))
        return std::nullopt;
    statistics.firstSyncTime = m_row.time(p.firstSync);
    statistics.lastPolicyUpdate = m_row.time(p.policyUpdate);
    statistics.lastSyncAttempt = m_row.time(p.attempt);
    statistics.lastSuccessSync = m_row.time(p.success);
    statistics.policyApplied = m_row.shared(p.policy);
    statistics.policyApplicationStatus = m_row.shared(p.policyStatus);
    statistics.statusNote = m_row.shared(p.note);
    statistics.isRemoteWipeSupported = m_row.flag(p.wipeSupported, false);
    statistics.accessState = accessStateFromExchange(m_row.shared(p.state));
    statistics.accessStateReasonText = m_row.shared(p.reason);
    statistics.accessStateReason = accessStateReasonFromExchange(statistics.accessStateReasonText);
    statistics.foldersSynced = m_row.count(p.folders);
    mapWipe(statistics);
    return statistics;
}

bool StatisticsMapper::mapIdentity(PartnershipStatistics& statistics)
{
    const Properties& p = properties();
    statistics.deviceIdentity = m_row.text(p.identity);
    m_row.name(statistics.deviceIdentity);
    const DeviceIdentity cut = cutDeviceIdentity(statistics.deviceIdentity);
    statistics.ownerIdentity = cut.owner;
    QString deviceId = m_row.text(p.deviceId);
    if (deviceId.isEmpty())
        deviceId = deviceIdOfName(cut.name).toString();
    statistics.easDeviceId = EasDeviceId(deviceId);
    if (!statistics.easDeviceId.isEmpty())
        return true;
    m_row.problem(u"DeviceID is missing"_s);
    return false;
}

void StatisticsMapper::mapWipe(PartnershipStatistics& statistics)
{
    const Properties& p = properties();
    const Wipe device
        = wipeOf(m_row.time(p.wipeRequested), m_row.time(p.wipeSent), m_row.time(p.wipeAcknowledged));
    const Wipe account = wipeOf(
        m_row.time(p.accountRequested), m_row.time(p.accountSent), m_row.time(p.accountAcknowledged));
    const bool accountIsNewer = account.status != WipeStatus::None
        && (device.status == WipeStatus::None || account.requested > device.requested);
    statistics.wipeStatus = accountIsNewer ? account.status : device.status;
    statistics.wipeRequestedBy = m_row.text(accountIsNewer ? p.accountRequestor : p.requestor);
    // The status word knows what the times do not.
    const QString status = m_row.shared(p.status);
    if (status.contains("WipeFailed"_L1, Qt::CaseInsensitive))
        statistics.wipeStatus = WipeStatus::Failed;
    else if (status.contains("WipeCancel"_L1, Qt::CaseInsensitive))
        statistics.wipeStatus = WipeStatus::Cancelled;
    else if (statistics.wipeStatus == WipeStatus::None
        && status.contains("WipePending"_L1, Qt::CaseInsensitive))
        statistics.wipeStatus = WipeStatus::Pending;
    else if (statistics.wipeStatus == WipeStatus::None
        && status.contains("WipeSucceeded"_L1, Qt::CaseInsensitive))
        statistics.wipeStatus = WipeStatus::Acknowledged;
}

} // namespace postern::exchange
