#include "models/frame/Criteria.h"

#include <array>
#include <span>

#include "models/frame/CriteriaLexer.h"
#include "models/frame/CriteriaValue.h"

using namespace Qt::StringLiterals;

namespace postern::frame {

namespace {

struct Phrase
{
    Operator op;
    std::array<QStringView, 4> words;
};

// Longer ones before their beginnings. The first phrase of an operator is how toText writes it.
constexpr Phrase phrases[] = {
    {Operator::NotEqual, {u"is", u"not", u"equal", u"to"}},
    {Operator::Equal, {u"is", u"equal", u"to"}},
    {Operator::NotEmpty, {u"is", u"not", u"empty"}},
    {Operator::Empty, {u"is", u"empty"}},
    {Operator::NotContains, {u"does", u"not", u"contain"}},
    {Operator::Contains, {u"contains"}},
    {Operator::StartsWith, {u"starts", u"with"}},
    {Operator::InLastDays, {u"in", u"the", u"last"}},
    {Operator::Before, {u"before"}},
    {Operator::After, {u"after"}},
    {Operator::Before, {u"is", u"less", u"than"}},
    {Operator::After, {u"is", u"greater", u"than"}},
    {Operator::NotEqual, {u"is", u"not"}},
    {Operator::Equal, {u"is"}},
    {Operator::Equal, {u"equals"}},
    {Operator::Equal, {u"="}},
    {Operator::Equal, {u"=="}},
    {Operator::NotEqual, {u"!="}},
    {Operator::NotEqual, {u"<>"}},
    {Operator::Before, {u"<"}},
    {Operator::After, {u">"}},
};

QString phraseOf(Operator op)
{
    for (const Phrase& phrase : phrases) {
        if (phrase.op != op)
            continue;
        QStringList words;
        for (const QStringView word : phrase.words) {
            if (!word.isEmpty())
                words.append(word.toString());
        }
        return words.join(u' ');
    }
    return {};
}

bool takesValue(Operator op)
{
    return op != Operator::Empty && op != Operator::NotEmpty;
}

QString kindName(ColumnKind kind)
{
    switch (kind) {
    case ColumnKind::Text:
        return u"text"_s;
    case ColumnKind::Time:
        return u"a time"_s;
    case ColumnKind::Code:
        return u"one of a list of values"_s;
    case ColumnKind::Number:
        return u"a number"_s;
    case ColumnKind::Flag:
        return u"yes or no"_s;
    }
    return {};
}

class Parser
{
public:
    explicit Parser(std::vector<CriteriaToken> tokens)
        : m_tokens(std::move(tokens))
    {
    }
    [[nodiscard]] Expected<Criteria> parse();

private:
    [[nodiscard]] const CriteriaToken& peek(std::size_t ahead = 0) const
    {
        return m_tokens[std::min(m_at + ahead, m_tokens.size() - 1)];
    }
    [[nodiscard]] const Phrase* phraseAt(std::size_t ahead) const;
    [[nodiscard]] Expected<DeviceColumn> field();
    [[nodiscard]] Expected<Operator> operation(DeviceColumn field);
    [[nodiscard]] Expected<Test> test(DeviceColumn field, Operator op);
    [[nodiscard]] Expected<Clause> clause();
    [[nodiscard]] Expected<void> alternative(Clause& clause);

