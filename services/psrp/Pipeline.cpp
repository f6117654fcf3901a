#include "services/psrp/Pipeline.h"

#include "services/psrp/PipelineCore.h"

namespace postern::psrp {

Pipeline::Pipeline(std::shared_ptr<PipelineCore> core)
    : m_core(std::move(core))
{
}

Pipeline::~Pipeline()
{
    m_core->orphan();
}

QCoro::Task<Expected<PipelineChunk>> Pipeline::next(std::stop_token token)
{
    return PipelineCore::next(m_core, std::move(token));
}

void Pipeline::abandon()
{
    m_core->abandon();
}

PipelineState Pipeline::state() const
{
    return m_core->state();
}

const std::optional<ErrorRecord>& Pipeline::failure() const
{
    return m_core->failure();
}

QUuid Pipeline::id() const
{
    return m_core->id();
}

} // namespace postern::psrp
