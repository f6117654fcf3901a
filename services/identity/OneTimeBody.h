// The body of a POST that is sent once. QNetworkAccessManager repeats a POST by itself when the connection
// ends before an answer came; a code or a refresh token would then be shown twice, which strict servers
// punish by revoking the sign-in. This device cannot be read from the start again: the request fails as
// ConnectionLost. Belongs to its reply.
#pragma once

#include <QIODevice>
#include <cstring>

namespace postern::identity {

// Not a QBuffer: QNetworkAccessManager reads around those.
class OneTimeBody : public QIODevice
{
    Q_OBJECT
public:
    explicit OneTimeBody(QByteArray bytes)
        : m_bytes(std::move(bytes))
    {
        open(QIODevice::ReadOnly | QIODevice::Unbuffered);
    }

    [[nodiscard]] qint64 size() const override { return m_bytes.size(); }
    bool seek(qint64 position) override { return position >= m_at && skipTo(position); }

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
    bool skipTo(qint64 position)
    {
        m_at = position;
        return QIODevice::seek(position);
    }
    QByteArray m_bytes;
    qint64 m_at = 0;
};

} // namespace postern::identity
