// A 64-bit hash of a row's content, stored beside it so that an unchanged row is recognised without reading
// it. The same on every machine and in every version: it is data. Folded 64x64 multiplication as in wyhash;
// not for adversaries (a collision only delays one change of one row). Any thread, no allocation.
#pragma once

#include <QDateTime>
#include <QStringList>
#include <QStringView>
#include <QUuid>
#include <QtEndian>
#include <cstring>
#include <optional>

namespace postern::store {

class ContentHash
{
public:
    explicit ContentHash(quint64 seed = 0)
        : m_state(seed ^ 0xa0761d6478bd642fULL)
    {
    }

    void add(quint64 value)
    {
        m_state = fold(m_state ^ value ^ 0xe7037ed1a0b428dbULL, 0x8ebc6af09c88c6e3ULL ^ m_state);
    }
    void add(qint64 value) { add(quint64(value)); }
    void add(int value) { add(quint64(qint64(value))); }
    void add(bool value) { add(quint64(value ? 1 : 2)); }
    void add(QStringView text);
    void add(const QString& text) { add(QStringView(text)); }
    void add(const QStringList& list)
    {
        add(quint64(list.size()));
        for (const QString& text : list)
            add(QStringView(text));
    }
    void add(const std::optional<QDateTime>& time)
    {
        add(time ? quint64(time->toMSecsSinceEpoch()) : 0x589965cc75374cc3ULL);
    }
    void add(const QUuid& uuid)
    {
        const QByteArray bytes = uuid.toRfc4122();
        add(load(bytes.constData()));
        add(load(bytes.constData() + 8));
    }

    [[nodiscard]] quint64 value() const { return fold(m_state, 0x1d8e4e27c47d124fULL); }
    // As a database integer.
    [[nodiscard]] qint64 stored() const { return qint64(value()); }

private:
    __extension__ using Wide = unsigned __int128;

    static quint64 fold(quint64 a, quint64 b)
    {
        const Wide product = Wide(a) * b;
        return quint64(product) ^ quint64(product >> 64);
    }
    static quint64 load(const void* from) { return qFromLittleEndian<quint64>(from); }

    quint64 m_state;
};

inline void ContentHash::add(QStringView text)
{
    const auto* data = reinterpret_cast<const char*>(text.utf16());
    auto bytes = std::size_t(text.size()) * 2;
    quint64 state = fold(m_state ^ quint64(bytes), 0xeb44accab455d165ULL);
    for (; bytes >= 16; bytes -= 16, data += 16)
        state = fold(load(data) ^ 0xa0761d6478bd642fULL, load(data + 8) ^ state);
    if (bytes > 0) {
        char rest[16] = {};
        std::memcpy(rest, data, bytes);
        state = fold(load(rest) ^ 0xe7037ed1a0b428dbULL, load(rest + 8) ^ state);
    }
    m_state = state;
}

} // namespace postern::store
