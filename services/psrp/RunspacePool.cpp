#include "services/psrp/RunspacePool.h"

#include "services/psrp/PipelineCore.h"
#include "services/psrp/PoolCore.h"
#include "services/psrp/clixml/Reader.h"

namespace postern::psrp {

using namespace Qt::StringLiterals;
using clixml::Value;

namespace {

Expected<void> append(const PipelineChunk& chunk, PipelineResult& result)
{
    const clixml::Reader reader;
    for (const QByteArrayView document : chunk.output) {
        auto value = reader.read(document);
        if (!value)
            return fail(value.error());
        result.output.push_back(std::move(*value));
    }
    result.errors.insert(result.errors.end(), chunk.errors.begin(), chunk.errors.end());
    result.warnings.append(chunk.warnings);
    return {};
}

std::vector<std::pair<QString, Value>> one(QString name, int count)
{
    std::vector<std::pair<QString, Value>> properties;
    properties.emplace_back(std::move(name), Value::fromInt32(count));
    return properties;
}

} // namespace

RunspacePool::RunspacePool(std::unique_ptr<wsman::Client> client, RunspacePoolOptions options)
    : m_core(std::make_shared<PoolCore>(std::move(client), std::move(options)))
{
}

RunspacePool::~RunspacePool() = default;

QCoro::Task<Expected<void>> RunspacePool::open(std::stop_token token)
{
    return m_core->open(std::move(token));
}

QCoro::Task<void> RunspacePool::close()
{
    return m_core->close();
}

std::unique_ptr<Pipeline> RunspacePool::pipeline(PsCommand command)
{
    auto core = std::make_shared<PipelineCore>(m_core, std::move(command));
    m_core->enlist(core);
    return std::make_unique<Pipeline>(std::move(core));
}

QCoro::Task<Expected<PipelineResult>> RunspacePool::invoke(PsCommand command, std::stop_token token)
{
    const QString origin = m_core->origin(command.summary());
    const std::unique_ptr<Pipeline> running = pipeline(std::move(command));
    PipelineResult result;
    for (;;) {
        const Expected<PipelineChunk> chunk = co_await running->next(token);
        if (!chunk)
            co_return fail(chunk.error());
        if (const auto added = append(*chunk, result); !added) {
            Error error = added.error();
            error.origin = origin;
            co_return fail(std::move(error));
        }
        if (chunk->last())
            co_return result;
    }
}

QCoro::Task<Expected<bool>> RunspacePool::setMaxRunspaces(int count, std::stop_token token)
{
    auto properties = one(u"MaxRunspaces"_s, count);
    const Expected<Value> answer
        = co_await m_core->ask(MessageType::SetMaxRunspaces, std::move(properties), std::move(token));
    if (!answer)
        co_return fail(answer.error());
    co_return answer->toBoolean().value_or(false);
}

QCoro::Task<Expected<bool>> RunspacePool::setMinRunspaces(int count, std::stop_token token)
{
    auto properties = one(u"MinRunspaces"_s, count);
    const Expected<Value> answer
        = co_await m_core->ask(MessageType::SetMinRunspaces, std::move(properties), std::move(token));
    if (!answer)
        co_return fail(answer.error());
    co_return answer->toBoolean().value_or(false);
}

QCoro::Task<Expected<qint64>> RunspacePool::availableRunspaces(std::stop_token token)
{
    std::vector<std::pair<QString, Value>> nothing;
    const Expected<Value> answer
        = co_await m_core->ask(MessageType::GetAvailableRunspaces, std::move(nothing), std::move(token));
    if (!answer)
        co_return fail(answer.error());
    const auto number = answer->toInt64();
    if (!number)
        co_return fail(
            ErrorCode::Malformed, u"RUNSPACE_AVAILABILITY without a number"_s, m_core->origin(u"pool"_s));
    co_return *number;
}

PoolState RunspacePool::state() const
{
    return m_core->state;
}

int RunspacePool::protocolMinor() const
{
    return m_core->protocolMinor;
}

const Value& RunspacePool::applicationPrivateData() const
{
    return m_core->privateData;
}

const QUuid& RunspacePool::id() const
{
    return m_core->id;
}

wsman::Client& RunspacePool::client()
{
    return *m_core->client;
}

} // namespace postern::psrp
