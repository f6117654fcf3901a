// Seams for questions that stop and wait for a person: tests answer them without a dialog. GUI thread.
#pragma once

#include <QString>

class QWidget;

namespace postern::widgets {

struct Question
{
    QString title; // the action's text
    QString text; // what is asked, one or two sentences
    QString detail; // what will happen; may be empty
    QString yes; // the button's verb: "&Synchronize"
    bool dangerous = false; // No is the default
};

class MessagePrompter
{
public:
    virtual ~MessagePrompter() = default;
    [[nodiscard]] virtual bool ask(QWidget* parent, const Question& question) = 0;
    virtual void tell(QWidget* parent, const QString& title, const QString& text) = 0;
};

class FilePrompter
{
public:
    virtual ~FilePrompter() = default;
    // Empty: cancelled.
    [[nodiscard]] virtual QString openFile(QWidget* parent, const QString& title, const QString& filter) = 0;
    // `suggested`: a file name. Whether an existing file may be replaced has been asked.
    [[nodiscard]] virtual QString saveFile(
        QWidget* parent, const QString& title, const QString& suggested, const QString& filter)
        = 0;
};

class DialogMessagePrompter final : public MessagePrompter
{
public:
    bool ask(QWidget* parent, const Question& question) override;
    void tell(QWidget* parent, const QString& title, const QString& text) override;
};

class DialogFilePrompter final : public FilePrompter
{
public:
    QString openFile(QWidget* parent, const QString& title, const QString& filter) override;
    QString saveFile(
        QWidget* parent, const QString& title, const QString& suggested, const QString& filter) override;
};

} // namespace postern::widgets
