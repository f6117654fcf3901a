// Show Log (SHL-30): what EasDisc.log says of one connector. GUI thread.
#pragma once

#include <QDialog>

namespace postern::connectors {

class ConnectorLogDialog final : public QDialog
{
    Q_OBJECT
public:
    ConnectorLogDialog(const QString& path, const QString& connectorName, QWidget* parent = nullptr);
};

} // namespace postern::connectors
