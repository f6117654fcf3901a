#include "services/core/Redactor.h"

#include <QCryptographicHash>
#include <QRegularExpression>
#include <QUrl>

namespace postern::core {

using namespace Qt::StringLiterals;

namespace {

const QString hidden = QStringLiteral("********");
constexpr qsizetype shortestSecret = 4;

// The base64 characters that any surrounding bytes leave unchanged, for a text that starts `lead` bytes into
// a group of three.
QString base64Core(const QByteArray& secret, int lead)
{
    const QByteArray padded = QByteArray(lead, '\0') + secret;
    const QByteArray whole = padded.toBase64(QByteArray::OmitTrailingEquals);
    // A character holds six bits: the first that holds only bits of the secret, and the last one before a
    // mixed one.
    const qsizetype first = (lead * 8 + 5) / 6;
    const qsizetype end = padded.size() * 8 / 6;
    return QString::fromLatin1(whole.mid(first, end - first));
}

void addSpelling(QStringList& spellings, const QString& spelling)
{
    if (spelling.size() >= shortestSecret && !spellings.contains(spelling))
        spellings.append(spelling);
}

// "Authorization: Basic dXNlcg==", "Proxy-Authorization=Bearer ey…", and the scheme alone before a long
// token.
const QRegularExpression& authorization()
{
    static const QRegularExpression expression(
        u"((?:authorization|www-authenticate)\"?\\s*[:=]\\s*\"?(?:[a-z]+\\s+)?|\\b(?:basic|bearer|negotiate|ntlm)\\s+(?=\\S{12,})(?=\\S*[0-9=]))[^\\s\"<>,]+"_s,
        QRegularExpression::CaseInsensitiveOption);
    return expression;
}

const QRegularExpression& passwordField()
{
    static const QRegularExpression expression(
        u"(\\b(?:password|passwd|pwd|client_secret|access_token|refresh_token)\"?\\s*[:=]\\s*\"?)[^\\s\"<>&;,]+"_s,
        QRegularExpression::CaseInsensitiveOption);
    return expression;
}

const QRegularExpression& userName()
{
    static const QRegularExpression expression(
        u"[\\w.!#$%&'*+/=?^`{|}~-]{1,64}@[\\w-]{1,63}(?:\\.[\\w-]{1,63}){0,8}"_s,
        QRegularExpression::UseUnicodePropertiesOption);
    return expression;
}

QString hashNames(const QString& text)
{
    QString result;
    qsizetype done = 0;
    auto matches = userName().globalMatch(text);
    while (matches.hasNext()) {
        const auto match = matches.next();
        result.append(QStringView(text).mid(done, match.capturedStart() - done));
        result += Redactor::hashedUserName(match.captured());
        done = match.capturedEnd();
    }
    return result.append(QStringView(text).mid(done));
}

} // namespace

Redactor::Redactor(bool hashUserNames)
    : m_hashUserNames(hashUserNames)
{
}

void Redactor::addSecret(const QString& secret)
{
    if (secret.size() < shortestSecret)
        return;
    const QWriteLocker locker(&m_lock);
    addSpelling(m_spellings, secret);
    const QByteArray utf8 = secret.toUtf8();
    addSpelling(m_spellings, QString::fromLatin1(QUrl::toPercentEncoding(secret)));
    addSpelling(m_spellings, secret.toHtmlEscaped());
    addSpelling(m_spellings, QString::fromLatin1(utf8.toHex()));
    for (int lead = 0; lead < 3; ++lead)
        addSpelling(m_spellings, base64Core(utf8, lead));
    std::sort(m_spellings.begin(), m_spellings.end(),
        [](const QString& a, const QString& b) { return a.size() > b.size(); });
}

QString Redactor::redact(QString text) const
{
    {
        const QReadLocker locker(&m_lock);
        for (const QString& spelling : m_spellings)
            text.replace(spelling, hidden);
    }
    text.replace(authorization(), u"\\1"_s + hidden);
    text.replace(passwordField(), u"\\1"_s + hidden);
    if (m_hashUserNames && text.contains(u'@'))
        text = hashNames(text);
    return text;
}

QString Redactor::hashedUserName(const QString& upn)
{
    const QByteArray digest = QCryptographicHash::hash(upn.toLower().toUtf8(), QCryptographicHash::Sha256);
    return u"user#"_s + QString::fromLatin1(digest.first(4).toHex());
}

} // namespace postern::core
