// The fields of a POST to the token end point, form-encoded, and which of them are secrets. Value; any
// thread.
#pragma once

#include <QByteArray>
#include <QString>
#include <QStringList>

namespace postern::identity {

class Form
{
public:
    void add(QByteArrayView name, const QString& value);
    // As add; the value is hidden wherever the server repeats it in an error.
    void addSecret(QByteArrayView name, const QString& value);

    [[nodiscard]] const QByteArray& encoded() const { return m_encoded; }
    [[nodiscard]] const QStringList& secrets() const { return m_secrets; }

private:
    QByteArray m_encoded;
    QStringList m_secrets;
};

} // namespace postern::identity
