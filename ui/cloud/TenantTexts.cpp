#include "ui/cloud/TenantTexts.h"

#include <QCoreApplication>
#include <QLocale>

#include "models/items/TenantTableModel.h"
#include "models/items/VisibleText.h"

namespace postern::cloud {

using namespace Qt::StringLiterals;
using items::visibleText;
using widgets::Fact;
using widgets::Step;
using widgets::Tone;

namespace {

struct Texts
{
    Q_DECLARE_TR_FUNCTIONS(TenantTexts)
};

QString timeText(const std::optional<QDateTime>& time)
{
    return time ? QLocale().toString(time->toLocalTime(), QLocale::ShortFormat) : Texts::tr("Never");
}

} // namespace

QString cloudText(NationalCloud cloud)
{
    switch (cloud) {
    case NationalCloud::Global:
        return Texts::tr("Microsoft 365 worldwide (also GCC)");
    case NationalCloud::UsGovHigh:
        return Texts::tr("US Government GCC High");
    case NationalCloud::UsGovDod:
        return Texts::tr("US Government DoD");
    case NationalCloud::China:
        return Texts::tr("China, operated by 21Vianet");
    }
    return {};
}

QString signInText(TenantSignIn method)
{
    switch (method) {
    case TenantSignIn::Browser:
        return Texts::tr("A person, in the browser of this computer");
    case TenantSignIn::DeviceCode:
        return Texts::tr("A person, with a code on any device");
    case TenantSignIn::Certificate:
        return Texts::tr("The app, with a certificate");
    case TenantSignIn::Secret:
        return Texts::tr("The app, with a client secret");
    }
    return {};
}

QString signInHint(TenantSignIn method)
{
    switch (method) {
    case TenantSignIn::Browser:
        return Texts::tr("The registration needs the platform \"Mobile and desktop\" with http://localhost. "
                         "Permissions are those of the person and the app together.");
    case TenantSignIn::DeviceCode:
        return Texts::tr(
            "For a computer without a browser. Many tenants forbid this by Conditional Access; the "
            "registration must allow public client flows.");
    case TenantSignIn::Certificate:
        return Texts::tr("Best for a service: nobody has to sign in again. An administrator grants the "
                         "application permissions once.");
    case TenantSignIn::Secret:
        return Texts::tr(
            "As with a certificate, but the secret itself is sent and expires after two years at "
            "most.");
    }
    return {};
}

Tone stateTone(TenantState state)
{
    switch (state) {
    case TenantState::Connected:
        return Tone::Good;
    case TenantState::Synchronizing:
        return Tone::Accent;
    case TenantState::SignInRequired:
    case TenantState::ConsentRequired:
    case TenantState::Degraded:
        return Tone::Warning;
    case TenantState::Disconnected:
        return Tone::Bad;
    case TenantState::New:
    case TenantState::Disabled:
    case TenantState::Removing:
        break;
    }
    return Tone::Neutral;
}

QList<Fact> summaryFacts(const Tenant& tenant)
{
    const QLocale locale;
    QList<Fact> facts{
        {Texts::tr("State"), items::TenantTableModel::stateTitle(tenant.state), stateTone(tenant.state)}};
    if (!tenant.stateDetail.isEmpty())
        facts.append({Texts::tr("Because"), visibleText(tenant.stateDetail)});
    facts += {{Texts::tr("Organization"),
                  tenant.organizationName.isEmpty() ? Texts::tr("Not known yet")
                                                    : visibleText(tenant.organizationName)},
        {Texts::tr("Tenant"), visibleText(tenant.tenantId)}, {Texts::tr("Cloud"), cloudText(tenant.cloud)},
        {Texts::tr("Application ID"), visibleText(tenant.clientId)},
        {Texts::tr("Sign-in"), signInText(tenant.signIn)}};
    if (!tenant.account.isEmpty())
        facts.append({Texts::tr("Signed in as"), visibleText(tenant.account)});
    if (tenant.credentialExpires)
        facts.append({Texts::tr("Certificate valid until"), timeText(tenant.credentialExpires)});
    if (const QString sentence = permissionSentence(tenant.permissions); !sentence.isEmpty())
        facts.append({Texts::tr("Permissions"), sentence});
    facts += {{Texts::tr("Devices"), locale.toString(tenant.deviceCount)},
        {Texts::tr("Matched partnerships"), locale.toString(tenant.matchedCount)},
        {Texts::tr("Suggestions to confirm"), locale.toString(tenant.suggestionCount),
            tenant.suggestionCount > 0 ? Tone::Accent : Tone::Neutral},
        {Texts::tr("Users"), locale.toString(tenant.userCount)},
        {Texts::tr("Groups"), locale.toString(tenant.groupCount)},
        {Texts::tr("Last synchronization"), timeText(tenant.lastSyncEnd)},
        {Texts::tr("Last look for changes"), timeText(tenant.lastPoll)}};
    if (!tenant.lastSyncResult.isEmpty())
        facts.append({Texts::tr("Last result"), visibleText(tenant.lastSyncResult)});
    return facts;
}

QList<Fact> permissionFacts(const Tenant& tenant)
{
    if (tenant.permissions.empty())
        return {
            {Texts::tr("Not checked yet. Test Connection lists the permissions."), {}, Tone::Neutral, true}};
    QList<Fact> missing, granted;
    for (const TenantPermission& permission : tenant.permissions) {
        if (permission.granted)
            granted.append({permission.name, Texts::tr("Granted"), Tone::Good});
        else if (permission.essential)
            missing.append(
                {permission.name, Texts::tr("Missing. %1").arg(visibleText(permission.lost)), Tone::Bad});
        else
            missing.append(
                {permission.name, Texts::tr("Missing. %1").arg(visibleText(permission.lost)), Tone::Warning});
    }
    QList<Fact> facts{{permissionSentence(tenant.permissions), {}, Tone::Neutral, true}};
    return facts + missing + granted;
}

QString permissionSentence(const std::vector<TenantPermission>& permissions)
{
    if (permissions.empty())
        return {};
    const auto missing = std::ranges::count(permissions, false, &TenantPermission::granted);
    return missing == 0 ? Texts::tr("All permissions are granted.")
                        : Texts::tr("%n permission(s) of %1 are missing.", nullptr, int(missing))
                              .arg(QLocale().toString(qlonglong(permissions.size())));
}

Step stepOf(const CheckResult& line)
{
    Step::Outcome outcome = Step::Outcome::NotApplicable;
    switch (line.outcome) {
    case CheckResult::Outcome::Pass:
        outcome = Step::Outcome::Pass;
        break;
    case CheckResult::Outcome::Warning:
        outcome = Step::Outcome::Warning;
        break;
    case CheckResult::Outcome::Fail:
        outcome = line.required ? Step::Outcome::Fail : Step::Outcome::Warning;
        break;
    case CheckResult::Outcome::NotApplicable:
        break;
    }
    return {line.id + u'/' + line.name, line.name, outcome, visibleText(line.detail)};
}

QStringList missingPermissions(const std::vector<CheckResult>& lines)
{
    QStringList essential, others;
    for (const CheckResult& line : lines) {
        if (line.id == "CON-39"_L1 && line.outcome == CheckResult::Outcome::Fail)
            (line.required ? essential : others).append(line.name);
    }
    return essential + others;
}

} // namespace postern::cloud
