// What the console says about a device in words: the sentence of the summary, ages of data (SHL-45). Pure,
// translated; `nowMs` (UTC) comes from outside. GUI thread.
#pragma once

#include <QString>

#include "models/frame/DeviceFrame.h"

namespace postern::devices {

// "2 days ago", "in 5 minutes" (a clock is wrong), "never" for noValue.
[[nodiscard]] QString ageText(qint64 msecs, qint64 nowMs);

// "Blocked by a personal rule; last successful sync 2 days ago."
[[nodiscard]] QString accessSentence(const frame::DeviceFrame& frame, frame::RowIndex row, qint64 nowMs);

// "As Exchange reported 10 minutes ago." and, when statistics could not be read, that they are older.
[[nodiscard]] QString dataAgeSentence(const frame::DeviceFrame& frame, frame::RowIndex row, qint64 nowMs);

// "Not compliant; managed by Intune as a company device; last check-in 2 hours ago." For a partnership
// without a managed device: that it is not enrolled.
[[nodiscard]] QString intuneSentence(const frame::DeviceFrame& frame, frame::RowIndex row, qint64 nowMs);

// "Read from Intune 5 minutes ago." Empty for a partnership without a managed device.
[[nodiscard]] QString intuneAgeSentence(const frame::DeviceFrame& frame, frame::RowIndex row, qint64 nowMs);

} // namespace postern::devices
