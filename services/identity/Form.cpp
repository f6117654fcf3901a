#include "services/identity/Form.h"

#include <QUrl>

namespace postern::identity {

// Percent-encoding of everything but unreserved characters; a blank as %20 is understood everywhere.
void Form::add(QByteArrayView name, const QString& value)
{
    if (!m_encoded.isEmpty())
        m_encoded += '&';
    m_encoded += name.toByteArray();
    m_encoded += '=';
    m_encoded += QUrl::toPercentEncoding(value);
}

void Form::addSecret(QByteArrayView name, const QString& value)
{
    add(name, value);
    m_secrets.append(value);
}

} // namespace postern::identity
