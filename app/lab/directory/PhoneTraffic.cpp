#include "app/lab/directory/PhoneTraffic.h"

#include <chrono>

#include "app/lab/population/Dice.h"

namespace postern::lab {

namespace {

constexpr std::int64_t minuteMs = 60000;
constexpr int connectionsPerTick = 5000; // a fast clock must not starve the readers

} // namespace

PhoneTraffic::PhoneTraffic(Estate& estate, double timeScale, std::function<void()> everySecond)
    : m_estate(estate)
    , m_timeScale(timeScale)
    , m_everySecond(std::move(everySecond))
    , m_thread([this] { run(); })
{
}

PhoneTraffic::~PhoneTraffic()
{
    {
        const std::scoped_lock lock(m_mutex);
        m_ending = true;
    }
    m_changed.notify_all();
    m_thread.join();
}

std::int64_t PhoneTraffic::interval(std::uint32_t phone) const
{
    Dice dice(m_estate.people().options().seed, 80, phone);
    return std::int64_t(15 + dice.below(46)) * minuteMs;
}

void PhoneTraffic::connectDue()
{
    const std::int64_t now = m_estate.nowMs();
    for (const std::uint32_t count = m_estate.phoneCount(); m_known < count; ++m_known) {
        Dice dice(m_estate.people().options().seed, 81, m_known);
        m_due.push({now + std::int64_t(dice.below(std::uint64_t(interval(m_known)))), m_known});
    }
    for (int i = 0; i < connectionsPerTick && !m_due.empty() && m_due.top().atMs <= now; ++i) {
        const std::uint32_t phone = m_due.top().phone;
        m_due.pop();
        m_estate.connect(phone);
        m_due.push({now + interval(phone), phone});
    }
}

void PhoneTraffic::run()
{
    std::unique_lock lock(m_mutex);
    for (int tick = 0; !m_ending; ++tick) {
        lock.unlock();
        if (m_timeScale > 0)
            connectDue();
        if (tick % 5 == 4)
            m_everySecond();
        lock.lock();
        m_changed.wait_for(lock, std::chrono::milliseconds(200), [this] { return m_ending; });
    }
}

} // namespace postern::lab
