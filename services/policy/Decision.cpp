#include "services/policy/Decision.h"

namespace postern::policy {

namespace {

using In = DecisionInputs;

bool rulesAllow(const In& in)
{
    AccessInputs alone = in.exchange;
    alone.personallyBlocked = false;
    alone.personallyAllowed = false;
    return exchangeAccess(alone).answer == AccessAnswer::Allow;
}

bool isPc(const In& in)
{
    return in.platform == DevicePlatform::Windows || in.platform == DevicePlatform::WindowsPhone;
}

bool bindsByLinkOnly(const In& in)
{
    return in.platform == DevicePlatform::Android || in.platform == DevicePlatform::AndroidWork;
}

// DEC-26 and DEC-27.
Compliance effective(const In& in)
{
    if (!in.policyDeployed)
        return in.noPolicyIsNonCompliant ? Compliance::NonCompliant : Compliance::Compliant;
    return in.compliance == Compliance::InGracePeriod ? Compliance::Compliant : in.compliance;
}

// DEC-21: a PC needs none. The rows stand on those above them: managed and registered.
bool lacksActivation(const In& in)
{
    return !isPc(in) && in.activated == Known::No;
}

using enum Row;
using enum Intent;
using Reason = AccessStateReason;

constexpr DecisionRow rows[] = {
    {Dec01, [](const In& in) { return !in.policyOn; }, Clear, Message::None, Reason::None},
    {Dec02, [](const In& in) { return !in.seen; }, NoChange, Message::None, Reason::None},
    {Dec03, [](const In& in) { return !in.exchange.easEnabled; }, NoChange, Message::None, Reason::Other},
    {Dec04, [](const In& in) { return !in.exchange.mailboxPolicyMet; }, NoChange, Message::None,
        Reason::ExchangeMailboxPolicy},
    {Dec05, [](const In& in) { return in.discovering; }, NoChange, Message::None, Reason::Unknown},
    {Dec06, [](const In& in) { return in.wipePending; }, NoChange, Message::None, Reason::None},
    {Dec07, [](const In& in) { return in.exemption == Exemption::Block; }, Block, Message::Blocked,
        Reason::ExchangeIndividualRule},
    {Dec11, [](const In& in) { return in.exemption == Exemption::Allow; }, Allow, Message::None,
        Reason::ExchangeIndividualRule},
    {Dec08, [](const In& in) { return in.exempted && rulesAllow(in); }, Clear, Message::None, Reason::None},
    {Dec09, [](const In& in) { return in.exempted && in.guaranteeExempt; }, Allow, Message::None,
        Reason::ExchangeIndividualRule},
    {Dec10, [](const In& in) { return in.exempted; }, Clear, Message::Exchanges, Reason::None},
    {Dec12, [](const In& in) { return !in.targeted; }, Clear, Message::None, Reason::None},
    {Dec00, [](const In& in) { return in.licensed == Known::Unknown; }, Hold, Message::None, Reason::Unknown},
    {Dec13, [](const In& in) { return in.licensed == Known::No; }, Clear, Message::None, Reason::None},
    {Dec14, [](const In& in) { return !in.platformSupported; }, Clear, Message::Exchanges, Reason::None},
    {Dec15, [](const In& in) { return in.client != ClientType::Eas; }, NoChange, Message::None, Reason::None},
    {Dec00, [](const In& in) { return in.managed == Known::Unknown; }, Hold, Message::None, Reason::Unknown},
    {Dec16, [](const In& in) { return in.managed == Known::No; }, Block, Message::Enrol, Reason::NotEnrolled},
    {Dec00, [](const In& in) { return in.registered == Known::Unknown; }, Hold, Message::None,
        Reason::Unknown},
    {Dec17, [](const In& in) { return in.registered == Known::No; }, Block, Message::Enrol,
        Reason::NotEnrolled},
    {Dec00, [](const In& in) { return !isPc(in) && in.activated == Known::Unknown; }, Hold, Message::None,
        Reason::Unknown},
    {Dec18, [](const In& in) { return lacksActivation(in) && !bindsByLinkOnly(in) && in.enrolledWithinHold; },
        Hold, Message::None, Reason::Unknown},
    {Dec19, [](const In& in) { return lacksActivation(in) && !bindsByLinkOnly(in); }, Block,
        Message::Activate, Reason::NotEnrolled},
    {Dec20, [](const In& in) { return lacksActivation(in); }, Block, Message::Activate, Reason::NotEnrolled},
    {Dec22, [](const In& in) { return effective(in) == Compliance::NonCompliant; }, Block,
        Message::NonCompliant, Reason::NotCompliant},
    {Dec23,
        [](const In& in) {
            return effective(in) == Compliance::Error || effective(in) == Compliance::Conflict;
        },
        Block, Message::NonCompliant, Reason::NotCompliant},
    {Dec24, [](const In& in) { return effective(in) == Compliance::Unknown && in.complianceWithinHold; },
        Hold, Message::Checking, Reason::Unknown},
    {Dec25, [](const In& in) { return effective(in) == Compliance::Unknown; }, Block, Message::NonCompliant,
        Reason::NotCompliant},
    {Dec00, [](const In& in) { return effective(in) == Compliance::ConfigManager; }, Hold, Message::None,
        Reason::Unknown},
    {Dec28, [](const In& in) { return rulesAllow(in); }, Clear, Message::Ok, Reason::Compliant},
    {Dec29, [](const In& in) { return in.overrideDefault; }, Allow, Message::Ok, Reason::Compliant},
    {Dec30, [](const In&) { return true; }, Clear, Message::Exchanges, Reason::None},
};

// A block that rests on data too old or a connection that is gone is not made (DEC-00); one that stands
// stays.
constexpr DecisionRow unusable{Dec00, nullptr, Hold, Message::None, Reason::Unknown};

bool isDenial(Row row)
{
    return row >= Dec16 && row <= Dec25;
}

std::uint8_t modifiersOf(const In& in, const DecisionRow& row)
{
    std::uint8_t found = 0;
    const auto add = [&found](bool holds, Modifier modifier) {
        if (holds)
            found |= std::uint8_t(modifier);
    };
    const bool pastEnrolment = row.row > Dec17; // Dec00 is the first of the enum
    add(pastEnrolment && isPc(in), Modifier::Dec21);
    const bool compliant = row.row >= Dec28;
    add(compliant && in.policyDeployed && in.compliance == Compliance::InGracePeriod, Modifier::Dec26);
    add(compliant && !in.policyDeployed, Modifier::Dec27);
    const bool denies = row.intent == Block && isDenial(row.row);
    add(denies && in.exchange.personallyAllowed, Modifier::Dec31);
    add(denies && in.exchange.allowRuleMatches, Modifier::Dec32);
    add(row.row == Dec16 && in.domainJoined && in.platform == DevicePlatform::Windows, Modifier::Dec33);
    add(row.row == Dec16 && in.retired, Modifier::Dec34);
    return found;
}

Message messageOf(const DecisionRow& row, std::uint8_t modifiers)
{
    const bool grace = row.message == Message::Ok && (modifiers & std::uint8_t(Modifier::Dec26)) != 0;
    return grace ? Message::Grace : row.message;
}

Decision decisionOf(const In& in, const DecisionRow& row)
{
    Decision decision;
    decision.row = row.row;
    decision.intent = row.intent;
    decision.modifiers = modifiersOf(in, row);
    decision.message = messageOf(row, decision.modifiers);
    decision.reason = row.reason;
    if (row.row == Dec02)
        decision.expected = AccessState::NotSeen;
    else if (row.row == Dec03)
        decision.expected = AccessState::Blocked; // access restricted: the grid calls it blocked
    else if (row.row == Dec05)
        decision.expected = AccessState::Unknown;
    else {
        const AccessVerdict verdict = exchangeAccess(afterwards(in, row.intent));
        decision.expected = verdict.state;
        if (row.reason == Reason::None)
            decision.reason = verdict.reason;
    }
    return decision;
}

} // namespace

std::span<const DecisionRow> decisionRows()
{
    return rows;
}

AccessInputs afterwards(const DecisionInputs& inputs, Intent intent)
{
    AccessInputs after = inputs.exchange;
    const bool stays = intent == NoChange || intent == Hold;
    after.personallyBlocked |= stays ? inputs.posternBlocked : intent == Block;
    after.personallyAllowed |= stays ? inputs.posternAllowed : intent == Allow;
    return after;
}

Decision decide(const DecisionInputs& inputs)
{
    for (const DecisionRow& row : rows) {
        if (!row.holds(inputs))
            continue;
        const bool newBlock = row.intent == Block && !inputs.posternBlocked && row.row != Dec07;
        return decisionOf(inputs, newBlock && !inputs.connectorUsable ? unusable : row);
    }
    return decisionOf(inputs, rows[std::size(rows) - 1]); // not reached: the last row always holds
}

} // namespace postern::policy

