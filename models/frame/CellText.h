// Cells as invariant text for CSV, JSON and the clipboard of a script: UTC in ISO 8601, enums by their stable
// text, true/false, empty for empty. Never localised. Any thread.
#pragma once

#include "models/frame/DeviceFrame.h"

namespace postern::frame {

[[nodiscard]] QString cellText(const DeviceFrame& frame, RowIndex row, DeviceColumn column);
[[nodiscard]] QString valueText(DeviceColumn column, qint64 value); // of a column that is not Text
[[nodiscard]] QStringView codeText(DeviceColumn column, qint64 code); // empty for an unknown code

// The codes of a Code column that text can name: {code, text} in enum order.
struct CodeName
{
    qint64 code;
    QStringView text;
};
[[nodiscard]] std::vector<CodeName> codeNames(DeviceColumn column);

} // namespace postern::frame
