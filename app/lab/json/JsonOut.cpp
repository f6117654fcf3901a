#include "app/lab/json/JsonOut.h"

#include <array>
#include <cstdio>

#include "app/lab/psrp/Value.h"

namespace postern::lab {

void appendJsonString(std::string& out, std::string_view text)
{
    out += '"';
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') {
            out += '\\';
            out += c;
        } else if (byte < 0x20) {
            std::array<char, 8> buffer{};
            out.append(buffer.data(), size_t(std::snprintf(buffer.data(), buffer.size(), "\\u%04x", byte)));
        } else {
            out += c;
        }
    }
    out += '"';
}

std::string jsonString(std::string_view text)
{
    std::string out;
    appendJsonString(out, text);
    return out;
}

std::string jsonStrings(const std::vector<std::string>& texts)
{
    std::string out = "[";
    for (const std::string& text : texts) {
        if (out.size() > 1)
            out += ',';
        appendJsonString(out, text);
    }
    return out += ']';
}

std::string graphTime(std::int64_t ms)
{
    return ms == 0 ? "0001-01-01T00:00:00Z" : isoTime({ms / 1000 * 1000, true});
}

JsonOut& JsonOut::raw(std::string_view key, std::string_view json)
{
    if (m_text.size() > 1)
        m_text += ',';
    appendJsonString(m_text, key);
    m_text += ':';
    m_text += json;
    return *this;
}

JsonOut& JsonOut::text(std::string_view key, std::string_view value)
{
    if (m_text.size() > 1)
        m_text += ',';
    appendJsonString(m_text, key);
    m_text += ':';
    appendJsonString(m_text, value);
    return *this;
}

} // namespace postern::lab