namespace postern {

using policy::Row;

std::span<const EnumEntry<Row>> EnumTable<Row>::entries()
{
    static constexpr EnumEntry<Row> table[] = {{Row::Dec00, u"DEC-00"}, {Row::Dec01, u"DEC-01"},
        {Row::Dec02, u"DEC-02"}, {Row::Dec03, u"DEC-03"}, {Row::Dec04, u"DEC-04"}, {Row::Dec05, u"DEC-05"},
        {Row::Dec06, u"DEC-06"}, {Row::Dec07, u"DEC-07"}, {Row::Dec11, u"DEC-11"}, {Row::Dec08, u"DEC-08"},
        {Row::Dec09, u"DEC-09"}, {Row::Dec10, u"DEC-10"}, {Row::Dec12, u"DEC-12"}, {Row::Dec13, u"DEC-13"},
        {Row::Dec14, u"DEC-14"}, {Row::Dec15, u"DEC-15"}, {Row::Dec16, u"DEC-16"}, {Row::Dec17, u"DEC-17"},
        {Row::Dec18, u"DEC-18"}, {Row::Dec19, u"DEC-19"}, {Row::Dec20, u"DEC-20"}, {Row::Dec22, u"DEC-22"},
        {Row::Dec23, u"DEC-23"}, {Row::Dec24, u"DEC-24"}, {Row::Dec25, u"DEC-25"}, {Row::Dec28, u"DEC-28"},
        {Row::Dec29, u"DEC-29"}, {Row::Dec30, u"DEC-30"}};
    return table;
}

} // namespace postern
