// Words, quoted texts and comparison signs of a criteria text, with their places for messages. Pure. Internal
// to models/frame.
#pragma once

#include <QString>
#include <vector>

#include "models/base/Error.h"

namespace postern::frame {

struct CriteriaToken
{
    enum class Kind { Word, Quoted, Sign, End };
    Kind kind = Kind::End;
    QString text; // without quotes
    qsizetype position = 0; // of its first character, from 1

    [[nodiscard]] bool isValue() const { return kind == Kind::Word || kind == Kind::Quoted; }
    [[nodiscard]] bool isWord(QStringView word) const
    {
        return kind != Kind::Quoted && text.compare(word, Qt::CaseInsensitive) == 0;
    }
};

// Ends with an End token.
[[nodiscard]] Expected<std::vector<CriteriaToken>> criteriaTokens(QStringView text);
// `text` in quotes, with \ before quotes and backslashes.
[[nodiscard]] QString quotedCriteriaText(const QString& text);

// InvalidInput, "position n: …".
[[nodiscard]] tl::unexpected<Error> criteriaError(qsizetype position, const QString& message);

} // namespace postern::frame
