#include "models/base/EnumText.h"

namespace postern {

std::span<const EnumEntry<ErrorCode>> EnumTable<ErrorCode>::entries()
{
    static constexpr EnumEntry<ErrorCode> table[] = {
        {ErrorCode::Cancelled, u"Cancelled"},
        {ErrorCode::Timeout, u"Timeout"},
        {ErrorCode::HostNotFound, u"HostNotFound"},
        {ErrorCode::ConnectionRefused, u"ConnectionRefused"},
        {ErrorCode::ConnectionLost, u"ConnectionLost"},
        {ErrorCode::CertificateUntrusted, u"CertificateUntrusted"},
        {ErrorCode::CertificateWrongHost, u"CertificateWrongHost"},
        {ErrorCode::CertificateExpired, u"CertificateExpired"},
        {ErrorCode::TlsFailed, u"TlsFailed"},
        {ErrorCode::AuthenticationFailed, u"AuthenticationFailed"},
        {ErrorCode::AccessDenied, u"AccessDenied"},
        {ErrorCode::NotFound, u"NotFound"},
        {ErrorCode::InvalidAddress, u"InvalidAddress"},
        {ErrorCode::Redirected, u"Redirected"},
        {ErrorCode::Malformed, u"Malformed"},
        {ErrorCode::LimitExceeded, u"LimitExceeded"},
        {ErrorCode::ServerBusy, u"ServerBusy"},
        {ErrorCode::TooManySessions, u"TooManySessions"},
        {ErrorCode::SessionLost, u"SessionLost"},
        {ErrorCode::CmdletMissing, u"CmdletMissing"},
        {ErrorCode::ParameterMissing, u"ParameterMissing"},
        {ErrorCode::CmdletFailed, u"CmdletFailed"},
        {ErrorCode::SecretStoreUnavailable, u"SecretStoreUnavailable"},
        {ErrorCode::SecretMissing, u"SecretMissing"},
        {ErrorCode::StoreUnavailable, u"StoreUnavailable"},
        {ErrorCode::StoreFailed, u"StoreFailed"},
        {ErrorCode::StoreNewer, u"StoreNewer"},
        {ErrorCode::Conflict, u"Conflict"},
        {ErrorCode::AlreadyRunning, u"AlreadyRunning"},
        {ErrorCode::LeaseHeld, u"LeaseHeld"},
        {ErrorCode::PermissionDenied, u"PermissionDenied"},
        {ErrorCode::InvalidInput, u"InvalidInput"},
        {ErrorCode::SignInRequired, u"SignInRequired"},
        {ErrorCode::ConsentRequired, u"ConsentRequired"},
        {ErrorCode::Incomplete, u"Incomplete"},
        {ErrorCode::ShrinkGuard, u"ShrinkGuard"},
        {ErrorCode::Unsupported, u"Unsupported"},
        {ErrorCode::Internal, u"Internal"},
    };
    return table;
}

} // namespace postern
