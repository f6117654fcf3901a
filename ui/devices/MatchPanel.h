// The Match tab of a device (SYN-11): how and why it was matched, candidates, and suggestions that somebody
// who knows confirms or rejects. Asks by suggestionDecided(); shows what the site answers. GUI thread.
#pragma once

#include <QScrollArea>

#include "models/base/Error.h"
#include "models/domain/DeviceMatch.h"

class QVBoxLayout;

namespace postern::widgets {
class PlainLabel;
}

namespace postern::devices {

class MatchPanel final : public QScrollArea
{
    Q_OBJECT
public:
    explicit MatchPanel(QWidget* parent = nullptr);
    // `kind` from the list, at once; the rest when it has been read.
    void showMatch(DeviceKey device, MatchKind kind);
    void showDetail(const DeviceDetail& detail); // of the device shown; another one's is ignored
    void showAnswer(const std::optional<Error>& refused); // of the last decision
    [[nodiscard]] QString toText() const;

signals:
    void suggestionDecided(postern::PartnershipId partnership, postern::ManagedDeviceId device, bool accept);

private:
    void clearCandidates();
    [[nodiscard]] QWidget* makeCandidate(const MatchCandidate& candidate);
    void decide(const MatchCandidate& candidate, bool accept);

    DeviceKey m_device;
    DeviceDetail m_detail;
    widgets::PlainLabel* m_sentence;
    widgets::PlainLabel* m_consequence;
    widgets::PlainLabel* m_heading;
    widgets::PlainLabel* m_answer;
    QVBoxLayout* m_candidates;
};

} // namespace postern::devices
