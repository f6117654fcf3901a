#include "services/psrp/Fragment.h"

#include <QtEndian>
#include <algorithm>
#include <utility>

namespace postern::psrp {

namespace {

constexpr quint8 kStart = 1;
constexpr quint8 kEnd = 2;

} // namespace

Expected<FragmentView> decodeFragment(QByteArrayView bytes)
{
    if (bytes.size() < kFragmentHeaderBytes)
        return fail(ErrorCode::Incomplete, QStringLiteral("the fragment's header is not complete"));
    const auto flags = static_cast<quint8>(bytes[16]);
    const auto length = qFromBigEndian<quint32>(bytes.data() + 17);
    if ((flags & ~(kStart | kEnd)) != 0)
        return fail(ErrorCode::Malformed, QStringLiteral("flags 0x%1 of a fragment").arg(flags, 0, 16));
    FragmentView fragment;
    fragment.objectId = qFromBigEndian<quint64>(bytes.data());
    fragment.fragmentId = qFromBigEndian<quint64>(bytes.data() + 8);
    fragment.start = (flags & kStart) != 0;
    fragment.end = (flags & kEnd) != 0;
    if (quint64(bytes.size() - kFragmentHeaderBytes) < length)
        return fail(ErrorCode::Incomplete, QStringLiteral("the fragment's blob is not complete"));
    fragment.blob = bytes.sliced(kFragmentHeaderBytes, qsizetype(length));
    return fragment;
}

QByteArray encodeFragment(const FragmentView& fragment)
{
    QByteArray bytes(kFragmentHeaderBytes, Qt::Uninitialized);
    qToBigEndian(fragment.objectId, bytes.data());
    qToBigEndian(fragment.fragmentId, bytes.data() + 8);
    bytes[16] = char((fragment.start ? kStart : 0) | (fragment.end ? kEnd : 0));
    qToBigEndian(quint32(fragment.blob.size()), bytes.data() + 17);
    return bytes.append(fragment.blob);
}

QList<QByteArray> Fragmenter::split(QByteArrayView message, qsizetype maxBytes)
{
    return split(message, maxBytes, maxBytes);
}

QList<QByteArray> Fragmenter::split(QByteArrayView message, qsizetype firstMaxBytes, qsizetype maxBytes)
{
    QList<QByteArray> fragments;
    FragmentView fragment;
    fragment.objectId = m_nextObjectId++;
    qsizetype at = 0;
    do {
        const qsizetype room
            = qMax<qsizetype>(1, (at == 0 ? firstMaxBytes : maxBytes) - kFragmentHeaderBytes);
        fragment.blob = message.sliced(at, qMin(room, message.size() - at));
        fragment.start = at == 0;
        at += fragment.blob.size();
        fragment.end = at == message.size();
        fragments.append(encodeFragment(fragment));
        ++fragment.fragmentId;
    } while (at < message.size());
    return fragments;
}

Defragmenter::Defragmenter() = default;

Defragmenter::Defragmenter(Limits limits)
    : m_limits(limits)
{
}

void Defragmenter::reset()
{
    *this = Defragmenter(m_limits);
}

tl::unexpected<Error> Defragmenter::reject(
    ErrorCode code, const FragmentView& fragment, const QString& what) const
{
    return fail(code,
        QStringLiteral("object %1, fragment %2, offset %3: %4")
            .arg(fragment.objectId)
            .arg(fragment.fragmentId)
            .arg(m_offset)
            .arg(what),
        QStringLiteral("PSRP fragment"));
}

Expected<QList<QByteArray>> Defragmenter::feed(QByteArrayView bytes)
{
    QList<QByteArray> messages;
    auto result
        = feed(bytes, [&messages](QByteArrayView message) { messages.append(message.toByteArray()); });
    if (!result)
        return tl::unexpected(std::move(result).error());
    return messages;
}

Expected<void> Defragmenter::feed(QByteArrayView bytes, const Sink& sink)
{
    if (m_failed)
        return reject(ErrorCode::Malformed, {}, QStringLiteral("the stream has failed before"));
    qsizetype used = 0;
    Expected<void> result;
    if (m_partial.isEmpty()) {
        result = consume(bytes, used, sink);
        m_partial = bytes.sliced(used).toByteArray();
    } else {
        m_partial.append(bytes);
        const QByteArray joined = std::exchange(m_partial, {});
        result = consume(joined, used, sink);
        m_partial = used == 0 ? joined : joined.sliced(used);
    }
    m_failed = !result;
    return result;
}

// The whole fragments at the front of `bytes`; `used` tells how far they reach.
Expected<void> Defragmenter::consume(QByteArrayView bytes, qsizetype& used, const Sink& sink)
{
    while (used < bytes.size()) {
        const QByteArrayView rest = bytes.sliced(used);
        // A length over the cap would have us collect bytes in vain.
        if (rest.size() >= kFragmentHeaderBytes
            && qFromBigEndian<quint32>(rest.data() + 17) > quint64(m_limits.objectBytes)) {
            const FragmentView header{qFromBigEndian<quint64>(rest.data()),
                qFromBigEndian<quint64>(rest.data() + 8), false, false, {}};
            return reject(ErrorCode::LimitExceeded, header,
                QStringLiteral("a blob of %1 bytes").arg(qFromBigEndian<quint32>(rest.data() + 17)));
        }
        const Expected<FragmentView> fragment = decodeFragment(rest);
        if (!fragment) {
            if (fragment.error().code == ErrorCode::Incomplete)
                return {};
            return reject(fragment.error().code,
                {qFromBigEndian<quint64>(rest.data()), qFromBigEndian<quint64>(rest.data() + 8), false, false,
                    {}},
                fragment.error().detail);
        }
        if (auto accepted = accept(*fragment, sink); !accepted)
            return accepted;
        const qsizetype length = kFragmentHeaderBytes + fragment->blob.size();
        used += length;
        m_offset += quint64(length);
    }
    return {};
}

Expected<void> Defragmenter::accept(const FragmentView& fragment, const Sink& sink)
{
    if (fragment.objectId == 0)
        return reject(ErrorCode::Malformed, fragment, QStringLiteral("object ids start at 1"));
    const auto open = m_open.constFind(fragment.objectId);
    if (fragment.start) {
        if (open != m_open.constEnd())
            return reject(ErrorCode::Malformed, fragment, QStringLiteral("a second start"));
        if (fragment.fragmentId != 0)
            return reject(
                ErrorCode::Malformed, fragment, QStringLiteral("a start whose fragment id is not 0"));
        if (wasCompleted(fragment.objectId))
            return reject(ErrorCode::Malformed, fragment, QStringLiteral("the object id was used before"));
        if (fragment.end) {
            complete(fragment.objectId);
            sink(fragment.blob);
            return {};
        }
        if (m_open.size() >= m_limits.openObjects)
            return reject(ErrorCode::LimitExceeded, fragment, QStringLiteral("too many unfinished objects"));
        m_open.insert(fragment.objectId, {});
    } else if (open == m_open.constEnd()) {
        return reject(ErrorCode::Malformed, fragment, QStringLiteral("a continuation without start"));
    }
    if (auto appended = append(fragment); !appended)
        return appended;
    if (fragment.end) {
        const QByteArray message = m_open.take(fragment.objectId).bytes;
        m_openBytes -= message.size();
        complete(fragment.objectId);
        sink(message);
    }
    return {};
}

Expected<void> Defragmenter::append(const FragmentView& fragment)
{
    OpenObject& object = m_open[fragment.objectId];
    if (fragment.fragmentId != object.nextFragmentId)
        return reject(
            ErrorCode::Malformed, fragment, QStringLiteral("fragment %1 is due").arg(object.nextFragmentId));
    if (object.bytes.size() + fragment.blob.size() > m_limits.objectBytes)
        return reject(ErrorCode::LimitExceeded, fragment,
            QStringLiteral("an object over %1 bytes").arg(m_limits.objectBytes));
    if (m_openBytes + fragment.blob.size() > m_limits.openBytes)
        return reject(ErrorCode::LimitExceeded, fragment,
            QStringLiteral("unfinished objects over %1 bytes").arg(m_limits.openBytes));
    ++object.nextFragmentId;
    object.bytes.append(fragment.blob);
    m_openBytes += fragment.blob.size();
    return {};
}

bool Defragmenter::wasCompleted(quint64 objectId) const
{
    return std::find(m_completed.begin(), m_completed.end(), objectId) != m_completed.end();
}

void Defragmenter::complete(quint64 objectId)
{
    m_completed[m_completedAt] = objectId;
    m_completedAt = (m_completedAt + 1) % m_completed.size();
}

Expected<void> Defragmenter::finish() const
{
    if (m_open.isEmpty() && m_partial.isEmpty())
        return {};
    FragmentView last;
    if (!m_open.isEmpty()) {
        last.objectId = m_open.constBegin().key();
        last.fragmentId = m_open.constBegin()->nextFragmentId;
    }
    return reject(ErrorCode::Incomplete, last,
        m_partial.isEmpty() ? QStringLiteral("the stream ends inside an object")
                            : QStringLiteral("the stream ends inside a fragment"));
}

} // namespace postern::psrp
