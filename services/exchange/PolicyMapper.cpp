#include "services/exchange/PolicyMapper.h"

#include "services/exchange/PolicyFields.h"
#include "services/exchange/QuantityText.h"
#include "services/exchange/RowMapping.h"

namespace postern::exchange {

using namespace Qt::StringLiterals;

namespace {

Names both(PolicyName name)
{
    return name.legacy.isEmpty() ? namesOf({name.modern}) : namesOf({name.modern, name.legacy});
}

// Reads one group; isWhole() says whether every value of it was understood.
class PolicyReader
{
public:
    PolicyReader(const clixml::PropertyBag& bag, std::vector<ObjectProblem>& problems)
        : m_bag(bag)
    {
        m_row.begin(bag, problems);
        m_row.name(m_row.text(namesOf({u"Identity", u"Name"})));
    }
    [[nodiscard]] bool isWhole() const { return m_isWhole; }

    void flag(PolicyName name, bool& value)
    {
        const auto read = truth(name);
        value = read.value_or(value);
    }
    void opposite(PolicyName name, bool& value)
    {
        const auto read = truth(name);
        value = read ? !*read : value;
    }
    void complexity(PolicyName name, PasswordComplexity& value)
    {
        if (const auto read = truth(name))
            value = *read ? PasswordComplexity::Strong : PasswordComplexity::Pin;
    }
    void number(PolicyName name, int& value)
    {
        if (const auto text = present(name))
            keep(name, *text, whole(*text), value);
    }
    void numberOrNone(PolicyName name, std::optional<int>& value)
    {
        const QString text = m_row.text(both(name));
        value.reset();
        if (!text.isEmpty() && text != "0"_L1)
            keep(name, text, whole(text), value);
        else if (!isThere(name))
            defect(name, u"is missing"_s);
    }
    void limit(PolicyName name, std::optional<int>& value)
    {
        if (const auto text = present(name))
            keepLimit(name, *text, whole(*text), 1, value);
    }
    void bytes(PolicyName name, std::optional<int>& value)
    {
        if (const auto text = present(name))
            keepLimit(name, *text, bytesFromText(*text), 1024, value);
    }
    void span(PolicyName name, std::optional<int>& value, std::chrono::seconds unit)
    {
        if (const auto text = present(name))
            keepLimit(name, *text, secondsFromText(*text), unit.count(), value);
    }
    template <class E> void choice(PolicyName name, E& value)
    {
        const auto text = present(name);
        const auto known = text ? enumFromText<E>(*text) : std::nullopt;
        if (text && !known)
            defect(name, u"is not understood: %1"_s.arg(text->left(100)));
        value = known.value_or(value);
    }
    void list(PolicyName name, QStringList& value)
    {
        value = m_row.list(both(name));
        if (!isThere(name))
            defect(name, u"is missing"_s);
    }

private:
    static std::optional<qint64> whole(const QString& text)
    {
        bool ok = false;
        const int value = text.trimmed().toInt(&ok);
        return ok && value >= 0 ? std::optional<qint64>(value) : std::nullopt;
    }
    bool isThere(PolicyName name) const
    {
        return m_bag.has(clixml::PropertyName(name.modern))
            || (!name.legacy.isEmpty() && m_bag.has(clixml::PropertyName(name.legacy)));
    }
    std::optional<QString> present(PolicyName name)
    {
        QString text = m_row.text(both(name));
        if (!text.isEmpty())
            return text;
        defect(name, u"is missing"_s);
        return std::nullopt;
    }
    std::optional<bool> truth(PolicyName name)
    {
        const auto text = present(name);
        if (!text)
            return std::nullopt;
        if (text->compare("true"_L1, Qt::CaseInsensitive) == 0)
            return true;
        if (text->compare("false"_L1, Qt::CaseInsensitive) == 0)
            return false;
        defect(name, u"is no truth value: %1"_s.arg(text->left(100)));
        return std::nullopt;
    }
    template <class Into>
    void keep(PolicyName name, const QString& text, std::optional<qint64> read, Into& value)
    {
        if (read && *read <= INT32_MAX)
            value = int(*read);
        else
            defect(name, u"is not understood: %1"_s.arg(text.left(100)));
    }
    void keepLimit(PolicyName name, const QString& text, std::optional<qint64> read, qint64 unit,
        std::optional<int>& value)
    {
        value.reset();
        if (isUnlimited(text))
            return;
        if (read && *read % unit != 0)
            defect(name, u"is between the values that can be configured: %1"_s.arg(text.left(100)));
        else
            keep(name, text, read ? std::optional(*read / unit) : std::nullopt, value);
    }
    void defect(PolicyName name, const QString& what)
    {
        m_isWhole = false;
        m_row.problem(u"%1 %2"_s.arg(name.modern, what));
    }

    const clixml::PropertyBag& m_bag;
    RowMapping m_row;
    bool m_isWhole = true;
};

template <class Group>
void read(const clixml::PropertyBag& bag, std::vector<ObjectProblem>& problems, std::optional<Group>& into)
{
    PolicyReader reader(bag, problems);
    Group group;
    visit(reader, group);
    if (reader.isWhole())
        into = std::move(group);
}

} // namespace

MailboxPolicySettings mapPolicySettings(const clixml::PropertyBag& bag, std::vector<ObjectProblem>& problems)
{
    MailboxPolicySettings settings;
    read(bag, problems, settings.general);
    read(bag, problems, settings.password);
    read(bag, problems, settings.email);
    read(bag, problems, settings.security);
    read(bag, problems, settings.application);
    return settings;
}

} // namespace postern::exchange
