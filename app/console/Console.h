// Opens a site and shows its window; says it when the site cannot be opened. GUI thread.
#pragma once

#include <QObject>
#include <QSettings>
#include <memory>

#include "app/composition/ConsoleSite.h"
#include "app/console/ConsoleOptions.h"
#include "ui/shell/MainWindow.h"

namespace postern::console {

class Console final : public QObject
{
    Q_OBJECT
public:
    explicit Console(ConsoleOptions options);
    ~Console() override;

    void open();
    void close(); // as closing the window

private:
    void showWindow();
    void giveUp(const postern::Error& error);

    ConsoleOptions m_options;
    QSettings m_settings;
    composition::ConsoleSite m_site;
    std::unique_ptr<shell::MainWindow> m_window; // after the site: it goes first
    bool m_gaveUp = false;
};

} // namespace postern::console
