// PSRP fragments: messages cut to what an envelope carries, and put together again. Header 21 bytes,
// big-endian. Pure, one object of each class a stream and direction; not thread-safe. [MS-PSRP] 2.2.4.
#pragma once

#include <QByteArray>
#include <QByteArrayView>
#include <QHash>
#include <QList>
#include <array>
#include <concepts>
#include <functional>

#include "models/base/Error.h"

namespace postern::psrp {

inline constexpr qsizetype kFragmentHeaderBytes = 21;
inline constexpr qsizetype kDefaultFragmentBytes = 32 * 1024; // with the header, as Windows

struct FragmentView
{
    quint64 objectId = 0; // from 1
    quint64 fragmentId = 0; // from 0 in each object
    bool start = false;
    bool end = false;
    QByteArrayView blob;
};

// The fragment at the front of `bytes`; Incomplete when it is not whole yet, Malformed when it can never be.
[[nodiscard]] Expected<FragmentView> decodeFragment(QByteArrayView bytes);
template <std::same_as<QByteArray> T>
Expected<FragmentView> decodeFragment(T&& temporary) = delete; // the view would outlive it
[[nodiscard]] QByteArray encodeFragment(const FragmentView& fragment);

// One a pool and direction: object ids count up and are never reused, whatever stream carries the fragments.
class Fragmenter
{
public:
    // The fragments of one message, each at most maxBytes long with its header (at least one, at least 22
    // bytes).
    [[nodiscard]] QList<QByteArray> split(QByteArrayView message, qsizetype maxBytes = kDefaultFragmentBytes);
    // The same where the first fragment has another limit (creationXml, Arguments).
    [[nodiscard]] QList<QByteArray> split(
        QByteArrayView message, qsizetype firstMaxBytes, qsizetype maxBytes);
    [[nodiscard]] quint64 nextObjectId() const { return m_nextObjectId; }

private:
    quint64 m_nextObjectId = 1;
};

// Bytes of a pool's or a pipeline's stream in, whole messages out. Fragments may be cut anywhere between two
// feeds, and those of different objects may interleave. Errors name the object id and the offset in the
// stream: a gap, a second start, a continuation without start, an object id used before, flags that are not
// defined, an object over the cap. After an error the stream is unusable (reset() starts a new one).
class Defragmenter
{
public:
    struct Limits
    {
        qsizetype objectBytes = 10 * 1024 * 1024; // of one message
        qsizetype openBytes = 50 * 1024 * 1024; // of all unfinished messages together
        int openObjects = 64; // unfinished messages at a time
    };
    // A message in one fragment is viewed in place, without a copy; the view is valid during the call only.
    using Sink = std::function<void(QByteArrayView message)>;

    Defragmenter();
    explicit Defragmenter(Limits limits);

    [[nodiscard]] Expected<void> feed(QByteArrayView bytes, const Sink& sink);
    [[nodiscard]] Expected<QList<QByteArray>> feed(QByteArrayView bytes);
    // Incomplete when bytes or fragments of an unfinished message are left: to be asked at the stream's end.
    [[nodiscard]] Expected<void> finish() const;
    void reset();

private:
    struct OpenObject
    {
        quint64 nextFragmentId = 0;
        QByteArray bytes;
    };
    [[nodiscard]] Expected<void> accept(const FragmentView& fragment, const Sink& sink);
    [[nodiscard]] Expected<void> append(const FragmentView& fragment);
    [[nodiscard]] Expected<void> consume(QByteArrayView bytes, qsizetype& used, const Sink& sink);
    [[nodiscard]] tl::unexpected<Error> reject(
        ErrorCode code, const FragmentView& fragment, const QString& what) const;
    [[nodiscard]] bool wasCompleted(quint64 objectId) const;
    void complete(quint64 objectId);

    Limits m_limits;
    QByteArray m_partial; // the front of a fragment that the last feed cut
    QHash<quint64, OpenObject> m_open;
    qsizetype m_openBytes = 0;
    std::array<quint64, 64> m_completed{}; // the most recent ids, as a ring; ids start at 1
    size_t m_completedAt = 0;
    quint64 m_offset = 0; // in the stream, of the fragment at hand
    bool m_failed = false;
};

} // namespace postern::psrp
