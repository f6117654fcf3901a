#include "app/lab/entra/Form.h"

#include "app/lab/text/Text.h"

namespace postern::lab {

namespace {

int digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    const char lower = char(c | 0x20);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

std::string decoded(std::string_view text)
{
    std::string out;
    for (size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '%' && i + 2 < text.size() && digit(text[i + 1]) >= 0 && digit(text[i + 2]) >= 0) {
            out += char(digit(text[i + 1]) * 16 + digit(text[i + 2]));
            i += 2;
        } else {
            out += text[i] == '+' ? ' ' : text[i];
        }
    }
    return out;
}

} // namespace

Form parsedForm(std::string_view text, std::string* repeated)
{
    Form out;
    for (const std::string& part : split(text, '&')) {
        if (part.empty())
            continue;
        const auto equals = part.find('=');
        const std::string name = decoded(part.substr(0, equals));
        const std::string value = equals == std::string::npos
            ? std::string()
            : decoded(std::string_view(part).substr(equals + 1));
        if (!out.emplace(name, value).second && repeated)
            *repeated = name;
    }
    return out;
}

std::string urlEncoded(std::string_view text)
{
    constexpr std::string_view plain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
    constexpr std::string_view hex = "0123456789ABCDEF";
    std::string out;
    for (const char c : text) {
        if (plain.find(c) != std::string_view::npos) {
            out += c;
            continue;
        }
        const auto byte = static_cast<unsigned char>(c);
        out += '%';
        out += hex[byte >> 4];
        out += hex[byte & 15];
    }
    return out;
}

std::string htmlEscaped(std::string_view text)
{
    return xmlEscaped(text);
}

std::string valueOf(const Form& form, const std::string& name)
{
    const auto at = form.find(name);
    return at == form.end() ? std::string() : at->second;
}

} // namespace postern::lab
