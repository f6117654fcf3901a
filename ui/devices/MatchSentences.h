// What the Match tab says (SYN-11): how a device and its partnerships were found to be one phone, and why
// something else was not linked. Pure, translated. GUI thread.
#pragma once

#include <QString>

#include "models/domain/DeviceMatch.h"

namespace postern::devices {

// "Matched by the Exchange ActiveSync device ID, which Intune reports for the same user."
[[nodiscard]] QString matchSentence(MatchKind kind);
// What follows from it, and what does not.
[[nodiscard]] QString matchConsequence(MatchKind kind);
// For a row without a match: `managed`: the device has no partnership.
[[nodiscard]] QString noMatchSentence(bool managed);
// Why this candidate is one, and why it was not linked by itself.
[[nodiscard]] QString candidateSentence(const MatchCandidate& candidate);
// "Partnership iPhone of Anna Berg (ApplABC)" and "Device ann_iPhone of anna@contoso.lab, serial ABC".
[[nodiscard]] QString candidatePartnership(const MatchCandidate& candidate);
[[nodiscard]] QString candidateDevice(const MatchCandidate& candidate);
[[nodiscard]] QString resetSentence();

} // namespace postern::devices
