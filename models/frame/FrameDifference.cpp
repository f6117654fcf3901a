#include "models/frame/FrameDifference.h"

#include "models/frame/Chunk.h"

namespace postern::frame {

namespace {

// A place in a frame that walks on row by row or chunk by chunk.
struct Cursor
{
    const DeviceFrame& frame;
    std::size_t chunk = 0;
    std::size_t row = 0;

    [[nodiscard]] bool atEnd() const { return chunk == frame.chunks().size(); }
    [[nodiscard]] const std::shared_ptr<const Chunk>& here() const { return frame.chunks()[chunk]; }
    [[nodiscard]] qint64 id() const { return here()->id(row); }
    [[nodiscard]] RowIndex index() const { return frame.chunkStart(chunk) + RowIndex(row); }
    void step()
    {
        if (++row == here()->rows())
            skipChunk();
    }
    void skipChunk()
    {
        ++chunk;
        row = 0;
    }
};

// Compares rows of two chunks; columns that the chunks share and that stand at the same row need no look.
class RowComparison
{
public:
    [[nodiscard]] ColumnSet changed(const Cursor& before, const Cursor& after)
    {
        if (m_before != before.here().get() || m_after != after.here().get()) {
            m_before = before.here().get();
            m_after = after.here().get();
            m_unshared = m_after->unsharedColumns(*m_before);
            withTemplates();
        }
        const ColumnSet toCompare = before.row == after.row ? m_unshared : allColumns;
        ColumnSet result = 0;
        for (int i = 0; i < deviceColumnCount; ++i) {
            const auto column = DeviceColumn(i);
            if ((toCompare & columnBit(column)) != 0 && differs(column, before.row, after.row))
                result |= columnBit(column);
        }
        return result;
    }

private:
    void withTemplates()
    {
        // A shared template column still changes with what it refers to.
        for (int i = 0; i < referenceCount; ++i) {
            if ((m_unshared & columnBit(sourceColumn(Reference(i)))) != 0) {
                m_unshared |= columnBit(DeviceColumn::Name) | columnBit(DeviceColumn::EmailAddress)
                    | columnBit(DeviceColumn::DeviceIdentity);
            }
        }
    }
    [[nodiscard]] bool differs(DeviceColumn column, std::size_t before, std::size_t after)
    {
        if (!isText(column))
            return m_before->number(before, column) != m_after->number(after, column);
        return m_before->text(before, column, m_scratch) != m_after->text(after, column, m_otherScratch);
    }

    const Chunk* m_before = nullptr;
    const Chunk* m_after = nullptr;
    ColumnSet m_unshared = 0;
    std::string m_scratch;
    std::string m_otherScratch;
};

} // namespace

FrameDifference FrameDifference::between(const DeviceFrame& before, const DeviceFrame& after)
{
    FrameDifference result;
    result.newRowOf.assign(before.rowCount(), noRow);
    RowComparison comparison;
    Cursor old{before};
    Cursor now{after};
    while (!old.atEnd() && !now.atEnd()) {
        if (old.row == 0 && now.row == 0 && old.here() == now.here()) {
            for (std::size_t i = 0; i < old.here()->rows(); ++i)
                result.newRowOf[old.index() + i] = now.index() + RowIndex(i);
            old.skipChunk();
            now.skipChunk();
        } else if (old.id() < now.id()) {
            old.step();
        } else if (old.id() > now.id()) {
            now.step();
        } else {
            result.newRowOf[old.index()] = now.index();
            if (old.here()->hash(old.row) != now.here()->hash(now.row))
                result.changes.push_back({now.index(), comparison.changed(old, now)});
            old.step();
            now.step();
        }
    }
    return result;
}

} // namespace postern::frame
