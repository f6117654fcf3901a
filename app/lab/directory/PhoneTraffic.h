// Lets the phones connect by themselves, each every 15 to 60 lab minutes, on a thread of its own; also the
// lab's house keeping (a callback about once a second). Ends with the object.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <queue>
#include <thread>

#include "app/lab/directory/Estate.h"

namespace postern::lab {

class PhoneTraffic
{
public:
    PhoneTraffic(Estate& estate, double timeScale, std::function<void()> everySecond);
    ~PhoneTraffic();
    PhoneTraffic(const PhoneTraffic&) = delete;
    PhoneTraffic& operator=(const PhoneTraffic&) = delete;

private:
    struct Due
    {
        std::int64_t atMs = 0;
        std::uint32_t phone = 0;
        bool operator>(const Due& other) const { return atMs > other.atMs; }
    };
    void run();
    void connectDue();
    [[nodiscard]] std::int64_t interval(std::uint32_t phone) const;

    Estate& m_estate;
    double m_timeScale;
    std::function<void()> m_everySecond;
    std::priority_queue<Due, std::vector<Due>, std::greater<>> m_due;
    std::uint32_t m_known = 0;
    std::mutex m_mutex;
    std::condition_variable m_changed;
    bool m_ending = false;
    std::thread m_thread;
};

} // namespace postern::lab
