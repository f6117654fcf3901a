// What the tests of repositories share: a fresh site for each test function, skipped with a reason when its
// database is not there. Test thread.
#pragma once

#include "tests/services/store/SampleRows.h"
#include "tests/services/store/SiteFixture.h"

namespace postern::store {

class StoreTest : public QObject
{
    Q_OBJECT
protected:
    explicit StoreTest(Dialect dialect)
        : m_dialect(dialect)
    {
    }
    template <class F> auto write(F work) { return finished(m_store->write(std::move(work))); }
    template <class F> auto read(F work) { return finished(m_store->read(std::move(work))); }
    [[nodiscard]] ConnectorId addConnector(const QString& name = QStringLiteral("Head office"));
    [[nodiscard]] qint64 revision();
    void restart(); // the service dies and comes back

    std::unique_ptr<SiteFixture> m_fixture;
    std::unique_ptr<Store> m_store;

protected slots:
    void init();
    void cleanup();

private:
    Dialect m_dialect;
};

} // namespace postern::store
