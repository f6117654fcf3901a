#include "ui/connectors/SettingsGroupForm.h"

#include "ui/connectors/ConnectorRules.h"
#include "ui/widgets/FormInputs.h"
#include "ui/widgets/FormListInput.h"
#include "ui/widgets/FormRadioInput.h"
#include "ui/widgets/PlainLabel.h"

namespace postern::connectors {

using namespace widgets;
using namespace Qt::StringLiterals;

SettingsGroupForm::SettingsGroupForm(SettingsGroup group, QWidget* parent)
    : Form(parent)
    , m_group(std::move(group))
{
    //: %1 is a group of settings: "Password"
    m_mode = add(new FormRadioInput({tr("%1 settings").arg(m_group.title), {}}, this));
    m_mode->addChoice(tr("Not confi&gured: Exchange keeps what it has"), false);
    m_mode->addChoice(tr("&Configure: Exchange gets all values below"), true);
    for (const Setting& setting : m_group.settings) {
        m_editors.push_back(makeEditor(setting));
        add(m_editors.back().field);
    }
    m_rest = addNote({});
    m_agreed = add(new FormCheckInput({tr("&I want Postern to set these values too"), {}}, this));
    m_agreed->setRequired(tr("Exchange takes the group as a whole. Tick this, or leave the group alone."));
    addStretch();
    connect(this, &Form::edited, this, &SettingsGroupForm::changed);
    load({});
}

void SettingsGroupForm::load(const MailboxPolicySettings& settings)
{
    MailboxPolicySettings values = settings;
    const bool configured = m_group.isConfigured(values);
    if (!configured)
        m_group.configure(values, true); // what Configure begins with
    m_loading = true;
    m_mode->setValue(configured);
    for (std::size_t i = 0; i < m_editors.size(); ++i)
        m_editors[i].setValue(m_group.settings[i].get(values));
    m_agreed->setChecked(configured); // it was agreed when it was saved
    m_loading = false;
    changed();
}

void SettingsGroupForm::store(MailboxPolicySettings& settings) const
{
    m_group.configure(settings, isConfigured());
    if (!isConfigured())
        return;
    // A field that another one makes pointless keeps the default: what is typed there is not checked.
    for (std::size_t i = 0; i < m_editors.size(); ++i) {
        const Setting& setting = m_group.settings[i];
        if (!setting.usableIf || setting.usableIf(settings))
            setting.set(settings, m_editors[i].value());
    }
}

bool SettingsGroupForm::isConfigured() const
{
    return m_mode->value().toBool();
}

SettingsGroupForm::Editor SettingsGroupForm::makeEditor(const Setting& setting)
{
    switch (setting.kind) {
    case Setting::Kind::Flag: {
        auto* field = new FormCheckInput({setting.label, {}}, this);
        return {field, [field] { return QVariant(field->isChecked()); },
            [field](const QVariant& value) { field->setChecked(value.toBool()); }};
    }
    case Setting::Kind::Choice: {
        auto* field = new FormChoiceInput({setting.label, {}}, this);
        for (int i = 0; i < setting.choices.size(); ++i)
            field->addChoice(setting.choices[i], i);
        return {field, [field] { return field->value(); },
            [field](const QVariant& value) { field->setValue(value.toInt()); }};
    }
    case Setting::Kind::Texts: {
        auto* field = new FormListInput({setting.label, tr("Names of program files, one or several lines.")},
            tr("Blocked applications, list"), this);
        field->setEntryRule([](const QString& entry) {
            return entry.size() > 255 ? tr("A name may have at most 255 characters.") : QString();
        });
        return {field, [field] { return QVariant(field->entries()); },
            [field](const QVariant& value) { field->setEntries(value.toStringList()); }};
    }
    case Setting::Kind::Number:
    case Setting::Kind::Limit:
        break;
    }
    return makeNumber(setting);
}

SettingsGroupForm::Editor SettingsGroupForm::makeNumber(const Setting& setting)
{
    const int low = setting.low;
    const int high = setting.high;
    const QString zeroIs = setting.zeroIs;
    // Wider than what is allowed, so that a wrong number is said and not silently replaced.
    auto* field = new FormNumberInput({setting.label, {}}, 0, std::max(9999, high * 10), setting.unit, this);
    if (!zeroIs.isEmpty())
        field->setZeroText(zeroIs);
    field->setRule([low, high, zeroIs](int value) { return rangeComplaint(value, low, high, zeroIs); });
    return {field, [field] { return QVariant(field->value()); },
        [field](const QVariant& value) { field->setValue(value.toInt()); }};
}

void SettingsGroupForm::changed()
{
    if (m_loading)
        return;
    MailboxPolicySettings settings;
    store(settings);
    showUsable(settings);
    showRest(settings);
}

void SettingsGroupForm::showUsable(const MailboxPolicySettings& settings)
{
    for (std::size_t i = 0; i < m_editors.size(); ++i) {
        const Setting& setting = m_group.settings[i];
        FormField* field = m_editors[i].field;
        const bool usable = isConfigured() && (!setting.usableIf || setting.usableIf(settings));
        field->setVisible(isConfigured());
        if (field->isEnabled() != usable) {
            field->setEnabled(usable);
            field->validate(); // what was wrong in a field that no longer matters
        }
    }
    m_rest->setVisible(isConfigured());
    m_agreed->setVisible(isConfigured());
    m_agreed->setEnabled(isConfigured());
}

void SettingsGroupForm::showRest(const MailboxPolicySettings& settings)
{
    QStringList lines;
    for (const SettingValue& value : valuesOf(m_group, settings)) {
        if (value.isDefault)
            //: %1 the name of a setting, %2 its value
            lines.append(tr("%1: %2").arg(value.name, value.text));
    }
    const bool any = !lines.isEmpty();
    m_rest->setText(tr("Exchange takes this group as a whole. Besides what you changed it gets: %1.")
                        .arg(lines.join("; "_L1)));
    m_rest->setVisible(isConfigured() && any);
    m_agreed->setVisible(isConfigured() && any);
    m_agreed->setEnabled(isConfigured() && any);
}

} // namespace postern::connectors