    std::vector<CriteriaToken> m_tokens;
    std::size_t m_at = 0;
};

std::size_t wordCount(const Phrase& phrase)
{
    return std::size_t(std::ranges::count_if(phrase.words, [](QStringView word) { return !word.isEmpty(); }));
}

const Phrase* Parser::phraseAt(std::size_t ahead) const
{
    for (const Phrase& phrase : phrases) {
        bool matches = true;
        for (std::size_t i = 0; matches && i < wordCount(phrase); ++i)
            matches = peek(ahead + i).isWord(phrase.words[i]);
        if (matches)
            return &phrase;
    }
    return nullptr;
}

Expected<DeviceColumn> Parser::field()
{
    const CriteriaToken& token = peek();
    if (token.kind != CriteriaToken::Kind::Word)
        return criteriaError(
            token.position, u"a field is expected here, such as name or exchangeAccessState"_s);
    if (const auto column = deviceColumnFromKey(token.text)) {
        ++m_at;
        return *column;
    }
    QStringList near;
    for (const DeviceColumnInfo& info : deviceColumns()) {
        if (info.key.contains(token.text, Qt::CaseInsensitive)
            || token.text.contains(info.key, Qt::CaseInsensitive))
            near.append(info.key.toString());
    }
    const QString hint = near.isEmpty() ? u"fields are the names that --columns takes"_s
                                        : u"did you mean %1?"_s.arg(near.join(u" or "_s));
    return criteriaError(token.position, u"there is no field '%1'; %2"_s.arg(token.text, hint));
}

Expected<Operator> Parser::operation(DeviceColumn field)
{
    const CriteriaToken& token = peek();
    const Phrase* phrase = phraseAt(0);
    if (!phrase) {
        return criteriaError(token.position,
            u"an operator is expected after %1: =, !=, contains, does not contain, starts with, is empty, is "
            u"not empty, "
            "before, after or in the last n days"_s.arg(deviceColumnInfo(field).key.toString()));
    }
    const ColumnKind kind = deviceColumnInfo(field).kind;
    if (!isApplicable(phrase->op, kind)) {
        return criteriaError(token.position,
            u"'%1' cannot be used with %2, which is %3"_s.arg(
                phraseOf(phrase->op), deviceColumnInfo(field).key.toString(), kindName(kind)));
    }
    m_at += wordCount(*phrase);
    return phrase->op;
}

Expected<Test> Parser::test(DeviceColumn field, Operator op)
{
    Test test;
    test.op = op;
    const CriteriaToken& token = peek();
    if (takesValue(op)) {
        if (!token.isValue())
            return criteriaError(token.position, u"a value is expected after '%1'"_s.arg(phraseOf(op)));
        test.text = token.text;
        ++m_at;
    }
    auto result = withValue(std::move(test), field);
    if (!result)
        return criteriaError(token.position, result.error());
    if (op == Operator::InLastDays) {
        if (!peek().isWord(u"days") && !peek().isWord(u"day"))
            return criteriaError(peek().position, u"'days' is expected here"_s);
        ++m_at;
    }
    return *std::move(result);
}

// What follows "or": a further value, or the same field again with an operator of its own.
Expected<void> Parser::alternative(Clause& clause)
{
    const CriteriaToken& token = peek();
    Operator op = clause.alternatives.back().op;
    const auto column
        = token.kind == CriteriaToken::Kind::Word ? deviceColumnFromKey(token.text) : std::nullopt;
    if (column && phraseAt(1)) {
        if (*column != clause.field) {
            return criteriaError(token.position,
                u"'or' joins values of one field, and %1 is another one than %2; use 'and'"_s.arg(
                    token.text, deviceColumnInfo(clause.field).key.toString()));
        }
        ++m_at;
        const auto own = operation(clause.field);
        if (!own)
            return fail(own.error());
        op = *own;
    } else if (!takesValue(op)) {
        return criteriaError(token.position, u"a field and an operator are expected after 'or' here"_s);
    }
    auto next = test(clause.field, op);
    if (!next)
        return fail(next.error());
    clause.alternatives.push_back(*std::move(next));
    return {};
}

Expected<Clause> Parser::clause()
{
    Clause clause;
    const auto column = field();
    if (!column)
        return fail(column.error());
    clause.field = *column;
    const auto op = operation(*column);
    if (!op)
        return fail(op.error());
    auto first = test(*column, *op);
    if (!first)
        return fail(first.error());
    clause.alternatives.push_back(*std::move(first));
    while (peek().isWord(u"or")) {
        ++m_at;
        if (const auto more = alternative(clause); !more)
            return fail(more.error());
    }
    return clause;
}

Expected<Criteria> Parser::parse()
{
    Criteria criteria;
    if (peek().kind == CriteriaToken::Kind::End)
        return criteria;
    for (;;) {
        auto next = clause();
        if (!next)
            return fail(next.error());
        criteria.clauses.push_back(*std::move(next));
        if (peek().kind == CriteriaToken::Kind::End)
            return criteria;
        if (!peek().isWord(u"and")) {
            return criteriaError(peek().position,
                u"'and', 'or' or the end is expected, not '%1'; put quotation marks around a value with spaces"_s
                    .arg(peek().text));
        }
        ++m_at;
    }
}

} // namespace

bool isApplicable(Operator op, ColumnKind kind)
{
    switch (op) {
    case Operator::Equal:
    case Operator::NotEqual:
    case Operator::Empty:
    case Operator::NotEmpty:
        return true;
    case Operator::Contains:
    case Operator::NotContains:
    case Operator::StartsWith:
        return kind == ColumnKind::Text;
    case Operator::Before:
    case Operator::After:
        return kind == ColumnKind::Time || kind == ColumnKind::Number;
    case Operator::InLastDays:
        return kind == ColumnKind::Time;
    }
    return false;
}

Expected<Criteria> Criteria::parse(QStringView text)
{
    auto tokens = criteriaTokens(text);
    if (!tokens)
        return fail(tokens.error());
    return Parser(*std::move(tokens)).parse();
}

QString Criteria::toText() const
{
    QStringList all;
    for (const Clause& clause : clauses) {
        QStringList tests;
        for (const Test& test : clause.alternatives) {
            QString one = deviceColumnInfo(clause.field).key.toString() + u' ' + phraseOf(test.op);
            if (takesValue(test.op))
                one += u' ' + quotedCriteriaText(test.text);
            if (test.op == Operator::InLastDays)
                one += u" days"_s;
            tests.append(one);
        }
        all.append(tests.join(u" or "_s));
    }
    return all.join(u" and "_s);
}

} // namespace postern::frame
