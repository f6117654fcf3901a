#include "ui/devices/MatchSentences.h"

#include <QCoreApplication>

#include "models/items/VisibleText.h"

namespace postern::devices {

using items::visibleText;

namespace {

struct Words
{
    Q_DECLARE_TR_FUNCTIONS(MatchSentences)
};

} // namespace

QString matchSentence(MatchKind kind)
{
    switch (kind) {
    case MatchKind::EasDeviceId:
        return Words::tr(
            "Matched by the Exchange ActiveSync device ID, which Intune reports for the same user.");
    case MatchKind::Imei:
        return Words::tr("Matched by the IMEI, which Exchange and Intune report for the same user.");
    case MatchKind::Serial:
        return Words::tr(
            "Matched by the serial number, which is part of the Exchange ActiveSync device ID, for the same "
            "user.");
    case MatchKind::Confirmed:
        return Words::tr("Matched because an operator confirmed it.");
    case MatchKind::None:
        break;
    }
    return Words::tr("Not matched.");
}

QString matchConsequence(MatchKind kind)
{
    switch (kind) {
    case MatchKind::EasDeviceId:
        return Words::tr("This is the only evidence that also activates Exchange ActiveSync for the device.");
    case MatchKind::Imei:
    case MatchKind::Serial:
    case MatchKind::Confirmed:
        return Words::tr(
            "The device and its compliance count for this partnership. Exchange ActiveSync is not "
            "activated by this evidence.");
    case MatchKind::None:
        break;
    }
    return {};
}

QString noMatchSentence(bool managed)
{
    return managed
        ? Words::tr("No partnership of Exchange belongs to this device: it does not synchronize mail, "
                    "or with an ID that Intune does not know.")
        : Words::tr("No device of Intune belongs to this partnership: the phone is not enrolled, or "
                    "Intune does not know its ID yet.");
}

QString candidateSentence(const MatchCandidate& candidate)
{
    if (candidate.kind == CandidateKind::Transferred)
        return Words::tr(
            "Same Exchange ActiveSync device ID, but another user: perhaps the phone was passed on. "
            "Never linked, because mail of one person must not depend on the phone of another.");
    return Words::tr(
        "Same user, platform and model, and the only ones left on both sides. Not proof: confirm it "
        "if you know that they are one phone.");
}

QString candidatePartnership(const MatchCandidate& candidate)
{
    return Words::tr("Partnership %1 of %2 (%3)")
        .arg(visibleText(candidate.partnershipName), visibleText(candidate.mailboxName),
            visibleText(candidate.easDeviceId));
}

QString candidateDevice(const MatchCandidate& candidate)
{
    if (candidate.serialNumber.isEmpty())
        return Words::tr("Device %1 of %2")
            .arg(visibleText(candidate.deviceName), visibleText(candidate.deviceUser));
    return Words::tr("Device %1 of %2, serial number %3")
        .arg(visibleText(candidate.deviceName), visibleText(candidate.deviceUser),
            visibleText(candidate.serialNumber));
}

QString resetSentence()
{
    return Words::tr("A partnership of this user looks like what the phone left behind when it was reset. It "
                     "starts over with the new one; exemptions are not carried over.");
}

} // namespace postern::devices
