#include <algorithm>
#include <array>

#include "app/lab/graph/Filter.h"
#include "app/lab/text/Text.h"

namespace postern::lab {

namespace {

using Kind = FilterNode::Kind;
constexpr int maximumDepth = 20;

class Parser
{
public:
    Parser(const std::string& text, const EntityType& type)
        : m_text(text)
        , m_type(type)
    {
    }
    Answered<FilterNode> whole()
    {
        auto node = alternatives(0);
        skip();
        if (node && m_at != m_text.size())
            return syntax();
        return node;
    }

private:
    [[nodiscard]] tl::unexpected<GraphAnswer> syntax() const
    {
        return refused(400, "BadRequest",
            "Invalid filter clause: Syntax error at position " + std::to_string(m_at) + " in '" + m_text
                + "'.");
    }
    void skip()
    {
        while (m_at < m_text.size() && m_text[m_at] == ' ')
            ++m_at;
    }
    bool take(std::string_view symbol)
    {
        skip();
        if (m_text.compare(m_at, symbol.size(), symbol) != 0)
            return false;
        m_at += symbol.size();
        return true;
    }
    // A word and the space after it, so that "order" is not "or".
    bool takeWord(std::string_view word)
    {
        skip();
        const size_t end = m_at + word.size();
        if (!equalsIgnoreCase(std::string_view(m_text).substr(m_at, word.size()), word)
            || end >= m_text.size() || (m_text[end] != ' ' && m_text[end] != '('))
            return false;
        m_at = end;
        return true;
    }
    std::string name()
    {
        skip();
        const size_t from = m_at;
        while (m_at < m_text.size()
            && (std::isalnum(static_cast<unsigned char>(m_text[m_at])) != 0 || m_text[m_at] == '_'))
            ++m_at;
        return m_text.substr(from, m_at - from);
    }
    Answered<FilterNode> alternatives(int depth);
    Answered<FilterNode> conjunction(int depth);
    Answered<FilterNode> term(int depth);
    Answered<FilterNode> function(const std::string& called);
    Answered<FilterNode> comparison(const std::string& property);
    Answered<FilterNode> any(FilterNode node);
    Answered<FilterNode> compared(FilterNode node);
    Answered<FilterNode> onProperty(Kind kind, const std::string& property);
    std::optional<std::string> literal();

