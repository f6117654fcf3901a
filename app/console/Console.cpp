#include "app/console/Console.h"

#include <QCoreApplication>
#include <QMessageBox>
#include <cstdio>

#include "models/base/ErrorText.h"

namespace postern::console {

using namespace Qt::StringLiterals;

Console::Console(ConsoleOptions options)
    : m_options(std::move(options))
    , m_settings(u"Postern"_s, u"Console"_s)
    , m_site({m_options.site, m_options.lab, {}})
{
    if (m_options.resetSettings)
        m_settings.clear();
    connect(&m_site, &composition::ConsoleSite::ready, this, &Console::showWindow);
    connect(&m_site, &composition::ConsoleSite::failed, this, &Console::giveUp);
}

Console::~Console() = default;

void Console::open()
{
    m_site.open();
    if (m_gaveUp || m_site.client() == nullptr)
        return;
    // Made before it is shown, so that it hears a failure of the site and says so in its notification bar.
    shell::MainWindowOptions options;
    options.settings = &m_settings;
    options.node = m_options.node;
    m_window = std::make_unique<shell::MainWindow>(*m_site.client(), options);
    connect(m_site.client(), &site::SiteClient::siteFailed, this, &Console::showWindow);
}

void Console::close()
{
    if (m_window)
        m_window->close();
    QCoreApplication::exit(0);
}

void Console::showWindow()
{
    if (m_window && !m_window->isVisible())
        m_window->show();
}

void Console::giveUp(const postern::Error& error)
{
    m_gaveUp = true;
    const QString sentence = ErrorText::sentence(error);
    std::fprintf(stderr, "%s\n", qPrintable(sentence));
    auto* box = new QMessageBox(QMessageBox::Critical, u"Postern"_s, sentence, QMessageBox::Close);
    box->setTextFormat(Qt::PlainText);
    box->setAttribute(Qt::WA_DeleteOnClose);
    connect(box, &QMessageBox::finished, this, [] { QCoreApplication::exit(1); });
    box->show();
}

} // namespace postern::console
