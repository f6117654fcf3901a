// Remote actions of Intune (ACT-03, 04, 12): written down, sent once, followed until they are over. Service
// thread.
#pragma once

#include <QCoroTask>
#include <stop_token>

#include "models/base/Error.h"
#include "models/domain/DeviceAction.h"
#include "models/domain/Tenant.h"
#include "services/core/Clock.h"
#include "services/graph/CloudTenant.h"

namespace postern::store {
class Store;
}

namespace postern::sync {

// The tenant that has the phone. NotFound when it is gone; Conflict when it is another one by now than the
// request speaks of.
QCoro::Task<Expected<Tenant>> tenantOfAction(store::Store& store, DeviceActionRequest request);

// Sends it, after a row of who wants it. AlreadyRunning when one of this kind is open; those of
// CloudTenant::act. A failure is kept in the row, in words.
QCoro::Task<Expected<void>> performAction(graph::CloudTenant& cloud, store::Store& store,
    const core::Clock& clock, DeviceActionRequest request, QString account, std::stop_token token);

// Asks Intune how the open ones of a tenant get on. One that Intune says nothing about for a week is given
// up.
QCoro::Task<Expected<void>> followActions(graph::CloudTenant& cloud, store::Store& store,
    const core::Clock& clock, TenantId tenant, std::stop_token token);

} // namespace postern::sync
