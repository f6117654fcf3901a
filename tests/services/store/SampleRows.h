// Mailboxes and phones with every field filled, from a number: the same number gives the same row. Any
// thread.
#pragma once

#include "services/store/PartnershipRepository.h"

namespace postern::store {

[[nodiscard]] QDateTime sampleTime(qint64 minute = 0);
[[nodiscard]] Mailbox sampleMailbox(int number);
// `version` changes the content, not the key.
[[nodiscard]] Partnership samplePhone(int number, int version = 0);
[[nodiscard]] PartnershipStatistics sampleStatistics(int number, int version = 0);
[[nodiscard]] Connector sampleConnector(const QString& name = QStringLiteral("Head office"));

// A connector with mailboxes 0..count-1; phone n belongs to mailbox n % count.
struct SampleEstate
{
    ConnectorId connector;
    std::vector<MailboxId> mailboxes;

    [[nodiscard]] static Expected<SampleEstate> make(Session& session, int mailboxCount);
    [[nodiscard]] PartnershipRow row(int number, int version = 0) const
    {
        return {mailboxes[std::size_t(number) % mailboxes.size()], samplePhone(number, version)};
    }
};

} // namespace postern::store
