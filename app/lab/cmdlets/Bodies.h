// The bodies of the lab's cmdlets, a family a file. Each returns the error that ends its pipeline, if any. On
// the worker of the pipeline's shell; what they share (Estate, FaultPlan) has its own lock.
#pragma once

#include "app/lab/cmdlets/Cmdlet.h"

namespace postern::lab {

Ended getMobileDevice(CmdletCall& call);
Ended getActiveSyncDevice(CmdletCall& call);
Ended getMobileDeviceStatistics(CmdletCall& call);
Ended getActiveSyncDeviceStatistics(CmdletCall& call);
Ended clearDevice(CmdletCall& call);
Ended removeDevice(CmdletCall& call);
Ended getDeviceClass(CmdletCall& call);
Ended getAccessRule(CmdletCall& call);
Ended newAccessRule(CmdletCall& call);
Ended setAccessRule(CmdletCall& call);
Ended removeAccessRule(CmdletCall& call);
Ended getOrganizationSettings(CmdletCall& call);
Ended setOrganizationSettings(CmdletCall& call);
Ended getMailboxPolicy(CmdletCall& call);
Ended newMailboxPolicy(CmdletCall& call);
Ended setMailboxPolicy(CmdletCall& call);
Ended removeMailboxPolicy(CmdletCall& call);
Ended getCasMailbox(CmdletCall& call);
Ended setCasMailbox(CmdletCall& call);
Ended getMailbox(CmdletCall& call);
Ended getUser(CmdletCall& call);
Ended getRecipient(CmdletCall& call);
Ended getExchangeServer(CmdletCall& call);
Ended getOrganizationalUnit(CmdletCall& call);
Ended getOrganizationConfig(CmdletCall& call);
Ended setAdServerSettings(CmdletCall& call);
Ended getCommand(CmdletCall& call);

} // namespace postern::lab
