// What a delta link remembers: where the listing stands, or which change came last, and the options of the
// first request, which ride along. The text is opaque and guarded: a forged one is nullopt. Pure, any thread.
#pragma once

#include <optional>
#include <string>

namespace postern::lab {

struct DeltaToken
{
    std::string purpose; // users, groups, devices
    bool listing = true; // still in the first listing
    std::uint64_t position = 0; // in the listing, or the last change that was delivered
    std::uint64_t sequence = 0; // the last change when the listing began
    std::int64_t issuedMs = 0; // lab time
    std::int64_t epoch = 0; // of the log: another run of the lab has another one
    std::string select;
    bool hasSelect = false;

    [[nodiscard]] std::string text() const;
    [[nodiscard]] static std::optional<DeltaToken> parse(const std::string& text);
};

} // namespace postern::lab
