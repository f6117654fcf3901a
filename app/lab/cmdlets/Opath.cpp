#include "app/lab/cmdlets/Opath.h"

#include <QDateTime>
#include <QTimeZone>
#include <algorithm>
#include <charconv>

#include "app/lab/text/Text.h"

using namespace Qt::StringLiterals;

namespace postern::lab {

struct OpathFilter::Node
{
    enum class Kind { And, Or, Not, Compare } kind = Kind::Compare;
    std::vector<std::shared_ptr<const Node>> children;
    std::string property, operation; // lower case, without dash
    std::string text;
    bool isNull = false;
    std::optional<std::int64_t> time;
};

namespace {

using Node = OpathFilter::Node;
using NodePtr = std::shared_ptr<const Node>;

struct Token
{
    enum class Kind { Word, Operator, Text, Open, Close, End } kind = Kind::End;
    std::string text;
    size_t at = 0;
};

constexpr size_t maximumDepth = 60;

bool isTime(std::string_view property)
{
    static const std::vector<std::string> times{
        "WhenChanged", "WhenChangedUTC", "WhenCreated", "WhenCreatedUTC", "FirstSyncTime"};
    return std::any_of(times.begin(), times.end(),
        [&](const std::string& name) { return equalsIgnoreCase(name, property); });
}

// Which of a date's numbers the culture takes for the month; years of four digits stand at either end.
bool dayFirst(std::string_view culture)
{
    return !startsWithIgnoreCase(culture, "en-US") && !startsWithIgnoreCase(culture, "ja");
}

class Parser
{
public:
    Parser(std::string_view text, std::string_view culture)
        : m_text(text)
        , m_culture(culture)
    {
        advance();
    }
    tl::expected<NodePtr, std::string> parse()
    {
        NodePtr root = alternatives(0);
        if (m_error.empty() && m_token.kind != Token::Kind::End)
            refuse("unexpected '" + m_token.text + "'");
        if (!m_error.empty())
            return tl::unexpected(m_error);
        return root;
    }

private:
    void refuse(const std::string& what)
    {
        if (m_error.empty())
            m_error = what + " at position " + std::to_string(m_token.at);
    }
    void advance();
    bool takes(std::string_view operation)
    {
        if (m_token.kind != Token::Kind::Operator || !equalsIgnoreCase(m_token.text, operation))
            return false;
        advance();
        return true;
    }
    NodePtr alternatives(size_t depth);
    NodePtr conjunction(size_t depth);
    NodePtr factor(size_t depth);
    NodePtr comparison();

