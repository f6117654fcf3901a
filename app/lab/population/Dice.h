// Deterministic dice: the same (seed, kind, index) always falls the same way, so a person or phone is
// computed when asked for instead of stored. SplitMix64. Any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace postern::lab {

class Dice
{
public:
    Dice(std::uint64_t seed, std::uint64_t kind, std::uint64_t index)
        : m_state(
            mixed(seed ^ mixed(kind * 0x9e3779b97f4a7c15ULL + 1) ^ mixed(index + 0x632be59bd9b4e019ULL)))
    {
    }
    [[nodiscard]] std::uint64_t next()
    {
        m_state += 0x9e3779b97f4a7c15ULL;
        return mixed(m_state);
    }
    [[nodiscard]] std::uint64_t below(std::uint64_t limit) { return limit == 0 ? 0 : next() % limit; }
    [[nodiscard]] bool oneIn(std::uint64_t n) { return below(n) == 0; }
    [[nodiscard]] bool percent(unsigned p) { return below(100) < p; }
    [[nodiscard]] std::string characters(size_t count, std::string_view alphabet)
    {
        std::string out(count, '0');
        for (char& c : out)
            c = alphabet[size_t(below(alphabet.size()))];
        return out;
    }
    [[nodiscard]] std::string hex(size_t count) { return characters(count, "0123456789ABCDEF"); }
    [[nodiscard]] std::string digits(size_t count) { return characters(count, "0123456789"); }

private:
    [[nodiscard]] static std::uint64_t mixed(std::uint64_t z)
    {
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
        z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
        return z ^ (z >> 31);
    }
    std::uint64_t m_state;
};

} // namespace postern::lab
