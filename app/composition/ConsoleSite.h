// The site that a console shows: the one it was given, the user's own, or a fresh one on a lab of its own.
// Wires store, service, change feed and key ring together and hands out the SiteClient. GUI thread.
#pragma once

#include <QObject>
#include <QTemporaryDir>
#include <memory>
#include <optional>

#include "app/composition/LabProcess.h"
#include "services/site/LocalSiteClient.h"

namespace postern::composition {

struct ConsoleSiteOptions
{
    QString site; // file path or postgresql:// URL; empty: the user's own site
    bool lab = false; // start a lab, open a site on it that goes away with the console unless `site` is given
    QStringList labArguments; // further ones for postern-lab
};

class ConsoleSite : public QObject
{
    Q_OBJECT
public:
    explicit ConsoleSite(ConsoleSiteOptions options, QObject* parent = nullptr);
    ~ConsoleSite() override;

    // Answers by ready or failed. The client exists (and shows nothing yet) after the call, unless the
    // address is wrong.
    void open();
    [[nodiscard]] site::SiteClient* client() { return m_client.get(); }

signals:
    void ready();
    void failed(const postern::Error& error);

private:
    Expected<site::SiteOptions> siteOptions();
    void addLabConnector();
    void addLabTenant();
    void becomeReady();

    ConsoleSiteOptions m_options;
    std::optional<QTemporaryDir> m_folder;
    std::optional<LabAddresses> m_lab;
    LabProcess m_labProcess;
    std::unique_ptr<site::LocalSiteClient>
        m_client; // after the lab process: it is closed before the lab goes
};

} // namespace postern::composition
