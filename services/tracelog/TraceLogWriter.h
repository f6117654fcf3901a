// Writes EasDisc.log in the form that CMTrace reads (LOG-01, 02, 05, 06). Any thread; never throws and never
// fails its caller: a line that cannot be written (full disk, no directory) is counted, and the first line
// that fits again is preceded by one that says how many are missing. Every line passes the Redactor.
#pragma once

#include <QFile>
#include <QMutex>
#include <source_location>

#include "services/core/Clock.h"
#include "services/core/Redactor.h"
#include "services/tracelog/TraceLine.h"

namespace postern::tracelog {

struct TraceLogOptions
{
    QString path; // …/Logs/EasDisc.log; the directory is made when missing
    QString component = QStringLiteral("SMS_EXCHANGE_CONNECTOR");
    qint64 maxBytes = 2 * 1024 * 1024; // then it becomes .lo_, over the former one
    bool hashUserNames = false;
};

class TraceLogWriter
{
public:
    // `clock` outlives the writer.
    TraceLogWriter(TraceLogOptions options, const core::Clock& clock);

    void write(
        const TraceLine& line, const std::source_location& where = std::source_location::current()) noexcept;
    // See Redactor::addSecret: whoever reads a password from the key ring says so here first.
    void addSecret(const QString& secret) { m_redactor.addSecret(secret); }

    [[nodiscard]] const QString& path() const { return m_options.path; }
    // Lines that could not be written and have not been reported in the file yet.
    [[nodiscard]] qint64 lostLines() const;

private:
    void append(const QByteArray& entry, const QByteArray& lostNote);
    bool ensureOpen();
    void rollOver();

    const TraceLogOptions m_options;
    const core::Clock& m_clock;
    core::Redactor m_redactor;
    mutable QMutex m_mutex; // guards what follows
    QFile m_file;
    qint64 m_size = 0;
    qint64 m_lost = 0;
};

// What stands around the text of one entry.
struct EntryAttributes
{
    QDateTime local; // with its own offset from UTC
    QString component;
    QString context;
    TraceLine::Type type = TraceLine::Type::Information;
    quint64 thread = 0;
    QString file;
};

// LOG-02: <![LOG[text]LOG]!><time="HH:mm:ss.fff±bias" …>, UTF-8, ended by CR LF. The bias is CCM's: minutes
// to add to local time to get UTC, so Berlin in winter is -60. Text cannot end its entry early, an attribute
// cannot end its quotes.
[[nodiscard]] QByteArray formatEntry(const QString& text, const EntryAttributes& attributes);

} // namespace postern::tracelog
