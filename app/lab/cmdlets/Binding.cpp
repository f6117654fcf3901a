#include "app/lab/cmdlets/Binding.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "app/lab/text/Text.h"

namespace postern::lab {

namespace {

using Failure = tl::unexpected<ErrorRecord>;

class Binder
{
public:
    Binder(const CmdletSpec& spec, const Account& account)
        : m_spec(spec)
        , m_account(account)
    {
    }
    tl::expected<Arguments, ErrorRecord> bind(const std::vector<RawArgument>& raw, const Value* fromPipeline);

private:
    bool visible(const ParameterSpec& parameter) const
    {
        return parameter.common || m_account.seesParameter(m_spec.name, parameter.name);
    }
    tl::expected<const ParameterSpec*, ErrorRecord> named(std::string name) const;
    const ParameterSpec* nextPositional() const;
    std::optional<ErrorRecord> assign(const ParameterSpec& parameter, const Value& value);
    tl::expected<Value, ErrorRecord> converted(const ParameterSpec& parameter, const Value& value) const;
    tl::expected<Value, ErrorRecord> boolean(const ParameterSpec& parameter, const Value& value) const;
    tl::expected<Value, ErrorRecord> choice(const ParameterSpec& parameter, const Value& value) const;
    tl::expected<Value, ErrorRecord> list(const ParameterSpec& parameter, const Value& value) const;
    tl::expected<Value, ErrorRecord> number(const ParameterSpec& parameter, const Value& value) const;
    std::optional<ErrorRecord> complete() const;
    Failure cannot(const ParameterSpec& parameter, const std::string& why) const
    {
        return Failure(parameterError(m_spec.name, "ParameterArgumentTransformationError",
            "Cannot process argument transformation on parameter '" + parameter.name + "'. " + why,
            parameter.name));
    }

