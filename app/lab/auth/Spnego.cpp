#include "app/lab/auth/Spnego.h"

#include "app/lab/auth/Ntlm.h"

namespace postern::lab::spnego {

namespace {

// NTLMSSP, 1.3.6.1.4.1.311.2.2.10
constexpr std::string_view ntlmMechanism("\x06\x0a\x2b\x06\x01\x04\x01\x82\x37\x02\x02\x0a", 12);

struct Element
{
    unsigned char tag = 0;
    std::string_view content;
};

std::optional<Element> next(std::string_view& rest)
{
    if (rest.size() < 2)
        return std::nullopt;
    Element element;
    element.tag = static_cast<unsigned char>(rest[0]);
    size_t length = static_cast<unsigned char>(rest[1]), at = 2;
    if (length >= 0x80) {
        const size_t bytes = length & 0x7f;
        if (bytes == 0 || bytes > 3 || rest.size() < 2 + bytes)
            return std::nullopt;
        for (length = 0; at < 2 + bytes; ++at)
            length = (length << 8) | static_cast<unsigned char>(rest[at]);
    }
    if (length > rest.size() - at)
        return std::nullopt;
    element.content = rest.substr(at, length);
    rest.remove_prefix(at + length);
    return element;
}

std::string der(unsigned char tag, std::string_view content)
{
    std::string out(1, static_cast<char>(tag));
    if (content.size() < 0x80) {
        out += static_cast<char>(content.size());
    } else {
        out += '\x82';
        out += static_cast<char>(content.size() >> 8);
        out += static_cast<char>(content.size() & 0xff);
    }
    return out.append(content);
}

} // namespace

std::optional<std::string> ntlmInside(std::string_view token)
{
    auto outer = next(token);
    if (outer && outer->tag == 0x60) { // application 0: the mechanism, then NegTokenInit
        std::string_view inner = outer->content;
        if (!next(inner))
            return std::nullopt;
        outer = next(inner);
    }
    if (!outer || (outer->tag != 0xa0 && outer->tag != 0xa1))
        return std::nullopt;
    std::string_view choice = outer->content;
    const auto sequence = next(choice);
    if (!sequence || sequence->tag != 0x30)
        return std::nullopt;
    std::string_view fields = sequence->content;
    while (const auto field = next(fields)) {
        if (field->tag != 0xa2) // mechToken, responseToken
            continue;
        std::string_view octets = field->content;
        const auto string = next(octets);
        if (string && string->tag == 0x04 && ntlm::isMessage(string->content))
            return std::string(string->content);
    }
    return std::nullopt;
}

std::string answer(std::string_view responseToken, bool completed)
{
    std::string fields = der(0xa0, der(0x0a, std::string_view(completed ? "\0" : "\1", 1)));
    if (!completed)
        fields += der(0xa1, ntlmMechanism);
    if (!responseToken.empty())
        fields += der(0xa2, der(0x04, responseToken));
    return der(0xa1, der(0x30, fields));
}

} // namespace postern::lab::spnego
