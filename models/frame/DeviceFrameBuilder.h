// Takes device rows from the store's change feed and publishes frames. One thread, any but the GUI's. A
// publish costs what changed: chunks, and columns of chunks, in which nothing changed are shared with the
// frame before. Hand rows over in id order where you can (the first load): appending is the cheap case.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "models/frame/DeviceFrame.h"

namespace postern::frame {

class DeviceFrameBuilder
{
public:
    DeviceFrameBuilder();
    ~DeviceFrameBuilder();
    DeviceFrameBuilder(const DeviceFrameBuilder&) = delete;
    DeviceFrameBuilder& operator=(const DeviceFrameBuilder&) = delete;

    // Inserts or replaces the row with this id; removes it when row.gone. Rows without a valid id are
    // ignored. Text that is not UTF-8 is kept with replacement characters.
    void apply(const DeviceRow& row);
    void clear(); // forget all rows, e.g. before a full reload

    // A frame with everything applied so far; the previous one again when nothing changed. Never null.
    [[nodiscard]] std::shared_ptr<const DeviceFrame> publish();

private:
    struct Pending;
    void flush();
    void sortPending();
    void forgetPending();
    [[nodiscard]] bool isBeyond(qint64 id) const;

    std::vector<std::shared_ptr<const Chunk>> m_chunks;
    std::vector<Pending> m_pending;
    std::shared_ptr<const DeviceFrame> m_last;
    std::string m_text; // bytes of all pending rows
    std::size_t m_rows = 0;
    bool m_changed = false;
    bool m_appending = true; // pending ids ascend and lie beyond the last chunk
};

} // namespace postern::frame
