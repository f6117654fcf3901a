// What a connector's forms have in common. They are hosted by the wizard's pages and by the tabs of the
// properties dialog. load() and store() move values; store() leaves what a form does not show. GUI thread.
#pragma once

#include "models/domain/Connector.h"
#include "ui/widgets/FactList.h"
#include "ui/widgets/Form.h"

namespace postern::connectors {

class ConnectorForm : public widgets::Form
{
    Q_OBJECT
public:
    using Form::Form;
    virtual void load(const Connector& connector) = 0;
    virtual void store(Connector& connector) const = 0;
    [[nodiscard]] virtual QList<widgets::Fact> facts() const = 0;
    // What the fields are for, in some sentences: the Help button's text.
    [[nodiscard]] virtual QString help() const = 0;
};

} // namespace postern::connectors
