// The recorded exchanges of tests/data/vectors: files, and the PSRP fragments inside WSMan envelopes. Tests
// only.
#pragma once

#include <QByteArray>
#include <QString>
#include <QStringList>
#include <vector>

namespace postern::clixml::testing {

// Absolute paths of the files below tests/data/vectors/<folder> with the given suffix.
[[nodiscard]] QStringList vectorFiles(const QString& folder, const QString& suffix);
[[nodiscard]] QByteArray readVector(const QString& path);

// One base64 text of fragments, in the order of the recording.
struct RecordedStream
{
    QByteArray base64;
    QString channel; // shell and CommandId: what a defragmenter sees
    bool fromServer = false;
};

struct RecordedExchange
{
    int envelopes = 0;
    std::vector<RecordedStream> streams; // of PowerShell shells only
};

// A pypsrp recording (YAML: messages with request and response).
[[nodiscard]] RecordedExchange readRecording(const QString& path);

} // namespace postern::clixml::testing
