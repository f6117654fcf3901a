// A recorded dialogue of pypsrp with a real Windows (tests/data/vectors/pypsrp/responses/*.yml): requests and
// answers in order. The ids of the recording are given to the client under test, so that the answers fit.
#pragma once

#include <QByteArray>
#include <QList>
#include <QUuid>
#include <deque>
#include <functional>

#include "models/base/Error.h"
#include "tests/support/FakeWire.h"

namespace postern::test {

struct RecordedRound
{
    QByteArray request;
    QByteArray answer;
    QByteArray action; // "Create"
    bool isFault = false;
};

class WireRecording
{
public:
    [[nodiscard]] static Expected<WireRecording> load(const QString& file);

    [[nodiscard]] const QList<RecordedRound>& rounds() const { return m_rounds; }
    // Pool's id, then the pipelines' in order of their commands.
    [[nodiscard]] std::function<QUuid()> idSource() const;
    [[nodiscard]] const QList<QUuid>& ids() const { return m_ids; }
    // The recorded answer, related to this request.
    [[nodiscard]] static FakeAnswer answerTo(const SeenRequest& request, const RecordedRound& round);

private:
    QList<RecordedRound> m_rounds;
    QList<QUuid> m_ids;
};

// Differences of two requests as text, empty when they mean the same: header elements in any order, ids and
// payloads left out.
[[nodiscard]] QByteArray soapDifference(const QByteArray& ours, const QByteArray& theirs);

} // namespace postern::test
