// Reads a line as PowerShell's tokenizer would, as far as "Show command" goes: words, single-quoted texts
// with all five quotes, [char]0x…, @(…), @{…}, $true, -Name and -Name:. Anything else is no command of ours.
// Written from the language's rules, not from the writer under test.
#pragma once

#include <QString>
#include <QStringList>
#include <optional>
#include <vector>

namespace postern::psrp::test {

struct ReadValue
{
    enum class Kind { Null, Boolean, Number, Text, List, Table } kind = Kind::Null;
    bool truth = false;
    QString text; // Number: its digits
    std::vector<ReadValue> items; // of a table: the values
    QStringList keys; // of a table
    bool operator==(const ReadValue&) const = default;
};

struct ReadArgument
{
    QString name;
    ReadValue value;
};

struct ReadLine
{
    QString cmdlet;
    std::vector<ReadArgument> arguments;
};

// nullopt: PowerShell would read something else than one command with plain values.
[[nodiscard]] std::optional<ReadLine> readLine(const QString& line);

} // namespace postern::psrp::test
