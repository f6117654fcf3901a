// CON-19 to 24 as a table: the five groups of mailbox policy settings, each setting with its label, unit and
// range. Forms, summaries and the details pane are made from it, so that none of them forgets a setting. Made
// anew at each call, because texts follow the language. GUI thread.
#pragma once

#include <QStringList>
#include <QVariant>
#include <functional>
#include <vector>

#include "models/domain/ConnectorSettings.h"

namespace postern::connectors {

struct Setting
{
    enum class Kind { Flag, Number, Limit, Choice, Texts }; // Limit: 0 is nullopt
    using Get = std::function<QVariant(const MailboxPolicySettings&)>;
    using Set = std::function<void(MailboxPolicySettings&, const QVariant&)>;
    using Condition = std::function<bool(const MailboxPolicySettings&)>;

    Kind kind = Kind::Flag;
    QString label; // with its mnemonic
    Get get; // the group must be configured
    Set set;
    int low = 0, high = 0;
    QString unit{}; // suffix of a number: " hours"
    QString zeroIs{}; // "Unlimited"
    QStringList choices{}; // in the order of the enum
    Condition usableIf{}; // empty: always

    [[nodiscard]] QString name() const; // the label without its mnemonic
    [[nodiscard]] QString text(const QVariant& value) const; // as read: "Allowed", "30 days", "Unlimited"
};

struct SettingsGroup
{
    QString title;
    std::function<bool(const MailboxPolicySettings&)> isConfigured;
    // With Exchange's defaults, or not at all.
    std::function<void(MailboxPolicySettings&, bool)> configure;
    std::vector<Setting> settings;
};

[[nodiscard]] std::vector<SettingsGroup> settingsGroups();

// The values of a configured group that are Exchange's defaults: what somebody gets who changed one setting.
struct SettingValue
{
    QString name;
    QString text;
    bool isDefault = false;
    bool operator==(const SettingValue&) const = default;
};
[[nodiscard]] QList<SettingValue> valuesOf(const SettingsGroup& group, const MailboxPolicySettings& settings);

} // namespace postern::connectors
