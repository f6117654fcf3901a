// CON-16: the grammar of distinguished names, apart from the other rules because it is a small parser.
#include <QCoreApplication>
#include <QRegularExpression>

#include "ui/connectors/ConnectorRules.h"

namespace postern::connectors {

using namespace Qt::StringLiterals;

namespace {

struct Texts
{
    Q_DECLARE_TR_FUNCTIONS(ContainerRules)
};

constexpr int longestName = 4096;

// Cuts at commas that no backslash protects.
QStringList partsOf(const QString& name)
{
    QStringList parts;
    QString part;
    for (int i = 0; i < name.size(); ++i) {
        if (name[i] == u'\\' && i + 1 < name.size()) {
            part += name.mid(i, 2);
            ++i;
        } else if (name[i] == u',') {
            parts.append(std::exchange(part, QString()).trimmed());
        } else {
            part += name[i];
        }
    }
    parts.append(part.trimmed());
    return parts;
}

bool isValue(const QString& value)
{
    static const QRegularExpression form(
        u"^(?:[^\\\\\"+,;<>\\x{0}-\\x{1f}]|\\\\(?:[0-9A-Fa-f]{2}|[ \"#+,;<=>\\\\]))+$"_s);
    return !value.startsWith(u'#') && form.match(value).hasMatch();
}

QString partComplaint(const QString& part)
{
    static const QRegularExpression type(u"^(?:[A-Za-z][A-Za-z0-9-]*|[0-9]+(?:\\.[0-9]+)+)$"_s);
    if (part.isEmpty())
        return Texts::tr("There is nothing between two commas, or after the last one.");
    const auto equals = part.indexOf(u'=');
    if (equals < 0)
        return Texts::tr("\"%1\" has no \"=\": each part is like OU=Sales.").arg(part);
    if (!type.match(part.left(equals).trimmed()).hasMatch())
        return Texts::tr("\"%1\" does not begin with an attribute such as OU, CN or DC.").arg(part);
    const QString value = part.mid(equals + 1).trimmed();
    if (value.isEmpty())
        return Texts::tr("\"%1\" has no value.").arg(part);
    if (!isValue(value))
        return Texts::tr("\"%1\": write a backslash before each of , + \" \\ < > ; in a name.").arg(part);
    return {};
}

} // namespace

QString containerComplaint(const QString& name)
{
    if (name.isEmpty())
        return Texts::tr("Enter the container's distinguished name.");
    if (name.size() > longestName)
        return Texts::tr("The name is too long.");
    if (!name.contains(u'='))
        return Texts::tr("Enter a distinguished name, such as OU=Sales,DC=contoso,DC=com.");
    const QStringList parts = partsOf(name);
    for (const QString& part : parts) {
        if (const QString wrong = partComplaint(part); !wrong.isEmpty())
            return wrong;
    }
    if (!parts.last().startsWith("DC="_L1, Qt::CaseInsensitive))
        return Texts::tr("The name must end with its domain, such as DC=contoso,DC=com.");
    return {};
}

} // namespace postern::connectors
