#include "services/psrp/PipelineDecoder.h"

#include "services/core/Logging.h"
#include "services/psrp/clixml/Base64.h"
#include "services/psrp/clixml/Reader.h"

namespace postern::psrp {

using namespace Qt::StringLiterals;

namespace {

constexpr qint64 kVoidCall = -100; // a host call that wants no answer (b.8)

tl::unexpected<Error> inMessage(MessageType type, Error error)
{
    error.detail = u"%1: %2"_s.arg(enumText(type).toString(), error.detail);
    return fail(std::move(error));
}

} // namespace

void ObjectLedger::saw(quint64 objectId)
{
    if (objectId <= m_contiguous)
        return;
    if (objectId != m_contiguous + 1) {
        m_ahead.insert(objectId);
        return;
    }
    m_contiguous = objectId;
    while (!m_ahead.empty() && *m_ahead.begin() == m_contiguous + 1) {
        ++m_contiguous;
        m_ahead.erase(m_ahead.begin());
    }
}

void ObjectLedger::note(QByteArrayView fragments)
{
    while (!fragments.isEmpty()) {
        const auto fragment = decodeFragment(fragments);
        if (!fragment)
            return;
        if (fragment->end)
            saw(fragment->objectId);
        fragments = fragments.sliced(kFragmentHeaderBytes + fragment->blob.size());
    }
}

PipelineDecoder::PipelineDecoder(QUuid poolId, QUuid pipelineId, std::shared_ptr<ObjectLedger> ledger)
    : m_poolId(poolId)
    , m_pipelineId(pipelineId)
    , m_ledger(std::move(ledger))
{
}

std::shared_ptr<ChunkStorage> PipelineDecoder::freshStorage()
{
    for (auto& storage : m_storages) {
        if (!storage)
            storage = std::make_shared<ChunkStorage>();
        if (storage.use_count() == 1) {
            storage->decoded.resize(0); // keeps the capacity, unlike clear()
            storage->assembled.clear();
            return storage;
        }
    }
    return std::make_shared<ChunkStorage>();
}

Expected<void> PipelineDecoder::decodeStreams(const wsman::Answer& answer, QByteArray& out) const
{
    qsizetype size = 0;
    for (const wsman::StreamText& stream : answer.streams)
        size += stream.base64.size();
    out.reserve(size / 4 * 3 + 4);
    for (size_t i = 0; i < answer.streams.size(); ++i) {
        if (const auto ok = clixml::Base64::decodeInto(answer.streams[i].base64, out); !ok) {
            Error error = ok.error();
            error.detail = u"stream %1 of the answer: %2"_s.arg(i + 1).arg(error.detail);
            return fail(std::move(error));
        }
    }
    return {};
}

Expected<PipelineNews> PipelineDecoder::decode(const wsman::Answer& answer)
{
    PipelineNews news;
    const std::shared_ptr<ChunkStorage> storage = freshStorage();
    if (const auto ok = decodeStreams(answer, storage->decoded); !ok)
        return fail(ok.error());
    m_ledger->note(storage->decoded);
    Expected<void> taken;
    const auto fed = m_stream.feed(storage->decoded, [&](QByteArrayView bytes) {
        if (taken)
            taken = take(bytes, *storage, news);
    });
    if (!fed)
        return fail(fed.error());
    if (!taken)
        return fail(taken.error());
    news.chunk.storage = storage;
    news.commandDone = answer.commandState == wsman::CommandState::Done;
    return news;
}

Expected<void> PipelineDecoder::take(QByteArrayView bytes, ChunkStorage& storage, PipelineNews& news)
{
    // A message of one fragment is seen in place; one that was put together lives during this call only.
    const char* const begin = storage.decoded.constData();
    const bool inPlace = std::less_equal<>()(begin, bytes.data())
        && std::less_equal<>()(bytes.data() + bytes.size(), begin + storage.decoded.size());
    auto message = decodeMessage(bytes);
    if (!message)
        return fail(message.error());
    if (!inPlace && message->type == MessageType::PipelineOutput) {
        storage.assembled.push_back(message->data.toByteArray());
        message->data = storage.assembled.back();
    }
    return takeMessage(*message, news);
}

Expected<void> PipelineDecoder::takeMessage(const MessageView& message, PipelineNews& news)
{
    if (message.destination != Destination::Client)
        return fail(ErrorCode::Malformed, u"%1 is addressed to the server"_s.arg(enumText(message.type)));
    if (message.pipelineId != m_pipelineId
        || (message.runspacePoolId != m_poolId && !message.runspacePoolId.isNull()))
        return fail(ErrorCode::Malformed, u"%1 belongs to another pipeline"_s.arg(enumText(message.type)));
    switch (message.type) {
    case MessageType::PipelineOutput:
        news.chunk.output.push_back(message.data);
        return {};
    case MessageType::DebugRecord:
    case MessageType::VerboseRecord:
    case MessageType::InformationRecord:
        return {}; // for a person at a prompt
    case MessageType::PublicKeyRequest:
        return fail(ErrorCode::Unsupported, u"the server wants to exchange keys for a secure string"_s);
    default:
        return takeRecord(message, news);
    }
}

Expected<void> PipelineDecoder::takeRecord(const MessageView& message, PipelineNews& news)
{
    const bool wanted = message.type == MessageType::ErrorRecord || message.type == MessageType::WarningRecord
        || message.type == MessageType::ProgressRecord || message.type == MessageType::PipelineState
        || message.type == MessageType::PipelineHostCall;
    if (!wanted) {
        qCInfo(core::logPsrp) << "ignored a message of type" << Qt::hex << quint32(message.type);
        return {};
    }
    const auto value = clixml::Reader().read(message.data);
    if (!value)
        return inMessage(message.type, value.error());
    if (message.type == MessageType::ErrorRecord)
        news.chunk.errors.push_back(readErrorRecord(*value));
    else if (message.type == MessageType::WarningRecord)
        news.chunk.warnings.append(readInformationalText(*value));
    else if (message.type == MessageType::ProgressRecord)
        news.chunk.progress.push_back(readProgress(*value));
    else if (message.type == MessageType::PipelineHostCall)
        takeHostCall(*value, news);
    else
        return takeState(*value, news);
    return {};
}

Expected<void> PipelineDecoder::takeState(const clixml::Value& value, PipelineNews& news)
{
    const auto number = value.property(u"PipelineState").toInt64();
    if (!number || *number < 0 || *number > int(PipelineState::Disconnected))
        return fail(ErrorCode::Malformed, u"PIPELINE_STATE without a known state"_s);
    const auto state = PipelineState(*number);
    if (state != PipelineState::Stopped && state != PipelineState::Completed
        && state != PipelineState::Failed)
        return {};
    if (news.end)
        return fail(ErrorCode::Malformed, u"a second PIPELINE_STATE after the end"_s);
    news.end = state;
    const clixml::Value& record = value.property(u"ExceptionAsErrorRecord");
    if (!record.isNil())
        news.failure = readErrorRecord(record);
    return {};
}

void PipelineDecoder::takeHostCall(const clixml::Value& value, PipelineNews& news)
{
    const qint64 id = value.property(u"ci").toInt64().value_or(kVoidCall);
    if (id == kVoidCall)
        return;
    HostCall call;
    call.id = id;
    call.method = value.property(u"mi");
    qCInfo(core::logPsrp).noquote() << "refused the host call" << call.method.toText();
    news.hostCalls.push_back(std::move(call));
}

} // namespace postern::psrp
