// Who is who (SYN-09): one number for each person, found from what Exchange, Intune and the directory each
// know of him. A mailbox' address may differ from its user's sign-in name, so the object id comes first, then
// the security identifier, then any address, then the sign-in name. An address that two people claim proves
// nothing: the answer is Ambiguous and nobody is linked by it. Pure, any thread; const once filled.
#pragma once

#include <QHash>
#include <QString>
#include <QStringList>
#include <vector>

namespace postern::matching {

struct PersonId
{
    int value = -1;
    [[nodiscard]] bool isValid() const { return value >= 0; }
    friend auto operator<=>(const PersonId&, const PersonId&) = default;
};

// What one source says of a person; empty where it does not know.
struct Identity
{
    QString objectId; // of the directory
    QString securityId; // "S-1-5-21-..."
    QStringList
        addresses; // all of them, with or without Exchange's "SMTP:" before it; other kinds are ignored
    QString signInName; // userPrincipalName
};

class People
{
public:
    enum class Evidence { None, ObjectId, SecurityId, Address, SignInName, Ambiguous };
    struct Found
    {
        PersonId person; // invalid for None and Ambiguous
        Evidence evidence = Evidence::None;
        bool operator==(const Found&) const = default;
    };

    void reserve(qsizetype people);
    // Somebody known to be a person of his own: a user of the directory.
    PersonId add(const Identity& identity);
    [[nodiscard]] Found find(const Identity& identity) const;
    // A mailbox whose user is not in the directory that we read is a person, too; not so when Ambiguous.
    Found findOrAdd(const Identity& identity);
    [[nodiscard]] int size() const { return m_size; }

private:
    using Keys = QHash<QString, PersonId>; // an invalid person: several claim it
    static void claim(Keys& keys, const QString& key, PersonId person);
    [[nodiscard]] Found findByAddress(const QStringList& addresses) const;

    Keys m_objectIds, m_securityIds, m_addresses, m_signInNames;
    int m_size = 0;
};

// "SMTP:Anna@Contoso.lab" -> "anna@contoso.lab"; empty for "X400:..." and other kinds.
[[nodiscard]] QString addressKey(const QString& address);

} // namespace postern::matching
