#include "services/store/IdSet.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace postern::store {

QByteArray packIds(std::vector<qint64> ids)
{
    std::sort(ids.begin(), ids.end());
    QByteArray packed;
    packed.reserve(qsizetype(ids.size()) * 2);
    qint64 last = 0;
    for (const qint64 id : ids) {
        auto step = quint64(id - last);
        last = id;
        for (; step >= 0x80; step >>= 7)
            packed.append(char(0x80 | (step & 0x7f)));
        packed.append(char(step));
    }
    return packed;
}

Expected<void> unpackIds(const QByteArray& packed, const std::function<void(qint64)>& each)
{
    constexpr qint64 largest = qint64(1) << 40; // a bitmap up to here would not fit; ours end far below
    quint64 step = 0;
    int shift = 0;
    qint64 id = 0;
    for (const char c : packed) {
        if (shift > 35)
            return fail(ErrorCode::Malformed, u"packed ids: a number is too long"_s);
        step |= quint64(c & 0x7f) << shift;
        shift += 7;
        if ((c & 0x80) != 0)
            continue;
        id += qint64(step);
        if (id > largest)
            return fail(ErrorCode::Malformed, u"packed ids: id %1 is out of range"_s.arg(id));
        each(id);
        step = 0;
        shift = 0;
    }
    if (shift != 0)
        return fail(ErrorCode::Malformed, u"packed ids: cut short"_s);
    return {};
}

} // namespace postern::store
