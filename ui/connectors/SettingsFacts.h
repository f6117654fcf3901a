// The words for what a connector configures in Exchange (CON-19 to 26): for summaries, the details pane and
// the fields themselves. GUI thread.
#pragma once

#include "models/domain/ConnectorSettings.h"
#include "models/domain/WriteRecord.h"
#include "ui/widgets/FactList.h"

namespace postern::connectors {

[[nodiscard]] QString accessLevelText(AccessLevel level);
[[nodiscard]] QString characteristicText(AccessRuleCharacteristic characteristic);
[[nodiscard]] QList<widgets::Fact> policyFacts(const ConnectorSettings& settings);
[[nodiscard]] QList<widgets::Fact> accessFacts(const AccessRulesSettings& access);
// What of the settings is not in Exchange as it should be, by the journal (SYN-02); empty: nothing known.
[[nodiscard]] QList<widgets::Fact> driftFacts(const std::vector<WriteRecord>& writes);

} // namespace postern::connectors
