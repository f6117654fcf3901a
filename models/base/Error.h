// The one error type. An Error is a value: what went wrong, what was tried, what the other side said, when to
// retry. Any thread. `detail` and `origin` are English, for logs; people read ErrorText::sentence(error).
#pragma once

#include <QString>
#include <chrono>
#include <optional>
#include <tl/expected.hpp>

namespace postern {

enum class ErrorCode {
    Cancelled, // somebody pressed Cancel, or the program is closing
    Timeout,
    HostNotFound,
    ConnectionRefused,
    ConnectionLost,
    CertificateUntrusted,
    CertificateWrongHost,
    CertificateExpired,
    TlsFailed,
    AuthenticationFailed, // 401, logon failure: user name or password
    AccessDenied, // authenticated, but not permitted
    NotFound,
    InvalidAddress,
    Redirected, // the server names another host, which a person must accept
    Malformed, // the answer does not follow the protocol; detail names the offset
    LimitExceeded, // larger or deeper than we accept
    ServerBusy, // 429, 503, micro delay, load quota: not a failure, retryAfter says when
    TooManySessions, // the account's concurrent shells are used up
    SessionLost, // shell or runspace gone: open a new one, never replay writes blindly
    CmdletMissing, // the session has no such command (role-based access)
    ParameterMissing, // the command has no such parameter
    CmdletFailed, // the command ran and reported an error
    SecretStoreUnavailable,
    SecretMissing,
    StoreUnavailable, // cannot open or reach the database
    StoreFailed, // a statement failed
    StoreNewer, // written by a newer Postern
    Conflict, // somebody changed it meanwhile
    AlreadyRunning,
    LeaseHeld, // another service owns the connector
    PermissionDenied, // the person's role in Postern
    InvalidInput,
    SignInRequired, // only a person can go on: sign in again
    ConsentRequired, // the app registration lacks a permission, or nobody consented to it
    Incomplete, // a list that must be whole is not
    ShrinkGuard, // SYN-06
    Unsupported,
    Internal,
};

struct Error
{
    ErrorCode code = ErrorCode::Internal;
    QString detail; // the other side's own words
    QString origin; // what was tried, on what: "Get-MobileDevice on https://ex1.contoso.lab/PowerShell/"
    std::optional<std::chrono::milliseconds> retryAfter{};

    // For logs and tests: "AuthenticationFailed: Get-MobileDevice on ex1: 401 Unauthorized".
    [[nodiscard]] QString toLogText() const;
};

template <class T> using Expected = tl::expected<T, Error>;

[[nodiscard]] inline tl::unexpected<Error> fail(ErrorCode code, QString detail, QString origin = {})
{
    return tl::unexpected<Error>(Error{code, std::move(detail), std::move(origin), std::nullopt});
}
[[nodiscard]] inline tl::unexpected<Error> fail(Error error)
{
    return tl::unexpected<Error>(std::move(error));
}

// True for faults that go away by themselves and are worth another try of a read.
[[nodiscard]] bool isTransient(ErrorCode code);

} // namespace postern
