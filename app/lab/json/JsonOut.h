// JSON text written straight into a string, for answers of thousands of objects. UTF-8 in, UTF-8 out. One
// object a writer; finish() closes it. Any thread, no errors: the caller's text is escaped, never refused.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace postern::lab {

void appendJsonString(std::string& out, std::string_view text); // with its quotes
[[nodiscard]] std::string jsonString(std::string_view text);
[[nodiscard]] std::string jsonStrings(const std::vector<std::string>& texts);
// Graph's form of a time, whole seconds; 0 is its "never": 0001-01-01T00:00:00Z.
[[nodiscard]] std::string graphTime(std::int64_t ms);

class JsonOut
{
public:
    JsonOut()
        : m_text("{")
    {
    }
    JsonOut& raw(std::string_view key, std::string_view json);
    JsonOut& text(std::string_view key, std::string_view value);
    JsonOut& number(std::string_view key, std::int64_t value) { return raw(key, std::to_string(value)); }
    JsonOut& flag(std::string_view key, bool value) { return raw(key, value ? "true" : "false"); }
    JsonOut& null(std::string_view key) { return raw(key, "null"); }
    JsonOut& time(std::string_view key, std::int64_t ms) { return text(key, graphTime(ms)); }
    JsonOut& strings(std::string_view key, const std::vector<std::string>& v)
    {
        return raw(key, jsonStrings(v));
    }
    [[nodiscard]] std::string finish() { return std::move(m_text.append("}")); }

private:
    std::string m_text;
};

} // namespace postern::lab
