// The part of FakeSiteClient that is tenants, people and the details of devices.
#include "tests/ui/support/FakeSiteClient.h"

namespace postern::test {

using namespace Qt::StringLiterals;

Tenant aTenant(const QString& name)
{
    Tenant tenant;
    tenant.name = name;
    tenant.tenantId = u"contoso.onmicrosoft.com"_s;
    tenant.clientId = u"11111111-2222-3333-4444-555555555555"_s;
    tenant.siteCode = u"PS1"_s;
    tenant.state = TenantState::Connected;
    tenant.organizationName = u"Contoso"_s;
    tenant.account = u"admin@contoso.com"_s;
    tenant.permissions = {{u"DeviceManagementManagedDevices.Read.All"_s, true, true, u"Nothing works."_s},
        {u"Mail.Send"_s, false, false, u"Notices to people cannot be sent through Graph."_s}};
    tenant.deviceCount = 690;
    tenant.matchedCount = 612;
    tenant.suggestionCount = 3;
    tenant.userCount = 500;
    tenant.groupCount = 24;
    tenant.lastSyncEnd = QDateTime(QDate(2026, 11, 24), QTime(8, 30), Qt::UTC);
    return tenant;
}

TenantId FakeSiteClient::addTenant(Tenant tenant)
{
    tenant.id = TenantId{m_nextId++};
    tenant.revision = 1;
    m_tenants.push_back(tenant);
    emit tenantsChanged(m_tenants);
    return tenant.id;
}

void FakeSiteClient::changeTenant(const Tenant& tenant)
{
    for (Tenant& each : m_tenants) {
        if (each.id == tenant.id)
            each = tenant;
    }
    emit tenantsChanged(m_tenants);
}

void FakeSiteClient::setUsers(SiteUsers users)
{
    m_users = std::make_shared<const SiteUsers>(std::move(users));
    emit usersChanged(m_users);
}

void FakeSiteClient::setFrame(std::shared_ptr<const frame::DeviceFrame> frame)
{
    m_devices = std::move(frame);
    emit devicesChanged(m_devices);
}

void FakeSiteClient::saveTenant(const Tenant& tenant, const QString& credential)
{
    savedTenants.push_back(tenant);
    credentials.append(credential);
    if (refuseTenants) {
        emit tenantRefused(tenant, *std::exchange(refuseTenants, std::nullopt));
        return;
    }
    Tenant kept = tenant;
    if (kept.id.isValid()) {
        ++kept.revision;
        changeTenant(kept);
    } else {
        kept.id = addTenant(tenant);
        kept.revision = 1;
    }
    emit tenantSaved(kept);
}

void FakeSiteClient::removeTenant(TenantId tenant)
{
    removedTenants.push_back(tenant);
    if (refuseTenants) {
        Tenant refused;
        refused.id = tenant;
        emit tenantRefused(refused, *std::exchange(refuseTenants, std::nullopt));
        return;
    }
    std::erase_if(m_tenants, [tenant](const Tenant& each) { return each.id == tenant; });
    emit tenantsChanged(m_tenants);
}

void FakeSiteClient::checkTenant(const Tenant& tenant, const QString& credential)
{
    checkedTenants.push_back(tenant);
    credentials.append(credential);
}

void FakeSiteClient::stopTenantCheck()
{
    ++tenantChecksStopped;
    emit tenantCheckFinished(Error{ErrorCode::Cancelled, {}, u"the check"_s}, false);
}

void FakeSiteClient::stopSignIn()
{
    ++signInsStopped;
    emit signInFinished(Error{ErrorCode::Cancelled, {}, u"the sign-in"_s}, false, {});
}

void FakeSiteClient::loadDeviceDetail(DeviceKey device)
{
    askedDetails.push_back(device);
    if (details.contains(device))
        emit deviceDetailLoaded(details.value(device));
}

} // namespace postern::test
