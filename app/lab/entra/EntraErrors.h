// Entra's error answers: the JSON body with error, error_description (starting with its AADSTS number),
// error_codes, trace and correlation ids. graph-reference 2.5. Pure but for ids and the time; any thread.
#pragma once

#include <tl/expected.hpp>

#include "app/lab/http/Request.h"

namespace postern::lab {

struct EntraProblem
{
    int number = 0; // AADSTS…
    std::string detail; // fills the %1 of its text
};

template <class T> using Granted = tl::expected<T, EntraProblem>;

[[nodiscard]] inline tl::unexpected<EntraProblem> refusal(int number, std::string detail = {})
{
    return tl::unexpected<EntraProblem>({number, std::move(detail)});
}

struct EntraErrorText
{
    int number = 0;
    int status = 400;
    std::string_view error, text;
    std::string_view suberror = {};
};

// Numbers that the table does not know are answered as invalid_request.
[[nodiscard]] EntraErrorText entraErrorText(int number);
[[nodiscard]] std::string entraDescription(const EntraProblem& problem);
[[nodiscard]] WebAnswer entraError(const EntraProblem& problem, const WebRequest& request);

} // namespace postern::lab
