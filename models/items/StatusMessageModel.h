// Status messages as Configuration Manager's viewer lists them (CON-63), in the order they are given; sorted
// and filtered by sortedMessages() and matches(), which are pure. GUI thread.
#pragma once

#include <QDateTime>

#include "models/domain/Work.h"
#include "models/items/RecordTableModel.h"

namespace postern::items {

// What a message is about, as Configuration Manager sorts them.
enum class MessageType {
    Milestone, // something began or ended
    Detail,
    Audit, // somebody's access was changed
};
[[nodiscard]] MessageType messageType(int messageId);

class StatusMessageModel : public RecordTableModel<StatusMessage>
{
    Q_OBJECT
public:
    enum Column {
        SeverityColumn,
        Type,
        SiteCode,
        Time,
        System,
        Component,
        MessageNumber,
        Description,
        ColumnCount
    };

    using RecordTableModel::RecordTableModel;
    void setMessages(std::vector<StatusMessage> messages) { setRecords(std::move(messages)); }
    [[nodiscard]] const StatusMessage* messageAt(int row) const { return recordAt(row); }
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

    [[nodiscard]] static QString severityTitle(Severity severity);
    [[nodiscard]] static QString typeTitle(MessageType type);
    [[nodiscard]] static QString cellText(const StatusMessage& message, int column); // as people read it
    [[nodiscard]] static QString utcText(const QDateTime& time); // "2026-11-20 12:00:00 UTC"

protected:
    [[nodiscard]] QVariant cell(const StatusMessage& message, int column, int role) const override;
};

struct MessageFilter
{
    QDateTime since; // null: all
    std::optional<Severity> severity;
    QString component; // empty: all
    QString text; // in any cell as people read it, letter case does not count
};
[[nodiscard]] bool matches(const StatusMessage& message, const MessageFilter& filter);
// Ties: the newest first.
[[nodiscard]] std::vector<StatusMessage> sortedMessages(
    std::vector<StatusMessage> messages, int column, Qt::SortOrder order);

} // namespace postern::items
