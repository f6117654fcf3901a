// What the body of a cmdlet gets: the session it runs in, its bound arguments and the streams. One call, one
// thread.
#pragma once

#include <atomic>
#include <map>

#include "app/lab/auth/Accounts.h"
#include "app/lab/cmdlets/Specs.h"
#include "app/lab/directory/ClientAccessServer.h"
#include "app/lab/directory/Estate.h"
#include "app/lab/faults/FaultPlan.h"
#include "app/lab/psrp/ClixmlOut.h"

namespace postern::lab {

struct LabLanguage
{
    std::string server = "en-US"; // its texts, where a value lost its type
    std::string session = "en-US"; // what the client asked for: how a filter's dates are read
};

struct LabSession
{
    Estate& estate;
    FaultPlan& faults;
    const Account& account;
    LabLanguage language;
    std::vector<ClientAccessServer> servers;
    Serialization serialization = Serialization::Partial;
    std::atomic<bool> viewEntireForest{false};
};

using Arguments = std::map<std::string, Value>; // by the parameter's exact name

class CmdletCall
{
public:
    CmdletCall(LabSession& session, const CmdletSpec& spec, Arguments arguments, CmdletSink& sink)
        : m_session(session)
        , m_spec(spec)
        , m_arguments(std::move(arguments))
        , m_sink(sink)
    {
    }
    [[nodiscard]] LabSession& session() { return m_session; }
    [[nodiscard]] Estate& estate() { return m_session.estate; }
    [[nodiscard]] CmdletSink& sink() { return m_sink; }
    [[nodiscard]] const std::string& name() const { return m_spec.name; }
    [[nodiscard]] const CmdletSpec& spec() const { return m_spec; }
    [[nodiscard]] const std::string& who() const { return m_session.account.user; }

    [[nodiscard]] bool has(const std::string& parameter) const { return m_arguments.contains(parameter); }
    [[nodiscard]] const Value* value(const std::string& parameter) const;
    [[nodiscard]] std::string text(const std::string& parameter) const; // empty when absent or null
    [[nodiscard]] bool flag(const std::string& parameter) const;
    [[nodiscard]] std::uint32_t resultSize() const; // UINT32_MAX: unlimited; 1000 when not given
    [[nodiscard]] bool whatIf() const { return flag("WhatIf"); }

    // One user for an identity, or an error record: not found, or ambiguous.
    [[nodiscard]] tl::expected<std::uint32_t, ErrorRecord> user(const std::string& identity) const;
    [[nodiscard]] tl::expected<std::uint32_t, ErrorRecord> phone(const std::string& identity) const;
    // What a multi-valued parameter makes of the current list: a list replaces, Add/Remove change, null
    // clears.
    [[nodiscard]] std::vector<std::string> changedList(
        const std::string& parameter, std::vector<std::string> current) const;

private:
    LabSession& m_session;
    const CmdletSpec& m_spec;
    Arguments m_arguments;
    CmdletSink& m_sink;
};

} // namespace postern::lab
