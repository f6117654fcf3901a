// $filter: OData's grammar as far as Graph's directory and Intune take it, over the text of entities. What a
// service does not support it either refuses (directory) or, as Intune does, silently ignores: the comparison
// then holds for everything. Pure, any thread.
#pragma once

#include "app/lab/graph/GraphAnswer.h"
#include "app/lab/graph/Query.h"

namespace postern::lab {

struct FilterNode
{
    enum class Kind { Everything, And, Or, Not, Compare, In, Function, Any };
    Kind kind = Kind::Everything;
    std::uint16_t property = 0;
    std::string name, operation; // eq … le; startswith, endswith, contains
    std::string member; // in any(): the member of the element, or empty
    std::vector<std::string> values; // JSON of the literals
    std::vector<FilterNode> children;
};

class Filter
{
public:
    Filter() = default; // everything passes
    explicit Filter(FilterNode root)
        : m_root(std::move(root))
    {
    }
    [[nodiscard]] bool isEverything() const { return m_root.kind == FilterNode::Kind::Everything; }
    [[nodiscard]] bool matches(const EntityText& entity) const { return holds(m_root, entity); }
    [[nodiscard]] const FilterNode& root() const { return m_root; }

private:
    [[nodiscard]] static bool holds(const FilterNode& node, const EntityText& entity);
    FilterNode m_root;
};

[[nodiscard]] Answered<FilterNode> parsedFilter(const std::string& text, const EntityType& type);
// What Intune's service makes of it: unsupported parts hold for everything.
[[nodiscard]] FilterNode asIntuneReads(FilterNode node);
// What the directory makes of it; `advanced`: ConsistencyLevel and $count were sent.
[[nodiscard]] Answered<Filter> asDirectoryReads(FilterNode node, const EntityType& type, bool advanced);

} // namespace postern::lab
