#include "tests/services/store/StoreTest.h"

#include "services/store/ConnectorRepository.h"

namespace postern::store {

void StoreTest::init()
{
    if (const auto reason = SiteFixture::whyNot(m_dialect); !reason.isEmpty())
        QSKIP(qPrintable(reason));
    m_fixture = std::make_unique<SiteFixture>(m_dialect);
    auto opened = m_fixture->open();
    VERIFY_OK(opened);
    m_store = std::move(*opened);
}

void StoreTest::cleanup()
{
    m_store.reset();
    m_fixture.reset();
}

void StoreTest::restart()
{
    m_store.reset();
    auto opened = m_fixture->open();
    VERIFY_OK(opened);
    m_store = std::move(*opened);
}

ConnectorId StoreTest::addConnector(const QString& name)
{
    auto added = write([name](Session& s) { return ConnectorRepository(s).insert(sampleConnector(name)); });
    return added ? added->id : ConnectorId{};
}

qint64 StoreTest::revision()
{
    return read([](Session& s) { return currentRevision(s); }).value_or(-1);
}

} // namespace postern::store
