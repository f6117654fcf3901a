// The body of a request that is sent once. QNetworkAccessManager repeats a POST by itself when the connection
// ends before an answer came: a command would run twice, a Receive's lost answer would go unnoticed, a code
// or a refresh token would be shown twice, which strict servers punish by revoking the sign-in. This device
// refuses to be read from the start again (the request then fails as ConnectionLost), or allows it for NTLM,
// whose handshake needs it, and counts. Belongs to its reply.
#pragma once

#include <QIODevice>
#include <cstring>
#include <memory>

namespace postern::core {

// Not a QBuffer: QNetworkAccessManager reads around those.
class OneWayBody : public QIODevice
{
    Q_OBJECT
public:
    explicit OneWayBody(
        QByteArray bytes, bool repeatable = false, std::shared_ptr<int> repeats = std::make_shared<int>(0))
        : m_bytes(std::move(bytes))
        , m_repeatable(repeatable)
        , m_repeats(std::move(repeats))
    {
        open(QIODevice::ReadOnly | QIODevice::Unbuffered);
    }

    [[nodiscard]] qint64 size() const override { return m_bytes.size(); }
    bool seek(qint64 position) override
    {
        if (position < m_at) {
            ++*m_repeats;
            if (!m_repeatable)
                return false;
        }
        m_at = position;
        return QIODevice::seek(position);
    }

protected:
    qint64 readData(char* data, qint64 maxSize) override
    {
        const qint64 count = std::min<qint64>(maxSize, m_bytes.size() - m_at);
        if (count <= 0)
            return -1;
        std::memcpy(data, m_bytes.constData() + m_at, size_t(count));
        m_at += count;
        return count;
    }
    qint64 writeData(const char*, qint64) override { return -1; }

private:
    QByteArray m_bytes;
    qint64 m_at = 0;
    bool m_repeatable;
    std::shared_ptr<int> m_repeats;
};

} // namespace postern::core
