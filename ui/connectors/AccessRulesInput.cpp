#include "ui/connectors/AccessRulesInput.h"

#include "ui/connectors/SettingsFacts.h"
#include "ui/widgets/Form.h"
#include "ui/widgets/FormDialog.h"
#include "ui/widgets/FormInputs.h"

namespace postern::connectors {

using namespace widgets;
using namespace Qt::StringLiterals;

namespace {

QString ruleKey(AccessRuleCharacteristic characteristic, const QString& query)
{
    return QString::number(int(characteristic)) + u'/' + query.trimmed().toCaseFolded();
}

class RuleForm final : public Form
{
public:
    RuleForm(
        const AccessRule& rule, const QStringList& taken, const QStringList& types, const QStringList& models)
        : m_rule(rule)
        , m_types(types)
        , m_models(models)
    {
        m_what = add(new FormChoiceInput({AccessRulesInput::tr("Rule for a &device"), {}}, this));
        for (const auto what : {AccessRuleCharacteristic::DeviceType, AccessRuleCharacteristic::DeviceModel})
            m_what->addChoice(characteristicText(what), int(what));
        m_query = add(new FormTextInput({AccessRulesInput::tr("&Value"), {}}, this));
        m_query->setMaxLength(255);
        m_query->setRule([this, taken](const QString& value) { return complaint(value, taken); });
        m_level = add(new FormChoiceInput({AccessRulesInput::tr("&Access"), {}}, this));
        for (const auto level : {AccessLevel::Allow, AccessLevel::Block, AccessLevel::Quarantine})
            m_level->addChoice(accessLevelText(level), int(level));
        connect(m_what, &FormField::edited, this, [this] { suggest(); });
        m_what->setValue(int(rule.characteristic));
        m_query->setText(rule.query);
        m_level->setValue(int(rule.level));
        suggest();
    }

    [[nodiscard]] AccessRule rule() const
    {
        AccessRule rule = m_rule;
        rule.characteristic = characteristic();
        rule.query = m_query->text();
        rule.level = AccessLevel(m_level->value().toInt());
        return rule;
    }

private:
    [[nodiscard]] AccessRuleCharacteristic characteristic() const
    {
        return AccessRuleCharacteristic(m_what->value().toInt());
    }
    [[nodiscard]] QString complaint(const QString& value, const QStringList& taken) const
    {
        if (value.isEmpty())
            return AccessRulesInput::tr("Enter the device type or model as Exchange names it.");
        return taken.contains(ruleKey(characteristic(), value))
            ? AccessRulesInput::tr("There is a rule for this already.")
            : QString();
    }
    void suggest()
    {
        const bool type = characteristic() == AccessRuleCharacteristic::DeviceType;
        const QStringList& known = type ? m_types : m_models;
        m_query->setSuggestions(known);
        m_query->setHint(known.isEmpty() ? AccessRulesInput::tr("As Exchange names it, such as iPhone.")
                                         : AccessRulesInput::tr("%n known; they are offered while you type.",
                                             nullptr, int(known.size())));
        if (!m_query->error().isEmpty())
            m_query->validate();
    }

    AccessRule m_rule;
    QStringList m_types, m_models;
    FormChoiceInput* m_what;
    FormTextInput* m_query;
    FormChoiceInput* m_level;
};

} // namespace

AccessRulesInput::AccessRulesInput(QWidget* parent)
    : FormTableInput(
        {tr("&Rules"), tr("They come before the default level and after what is decided for one phone.")},
        {tr("Device"), tr("Value"), tr("Access")}, parent)
{
}

void AccessRulesInput::setRules(const std::vector<AccessRule>& rules)
{
    m_rules = rules;
    fillRows();
}

void AccessRulesInput::setSuggestions(const QStringList& types, const QStringList& models)
{
    m_types = types;
    m_models = models;
}

void AccessRulesInput::openEditor(int row)
{
    const AccessRule rule = row < 0 ? AccessRule() : m_rules[std::size_t(row)];
    auto* form = new RuleForm(rule, taken(row), m_types, m_models);
    auto* dialog = new FormDialog(row < 0 ? tr("Add Access Rule") : tr("Edit Access Rule"), form, this);
    connect(dialog, &QDialog::accepted, this, [this, row, form] { take(row, form->rule()); });
    dialog->open();
}

void AccessRulesInput::take(int row, const AccessRule& rule)
{
    if (row < 0)
        m_rules.push_back(rule);
    else
        m_rules[std::size_t(row)] = rule;
    setRow(row, {characteristicText(rule.characteristic), rule.query, accessLevelText(rule.level)});
}

void AccessRulesInput::rowRemoved(int row)
{
    m_rules.erase(m_rules.begin() + row);
}

void AccessRulesInput::fillRows()
{
    Rows rows;
    for (const AccessRule& rule : m_rules)
        rows.append({characteristicText(rule.characteristic), rule.query, accessLevelText(rule.level)});
    setRows(rows);
}

QStringList AccessRulesInput::taken(int exceptRow) const
{
    QStringList keys;
    for (std::size_t row = 0; row < m_rules.size(); ++row) {
        if (int(row) != exceptRow)
            keys.append(ruleKey(m_rules[row].characteristic, m_rules[row].query));
    }
    return keys;
}

} // namespace postern::connectors
