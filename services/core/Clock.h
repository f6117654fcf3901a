// Where "now" comes from, so that tests set the time. Any thread. Values are UTC.
#pragma once

#include <QDateTime>

namespace postern::core {

class Clock
{
public:
    virtual ~Clock() = default;
    [[nodiscard]] virtual QDateTime now() const = 0;
};

class SystemClock final : public Clock
{
public:
    [[nodiscard]] QDateTime now() const override { return QDateTime::currentDateTimeUtc(); }
};

} // namespace postern::core
