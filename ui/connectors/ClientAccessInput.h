// CON-03: which Client Access server (or array) answers for an Active Directory site, as a table; a site has
// one server. GUI thread.
#pragma once

#include "models/domain/Connector.h"
#include "ui/widgets/FormTableInput.h"

namespace postern::connectors {

class ClientAccessInput final : public widgets::FormTableInput
{
    Q_OBJECT
public:
    explicit ClientAccessInput(QWidget* parent = nullptr);
    [[nodiscard]] std::vector<ClientAccessServer> servers() const;
    void setServers(const std::vector<ClientAccessServer>& servers);

protected:
    void openEditor(int row) override;
};

} // namespace postern::connectors
