// CON-26: Exchange's device access rules as a table: device type or model, and what becomes of such phones.
// The dialog suggests the types and models that were seen. GUI thread.
#pragma once

#include "models/domain/ConnectorSettings.h"
#include "ui/widgets/FormTableInput.h"

namespace postern::connectors {

class AccessRulesInput final : public widgets::FormTableInput
{
    Q_OBJECT
public:
    explicit AccessRulesInput(QWidget* parent = nullptr);
    [[nodiscard]] std::vector<AccessRule> rules() const { return m_rules; }
    void setRules(const std::vector<AccessRule>& rules);
    void setSuggestions(const QStringList& types, const QStringList& models);

protected:
    void openEditor(int row) override;
    void rowRemoved(int row) override;

private:
    void take(int row, const AccessRule& rule);
    void fillRows();
    [[nodiscard]] QStringList taken(int exceptRow) const; // as ruleKey() says it
    std::vector<AccessRule> m_rules; // as the rows
    QStringList m_types, m_models;
};

} // namespace postern::connectors
