// The rank of every row in one text column: equal texts (but for case) have equal ranks. Worked out at the
// first sort and kept with the frame; frames in which the column did not change share it. Any thread.
#pragma once

#include <memory>
#include <mutex>
#include <stop_token>
#include <vector>

#include "models/frame/DeviceFrame.h"

namespace postern::frame {

class RankCell
{
public:
    using Ranks = std::vector<std::uint32_t>;
    // Null when stopped.
    [[nodiscard]] std::shared_ptr<const Ranks> ranks(
        const DeviceFrame& frame, DeviceColumn column, const std::stop_token& stop);

private:
    std::mutex m_mutex;
    std::shared_ptr<const Ranks> m_ranks;
};

} // namespace postern::frame
