// The words and marks people read for connectors and jobs, beside those of the item models (models/items),
// which have the states. GUI thread.
#pragma once

#include "models/domain/Connector.h"
#include "models/domain/Work.h"
#include "ui/widgets/FactList.h"

namespace postern::connectors {

[[nodiscard]] QString kindText(ConnectorKind kind);
[[nodiscard]] QString authenticationText(Authentication authentication);
[[nodiscard]] widgets::Tone stateTone(ConnectorState state);
[[nodiscard]] QString timeText(const std::optional<QDateTime>& time); // local; "Never"

[[nodiscard]] QString stepText(const QString& step); // "mailboxes" -> "Reading mailboxes"
[[nodiscard]] QString progressText(const Job& job); // "120 of 500 mailboxes"; "" while not known

// Step and progress: "Reading mailboxes, 120 of 500 mailboxes".
[[nodiscard]] QString activityText(const Job& job);
[[nodiscard]] widgets::Tone jobTone(JobState state);

[[nodiscard]] QList<widgets::Fact> jobFacts(const Job& job, const QString& connectorName);
[[nodiscard]] QList<widgets::Fact> summaryFacts(const Connector& connector); // SHL-46 Summary
[[nodiscard]] QList<widgets::Fact> discoveryFacts(const Connector& connector);
[[nodiscard]] QList<widgets::Fact> serverFacts(const Connector& connector); // CON-03, 17
[[nodiscard]] QList<widgets::Fact> notificationFacts(const Connector& connector); // CON-10, 11
[[nodiscard]] QString userText(const Connector& connector);
[[nodiscard]] QString authorityText(const Connector& connector);
// When the schedule wants the next full synchronization; nullopt: disabled, or not known.
[[nodiscard]] std::optional<QDateTime> nextFull(const Connector& connector);
[[nodiscard]] std::optional<QDateTime> nextDelta(const Connector& connector);
[[nodiscard]] QList<widgets::Fact> settingsFacts(const Connector& connector); // SHL-46 Settings in force

} // namespace postern::connectors
