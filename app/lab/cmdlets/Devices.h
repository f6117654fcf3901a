// The device objects of the Get- cmdlets. Pure given the estate; any thread.
#pragma once

#include "app/lab/cmdlets/Cmdlet.h"
#include "app/lab/cmdlets/Shapes.h"

namespace postern::lab {

enum class DeviceFlavour { Mobile, ActiveSync };

[[nodiscard]] std::shared_ptr<Object> deviceObject(
    const Phone& phone, const Person& owner, const std::vector<AccessRule>& rules, DeviceFlavour flavour);
[[nodiscard]] std::shared_ptr<Object> statisticsObject(Estate& estate, const Phone& phone,
    const Person& owner, const std::vector<AccessRule>& rules, DeviceFlavour flavour);

[[nodiscard]] Value accessStateValue(Access access);
[[nodiscard]] Value accessReasonValue(Reason reason);
[[nodiscard]] Value clientTypeValue(PhoneClient client);
[[nodiscard]] Value ruleValue(std::uint32_t number, const std::vector<AccessRule>& rules);

} // namespace postern::lab
