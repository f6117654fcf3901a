// Which phone of Intune is which partnership of Exchange (SYN-11). Pure: no I/O, no clock; the same input in
// any order gives the same answer, and running it on its own answer changes nothing. It never links the phone
// of one person to the mailbox of another. Rows are named by stable keys (the store's), only for ties and
// answers. Any thread.
#pragma once

#include <QString>
#include <span>
#include <vector>

#include "models/domain/DeviceMatch.h"
#include "services/sync/matching/People.h"

namespace postern::matching {

enum class Platform { Unknown, Apple, Android, Windows, Mac };

// From "iOS", "iPadOS", "iPhone", "Android", "SAMSUNGSMG973F", "WP8", "Windows 10" and the like.
[[nodiscard]] Platform platformOf(const QString& text);
// Only for comparing: "iPhone 12" and "iphone12,3" are not one; letter case and spaces do not count.
[[nodiscard]] QString modelKey(const QString& model);
// The first 14 digits, which name the phone (the 15th is a check digit, a 16th a software version). Empty for
// what is no IMEI: too short, or one digit all along.
[[nodiscard]] QString imeiKey(const QString& imei);

struct PartnershipFacts
{
    qint64 key = 0;
    PersonId person; // of the mailbox
    QString easId; // normalised (SYN-12)
    QString imei; // imeiKey()
    QString model; // modelKey()
    Platform platform = Platform::Unknown;
    qint64 lastSeen = 0; // last success or first synchronisation, ms; for hints
};

struct DeviceFacts
{
    qint64 key = 0;
    PersonId person; // its primary user
    QString easId; // normalised; empty when Intune does not know it
    QString imei; // imeiKey()
    QString serial; // lower case
    QString model; // modelKey()
    Platform platform = Platform::Unknown;
    qint64 lastCheckIn = 0; // ms; the newer of two records of one phone counts
};

// What an operator said of a suggestion.
struct Answer
{
    qint64 partnership = 0;
    qint64 device = 0;
    bool accepted = false; // false: never suggest it again
};

struct Link
{
    int device = -1; // index
    MatchKind kind = MatchKind::None;
    bool operator==(const Link&) const = default;
};

struct Candidate
{
    int partnership = -1; // index
    int device = -1; // index
    CandidateKind kind = CandidateKind::Suggested;
    bool operator==(const Candidate&) const = default;
};

struct Matches
{
    std::vector<Link> links; // parallel to the partnerships
    std::vector<Candidate> candidates; // by partnership key, then device key
    // SYN-15: partnerships that look like what a phone left behind when it was reset: not linked, and a newer
    // one of the same person, platform and model is there. Indexes, by key.
    std::vector<int> probablyReset;
};

[[nodiscard]] Matches match(std::span<const PartnershipFacts> partnerships,
    std::span<const DeviceFacts> devices, std::span<const Answer> answers);

} // namespace postern::matching
