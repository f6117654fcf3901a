#include "models/frame/CriteriaLexer.h"

using namespace Qt::StringLiterals;

namespace postern::frame {

namespace {

bool isSign(QChar c)
{
    return c == u'=' || c == u'!' || c == u'<' || c == u'>';
}

Expected<CriteriaToken> quoted(QStringView text, qsizetype& at)
{
    CriteriaToken token{CriteriaToken::Kind::Quoted, {}, at + 1};
    const QChar quote = text[at++];
    while (at < text.size() && text[at] != quote) {
        if (text[at] == u'\\' && at + 1 < text.size())
            ++at;
        token.text += text[at++];
    }
    if (at == text.size())
        return criteriaError(token.position, u"the quotation mark is never closed"_s);
    ++at;
    return token;
}

CriteriaToken run(CriteriaToken::Kind kind, QStringView text, qsizetype& at)
{
    const qsizetype from = at;
    const bool signs = kind == CriteriaToken::Kind::Sign;
    while (at < text.size() && !text[at].isSpace() && isSign(text[at]) == signs)
        ++at;
    return {kind, text.mid(from, at - from).toString(), from + 1};
}

} // namespace

tl::unexpected<Error> criteriaError(qsizetype position, const QString& message)
{
    return fail(ErrorCode::InvalidInput, u"position %1: %2"_s.arg(position).arg(message), u"criteria"_s);
}

Expected<std::vector<CriteriaToken>> criteriaTokens(QStringView text)
{
    std::vector<CriteriaToken> tokens;
    for (qsizetype at = 0; at < text.size();) {
        if (text[at].isSpace()) {
            ++at;
        } else if (text[at] == u'"' || text[at] == u'\'') {
            auto token = quoted(text, at);
            if (!token)
                return fail(token.error());
            tokens.push_back(*std::move(token));
        } else {
            tokens.push_back(
                run(isSign(text[at]) ? CriteriaToken::Kind::Sign : CriteriaToken::Kind::Word, text, at));
        }
    }
    tokens.push_back({CriteriaToken::Kind::End, {}, text.size() + 1});
    return tokens;
}

QString quotedCriteriaText(const QString& text)
{
    QString out = u"\""_s;
    for (const QChar c : text) {
        if (c == u'"' || c == u'\\')
            out += u'\\';
        out += c;
    }
    return out + u'"';
}

} // namespace postern::frame
