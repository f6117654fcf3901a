#include "services/identity/SignInErrors.h"

namespace postern::identity {

using namespace Qt::StringLiterals;

namespace {

struct ErrorRow
{
    QLatin1StringView error;
    ErrorCode code;
};

constexpr ErrorRow errors[] = {
    {"invalid_grant"_L1, ErrorCode::SignInRequired},
    {"interaction_required"_L1, ErrorCode::SignInRequired},
    {"login_required"_L1, ErrorCode::SignInRequired},
    {"expired_token"_L1, ErrorCode::SignInRequired}, // a device code that nobody entered
    {"consent_required"_L1, ErrorCode::ConsentRequired},
    {"access_denied"_L1, ErrorCode::AccessDenied},
    {"authorization_declined"_L1, ErrorCode::AccessDenied},
    {"invalid_client"_L1, ErrorCode::AuthenticationFailed},
    {"unauthorized_client"_L1, ErrorCode::InvalidInput},
    {"invalid_scope"_L1, ErrorCode::Unsupported},
    {"invalid_resource"_L1, ErrorCode::Unsupported},
    {"invalid_request"_L1, ErrorCode::Unsupported},
    {"unsupported_grant_type"_L1, ErrorCode::Unsupported},
    {"unsupported_response_type"_L1, ErrorCode::Unsupported},
    {"temporarily_unavailable"_L1, ErrorCode::ServerBusy},
    {"server_error"_L1, ErrorCode::ServerBusy},
    {"slow_down"_L1, ErrorCode::ServerBusy},
    {"bad_verification_code"_L1, ErrorCode::Internal},
};

// Numbers as in Microsoft's list of AADSTS error codes. Sorted, for the eye and for the test.
constexpr NumberAdvice numbers[] = {
    {50003, ErrorCode::InvalidInput,
        "Entra has no signing key for this app. Check the app registration, or register the app anew."},
    {50011, ErrorCode::InvalidInput,
        "The redirect address is not registered. Add http://localhost under Authentication, platform Mobile "
        "and "
        "desktop applications, in the app registration."},
    {50012, ErrorCode::AuthenticationFailed,
        "Entra does not accept the signed assertion. Check that the certificate uploaded to the app "
        "registration is "
        "the one used here, and that this computer's clock is right."},
    {50020, std::nullopt,
        "The account belongs to another tenant. Sign in with an account of this tenant, or invite it as a "
        "guest."},
    {50034, std::nullopt, "The account does not exist in this tenant. Check the user name and the tenant."},
    {50053, std::nullopt,
        "The account is locked after too many wrong passwords. Wait, or have an administrator unlock it."},
    {50055, std::nullopt, "The password has expired. Change it, then sign in again."},
    {50057, std::nullopt, "The account is disabled. Have an administrator enable it, or use another one."},
    {50058, std::nullopt, "Nobody is signed in. Sign in again."},
    {50076, std::nullopt,
        "A second factor is needed (a policy, or a new place). Sign in again and answer the second factor."},
    {50079, std::nullopt,
        "The account has to register for a second factor. Sign in in a browser and follow the instructions."},
    {50097, std::nullopt,
        "The device has to prove who it is. Sign in from a device that is joined to the tenant."},
    {50105, ErrorCode::AccessDenied,
        "The account is not assigned to the app. Assign it under Enterprise applications, Users and groups."},
    {50126, std::nullopt, "The user name or password is wrong. Sign in again."},
    {50128, ErrorCode::InvalidInput, "No tenant has this domain. Check the tenant."},
    {50158, std::nullopt, "A further check outside Entra is needed. Sign in in a browser and follow it."},
    {50173, std::nullopt,
        "The sign-in ended because the password was changed or sign-ins were revoked. Sign in again."},
    {50194, ErrorCode::InvalidInput,
        "The app is registered for one tenant only. Enter that tenant instead of common or organizations."},
    {50196, ErrorCode::ServerBusy,
        "Entra saw too many equal requests and pauses them. It is tried again later."},
    {53000, std::nullopt,
        "Conditional Access wants a compliant device. Sign in from a device that Intune calls compliant, or "
        "exclude "
        "this account from the policy."},
    {53001, std::nullopt,
        "Conditional Access wants a domain-joined device. Sign in from one, or exclude this account from the "
        "policy."},
    {53003, std::nullopt,
        "A Conditional Access policy blocks this sign-in. Look it up in Entra's sign-in log, and exclude the "
        "account "
        "or app from the policy, or use another kind of sign-in (device codes are often forbidden)."},
    {54005, std::nullopt, "The sign-in code was used before. Sign in again."},
    {65001, ErrorCode::ConsentRequired,
        "Nobody has consented to the permissions that Postern asks for. Have an administrator choose Grant "
        "admin "
        "consent under API permissions in the app registration."},
    {65004, ErrorCode::ConsentRequired,
        "Consent was declined. Sign in again and accept, or have an administrator grant consent."},
    {70008, std::nullopt, "The sign-in was too long ago or took too long. Sign in again."},
    {70011, ErrorCode::Unsupported,
        "Entra does not know a permission that was asked for. Check that the cloud is right; national clouds "
        "lack "
        "some permissions."},
    {70018, ErrorCode::Internal, "Entra does not know the device code. Start the sign-in again."},
    {70019, std::nullopt, "The device code expired before it was entered. Start the sign-in again."},
    {70043, std::nullopt,
        "A sign-in frequency policy of Conditional Access ended the sign-in. Sign in again; a certificate or "
        "secret "
        "of the app does not have this limit."},
    {90002, ErrorCode::InvalidInput,
        "There is no such tenant in this cloud. Check the tenant and the cloud."},
    {90094, ErrorCode::ConsentRequired,
        "Only an administrator may consent to these permissions. Have one choose Grant admin consent under "
        "API "
        "permissions in the app registration."},
    {500011, ErrorCode::Unsupported,
        "Microsoft Graph is not known in this tenant under the address that was asked for. Check that the "
        "cloud is "
        "right."},
    {500133, ErrorCode::AuthenticationFailed,
        "The signed assertion is out of its time. Set this computer's clock right."},
    {700003, std::nullopt, "The device was removed from the tenant. Sign in from another device."},
    {700016, ErrorCode::InvalidInput,
        "The app is not known in this tenant. Check the client id, the tenant and the cloud."},
    {700024, ErrorCode::AuthenticationFailed,
        "The signed assertion is out of its time. Set this computer's clock right."},
    {700027, ErrorCode::AuthenticationFailed,
        "Entra does not accept the certificate: it is not uploaded to the app registration, or has expired. "
        "Upload it "
        "under Certificates & secrets."},
    {700082, std::nullopt, "The sign-in ended because it was not used for a long time. Sign in again."},
    {900023, ErrorCode::InvalidInput, "The tenant is neither a GUID nor a domain. Check the tenant."},
    {7000112, ErrorCode::InvalidInput,
        "The app is disabled in this tenant. Enable it under Enterprise applications, Properties."},
    {7000215, ErrorCode::AuthenticationFailed,
        "The client secret is wrong. Enter the secret's value (not its id) from Certificates & secrets."},
    {7000218, ErrorCode::InvalidInput,
        "The app registration does not allow public clients. Set Allow public client flows to Yes under "
        "Authentication, or sign in with a certificate or secret."},
    {7000222, ErrorCode::AuthenticationFailed,
        "The client secret has expired. Create a new one under Certificates & secrets in the app "
        "registration and "
        "enter it here."},
};

ErrorCode codeOf(const OAuthError& error, Grant grant, int httpStatus)
{
    for (const ErrorRow& row : errors) {
        if (error.error.compare(row.error, Qt::CaseInsensitive) == 0) {
            // An app has nobody who could sign in again: its credential or a policy stands in the way.
            if (row.code == ErrorCode::SignInRequired && grant == Grant::Application)
                return ErrorCode::AccessDenied;
            return row.code;
        }
    }
    return httpStatus == 429 || httpStatus >= 500 ? ErrorCode::ServerBusy : ErrorCode::AuthenticationFailed;
}

QString words(const OAuthError& error, const char* advice)
{
    QStringList parts;
    const QString name = error.number != 0 ? u"AADSTS%1"_s.arg(error.number) : error.error;
    if (advice)
        parts.append(name + u": "_s + QString::fromLatin1(advice));
    else if (error.description.isEmpty())
        parts.append(name + u'.');
    if (!error.description.isEmpty()) {
        const QString quoted = u"\"%1\""_s.arg(error.description);
        const bool hasName = advice || error.description.contains(name);
        parts.append(hasName ? u"Entra says: "_s + quoted : u"Entra says "_s + name + u": "_s + quoted);
    }
    if (!error.correlationId.isEmpty())
        parts.append(u"(correlation id %1)"_s.arg(error.correlationId));
    return parts.join(u' ');
}

} // namespace

const NumberAdvice* adviceFor(int aadstsNumber)
{
    const auto* found = std::lower_bound(std::begin(numbers), std::end(numbers), aadstsNumber,
        [](const NumberAdvice& row, int number) { return row.number < number; });
    return found != std::end(numbers) && found->number == aadstsNumber ? found : nullptr;
}

Error toError(const OAuthError& error, Grant grant, int httpStatus, const QString& origin)
{
    const NumberAdvice* advice = adviceFor(error.number);
    Error result;
    result.code = codeOf(error, grant, httpStatus);
    // A suberror is as stable as the error itself; Entra says a missing consent as invalid_grant.
    if (error.suberror == "consent_required"_L1)
        result.code = ErrorCode::ConsentRequired;
    if (advice && advice->code)
        result.code = *advice->code;
    result.detail = words(error, advice ? advice->advice : nullptr);
    result.origin = origin;
    return result;
}

bool endsTheGrant(const OAuthError& error)
{
    // With claims, or one of these suberrors, the token is sound and something else is missing.
    static constexpr QLatin1StringView missing[] = {"basic_action"_L1, "additional_action"_L1,
        "message_only"_L1, "consent_required"_L1, "protection_policy_required"_L1};
    if (error.error != "invalid_grant"_L1 || !error.claims.isEmpty())
        return false;
    return std::find(std::begin(missing), std::end(missing), error.suberror) == std::end(missing);
}

} // namespace postern::identity
