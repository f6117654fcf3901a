#include "services/exchange/RowMapping.h"

#include "services/exchange/ExchangeText.h"

namespace postern::exchange {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype poolLimit = 4096; // texts; a hostile server may send a new one each time
constexpr qsizetype poolTextBytes = 128;
constexpr qsizetype problemTextLength = 200;

} // namespace

Names namesOf(std::initializer_list<QStringView> names)
{
    Names made;
    made.reserve(names.size());
    for (const QStringView name : names)
        made.emplace_back(name);
    return made;
}

void RowMapping::begin(const clixml::PropertyBag& bag, std::vector<ObjectProblem>& problems)
{
    m_bag = &bag;
    m_problems = &problems;
    m_object.clear();
}

const clixml::PropertyName* RowMapping::set(const Names& names) const
{
    for (const clixml::PropertyName& name : names) {
        if (!m_bag->isNil(name))
            return &name;
    }
    return nullptr;
}

QString RowMapping::text(const Names& names) const
{
    const auto* name = set(names);
    return name ? m_bag->text(*name) : QString();
}

QString RowMapping::shared(const Names& names)
{
    const auto* name = set(names);
    if (!name)
        return {};
    const QByteArrayView utf8 = m_bag->utf8(*name);
    if (utf8.isEmpty() || utf8.size() > poolTextBytes)
        return m_bag->text(*name);
    const auto known = m_pool.constFind(QByteArray::fromRawData(utf8.data(), utf8.size()));
    if (known != m_pool.constEnd())
        return *known;
    if (m_pool.size() >= poolLimit)
        m_pool.clear();
    return *m_pool.insert(utf8.toByteArray(), m_bag->text(*name));
}

QStringList RowMapping::list(const Names& names) const
{
    const auto* name = set(names);
    return name ? m_bag->stringList(*name) : QStringList();
}

QUuid RowMapping::guid(const Names& names) const
{
    const auto* name = set(names);
    if (!name)
        return {};
    const auto typed = m_bag->guid(*name);
    return typed ? *typed : QUuid::fromString(m_bag->text(*name).trimmed());
}

bool RowMapping::flag(const Names& names, bool fallback)
{
    const auto* name = set(names);
    if (!name)
        return fallback;
    if (const auto typed = m_bag->boolean(*name))
        return *typed;
    // .NET writes a Boolean the same in every culture, but with a capital when it has become text.
    const QString text = m_bag->text(*name);
    if (text.compare("true"_L1, Qt::CaseInsensitive) == 0)
        return true;
    if (text.compare("false"_L1, Qt::CaseInsensitive) != 0)
        problem(
            u"%1 is no truth value: %2"_s.arg(QString::fromUtf8(name->utf8()), text.left(problemTextLength)));
    return text.compare("false"_L1, Qt::CaseInsensitive) == 0 ? false : fallback;
}

int RowMapping::count(const Names& names)
{
    const auto* name = set(names);
    if (!name)
        return 0;
    const auto value = m_bag->integer(*name);
    if (value && *value >= 0 && *value <= INT32_MAX)
        return int(*value);
    const QString text = m_bag->text(*name);
    problem(u"%1 is no number: %2"_s.arg(QString::fromUtf8(name->utf8()), text.left(problemTextLength)));
    return 0;
}

std::optional<QDateTime> RowMapping::time(const Names& names)
{
    const auto* name = set(names);
    if (!name)
        return std::nullopt;
    std::optional<QDateTime> value;
    if (const auto milliseconds = m_bag->utcMilliseconds(*name)) {
        value = QDateTime::fromMSecsSinceEpoch(*milliseconds, Qt::UTC);
    } else {
        const QString text = m_bag->text(*name);
        if (text.trimmed().isEmpty())
            return std::nullopt;
        value = dateFromText(text);
        if (!value)
            problem(u"%1 is no unambiguous date: %2"_s.arg(
                QString::fromUtf8(name->utf8()), text.left(problemTextLength)));
    }
    return value && isNever(*value) ? std::nullopt : value;
}

void RowMapping::problem(const QString& reason)
{
    m_problems->push_back({m_object.left(problemTextLength), reason});
}

} // namespace postern::exchange
