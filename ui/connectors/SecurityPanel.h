// Who may work with a connector (CON-47): read only, until administrative users exist. GUI thread.
#pragma once

#include <QWidget>

namespace postern::connectors {

class SecurityPanel final : public QWidget
{
    Q_OBJECT
public:
    explicit SecurityPanel(const QString& siteName, QWidget* parent = nullptr);
};

} // namespace postern::connectors
