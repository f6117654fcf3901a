#include "services/tracelog/TraceLogWriter.h"

#include <QDir>
#include <QFileInfo>
#include <QThread>
#ifdef Q_OS_LINUX
#include <unistd.h>
#endif

namespace postern::tracelog {

using namespace Qt::StringLiterals;

namespace {

// The number that other tools show for this thread, where there is one.
quint64 threadNumber()
{
#ifdef Q_OS_LINUX
    return quint64(gettid());
#else
    return quint64(reinterpret_cast<quintptr>(QThread::currentThreadId()));
#endif
}

// A hostile device name must not end the entry and forge the next one.
QString safeText(QString text)
{
    text.replace(u"]LOG]!>"_s, u"]LOG] !>"_s);
    text.replace(QChar(u'\0'), QChar(QChar::ReplacementCharacter));
    return text;
}

QString attributeText(QString text)
{
    for (QChar& c : text) {
        if (c == u'"')
            c = u'\'';
        else if (c < u' ')
            c = u' ';
    }
    return text;
}

QString sourceName(const std::source_location& where)
{
    const QByteArray path(where.file_name());
    return QString::fromUtf8(path.mid(path.lastIndexOf('/') + 1)) + u':' + QString::number(where.line());
}

QString biasText(const QDateTime& local)
{
    const int bias = -local.offsetFromUtc() / 60;
    return (bias < 0 ? u"-"_s : u"+"_s) + QString::number(qAbs(bias)).rightJustified(3, u'0');
}

} // namespace

QByteArray formatEntry(const QString& text, const EntryAttributes& attributes)
{
    const QLocale c = QLocale::c(); // never the user's digits
    return u"<![LOG[%1]LOG]!><time=\"%2%3\" date=\"%4\" component=\"%5\" context=\"%6\" type=\"%7\" thread=\"%8\" file=\"%9\">\r\n"_s
        .arg(safeText(text), c.toString(attributes.local.time(), u"HH:mm:ss.zzz"_s),
            biasText(attributes.local), c.toString(attributes.local.date(), u"MM-dd-yyyy"_s),
            attributeText(attributes.component), attributeText(attributes.context),
            QString::number(int(attributes.type)), QString::number(attributes.thread),
            attributeText(attributes.file))
        .toUtf8();
}

TraceLogWriter::TraceLogWriter(TraceLogOptions options, const core::Clock& clock)
    : m_options(std::move(options))
    , m_clock(clock)
    , m_redactor(m_options.hashUserNames)
    , m_file(m_options.path)
{
}

void TraceLogWriter::write(const TraceLine& line, const std::source_location& where) noexcept
{
    EntryAttributes attributes;
    attributes.local = m_clock.now().toLocalTime();
    attributes.component = m_options.component;
    attributes.context = m_redactor.redact(line.context);
    attributes.type = line.type;
    attributes.thread = threadNumber();
    attributes.file = sourceName(where);
    const QByteArray entry = formatEntry(m_redactor.redact(line.text), attributes);

    const QMutexLocker locker(&m_mutex);
    QByteArray lostNote;
    if (m_lost > 0) {
        attributes.type = TraceLine::Type::Warning;
        lostNote = formatEntry(u"%1 lines could not be written"_s.arg(m_lost), attributes);
    }
    append(entry, lostNote);
}

qint64 TraceLogWriter::lostLines() const
{
    const QMutexLocker locker(&m_mutex);
    return m_lost;
}

void TraceLogWriter::append(const QByteArray& entry, const QByteArray& lostNote)
{
    const QByteArray bytes = lostNote + entry;
    if (ensureOpen() && m_size > 0 && m_size + bytes.size() > m_options.maxBytes)
        rollOver();
    if (!ensureOpen()) {
        ++m_lost;
        return;
    }
    if (m_file.write(bytes) == bytes.size()) {
        m_size += bytes.size();
        m_lost = 0;
        return;
    }
    // A full disk takes half a line: cut it off, so that the file stays readable.
    m_file.resize(m_size);
    m_file.close();
    ++m_lost;
}

bool TraceLogWriter::ensureOpen()
{
    if (m_file.isOpen() && m_file.exists())
        return true;
    m_file.close(); // somebody removed or moved it: start a new one
    QDir().mkpath(QFileInfo(m_options.path).absolutePath());
    if (!m_file.open(QIODevice::WriteOnly | QIODevice::Append | QIODevice::Unbuffered))
        return false;
    m_size = m_file.size();
    return true;
}

void TraceLogWriter::rollOver()
{
    m_file.close();
    const QFileInfo info(m_options.path);
    const QString former = info.absolutePath() + u'/' + info.completeBaseName() + u".lo_"_s;
    QFile::remove(former);
    if (!QFile::rename(m_options.path, former)) {
        // The old text is worth less than the disk: begin again in the same file.
        QFile::resize(m_options.path, 0);
    }
}

} // namespace postern::tracelog
