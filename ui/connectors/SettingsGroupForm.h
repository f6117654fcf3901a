// One group of mailbox policy settings: Not configured, or Configure with a field for each setting. Whoever
// configures one setting owns them all (CON-19): the values that come along are listed and a tick is asked
// for. GUI thread.
#pragma once

#include "ui/connectors/SettingsSchema.h"
#include "ui/widgets/Form.h"

namespace postern::widgets {
class FormCheckInput;
class FormRadioInput;
class PlainLabel;
} // namespace postern::widgets

namespace postern::connectors {

class SettingsGroupForm final : public widgets::Form
{
    Q_OBJECT
public:
    explicit SettingsGroupForm(SettingsGroup group, QWidget* parent = nullptr);
    void load(const MailboxPolicySettings& settings);
    void store(MailboxPolicySettings& settings) const;
    [[nodiscard]] const QString& title() const { return m_group.title; }
    [[nodiscard]] bool isConfigured() const;

private:
    struct Editor
    {
        widgets::FormField* field = nullptr;
        std::function<QVariant()> value;
        std::function<void(const QVariant&)> setValue;
    };
    [[nodiscard]] Editor makeEditor(const Setting& setting);
    [[nodiscard]] Editor makeNumber(const Setting& setting);
    void changed();
    void showUsable(const MailboxPolicySettings& settings);
    void showRest(const MailboxPolicySettings& settings);

    SettingsGroup m_group;
    widgets::FormRadioInput* m_mode = nullptr;
    std::vector<Editor> m_editors; // as the group's settings
    widgets::PlainLabel* m_rest = nullptr;
    widgets::FormCheckInput* m_agreed = nullptr;
    bool m_loading = false;
};

} // namespace postern::connectors
