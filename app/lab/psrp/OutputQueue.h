// Fragments that wait for the client to poll. Bounded: a pipeline that is faster than its client waits
// (back-pressure), so a listing of 100,000 objects never lies in memory. One Receive at a time: a newer one
// ends the older. Any thread.
#pragma once

#include <condition_variable>
#include <deque>
#include <mutex>
#include <string>
#include <vector>

namespace postern::lab {

class OutputQueue
{
public:
    // Waits for room unless `urgent`; false: nobody will ever poll again.
    bool push(std::vector<std::string> fragments, bool urgent = false);
    void finish(); // nothing more will come
    void abort(); // shell deleted, command terminated
    void drop(); // what is queued is not wanted any more (the pipeline was stopped); wakes a waiting push
    void wake();

    enum class Outcome { Data, TimedOut, Aborted, Superseded, TooSmall };
    struct Taken
    {
        Outcome outcome = Outcome::TimedOut;
        std::vector<std::string> fragments;
        bool done = false; // and nothing is left
    };
    // As many fragments as fit `room` bytes of base64 text; waits until there is one. `perFragment` is each
    // element's overhead.
    [[nodiscard]] Taken take(size_t room, size_t perFragment, int timeoutMs);

private:
    std::mutex m_mutex;
    std::condition_variable m_changed;
    std::deque<std::string> m_fragments;
    size_t m_bytes = 0;
    bool m_finished = false, m_aborted = false, m_dropping = false;
    unsigned m_receiver = 0;
};

} // namespace postern::lab
