#include "services/psrp/PoolCore.h"

#include "services/core/Logging.h"
#include "services/psrp/HostInfo.h"
#include "services/psrp/PipelineCore.h"
#include "services/psrp/clixml/Base64.h"
#include "services/psrp/clixml/Object.h"
#include "services/psrp/clixml/Reader.h"
#include "services/psrp/clixml/Writer.h"

namespace postern::psrp {

using namespace Qt::StringLiterals;
using clixml::Value;

PoolCore::PoolCore(std::unique_ptr<wsman::Client> theClient, RunspacePoolOptions theOptions)
    : client(std::move(theClient))
    , shell(*client)
    , options(std::move(theOptions))
    , id(options.newId())
{
}

QString PoolCore::origin(const QString& what) const
{
    return what + u" on "_s + client->endpoint().displayName();
}

QByteArray PoolCore::message(MessageType type, const QUuid& pipelineId, const QByteArray& data) const
{
    Message message;
    message.destination = Destination::Server;
    message.type = type;
    message.runspacePoolId = id;
    message.pipelineId = pipelineId;
    message.data = data;
    return encodeMessage(message);
}

QByteArray PoolCore::message(MessageType type, const QUuid& pipelineId, const Value& value) const
{
    return message(type, pipelineId, clixml::Writer().write(value));
}

QList<QByteArray> PoolCore::payloads(const QByteArray& message)
{
    // One fragment as long as a request allows: a command then needs one round trip (b.3).
    return m_fragmenter.split(message, wsman::payloadCapacity(client->endpoint().maxEnvelopeSize));
}

void PoolCore::note(const Error& error)
{
    if (error.code == ErrorCode::SessionLost && state == PoolState::Opened)
        state = PoolState::Broken;
}

void PoolCore::enlist(std::weak_ptr<PipelineCore> pipeline)
{
    std::erase_if(m_pipelines, [](const auto& entry) { return entry.expired(); });
    m_pipelines.push_back(std::move(pipeline));
}

QCoro::Task<Expected<void>> PoolCore::open(std::stop_token token)
{
    if (state != PoolState::BeforeOpen)
        co_return fail(ErrorCode::Internal, u"the pool was opened before"_s);
    if (token.stop_requested())
        co_return fail(ErrorCode::Cancelled, {}, origin(u"Create"_s));
    state = PoolState::Opening;
    Expected<void> opened = co_await handshake(token);
    if (!opened && state == PoolState::Opening)
        state = PoolState::Broken;
    co_return opened;
}

QCoro::Task<Expected<void>> PoolCore::handshake(std::stop_token token)
{
    const QByteArray capability = message(MessageType::SessionCapability, {}, sessionCapability());
    const QByteArray init = message(
        MessageType::InitRunspacePool, {}, initRunspacePool(options.minRunspaces, options.maxRunspaces));
    // One statement each: the object ids must count up in this order.
    QByteArray opening = payloads(capability).join();
    opening += payloads(init).join();
    wsman::ShellPlan plan;
    plan.proposedId = wsman::upperGuid(id);
    plan.inputStreams = "stdin pr";
    plan.outputStreams = "stdout";
    plan.creationElement = "<creationXml xmlns=\"http://schemas.microsoft.com/powershell\">"
        + clixml::Base64::encode(opening) + "</creationXml>";
    plan.options.push_back(wsman::Option{"protocolversion", "2.3", true});
    Expected<void> created = co_await shell.create(std::move(plan), token);
    if (!created)
        co_return created;
    while (state == PoolState::Opening) {
        Expected<void> received = co_await receive(token);
        if (!received)
            co_return received;
    }
    co_return Expected<void>();
}

QCoro::Task<Expected<void>> PoolCore::receive(std::stop_token token)
{
    Expected<wsman::Shell::Received> received = co_await shell.receive(QByteArray(), token);
    if (!received) {
        note(received.error());
        co_return fail(received.error());
    }
    QByteArray bytes;
    for (const wsman::StreamText& stream : received->answer.streams) {
        if (const auto ok = clixml::Base64::decodeInto(stream.base64, bytes); !ok)
            co_return fail(ok.error());
    }
    ledger->note(bytes);
    Expected<void> taken;
    const auto fed = m_stream.feed(bytes, [&](QByteArrayView one) {
        if (taken)
            taken = take(one);
    });
    co_return fed ? taken : fed;
}

Expected<void> PoolCore::take(QByteArrayView bytes)
{
    const auto message = decodeMessage(bytes);
    if (!message)
        return fail(message.error());
    if (!message->pipelineId.isNull() || (message->runspacePoolId != id && !message->runspacePoolId.isNull()))
        return fail(ErrorCode::Malformed, u"%1 belongs to another session"_s.arg(enumText(message->type)));
    const auto value = clixml::Reader().read(message->data);
    if (!value)
        return fail(value.error());
    switch (message->type) {
    case MessageType::SessionCapability:
        return takeCapability(*value);
    case MessageType::ApplicationPrivateData:
        privateData = value->property(u"ApplicationPrivateData");
        return {};
    case MessageType::RunspacePoolState:
        return takeState(*value);
    case MessageType::RunspaceAvailability:
        m_answers.emplace_back(
            value->property(u"ci").toInt64().value_or(0), value->property(u"SetMinMaxRunspacesResponse"));
        return {};
    case MessageType::RunspacePoolHostCall:
        refuseHostCall(*value);
        return {};
    case MessageType::PublicKeyRequest:
        return fail(ErrorCode::Unsupported, u"the server wants to exchange keys for secure strings"_s);
    default:
        qCInfo(core::logPsrp) << "ignored a pool message of type" << Qt::hex << quint32(message->type);
        return {};
    }
}

Expected<void> PoolCore::takeCapability(const Value& value)
{
    const QString version = value.property(u"protocolversion").toText();
    const QString minor = version.section(u'.', 1, 1);
    bool isNumber = false;
    const int number = minor.toInt(&isNumber);
    if (version.section(u'.', 0, 0) != "2"_L1 || !isNumber)
        return fail(ErrorCode::Unsupported,
            u"the server speaks version \"%1\" of the protocol, we 2.1 to 2.3"_s.arg(version.left(40)));
    m_sawCapability = true;
    protocolMinor = std::clamp(number, 1, 3); // never more than we know, never what the server lacks
    return {};
}

Expected<void> PoolCore::takeState(const Value& value)
{
    const qint64 number = value.property(u"RunspaceState").toInt64().value_or(-1);
    if (number == int(PoolState::Opened)) {
        if (!m_sawCapability)
            return fail(ErrorCode::Malformed, u"the pool opened without SESSION_CAPABILITY"_s);
        state = PoolState::Opened;
        return {};
    }
    if (number != int(PoolState::Broken) && number != int(PoolState::Closed))
        return {};
    state = PoolState(number);
    const Value& record = value.property(u"ExceptionAsErrorRecord");
    if (record.isNil())
        return fail(ErrorCode::SessionLost, u"the server ended the session"_s);
    Error error = toError(readErrorRecord(record), {});
    if (error.code == ErrorCode::CmdletFailed)
        error.code = ErrorCode::SessionLost;
    return fail(std::move(error));
}

void PoolCore::refuseHostCall(const Value& value)
{
    const qint64 callId = value.property(u"ci").toInt64().value_or(-100);
    if (callId == -100)
        return;
    const QByteArray refusal
        = message(MessageType::RunspacePoolHostResponse, {}, hostCallRefusal(callId, value.property(u"mi")));
    for (const QByteArray& payload : payloads(refusal))
        scope.start(sendRefusal(payload), u"refusal of a host call"_s);
}

QCoro::Task<Expected<void>> PoolCore::sendRefusal(QByteArray payload)
{
    Expected<void> sent = co_await shell.send(QByteArray(), "pr", std::move(payload), scope.token());
    co_return sent;
}

QCoro::Task<Expected<Value>> PoolCore::ask(
    MessageType type, std::vector<std::pair<QString, Value>> properties, std::stop_token token)
{
    if (!isUsable())
        co_return fail(ErrorCode::SessionLost, u"the session is not open"_s, origin(u"pool"_s));
    const bool admitted = co_await m_conversation.acquire(token);
    if (!admitted)
        co_return fail(ErrorCode::Cancelled, {}, origin(u"pool"_s));
    Expected<Value> answer = co_await converse(type, std::move(properties), token);
    m_conversation.release();
    co_return answer;
}

QCoro::Task<Expected<Value>> PoolCore::converse(
    MessageType type, std::vector<std::pair<QString, Value>> properties, std::stop_token token)
{
    const qint64 callId = ++m_lastCallId;
    clixml::Object object;
    for (auto& property : properties)
        object.addExtended(std::move(property.first), std::move(property.second));
    object.addExtended(u"CI"_s, Value::fromInt64(callId)); // CI in, ci out (b.8)
    const QByteArray question = message(type, {}, Value::fromObject(std::move(object)));
    for (const QByteArray& payload : payloads(question)) {
        const Expected<void> sent = co_await shell.send(QByteArray(), "stdin", payload, token);
        if (!sent) {
            note(sent.error());
            co_return fail(sent.error());
        }
    }
    for (;;) {
        for (const auto& entry : m_answers) {
            if (entry.first == callId) {
                Value answer = entry.second;
                m_answers.clear();
                co_return answer;
            }
        }
        const Expected<void> received = co_await receive(token);
        if (!received)
            co_return fail(received.error());
    }
}

QCoro::Task<void> PoolCore::close()
{
    if (state == PoolState::Closed && !shell.isOpen())
        co_return;
    state = PoolState::Closing;
    const auto pipelines = std::exchange(m_pipelines, {});
    for (const auto& entry : pipelines) {
        if (const auto pipeline = entry.lock())
            pipeline->abandon();
    }
    co_await scope.stop(); // signals under way arrive before Delete
    const Expected<void> removed = co_await shell.remove();
    if (!removed)
        qCWarning(core::logPsrp).noquote()
            << "the session may stay on the server:" << removed.error().toLogText();
    state = PoolState::Closed;
}

} // namespace postern::psrp