    const std::string& m_text;
    const EntityType& m_type;
    size_t m_at = 0;
};

Answered<FilterNode> Parser::alternatives(int depth)
{
    if (depth > maximumDepth)
        return syntax();
    auto first = conjunction(depth);
    if (!first)
        return first;
    FilterNode node{Kind::Or, 0, {}, {}, {}, {}, {std::move(*first)}};
    while (takeWord("or")) {
        auto next = conjunction(depth);
        if (!next)
            return next;
        node.children.push_back(std::move(*next));
    }
    return node.children.size() == 1 ? FilterNode(node.children.front()) : node;
}

Answered<FilterNode> Parser::conjunction(int depth)
{
    auto first = term(depth);
    if (!first)
        return first;
    FilterNode node{Kind::And, 0, {}, {}, {}, {}, {std::move(*first)}};
    while (takeWord("and")) {
        auto next = term(depth);
        if (!next)
            return next;
        node.children.push_back(std::move(*next));
    }
    return node.children.size() == 1 ? FilterNode(node.children.front()) : node;
}

Answered<FilterNode> Parser::term(int depth)
{
    if (takeWord("not")) {
        auto inner = term(depth + 1);
        if (!inner)
            return inner;
        return FilterNode{Kind::Not, 0, {}, {}, {}, {}, {std::move(*inner)}};
    }
    if (take("(")) {
        auto inner = alternatives(depth + 1);
        if (inner && !take(")"))
            return syntax();
        return inner;
    }
    const std::string word = name();
    if (word.empty())
        return syntax();
    return m_at < m_text.size() && m_text[m_at] == '(' ? function(asciiLower(word)) : comparison(word);
}

Answered<FilterNode> Parser::onProperty(Kind kind, const std::string& property)
{
    const auto index = m_type.indexOf(property);
    if (!index)
        return refused(400, "BadRequest",
            "Invalid filter clause: Could not find a property named '" + property + "' on type '"
                + std::string(m_type.name) + "'.");
    FilterNode node;
    node.kind = kind;
    node.property = *index;
    node.name = property;
    return node;
}

Answered<FilterNode> Parser::function(const std::string& called)
{
    constexpr std::array<std::string_view, 3> known{"startswith", "endswith", "contains"};
    if (std::find(known.begin(), known.end(), called) == known.end())
        return refused(400, "BadRequest",
            "Invalid filter clause: An unknown function with name '" + called
                + "' was found. This may also be a function import or a key lookup on a navigation property, "
                  "which is not allowed.");
    ++m_at;
    auto node = onProperty(Kind::Function, name());
    if (!node)
        return node;
    node->operation = called;
    const bool comma = take(",");
    const auto value = literal();
    if (!comma || !value || !take(")"))
        return syntax();
    node->values.push_back(*value);
    return node;
}

Answered<FilterNode> Parser::comparison(const std::string& property)
{
    auto node = onProperty(Kind::Compare, property);
    if (!node)
        return node;
    if (take("/any("))
        return any(std::move(*node));
    if (takeWord("in")) {
        node->kind = Kind::In;
        if (!take("("))
            return syntax();
        do {
            const auto value = literal();
            if (!value)
                return syntax();
            node->values.push_back(*value);
        } while (take(","));
        return take(")") ? node : Answered<FilterNode>(syntax());
    }
    return compared(std::move(*node));
}

Answered<FilterNode> Parser::compared(FilterNode node)
{
    constexpr std::array<std::string_view, 6> operators{"eq", "ne", "gt", "ge", "lt", "le"};
    node.operation = asciiLower(name());
    const auto value = literal();
    if (std::find(operators.begin(), operators.end(), node.operation) == operators.end() || !value)
        return syntax();
    node.values.push_back(*value);
    return node;
}

// x/any(p:p eq 'v'), x/any(p:startswith(p,'v')), x/any(l:l/member eq v)
Answered<FilterNode> Parser::any(FilterNode node)
{
    node.kind = Kind::Any;
    const std::string variable = name();
    if (variable.empty() || !take(":"))
        return syntax();
    const std::string word = name();
    if (equalsIgnoreCase(word, "startswith") && take("(")) {
        const bool same = name() == variable && take(",");
        const auto value = literal();
        if (!same || !value || !take(")") || !take(")"))
            return syntax();
        node.operation = "startswith";
        node.values.push_back(*value);
        return node;
    }
    if (word != variable)
        return syntax();
    if (take("/"))
        node.member = name();
    auto inner = compared(std::move(node));
    if (inner && !take(")"))
        return syntax();
    return inner;
}

std::optional<std::string> Parser::literal()
{
    skip();
    if (m_at >= m_text.size())
        return std::nullopt;
    if (m_text[m_at] != '\'') {
        const size_t from = m_at;
        while (m_at < m_text.size() && std::string_view(" ),").find(m_text[m_at]) == std::string_view::npos)
            ++m_at;
        const std::string bare = m_text.substr(from, m_at - from);
        if (bare.empty())
            return std::nullopt;
        const bool plain = bare == "true" || bare == "false" || bare == "null"
            || bare.find_first_not_of("0123456789.-") == std::string::npos;
        return plain ? bare : jsonString(bare); // dates, guids and enum members
    }
    std::string out;
    for (++m_at; m_at < m_text.size(); ++m_at) {
        if (m_text[m_at] == '\'') {
            if (m_at + 1 < m_text.size() && m_text[m_at + 1] == '\'') {
                ++m_at;
            } else {
                ++m_at;
                return jsonString(out);
            }
        }
        out += m_text[m_at];
    }
    return std::nullopt;
}

} // namespace

Answered<FilterNode> parsedFilter(const std::string& text, const EntityType& type)
{
    return Parser(text, type).whole();
}

} // namespace postern::lab
