#include "ui/devices/DeviceSentences.h"

#include <QCoreApplication>

#include "models/domain/Exchange.h"
#include "models/domain/Intune.h"
#include "models/items/DeviceColumnText.h"
#include "models/items/VisibleText.h"

namespace postern::devices {

using namespace Qt::StringLiterals;

using frame::DeviceColumn;
using frame::DeviceFrame;
using frame::RowIndex;

namespace {

struct Words
{
    Q_DECLARE_TR_FUNCTIONS(DeviceSentences)
};

QString pastAge(qint64 seconds)
{
    constexpr qint64 minute = 60;
    constexpr qint64 hour = 60 * minute;
    constexpr qint64 day = 24 * hour;
    if (seconds < minute)
        return Words::tr("less than a minute ago");
    if (seconds < hour)
        return Words::tr("%n minute(s) ago", nullptr, int(seconds / minute));
    if (seconds < 2 * day)
        return Words::tr("%n hour(s) ago", nullptr, int(seconds / hour));
    return Words::tr("%n day(s) ago", nullptr, int(seconds / day));
}

QString stateSentence(AccessState state)
{
    switch (state) {
    case AccessState::Allowed:
        return Words::tr("Allowed");
    case AccessState::Blocked:
        return Words::tr("Blocked");
    case AccessState::Quarantined:
        return Words::tr("Quarantined");
    case AccessState::Unknown:
        return Words::tr("Access state unknown");
    case AccessState::NotSeen:
        break;
    }
    return Words::tr("Exchange has not stated an access state yet");
}

QString byDeviceRule(const QString& rule)
{
    return rule.isEmpty() ? Words::tr("by a device access rule")
                          : Words::tr("by the device access rule \"%1\"").arg(rule);
}

// How the state came about; empty when that says nothing.
QString reasonPhrase(AccessStateReason reason, const QString& rule, const QString& raw)
{
    switch (reason) {
    case AccessStateReason::ExchangeGlobalRule:
        return Words::tr("by the organization's default access level");
    case AccessStateReason::ExchangeIndividualRule:
        return Words::tr("by a personal rule of this mailbox");
    case AccessStateReason::ExchangeDeviceRule:
        return byDeviceRule(rule);
    case AccessStateReason::ExchangeUpgrade:
        return Words::tr("while Exchange upgrades the mailbox's state");
    case AccessStateReason::ExchangeMailboxPolicy:
        return Words::tr("by the mobile device mailbox policy");
    case AccessStateReason::NotCompliant:
        return Words::tr("because the device is not compliant");
    case AccessStateReason::NotEnrolled:
        return Words::tr("because the device is not enrolled");
    case AccessStateReason::Compliant:
        return Words::tr("because the device is compliant");
    case AccessStateReason::None:
    case AccessStateReason::Unknown:
        return {};
    default:
        break;
    }
    return raw.isEmpty() ? QString() : Words::tr("for the reason \"%1\"").arg(raw);
}

QString text(const DeviceFrame& frame, RowIndex row, DeviceColumn column)
{
    return items::visibleText(frame.text(row, column));
}

} // namespace

QString ageText(qint64 msecs, qint64 nowMs)
{
    if (msecs == frame::noValue)
        return Words::tr("never");
    const qint64 seconds = (nowMs - msecs) / 1000;
    constexpr qint64 tolerance = 120; // clocks of servers differ a little
    if (seconds < -tolerance)
        return Words::tr("in the future (a clock is wrong)");
    return pastAge(std::max<qint64>(0, seconds));
}

QString accessSentence(const DeviceFrame& frame, RowIndex row, qint64 nowMs)
{
    const qint64 code = frame.number(row, DeviceColumn::AccessState);
    const qint64 reasonCode = frame.number(row, DeviceColumn::AccessStateReason);
    const auto state = code == frame::noValue ? AccessState::NotSeen : AccessState(code);
    const auto reason
        = reasonCode == frame::noValue ? AccessStateReason::None : AccessStateReason(reasonCode);
    const QString phrase = state == AccessState::NotSeen || state == AccessState::Unknown
        ? QString()
        : reasonPhrase(reason, text(frame, row, DeviceColumn::AccessControlRule),
            text(frame, row, DeviceColumn::AccessStateReasonText));
    const qint64 lastSync = frame.number(row, DeviceColumn::LastSuccessSync);
    const QString sync = lastSync == frame::noValue
        ? Words::tr("no successful sync is known")
        : Words::tr("last successful sync %1").arg(ageText(lastSync, nowMs));
    if (phrase.isEmpty())
        //: %1 "Blocked", %2 "last successful sync 2 days ago"
        return Words::tr("%1; %2.").arg(stateSentence(state), sync);
    //: %1 "Blocked", %2 "by a personal rule of this mailbox", %3 "last successful sync 2 days ago"
    return Words::tr("%1 %2; %3.").arg(stateSentence(state), phrase, sync);
}

QString dataAgeSentence(const DeviceFrame& frame, RowIndex row, qint64 nowMs)
{
    const qint64 asOf = frame.number(row, DeviceColumn::ExchangeDataAsOf);
    if (asOf == frame::noValue)
        return Words::tr("Not read from Exchange yet.");
    const QString age = ageText(asOf, nowMs);
    if (frame.number(row, DeviceColumn::Stale) == 1)
        return Words::tr("Read from Exchange %1; the statistics could not be read then and are older.")
            .arg(age);
    return Words::tr("Read from Exchange %1.").arg(age);
}

QString intuneSentence(const DeviceFrame& frame, RowIndex row, qint64 nowMs)
{
    if (!frame.id(row).isManaged())
        return Words::tr("Not enrolled: no device in Intune belongs to this partnership.");
    const qint64 compliance = frame.number(row, DeviceColumn::ComplianceState);
    const qint64 owner = frame.number(row, DeviceColumn::Owner);
    const QString state = compliance == frame::noValue
        ? Words::tr("Compliance not evaluated")
        : items::codeTitle(DeviceColumn::ComplianceState, compliance);
    const QString managed = owner == qint64(DeviceOwnerType::Company)
        ? Words::tr("managed by Intune as a company device")
        : owner == qint64(DeviceOwnerType::Personal) ? Words::tr("managed by Intune as a personal device")
                                                     : Words::tr("managed by Intune");
    const qint64 checkIn = frame.number(row, DeviceColumn::IntuneLastCheckIn);
    //: %1 "Compliant", %2 "managed by Intune", %3 "2 hours ago" or "never"
    QString sentence = Words::tr("%1; %2; last check-in %3.").arg(state, managed, ageText(checkIn, nowMs));
    const qint64 grace = frame.number(row, DeviceColumn::GraceExpires);
    if (compliance == qint64(ComplianceState::InGracePeriod) && grace != frame::noValue) {
        const qint64 hours = (grace - nowMs) / 3'600'000;
        sentence += u' '
            + (hours < 0 ? Words::tr("The grace period is over.")
                         : Words::tr("The grace period ends in %n hour(s).", nullptr, int(hours)));
    }
    return sentence;
}

QString intuneAgeSentence(const DeviceFrame& frame, RowIndex row, qint64 nowMs)
{
    if (!frame.id(row).isManaged())
        return {};
    const qint64 asOf = frame.number(row, DeviceColumn::IntuneDataAsOf);
    return asOf == frame::noValue ? Words::tr("Not read from Intune yet.")
                                  : Words::tr("Read from Intune %1.").arg(ageText(asOf, nowMs));
}

} // namespace postern::devices
