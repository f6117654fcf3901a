// The value of a test, read by the kind of its column: enum names, numbers, yes and no, dates. Pure. Internal
// to models/frame.
#pragma once

#include "models/frame/Criteria.h"

namespace postern::frame {

// Fills low and high of `test` from its text. The error is a message without a place.
[[nodiscard]] tl::expected<Test, QString> withValue(Test test, DeviceColumn field);

} // namespace postern::frame
