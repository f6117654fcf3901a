// Many small requests in few: JSON batching, 20 at a time. Each part has an outcome of its own; those that
// Graph was too busy for are sent again, alone, after the longest wait that any of them asked for. Service
// thread. Errors: of the batch as a whole those of GraphClient; of a part its own, and Malformed when Graph
// did not answer it. graph-reference 9 ($batch).
#pragma once

#include <QCoroTask>
#include <stop_token>
#include <vector>

#include "services/graph/GraphClient.h"

namespace postern::graph {

inline constexpr int mostBatchParts = 20;

// Answers in the order of `parts`, any number of them; parts have path, query, headers and body, no link.
// Parts of one call are of one area.
QCoro::Task<Expected<std::vector<Expected<GraphAnswer>>>> sendBatch(
    GraphClient* client, std::vector<GraphRequest> parts, std::stop_token token);

} // namespace postern::graph