    const CmdletSpec& m_spec;
    const Account& m_account;
    Arguments m_bound;
};

std::string valueType(const Value& value)
{
    const auto* object = std::get_if<ObjectPtr>(&value);
    if (!object)
        return std::holds_alternative<std::string>(value) ? "System.String" : "System.Object";
    if ((*object)->container == Container::Dictionary)
        return "System.Collections.Hashtable";
    return (*object)->parsedTypes.empty() ? "System.Object" : (*object)->parsedTypes.front();
}

tl::expected<const ParameterSpec*, ErrorRecord> Binder::named(std::string name) const
{
    if (name.starts_with('-'))
        name.erase(0, 1);
    if (name.ends_with(':'))
        name.pop_back();
    static const std::vector<std::pair<std::string, std::string>> aliases{{"ea", "ErrorAction"},
        {"wa", "WarningAction"}, {"vb", "Verbose"}, {"db", "Debug"}, {"cf", "Confirm"}, {"wi", "WhatIf"},
        {"infa", "InformationAction"}, {"ob", "OutBuffer"}};
    for (const auto& [alias, full] : aliases) {
        if (equalsIgnoreCase(alias, name))
            name = full;
    }
    std::vector<const ParameterSpec*> prefixed;
    for (const ParameterSpec& parameter : m_spec.parameters) {
        if (!visible(parameter))
            continue;
        if (equalsIgnoreCase(parameter.name, name))
            return &parameter;
        if (!name.empty() && startsWithIgnoreCase(parameter.name, name))
            prefixed.push_back(&parameter);
    }
    if (prefixed.size() == 1)
        return prefixed.front();
    if (prefixed.empty())
        return Failure(parameterError(m_spec.name, "NamedParameterNotFound",
            "A parameter cannot be found that matches parameter name '" + name + "'.", name));
    std::string matches;
    for (const ParameterSpec* parameter : prefixed)
        matches += " -" + parameter->name;
    return Failure(parameterError(m_spec.name, "AmbiguousParameter",
        "Parameter cannot be processed because the parameter name '" + name
            + "' is ambiguous. Possible matches include:" + matches + ".",
        name));
}

const ParameterSpec* Binder::nextPositional() const
{
    for (const ParameterSpec& parameter : m_spec.parameters) {
        if (parameter.positional && visible(parameter) && !m_bound.contains(parameter.name))
            return &parameter;
    }
    return nullptr;
}

tl::expected<Value, ErrorRecord> Binder::boolean(const ParameterSpec& parameter, const Value& value) const
{
    if (std::holds_alternative<bool>(value))
        return value;
    if (const auto* number = std::get_if<std::int32_t>(&value))
        return Value(*number != 0);
    const auto* object = std::get_if<ObjectPtr>(&value);
    const Value* present = object ? (*object)->find("IsPresent") : nullptr;
    if (present && std::holds_alternative<bool>(*present))
        return *present;
    if (parameter.type == ParameterType::Switch && isNil(value))
        return Value(true); // a switch without a value is on
    return cannot(parameter,
        "Cannot convert value \"" + toText(value) + "\" of type \"" + valueType(value) + "\" to type \""
            + parameter.dotNetType
            + "\". Boolean parameters accept only Boolean values and numbers, such as $True, $False, 1 or "
              "0.");
}

tl::expected<Value, ErrorRecord> Binder::choice(const ParameterSpec& parameter, const Value& value) const
{
    const std::string given = toText(value);
    for (const std::string& allowed : parameter.choices) {
        if (equalsIgnoreCase(allowed, given))
            return Value(allowed);
    }
    return cannot(parameter,
        "Cannot convert value \"" + given
            + "\" to the type of the parameter. Specify one of the following enumerator names and try again: "
            + joined(parameter.choices, ", ") + ".");
}

tl::expected<Value, ErrorRecord> Binder::list(const ParameterSpec& parameter, const Value& value) const
{
    const auto* object = std::get_if<ObjectPtr>(&value);
    if (!object || (*object)->container == Container::List)
        return value;
    if ((*object)->container != Container::Dictionary)
        return cannot(
            parameter, "Cannot convert a value of type \"" + valueType(value) + "\" to a list of strings.");
    for (const auto& [key, change] : (*object)->entries) {
        const std::string name = toText(key);
        if (!equalsIgnoreCase(name, "Add") && !equalsIgnoreCase(name, "Remove"))
            return cannot(parameter,
                "Cannot convert hashtable: the key '" + name
                    + "' is not one of the supported keys Add and Remove.");
    }
    return value;
}

tl::expected<Value, ErrorRecord> Binder::number(const ParameterSpec& parameter, const Value& value) const
{
    const std::string text = toText(value);
    if (parameter.type == ParameterType::Unlimited && equalsIgnoreCase(text, "Unlimited"))
        return Value(std::string("Unlimited"));
    std::int64_t parsed = 0;
    const auto end = std::from_chars(text.data(), text.data() + text.size(), parsed);
    if (end.ec != std::errc{} || end.ptr != text.data() + text.size() || parsed > INT32_MAX
        || parsed < (parameter.type == ParameterType::Unlimited ? 0 : INT32_MIN))
        return cannot(parameter,
            "Cannot convert value \"" + text + "\" to type \""
                + (parameter.type == ParameterType::Unlimited
                        ? "Microsoft.Exchange.Data.Unlimited`1[System.UInt32]"
                        : "System.Int32")
                + "\". Error: \"Input string was not in a correct format.\"");
    return parameter.type == ParameterType::Unlimited ? Value(std::uint32_t(parsed))
                                                      : Value(std::int32_t(parsed));
}

tl::expected<Value, ErrorRecord> Binder::converted(const ParameterSpec& parameter, const Value& value) const
{
    if (parameter.type == ParameterType::Boolean || parameter.type == ParameterType::Switch)
        return boolean(parameter, value);
    if (isNil(value)) {
        if (parameter.mandatory)
            return Failure(parameterError(m_spec.name, "ParameterArgumentValidationErrorNullNotAllowed",
                "Cannot bind argument to parameter '" + parameter.name + "' because it is null.",
                parameter.name));
        return value;
    }
    switch (parameter.type) {
    case ParameterType::Choice:
        return choice(parameter, value);
    case ParameterType::List:
        return list(parameter, value);
    case ParameterType::Integer:
    case ParameterType::Unlimited:
        return number(parameter, value);
    case ParameterType::Identity:
    case ParameterType::Text: {
        const auto* object = std::get_if<ObjectPtr>(&value);
        if (object && (*object)->container != Container::None)
            return cannot(parameter, "Cannot convert value to type System.String.");
        std::string text = toText(value);
        if (text.empty() && parameter.mandatory)
            return Failure(parameterError(m_spec.name,
                "ParameterArgumentValidationErrorEmptyStringNotAllowed",
                "Cannot bind argument to parameter '" + parameter.name + "' because it is an empty string.",
                parameter.name));
        return Value(std::move(text));
    }
    default:
        return value;
    }
}

std::optional<ErrorRecord> Binder::assign(const ParameterSpec& parameter, const Value& value)
{
    if (m_bound.contains(parameter.name))
        return parameterError(m_spec.name, "ParameterAlreadyBound",
            "Cannot bind parameter because parameter '" + parameter.name + "' is specified more than once.",
            parameter.name);
    auto result = converted(parameter, value);
    if (!result)
        return result.error();
    m_bound[parameter.name] = std::move(*result);
    return std::nullopt;
}

std::optional<ErrorRecord> Binder::complete() const
{
    std::vector<std::string> missing;
    for (const ParameterSpec& parameter : m_spec.parameters) {
        if (parameter.mandatory && !m_bound.contains(parameter.name))
            missing.push_back(parameter.name);
    }
    if (!missing.empty())
        return parameterError(m_spec.name, "MissingMandatoryParameter",
            "Cannot process command because of one or more missing mandatory parameters: "
                + joined(missing, " ") + ".",
            missing.front());
    for (const std::vector<std::string>& group : m_spec.exclusive) {
        const auto used = std::count_if(
            group.begin(), group.end(), [this](const std::string& name) { return m_bound.contains(name); });
        if (used > 1)
            return parameterError(m_spec.name, "AmbiguousParameterSet",
                "Parameter set cannot be resolved using the specified named parameters.", {});
    }
    return std::nullopt;
}

tl::expected<Arguments, ErrorRecord> Binder::bind(
    const std::vector<RawArgument>& raw, const Value* fromPipeline)
{
    std::vector<const Value*> positional;
    for (const RawArgument& argument : raw) {
        if (!argument.name) {
            positional.push_back(&argument.value);
            continue;
        }
        const auto parameter = named(*argument.name);
        if (!parameter)
            return Failure(parameter.error());
        if (auto failure = assign(**parameter, argument.value))
            return Failure(*failure);
    }
    for (const Value* value : positional) {
        const ParameterSpec* parameter = nextPositional();
        if (!parameter)
            return Failure(parameterError(m_spec.name, "PositionalParameterNotFound",
                "A positional parameter cannot be found that accepts argument '" + toText(*value) + "'.",
                {}));
        if (auto failure = assign(*parameter, *value))
            return Failure(*failure);
    }
    if (fromPipeline) {
        const auto taker = std::find_if(m_spec.parameters.begin(), m_spec.parameters.end(),
            [this](const ParameterSpec& p) { return p.pipeline && visible(p) && !m_bound.contains(p.name); });
        if (taker == m_spec.parameters.end())
            return Failure(parameterError(m_spec.name, "InputObjectNotBound",
                "The input object cannot be bound to any parameters for the command either because the "
                "command does not take pipeline input "
                "or the input and its properties do not match any of the parameters that take pipeline "
                "input.",
                {}));
        const auto* object = std::get_if<ObjectPtr>(fromPipeline);
        const Value* identity = object ? (*object)->find("Identity") : nullptr;
        if (auto failure = assign(*taker, Value(toText(identity ? *identity : *fromPipeline))))
            return Failure(*failure);
    }
    if (auto failure = complete())
        return Failure(*failure);
    return m_bound;
}

struct Word
{
    std::string text;
    bool quoted = false;
};

// Words and 'quoted texts'; nothing for whatever else a script may hold.
std::optional<std::vector<Word>> splitWords(const std::string& script)
{
    std::vector<Word> words;
    Word word;
    bool inside = false, any = false;
    const auto flush = [&] {
        if (any)
            words.push_back(std::exchange(word, {}));
        any = false;
    };
    for (size_t i = 0; i < script.size(); ++i) {
        const char c = script[i];
        if (c == '\'' && inside && i + 1 < script.size() && script[i + 1] == '\'') {
            word.text += script[++i];
        } else if (c == '\'') {
            inside = !inside;
            any = word.quoted = true;
        } else if (inside) {
            word.text += c;
        } else if (c == ' ' || c == '\t') {
            flush();
        } else if (std::string_view("$|;&(){}[]\"`\n\r<>@#,").find(c) != std::string_view::npos) {
            return std::nullopt;
        } else {
            word.text += c;
            any = true;
        }
    }
    flush();
    if (inside)
        return std::nullopt;
    return words;
}

} // namespace

tl::expected<Arguments, ErrorRecord> bindArguments(const CmdletSpec& spec, const Account& account,
    const std::vector<RawArgument>& raw, const Value* fromPipeline)
{
    return Binder(spec, account).bind(raw, fromPipeline);
}

std::optional<Command> plainCommand(const std::string& script)
{
    const std::optional<std::vector<Word>> split = splitWords(script);
    if (!split || split->empty() || split->front().quoted
        || split->front().text.find('-') == std::string::npos)
        return std::nullopt;
    const std::vector<Word>& words = *split;
    Command command;
    command.name = words.front().text;
    for (size_t i = 1; i < words.size(); ++i) {
        const auto& [text, isText] = words[i];
        if (isText || !text.starts_with('-') || text.size() < 2) {
            command.arguments.push_back({std::nullopt, Value(text)});
            continue;
        }
        const bool hasValue
            = i + 1 < words.size() && (words[i + 1].quoted || !words[i + 1].text.starts_with('-'));
        command.arguments.push_back({text, hasValue ? Value(words[i + 1].text) : Value(Nil{})});
        i += hasValue ? 1 : 0;
    }
    return command;
}

} // namespace postern::lab
