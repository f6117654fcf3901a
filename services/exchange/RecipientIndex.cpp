#include "services/exchange/RecipientIndex.h"

#include <QtEndian>
#include <algorithm>

namespace postern::exchange {

namespace {

QString takeText(const char*& at)
{
    const auto length = qFromLittleEndian<quint16>(at);
    const QString text = QString::fromUtf8(at + 2, length);
    at += 2 + length;
    return text;
}

void fill(QString& target, const QString& value)
{
    if (target.isEmpty())
        target = value;
}

} // namespace

void RecipientIndex::append(const QString& text)
{
    const QByteArray utf8 = text.left(1024).toUtf8();
    quint16 length = qToLittleEndian(quint16(utf8.size()));
    m_arena.append(reinterpret_cast<const char*>(&length), 2);
    m_arena.append(utf8);
}

void RecipientIndex::add(const Mailbox& recipient)
{
    if (m_arena.size() > INT32_MAX - 8192)
        return; // a hostile answer: what is missing stays empty
    m_entries.push_back({recipient.guid, quint32(m_arena.size())});
    append(recipient.upn);
    append(recipient.samAccountName);
    append(recipient.organizationalUnit);
    append(recipient.department);
}

void RecipientIndex::sort()
{
    std::sort(
        m_entries.begin(), m_entries.end(), [](const Entry& a, const Entry& b) { return a.guid < b.guid; });
}

bool RecipientIndex::complete(Mailbox& mailbox) const
{
    const auto at = std::lower_bound(m_entries.begin(), m_entries.end(), mailbox.guid,
        [](const Entry& entry, const QUuid& guid) { return entry.guid < guid; });
    if (at == m_entries.end() || at->guid != mailbox.guid)
        return false;
    const char* text = m_arena.constData() + at->offset;
    fill(mailbox.upn, takeText(text));
    fill(mailbox.samAccountName, takeText(text));
    const QString unit = takeText(text);
    fill(mailbox.organizationalUnit, unit);
    fill(mailbox.department, takeText(text));
    return true;
}

} // namespace postern::exchange
