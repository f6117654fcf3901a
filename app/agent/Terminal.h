// What the agent says: results on stdout (a table for people, JSON for scripts and nothing else beside it),
// progress and reasons on stderr. Main thread.
#pragma once

#include <QJsonDocument>
#include <QStringList>
#include <vector>

#include "models/base/Error.h"

namespace postern::agent {

class Terminal
{
public:
    explicit Terminal(bool json)
        : m_json(json)
    {
    }
    [[nodiscard]] bool json() const { return m_json; }

    void print(const QString& text); // one line; nothing in JSON mode
    void printRaw(const QByteArray& bytes); // as it is: CSV, JSON
    void printJson(const QJsonDocument& document); // only in JSON mode
    // Columns as wide as their content, cut at 40 characters. Control characters are made visible.
    void printTable(const QStringList& header, const std::vector<QStringList>& rows);

    void note(const QString& text); // progress and hints, on stderr
    void fail(const Error& error); // the sentence, on stderr, reason first

private:
    bool m_json;
};

// Text as it may be shown in a terminal: no control characters, no bidi overrides.
[[nodiscard]] QString visibleText(const QString& text);

} // namespace postern::agent