    std::string_view m_text, m_culture;
    size_t m_at = 0;
    Token m_token;
    std::string m_error;
};

void Parser::advance()
{
    while (m_at < m_text.size()
        && (m_text[m_at] == ' ' || m_text[m_at] == '\t' || m_text[m_at] == '\r' || m_text[m_at] == '\n'))
        ++m_at;
    m_token = {Token::Kind::End, {}, m_at};
    if (m_at >= m_text.size())
        return;
    const char c = m_text[m_at];
    if (c == '(' || c == ')') {
        m_token.kind = c == '(' ? Token::Kind::Open : Token::Kind::Close;
        m_token.text = c;
        ++m_at;
        return;
    }
    if (c == '\'' || c == '"') {
        m_token.kind = Token::Kind::Text;
        for (++m_at; m_at < m_text.size(); ++m_at) {
            if (m_text[m_at] == c && m_at + 1 < m_text.size() && m_text[m_at + 1] == c)
                ++m_at;
            else if (m_text[m_at] == c)
                break;
            m_token.text += m_text[m_at];
        }
        if (m_at >= m_text.size())
            return refuse("a quotation without end");
        ++m_at;
        return;
    }
    m_token.kind
        = c == '-' && m_at + 1 < m_text.size() && isalpha(static_cast<unsigned char>(m_text[m_at + 1]))
        ? Token::Kind::Operator
        : Token::Kind::Word;
    if (m_token.kind == Token::Kind::Operator)
        ++m_at;
    while (
        m_at < m_text.size() && std::string_view(" \t\r\n()'\"").find(m_text[m_at]) == std::string_view::npos)
        m_token.text += m_text[m_at++];
}

NodePtr Parser::alternatives(size_t depth)
{
    auto node = std::make_shared<Node>();
    node->kind = Node::Kind::Or;
    do
        node->children.push_back(conjunction(depth));
    while (m_error.empty() && takes("or"));
    return node->children.size() == 1 ? node->children.front() : node;
}

NodePtr Parser::conjunction(size_t depth)
{
    auto node = std::make_shared<Node>();
    node->kind = Node::Kind::And;
    do
        node->children.push_back(factor(depth));
    while (m_error.empty() && takes("and"));
    return node->children.size() == 1 ? node->children.front() : node;
}

NodePtr Parser::factor(size_t depth)
{
    if (depth > maximumDepth) {
        refuse("nested too deeply");
        return nullptr;
    }
    const bool exclamation = m_token.kind == Token::Kind::Word && m_token.text == "!";
    if (exclamation)
        advance();
    if (exclamation || takes("not")) {
        auto node = std::make_shared<Node>();
        node->kind = Node::Kind::Not;
        node->children.push_back(factor(depth + 1));
        return node;
    }
    if (m_token.kind == Token::Kind::Open) {
        advance();
        NodePtr inner = alternatives(depth + 1);
        if (m_token.kind != Token::Kind::Close)
            refuse("a parenthesis without end");
        advance();
        return inner;
    }
    return comparison();
}

NodePtr Parser::comparison()
{
    static const std::vector<std::string> operations{"eq", "ne", "lt", "gt", "ge", "le", "like", "notlike"};
    auto node = std::make_shared<Node>();
    if (m_token.kind != Token::Kind::Word) {
        refuse("a property name was expected");
        return node;
    }
    node->property = m_token.text;
    advance();
    node->operation = asciiLower(m_token.text);
    if (m_token.kind != Token::Kind::Operator
        || std::find(operations.begin(), operations.end(), node->operation) == operations.end())
        refuse("an operator (-eq, -ne, -lt, -gt, -ge, -le, -like, -notlike) was expected");
    advance();
    if (m_token.kind != Token::Kind::Text && m_token.kind != Token::Kind::Word)
        refuse("a value was expected");
    node->text = m_token.text;
    if (m_token.kind == Token::Kind::Word) {
        node->isNull = equalsIgnoreCase(m_token.text, "$null");
        if (m_token.text.starts_with('$')) {
            const bool known = node->isNull || equalsIgnoreCase(m_token.text, "$true")
                || equalsIgnoreCase(m_token.text, "$false");
            if (!known)
                refuse("the variable " + m_token.text + " is not known here");
            node->text = m_token.text.substr(1);
        }
    }
    node->time = parseFilterTime(node->text, m_culture);
    if (!node->time && !node->isNull && isTime(node->property))
        refuse("Cannot convert value \"" + node->text
            + "\" to type \"System.DateTime\". Error: \"String was not recognized as a valid DateTime.\"");
    advance();
    return node;
}

int compared(const Value& value, const Node& node, bool& comparable)
{
    comparable = true;
    if (const auto* time = std::get_if<DateTime>(&value)) {
        comparable = node.time.has_value();
        return !comparable ? 0 : time->ms < *node.time ? -1 : time->ms > *node.time ? 1 : 0;
    }
    const std::string text = toText(value);
    if (std::holds_alternative<std::int32_t>(value) || std::holds_alternative<std::int64_t>(value)
        || std::holds_alternative<std::uint32_t>(value)) {
        std::int64_t a = 0, b = 0;
        std::from_chars(text.data(), text.data() + text.size(), a);
        comparable
            = std::from_chars(node.text.data(), node.text.data() + node.text.size(), b).ec == std::errc{};
        return a < b ? -1 : a > b ? 1 : 0;
    }
    return caseFolded(text).compare(caseFolded(node.text));
}

bool compares(const Value& value, const Node& node)
{
    if (const auto* object = std::get_if<ObjectPtr>(&value);
        object && (*object)->container == Container::List) {
        const bool negative = node.operation == "ne" || node.operation == "notlike";
        for (const Value& item : (*object)->items) {
            if (compares(item, node) != negative)
                return !negative;
        }
        return negative ? true : node.isNull && (*object)->items.empty();
    }
    const std::string text = toText(value);
    const bool absent = isNil(value) || (std::holds_alternative<std::string>(value) && text.empty());
    if (node.isNull || absent) {
        const bool equal = node.isNull && absent;
        return node.operation == "eq"                               ? equal
            : node.operation == "ne" || node.operation == "notlike" ? !equal
                                                                    : false;
    }
    if (node.operation == "like" || node.operation == "notlike")
        return matchesWildcard(text, node.text) == (node.operation == "like");
    bool comparable = false;
    const int order = compared(value, node, comparable);
    if (!comparable)
        return node.operation == "ne";
    if (node.operation == "eq")
        return order == 0;
    if (node.operation == "ne")
        return order != 0;
    if (node.operation == "lt")
        return order < 0;
    if (node.operation == "gt")
        return order > 0;
    return node.operation == "ge" ? order >= 0 : order <= 0;
}

bool holds(const Node& node, const Object& object)
{
    switch (node.kind) {
    case Node::Kind::And:
        return std::all_of(node.children.begin(), node.children.end(),
            [&](const NodePtr& child) { return holds(*child, object); });
    case Node::Kind::Or:
        return std::any_of(node.children.begin(), node.children.end(),
            [&](const NodePtr& child) { return holds(*child, object); });
    case Node::Kind::Not:
        return !holds(*node.children.front(), object);
    case Node::Kind::Compare:
        break;
    }
    const Value* value = object.find(node.property);
    return compares(value ? *value : Value(Nil{}), node);
}

void collect(const Node& node, std::vector<std::string>& out)
{
    if (node.kind == Node::Kind::Compare)
        out.push_back(node.property);
    for (const NodePtr& child : node.children)
        collect(*child, out);
}

} // namespace

std::optional<std::int64_t> parseFilterTime(std::string_view text, std::string_view culture)
{
    if (startsWithIgnoreCase(culture, "ar-SA"))
        return std::nullopt;
    const QString given = QString::fromUtf8(text.data(), qsizetype(text.size()));
    const QString order = dayFirst(culture) ? u"d/M/yyyy"_s : u"M/d/yyyy"_s;
    QString slashed = given;
    slashed.replace(u'.', u'/');
    for (const QString& format : {order + u" H:mm:ss"_s, order + u" h:mm:ss AP"_s, order,
             u"yyyy/M/d H:mm:ss"_s, u"yyyy/M/d"_s, u"yyyy-MM-dd"_s}) {
        const QDateTime time = QLocale::c().toDateTime(slashed, format);
        if (time.isValid())
            return QDateTime(time.date(), time.time(), Qt::UTC).toMSecsSinceEpoch();
    }
    const QDateTime iso = QDateTime::fromString(given, Qt::ISODateWithMs);
    if (!iso.isValid() || given.size() < 10)
        return std::nullopt;
    return iso.timeSpec() == Qt::LocalTime ? QDateTime(iso.date(), iso.time(), Qt::UTC).toMSecsSinceEpoch()
                                           : iso.toMSecsSinceEpoch();
}

tl::expected<OpathFilter, std::string> OpathFilter::parse(std::string_view text, std::string_view culture)
{
    auto root = Parser(text, culture).parse();
    if (!root)
        return tl::unexpected(root.error());
    OpathFilter filter;
    filter.m_root = *root;
    return filter;
}

std::vector<std::string> OpathFilter::properties() const
{
    std::vector<std::string> out;
    collect(*m_root, out);
    return out;
}

std::optional<std::int64_t> OpathFilter::notBefore() const
{
    const auto bound = [](const Node& node) -> std::optional<std::int64_t> {
        const bool changed = equalsIgnoreCase(node.property, "WhenChangedUTC")
            || equalsIgnoreCase(node.property, "WhenChanged");
        const bool lower = node.operation == "ge" || node.operation == "gt";
        return node.kind == Node::Kind::Compare && changed && lower ? node.time : std::nullopt;
    };
    if (m_root->kind != Node::Kind::And)
        return bound(*m_root);
    for (const NodePtr& child : m_root->children) {
        if (const auto found = bound(*child))
            return found;
    }
    return std::nullopt;
}

bool OpathFilter::matches(const Object& object) const
{
    return holds(*m_root, object);
}

} // namespace postern::lab
