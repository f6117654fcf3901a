// "Show Command" (SHL-25): what will run in Exchange for these values, copyable; asked of the service, which
// knows what Exchange has now. GUI thread.
#pragma once

#include <QDialog>

#include "models/domain/Connector.h"

namespace postern::site {
class SiteClient;
}
namespace postern::widgets {
class CommandText;
}

namespace postern::connectors {

class CommandPreviewDialog final : public QDialog
{
    Q_OBJECT
public:
    // What saving this connector's settings leads to.
    CommandPreviewDialog(site::SiteClient& site, const Connector& connector, QWidget* parent);
    // Commands that are known already.
    CommandPreviewDialog(const QStringList& commands, const QString& textWhenNone, QWidget* parent);
    [[nodiscard]] QStringList commands() const;

private:
    explicit CommandPreviewDialog(QWidget* parent);
    widgets::CommandText* m_text;
};

} // namespace postern::connectors
