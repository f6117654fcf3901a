// The actions on tenants: connect, sign in again, synchronize, test, properties, delete. GUI thread.
#pragma once

#include <QPointer>
#include <QSet>

#include "models/base/Error.h"
#include "models/domain/Tenant.h"
#include "ui/cloud/SignInFlow.h"
#include "ui/commands/Command.h"

class QDialog;

namespace postern::commands {

// What all of them share: finding the tenant that is meant.
class TenantCommand : public Command
{
    Q_OBJECT
public:
    using Command::Command;

protected:
    [[nodiscard]] std::optional<Tenant> tenant(TenantId id) const;
    [[nodiscard]] std::vector<Tenant> chosen(const widgets::Selection& selection) const;
};

class ConnectTenantCommand final : public TenantCommand
{
    Q_OBJECT
public:
    static constexpr auto commandId = u"connect-tenant";
    explicit ConnectTenantCommand(CommandContext& context);

protected:
    void execute(const widgets::Selection& selection) override;

private:
    QPointer<QDialog> m_wizard;
};

// For a tenant whose person must be seen again; the work goes on where it stopped.
class SignInAgainCommand final : public TenantCommand
{
    Q_OBJECT
public:
    static constexpr auto commandId = u"sign-in-again";
    explicit SignInAgainCommand(CommandContext& context);
    void setBrowser(cloud::OpenUrl open) { m_open = std::move(open); } // for tests

protected:
    void execute(const widgets::Selection& selection) override;

private:
    cloud::OpenUrl m_open;
    QPointer<cloud::SignInFlow> m_flow;
};

class SynchronizeTenantCommand final : public TenantCommand
{
    Q_OBJECT
public:
    static constexpr auto commandId = u"synchronize-tenant";
    explicit SynchronizeTenantCommand(CommandContext& context);

protected:
    void execute(const widgets::Selection& selection) override;
};

class CheckTenantCommand final : public TenantCommand
{
    Q_OBJECT
public:
    static constexpr auto commandId = u"check-tenant";
    explicit CheckTenantCommand(CommandContext& context);

protected:
    void execute(const widgets::Selection& selection) override;
};

class TenantPropertiesCommand final : public TenantCommand
{
    Q_OBJECT
public:
    static constexpr auto commandId = u"tenant-properties";
    explicit TenantPropertiesCommand(CommandContext& context);

protected:
    void execute(const widgets::Selection& selection) override;

private:
    QHash<TenantId, QPointer<QDialog>> m_open; // a second call raises the first
};

class DeleteTenantCommand final : public TenantCommand
{
    Q_OBJECT
public:
    static constexpr auto commandId = u"delete-tenant";
    explicit DeleteTenantCommand(CommandContext& context);

protected:
    void execute(const widgets::Selection& selection) override;

private:
    void refused(const postern::Tenant& tenant, const postern::Error& error);
    QSet<TenantId> m_asked;
};

// SHL-32: the devices of the selected person, in the node Devices.
class ShowDevicesCommand final : public Command
{
    Q_OBJECT
public:
    static constexpr auto commandId = u"show-devices";
    explicit ShowDevicesCommand(CommandContext& context);

protected:
    void execute(const widgets::Selection& selection) override;
};

} // namespace postern::commands
