#include "services/sync/Schedule.h"

#include <algorithm>
#include <array>

namespace postern::sync {

using namespace std::chrono_literals;

std::chrono::minutes backOffAfter(int failures)
{
    static constexpr std::array<std::chrono::minutes, 4> ladder{1min, 5min, 15min, 60min};
    return ladder.at(size_t(std::clamp(failures, 1, int(ladder.size())) - 1));
}

} // namespace postern::sync
