// Deep equality of Values. Pairs of shared objects that were found equal are remembered, so that a document
// whose Refs fan out (each object twice in the next) costs linear, not exponential time. One walk a
// comparison; any thread.
#pragma once

#include <QSet>
#include <utility>

#include "services/psrp/clixml/Object.h"

namespace postern::clixml {

class EqualityWalk
{
public:
    [[nodiscard]] bool equal(const Value& a, const Value& b);
    [[nodiscard]] bool equal(const Object& a, const Object& b);

private:
    [[nodiscard]] bool equalShared(
        const std::shared_ptr<const Object>& a, const std::shared_ptr<const Object>& b);
    [[nodiscard]] bool equal(const std::vector<Property>& a, const std::vector<Property>& b);

    QSet<std::pair<const Object*, const Object*>> m_equal;
};

} // namespace postern::clixml
