#include "services/psrp/PowerShellText.h"

#include "services/psrp/clixml/Object.h"

namespace postern::psrp {

using namespace Qt::StringLiterals;
using clixml::Kind;
using clixml::Value;

namespace {

constexpr int deepest = 8; // lists in hashtables in lists; nobody types more

// PowerShell's tokenizer takes all of them as single quotes.
bool isSingleQuote(char32_t c)
{
    return c == U'\'' || (c >= 0x2018 && c <= 0x201B);
}

// Seen as what it is when it stands in a line: no control, direction mark, invisible or look-alike blank.
bool isVisible(char32_t c)
{
    switch (QChar::category(c)) {
    case QChar::Other_Control:
    case QChar::Other_Format:
    case QChar::Other_Surrogate:
    case QChar::Other_PrivateUse:
    case QChar::Other_NotAssigned:
    case QChar::Separator_Line:
    case QChar::Separator_Paragraph:
        return false;
    case QChar::Separator_Space:
        return c == U' ';
    default:
        return true;
    }
}

bool isAsciiLetter(QChar c)
{
    return (c >= u'a' && c <= u'z') || (c >= u'A' && c <= u'Z');
}

bool isPlainName(const QString& name)
{
    const auto isPlain = [](QChar c) { return isAsciiLetter(c) || (c >= u'0' && c <= u'9') || c == u'_'; };
    return !name.isEmpty() && isAsciiLetter(name.front()) && std::all_of(name.begin(), name.end(), isPlain);
}

bool isCmdletName(const QString& name)
{
    const qsizetype dash = name.indexOf(u'-');
    return dash > 0 && isPlainName(name.first(dash)) && isPlainName(name.mid(dash + 1));
}

tl::unexpected<Error> noText(const QString& what)
{
    return fail(ErrorCode::Unsupported, what, u"Show command"_s);
}

Expected<QString> valueText(const Value& value, int depth);

Expected<QString> listText(const std::vector<Value>& items, int depth)
{
    QStringList texts;
    for (const Value& item : items) {
        auto text = valueText(item, depth + 1);
        if (!text)
            return text;
        texts.append(std::move(*text));
    }
    return u"@(%1)"_s.arg(texts.join(u", "_s));
}

Expected<QString> hashtableText(const clixml::Object& object, int depth)
{
    QStringList entries;
    for (const auto& [key, value] : object.entries) {
        const QString name = key.toText();
        auto text = valueText(value, depth + 1);
        if (!text)
            return text;
        entries.append((isPlainName(name) ? name : quotedForPowerShell(name)) + u'=' + *text);
    }
    return u"@{%1}"_s.arg(entries.join(u"; "_s));
}

Expected<QString> objectText(const Value& value, int depth)
{
    const clixml::Object& object = *value.object();
    if (object.container == clixml::Container::List)
        return listText(object.items, depth);
    if (object.container == clixml::Container::Dictionary)
        return hashtableText(object, depth);
    if (value.isEnum())
        return quotedForPowerShell(value.enumText());
    return noText(u"a %1"_s.arg(object.typeNames.value(0, u"object"_s)));
}

// A negative number after a parameter could be taken for another one.
QString numberText(const Value& value)
{
    const QString text = value.toText();
    return text.startsWith(u'-') ? u"(%1)"_s.arg(text) : text;
}

Expected<QString> valueText(const Value& value, int depth)
{
    if (depth > deepest)
        return noText(u"lists nested too deeply"_s);
    switch (value.kind()) {
    case Kind::Nil:
        return u"$null"_s;
    case Kind::Boolean:
        return value.toBoolean().value_or(false) ? u"$true"_s : u"$false"_s;
    case Kind::Byte:
    case Kind::SByte:
    case Kind::UInt16:
    case Kind::Int16:
    case Kind::UInt32:
    case Kind::Int32:
    case Kind::UInt64:
    case Kind::Int64:
        return numberText(value);
    case Kind::String:
    case Kind::Char:
    case Kind::Guid:
    case Kind::Uri:
    case Kind::Version:
    case Kind::DateTime:
        return quotedForPowerShell(value.toText()); // Exchange converts text to what the parameter takes
    case Kind::Object:
        return objectText(value, depth);
    default:
        return noText(u"a value of kind %1"_s.arg(int(value.kind())));
    }
}

Expected<QString> argumentText(const PsArgument& argument)
{
    auto value = valueText(argument.value, 0);
    if (!value || argument.name.isEmpty())
        return value;
    if (!isPlainName(argument.name))
        return noText(u"a parameter named \"%1\""_s.arg(argument.name));
    // The colon binds a switch and a Boolean alike; with a blank a switch would not take the value.
    const QChar between = argument.value.kind() == Kind::Boolean ? u':' : u' ';
    return u'-' + argument.name + between + *value;
}

Expected<QString> stepText(const PsStep& step)
{
    if (step.isScript)
        return noText(u"a script"_s);
    QString text = isCmdletName(step.text) ? step.text : u"& "_s + quotedForPowerShell(step.text);
    for (const PsArgument& argument : step.arguments) {
        auto shown = argumentText(argument);
        if (!shown)
            return shown;
        text += u' ' + *shown;
    }
    return text;
}

} // namespace

QString quotedForPowerShell(const QString& text)
{
    QStringList parts; // 'quoted' and [char]0x… in turn
    bool inQuotes = false;
    const auto quote = [&] {
        if (!inQuotes)
            parts.append(u"'"_s);
        inQuotes = true;
    };
    const auto unquote = [&] {
        if (inQuotes)
            parts.last() += u'\'';
        inQuotes = false;
    };
    quote(); // first, so that "+" joins texts and never adds numbers
    for (qsizetype i = 0; i < text.size(); ++i) {
        const bool isPair
            = text.at(i).isHighSurrogate() && i + 1 < text.size() && text.at(i + 1).isLowSurrogate();
        const char32_t c = isPair ? QChar::surrogateToUcs4(text.at(i), text.at(i + 1)) : text.at(i).unicode();
        for (qsizetype unit = 0; unit <= (isPair ? 1 : 0); ++unit) {
            if (isVisible(c)) {
                quote();
                parts.last() += text.at(i + unit);
            } else {
                unquote();
                parts.append(u"[char]0x%1"_s.arg(uint(text.at(i + unit).unicode()), 4, 16, QChar(u'0')));
            }
        }
        if (isSingleQuote(c))
            parts.last() += text.at(i);
        i += isPair ? 1 : 0;
    }
    unquote();
    return parts.size() == 1 ? parts.constFirst() : u"(%1)"_s.arg(parts.join(u" + "_s));
}

Expected<QString> powerShellText(const PsCommand& command)
{
    QStringList statements;
    for (const auto& steps : command.statements()) {
        QStringList texts;
        for (const PsStep& step : steps) {
            auto text = stepText(step);
            if (!text)
                return text;
            texts.append(std::move(*text));
        }
        statements.append(texts.join(u" | "_s));
    }
    return statements.join(u"; "_s);
}

} // namespace postern::psrp
