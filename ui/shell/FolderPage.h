// What a node without a page of its own shows: the nodes in it, each with what it is for. GUI thread.
#pragma once

#include "ui/widgets/NodePage.h"

namespace postern::shell {

class FolderPage final : public widgets::NodePage
{
    Q_OBJECT
public:
    FolderPage(const QString& path, QWidget* parent = nullptr);
    void focusMain() override;

private:
    QWidget* m_first = nullptr;
};

} // namespace postern::shell
