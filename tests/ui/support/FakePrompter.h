// Answers questions in the place of a person and remembers them.
#pragma once

#include <vector>

#include "ui/widgets/Prompter.h"

namespace postern::test {

class FakePrompter final : public widgets::MessagePrompter, public widgets::FilePrompter
{
public:
    bool answer = true;
    QString file;
    QString suggested; // name of the last file to be saved
    std::vector<widgets::Question> asked;
    std::vector<QString> told;

    bool ask(QWidget*, const widgets::Question& question) override
    {
        asked.push_back(question);
        return answer;
    }
    void tell(QWidget*, const QString&, const QString& text) override { told.push_back(text); }
    QString openFile(QWidget*, const QString&, const QString&) override { return file; }
    QString saveFile(QWidget*, const QString&, const QString& suggestion, const QString&) override
    {
        suggested = suggestion;
        return file;
    }
};

} // namespace postern::test
