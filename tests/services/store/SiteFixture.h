// A fresh site for a test: a SQLite file in a temporary folder, or a database of its own on the PostgreSQL
// that POSTERN_TEST_PG names (dropped afterwards). Test thread.
#pragma once

#include <QTemporaryDir>
#include <QtTest>

#include "services/store/Store.h"

namespace postern::store {

#define VERIFY_OK(expression)                                                                                \
    do {                                                                                                     \
        const auto& outcome_ = (expression);                                                                 \
        QVERIFY2(outcome_.has_value(), outcome_ ? "" : qPrintable(outcome_.error().toLogText()));            \
    } while (false)

class SiteFixture
{
public:
    explicit SiteFixture(Dialect dialect);
    ~SiteFixture();

    // Empty: this dialect can be tested here; otherwise the reason to skip.
    [[nodiscard]] static QString whyNot(Dialect dialect);
    [[nodiscard]] const SiteAddress& address() const { return m_address; }
    [[nodiscard]] QString folder() const { return m_folder.path(); }
    [[nodiscard]] Expected<std::unique_ptr<Store>> open(OpenOptions options = {}) const;

private:
    QTemporaryDir m_folder;
    QString m_database; // PostgreSQL
    SiteAddress m_address;
};

// Tests only: the store's threads do not need the event loop of this one.
template <class T> [[nodiscard]] T finished(QFuture<T> future)
{
    future.waitForFinished();
    return future.result();
}

} // namespace postern::store
