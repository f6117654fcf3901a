// Actions that any node may have: refresh, cancel a job. GUI thread.
#pragma once

#include "ui/commands/Command.h"

namespace postern::commands {

class RefreshCommand final : public Command
{
    Q_OBJECT
public:
    static constexpr auto commandId = u"refresh";
    explicit RefreshCommand(CommandContext& context);

protected:
    void execute(const widgets::Selection& selection) override;
};

// Cancels the selected running jobs: what they read is kept, the watermark stays (CON-42).
class CancelJobCommand final : public Command
{
    Q_OBJECT
public:
    static constexpr auto commandId = u"cancel-job";
    explicit CancelJobCommand(CommandContext& context);

protected:
    void execute(const widgets::Selection& selection) override;
};

} // namespace postern::commands
