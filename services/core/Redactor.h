// What must never reach a log, a row or a person (LOG-06): known secrets in every spelling, Authorization
// values, password fields, and, by option, user names. Applied where text is written (the trace log) and
// where foreign words come in (wsman::Client), so that no caller between can forget it. Thread-safe. Never
// fails.
#pragma once

#include <QReadWriteLock>
#include <QString>
#include <QStringList>

namespace postern::core {

class Redactor
{
public:
    explicit Redactor(bool hashUserNames = false);

    // Hides this text from now on: as it is, percent-encoded, and base64 at each of the three alignments, so
    // that "user:password" of Basic is covered as well. Fewer than 4 characters cannot be told from ordinary
    // text.
    void addSecret(const QString& secret);

    [[nodiscard]] QString redact(QString text) const;

    // The same name gives the same word, so that lines can still be followed: "user#1f3a5c7e".
    [[nodiscard]] static QString hashedUserName(const QString& upn);

private:
    mutable QReadWriteLock m_lock;
    QStringList m_spellings; // longest first
    const bool m_hashUserNames;
};

} // namespace postern::core
