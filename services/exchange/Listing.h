// A long answer read chunk by chunk over one session, whatever its objects are: ListingStream gives the raw
// chunks and knows whether the list is whole; Listing<T> maps each chunk on the thread pool while the next
// one is on its way. Service thread. Destroying it early ends the command on the server. d.5: a truncated
// list is an error, never an end.
#pragma once

#include <functional>
#include <memory>

#include "services/core/Await.h"
#include "services/exchange/CommandSet.h"
#include "services/exchange/ExchangeOrganization.h"
#include "services/exchange/SessionPool.h"
#include "services/psrp/clixml/PropertyBag.h"

namespace postern::exchange {

// What one command may be, best first: the MobileDevice family, then the ActiveSync one (CON-35).
struct Alternative
{
    QString cmdlet;
    psrp::PsCommand command;
    // Whether the server takes its filter is not known before it is asked (d.7): when it does not, the next
    // one comes.
    bool mayBeRefused = false;
    // A parameter that the cmdlet may not have: then the next one without it comes. Empty: none.
    QString mayLackParameter = {};
};

// Whether a fault of a command says that it is not taken as it is, not that the server could not do it.
[[nodiscard]] bool refusesFilter(ErrorCode code);

class ListingStream
{
public:
    ListingStream(SessionPool& pool, CommandSet& commands, tracelog::TraceLogWriter& log,
        std::vector<Alternative> alternatives, QString address);

    // Opens a session and starts the command with the first call; one that never began is tried on a second
    // session and with the next alternative. After the last chunk: Incomplete when the server cut the list.
    QCoro::Task<Expected<psrp::PipelineChunk>> next(std::stop_token token);
    [[nodiscard]] const QString& cmdlet() const { return m_alternatives.front().cmdlet; }
    [[nodiscard]] qint64 objects() const { return m_objects; }
    // The same from its start, for an answer that was lost in the middle.
    [[nodiscard]] std::unique_ptr<ListingStream> again() const;

private:
    QCoro::Task<Expected<psrp::PipelineChunk>> firstChunk(std::stop_token token);
    [[nodiscard]] bool moveOn(const Expected<psrp::PipelineChunk>& chunk);
    void skipWhatIsMissing();
    template <class Unfit> [[nodiscard]] bool dropWhile(Unfit unfit);
    [[nodiscard]] Expected<psrp::PipelineChunk> account(psrp::PipelineChunk chunk);
    [[nodiscard]] QString origin() const;
    [[nodiscard]] Error withOrigin(Error error) const;
    void noteWarning(const QString& text);
    void release();

    SessionPool& m_pool;
    CommandSet& m_commands;
    tracelog::TraceLogWriter& m_log;
    std::vector<Alternative> m_alternatives;
    QString m_address;
    SessionLease m_lease;
    std::unique_ptr<psrp::Pipeline> m_pipeline;
    std::optional<Error> m_endError; // given instead of a further chunk
    qint64 m_objects = 0;
    bool m_warned = false;
    bool m_truncated = false;
    QString m_errorText; // of a record that did not end the pipeline
    ErrorCode m_errorCode = ErrorCode::CmdletFailed; // of the same
};

// Whether a warning says that the list was cut at its size limit.
[[nodiscard]] bool saysTruncated(const QString& warning);
[[nodiscard]] bool saysMicroDelay(const QString& warning);
// Such a warning as ServerBusy: "Actual delayed: 250 msecs, …, Required: 900 msecs" was slept by the server
// already but for 650 ms, which are the retryAfter.
[[nodiscard]] Error microDelayError(const QString& warning, const QString& origin);

// Maps the objects of a chunk; `first` is the number of its first object, for problems of nameless ones. Pool
// thread.
template <class T> using MapChunk = std::function<Page<T>(const psrp::PipelineChunk& chunk, qint64 first)>;

template <class T> class Listing final : public PageReader<T>
{
public:
    Listing(std::unique_ptr<ListingStream> stream, MapChunk<T> map)
        : m_stream(std::move(stream))
        , m_map(std::make_shared<MapChunk<T>>(std::move(map)))
    {
    }

    QCoro::Task<Expected<Page<T>>> next(std::stop_token token) override
    {
        const qint64 first = m_stream->objects();
        Expected<psrp::PipelineChunk> chunk = co_await m_stream->next(token);
        if (!chunk)
            co_return fail(chunk.error());
        auto work = [map = m_map, held = *chunk, first] {
            Page<T> page = (*map)(held, first);
            page.last = held.last();
            return Expected<Page<T>>(std::move(page));
        };
        QFuture<Expected<Page<T>>> future = core::runInPool(std::move(work));
        Expected<Page<T>> page = co_await future;
        co_return page;
    }

private:
    std::unique_ptr<ListingStream> m_stream;
    std::shared_ptr<MapChunk<T>> m_map;
};

// The MapChunk of a mapper class: parses each object into a reused bag.
template <class T, class Mapper> [[nodiscard]] MapChunk<T> mapChunkWith(QString cmdlet)
{
    struct State
    {
        clixml::PropertyBag bag;
        Mapper mapper;
    };
    return [state = std::make_shared<State>(), cmdlet](const psrp::PipelineChunk& chunk, qint64 first) {
        Page<T> page;
        page.items.reserve(chunk.output.size());
        for (const QByteArrayView document : chunk.output) {
            const size_t known = page.problems.size();
            if (const auto parsed = state->bag.parse(document); !parsed) {
                page.problems.push_back({QString(), parsed.error().toLogText()});
                ++page.skipped;
            } else if (!state->bag.isNil()) {
                if (auto item = state->mapper.map(state->bag, page.problems))
                    page.items.push_back(std::move(*item));
                else
                    ++page.skipped;
            }
            for (size_t i = known; i < page.problems.size(); ++i) {
                if (page.problems[i].object.isEmpty())
                    page.problems[i].object = QStringLiteral("%1, object %2").arg(cmdlet).arg(first + 1);
            }
            ++first;
        }
        return page;
    };
}

// The objects of a short answer.
template <class T, class Map>
[[nodiscard]] std::vector<T> mapAll(
    const std::vector<psrp::PipelineChunk>& chunks, Map map, std::vector<ObjectProblem>& problems)
{
    std::vector<T> items;
    clixml::PropertyBag bag;
    for (const psrp::PipelineChunk& chunk : chunks) {
        for (const QByteArrayView document : chunk.output) {
            if (const auto parsed = bag.parse(document); !parsed)
                problems.push_back({QString(), parsed.error().toLogText()});
            else if (auto item = map(bag, problems))
                items.push_back(std::move(*item));
        }
    }
    return items;
}

// A listing that cannot even begin.
template <class T> class FailedListing final : public PageReader<T>
{
public:
    explicit FailedListing(Error error)
        : m_error(std::move(error))
    {
    }
    QCoro::Task<Expected<Page<T>>> next(std::stop_token) override { co_return fail(m_error); }

private:
    Error m_error;
};

} // namespace postern::exchange
