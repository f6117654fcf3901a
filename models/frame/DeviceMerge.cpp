#include "models/frame/DeviceMerge.h"

#include <algorithm>

#include "models/domain/DeviceMatch.h"

namespace postern::frame {

namespace {

using C = DeviceColumn;

// Who has the word on a column (SYN-16).
enum class Source {
    Exchange, // of the leading partnership
    Intune,
    IntuneElseExchange,
    Newest, // of all partnerships: a phone has synchronized when one of them has
    Oldest, // data is as old as its oldest part
    Any, // 1 when one of them says 1
    Most, // the largest that a rule of its own makes
};

// Only Intune and the directory know these.
bool isIntunes(C column)
{
    switch (column) {
    case C::OsVersion:
    case C::SerialNumber:
    case C::DeviceCategory:
    case C::IntuneDeviceId:
    case C::EntraDeviceId:
    case C::Platform:
    case C::Owner:
    case C::ManagementState:
    case C::EnrolledAt:
    case C::ComplianceState:
    case C::GraceExpires:
    case C::JailBroken:
    case C::Encrypted:
    case C::IntuneLastCheckIn:
    case C::IntuneDataAsOf:
    case C::EasActivated:
    case C::EntraRegistered:
        return true;
    default:
        return false;
    }
}

Source sourceOf(C column)
{
    switch (column) {
    case C::Name:
    case C::UserName:
    case C::UserPrincipalName:
    case C::EmailAddress:
    case C::Department:
    case C::DeviceModel:
    case C::DeviceOS:
    case C::Imei:
    case C::PhoneNumber:
    case C::MobileOperator:
    case C::SiteCode:
    case C::IntuneLicensed:
        return Source::IntuneElseExchange;
    case C::LastSuccessSync:
    case C::LastSyncAttempt:
    case C::LastPolicyUpdate:
        return Source::Newest;
    case C::FirstSyncTime:
    case C::ExchangeDataAsOf:
        return Source::Oldest;
    case C::Stale:
        return Source::Any;
    case C::WipeStatus:
    case C::MatchKind:
        return Source::Most;
    default:
        return isIntunes(column) ? Source::Intune : Source::Exchange;
    }
}

// A wipe under way matters more than one that is over (DEC-06).
int urgency(WipeStatus status)
{
    switch (status) {
    case WipeStatus::Pending:
        return 5;
    case WipeStatus::Sent:
        return 4;
    case WipeStatus::Failed:
        return 3;
    case WipeStatus::Acknowledged:
        return 2;
    case WipeStatus::Cancelled:
        return 1;
    case WipeStatus::None:
        break;
    }
    return 0;
}

// The strongest evidence has the lowest number; None and empty are no evidence.
int strength(qint64 match)
{
    return match == noValue || match == qint64(MatchKind::None) ? -1000 : -int(match);
}

int weight(C column, qint64 value)
{
    if (column == C::MatchKind)
        return strength(value);
    return value == noValue ? -1 : urgency(WipeStatus(value));
}

// Of all partnerships; noValue where none says anything.
qint64 combined(C column, Source source, std::span<const DeviceRow> partnerships)
{
    qint64 result = noValue;
    for (const DeviceRow& row : partnerships) {
        const qint64 value = row.number[std::size_t(column)];
        if (value == noValue)
            continue;
        const bool wins = source == Source::Most ? weight(column, value) > weight(column, result)
            : source == Source::Oldest           ? value < result
                                                 : value > result;
        if (result == noValue || wins)
            result = value;
    }
    return result;
}

qint64 numberOf(C column, const DeviceRow& managed, const DeviceRow* leading, std::span<const DeviceRow> all)
{
    const auto at = std::size_t(column);
    const Source source = sourceOf(column);
    switch (source) {
    case Source::Exchange:
        return leading ? leading->number[at] : noValue;
    case Source::Intune:
        return managed.number[at];
    case Source::IntuneElseExchange:
        return managed.number[at] != noValue || !leading ? managed.number[at] : leading->number[at];
    default:
        return combined(column, source, all);
    }
}

std::string_view textOf(C column, const DeviceRow& managed, const DeviceRow* leading)
{
    const auto at = std::size_t(column);
    switch (sourceOf(column)) {
    case Source::Intune:
        return managed.text[at];
    case Source::IntuneElseExchange:
        return !managed.text[at].empty() || !leading ? managed.text[at] : leading->text[at];
    default:
        return leading ? leading->text[at] : std::string_view();
    }
}

} // namespace

int severityOf(AccessState state)
{
    switch (state) {
    case AccessState::Blocked:
        return 4;
    case AccessState::Quarantined:
        return 3;
    case AccessState::Unknown:
        return 2;
    case AccessState::Allowed:
        return 1;
    case AccessState::NotSeen:
        break;
    }
    return 0;
}

int leadingPartnership(std::span<const DeviceRow> partnerships)
{
    const auto worse = [](const DeviceRow& a, const DeviceRow& b) {
        const auto severity = [](const DeviceRow& row) {
            const qint64 state = row.number[std::size_t(C::AccessState)];
            return state == noValue ? 0 : severityOf(AccessState(state));
        };
        if (severity(a) != severity(b))
            return severity(a) > severity(b);
        const qint64 syncA = a.number[std::size_t(C::LastSuccessSync)];
        const qint64 syncB = b.number[std::size_t(C::LastSuccessSync)];
        return syncA != syncB ? syncA > syncB : a.id < b.id;
    };
    const auto found = std::ranges::min_element(partnerships, worse);
    return found == partnerships.end() ? -1 : int(found - partnerships.begin());
}

DeviceRow mergedRow(const DeviceRow& managed, std::span<const DeviceRow> partnerships)
{
    const int at = leadingPartnership(partnerships);
    const DeviceRow* leading = at < 0 ? nullptr : &partnerships[std::size_t(at)];
    DeviceRow row;
    row.id = managed.id;
    row.gone = managed.gone;
    for (int i = 0; i < deviceColumnCount; ++i) {
        if (i < deviceTextColumnCount)
            row.text[std::size_t(i)] = textOf(C(i), managed, leading);
        row.number[std::size_t(i)]
            = i < deviceTextColumnCount ? noValue : numberOf(C(i), managed, leading, partnerships);
    }
    row.number[std::size_t(C::Enrolled)] = 1;
    row.number[std::size_t(C::PartnershipCount)] = qint64(partnerships.size());
    if (row.number[std::size_t(C::MatchKind)] == noValue)
        row.number[std::size_t(C::MatchKind)] = qint64(MatchKind::None);
    return row;
}

void setUnmatched(DeviceRow& partnership)
{
    partnership.number[std::size_t(C::Enrolled)] = 0;
    partnership.number[std::size_t(C::PartnershipCount)] = 1;
    partnership.number[std::size_t(C::MatchKind)] = qint64(MatchKind::None);
}

} // namespace postern::frame
