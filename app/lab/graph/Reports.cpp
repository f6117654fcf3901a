// /deviceManagement/reports/exportJobs (graph-reference 10).
#include <QJsonArray>

#include "app/lab/graph/Body.h"
#include "app/lab/graph/GraphService.h"

using namespace Qt::StringLiterals;

namespace postern::lab {

namespace {

constexpr std::array<BodyField, 6> fields{{{"reportName", JsonKind::Text, false}, {"filter"},
    {"select", JsonKind::List}, {"format"}, {"localizationType"}, {"snapshotId"}}};

std::string textOf(const QJsonObject& body, const char* name, const char* fallback)
{
    const QString text = body.value(QLatin1String(name)).toString();
    return text.isEmpty() ? fallback : text.toStdString();
}

Answered<ExportJob> jobOf(const QJsonObject& body)
{
    if (const auto wrong = wrongProperty(body, fields, types::exportJob.name))
        return tl::unexpected(*wrong);
    ExportJob job;
    job.report = textOf(body, "reportName", "");
    if (job.report.empty())
        return refused(400, "BadRequest", "The property 'reportName' is required.");
    job.filter = textOf(body, "filter", "");
    job.hasFilter = body.contains("filter"_L1) && !body.value("filter"_L1).isNull();
    job.format = textOf(body, "format", "csv");
    if (job.format != "csv" && job.format != "json")
        return refused(400, "BadRequest",
            "Cannot convert the literal '" + job.format
                + "' to the expected type 'microsoft.graph.deviceManagementReportFileFormat'.");
    job.localization = textOf(body, "localizationType", "localizedValuesAsAdditionalColumn");
    // The documentation writes it with a capital, the schema without: both are taken.
    job.localization[0] = char(job.localization[0] | 0x20);
    if (job.localization != "localizedValuesAsAdditionalColumn"
        && job.localization != "replaceLocalizableValues")
        return refused(400, "BadRequest",
            "Cannot convert the literal '" + job.localization
                + "' to the expected type 'microsoft.graph.deviceManagementExportJobLocalizationType'.");
    for (const auto& column : body.value("select"_L1).toArray())
        job.select.push_back(column.toString().toStdString());
    return job;
}

} // namespace

GraphAnswer GraphService::reports(GraphCall& call)
{
    if (call.segments.size() < 3 || call.segments[2] != "exportJobs" || call.segments.size() > 4)
        return noSuchSegment(call.segments.size() > 2 ? call.segments[2] : "reports");
    if (const auto refusal = lacksIntune(call,
            {"DeviceManagementManagedDevices.Read.All", "DeviceManagementManagedDevices.ReadWrite.All"}))
        return *refusal;
    const std::string context = "deviceManagement/reports/exportJobs";
    if (call.segments.size() == 4) {
        const auto job = m_exports.find(call.segments[3]);
        if (!job)
            return noSuchIntuneEntity("reports/exportJobs('" + call.segments[3] + "')");
        return call.isGet() ? one(call, m_exports.text(*job), types::exportJob, context) : methodNotAllowed();
    }
    if (call.isGet()) {
        const std::vector<ExportJob> all = m_exports.all();
        return listed(call,
            {&types::exportJob, context, "jobs", std::uint32_t(all.size()),
                [&](std::uint32_t i) { return std::optional(m_exports.text(all[i])); }, {}});
    }
    if (call.method != "POST")
        return methodNotAllowed();
    const auto body = bodyOf(call, false);
    if (!body)
        return body.error();
    const auto job = jobOf(*body);
    if (!job)
        return job.error();
    const auto made = m_exports.create(*job);
    if (!made)
        return badRequest(made.error().detail.toStdString());
    GraphAnswer answer = one(call, m_exports.text(*made), types::exportJob, context);
    answer.status = 201;
    answer.headers.emplace_back("Location", call.url() + "('" + made->id + "')");
    return answer;
}

WebAnswer GraphService::download(const WebRequest& request) const
{
    WebAnswer answer;
    const std::string name = request.path.substr(request.path.rfind('/') + 1);
    const std::string id = name.ends_with(".zip") ? name.substr(0, name.size() - 4) : std::string();
    const Form query = parsedForm(request.query);
    // The storage takes the signature of its address and nothing else.
    const auto archive = request.header("authorization").empty()
        ? m_exports.archive(id, valueOf(query, "sig"))
        : std::nullopt;
    if (request.method != "GET" || !archive) {
        answer.status = 403;
        answer.contentType = "application/xml";
        answer.body
            = "<?xml version=\"1.0\" encoding=\"utf-8\"?><Error><Code>AuthenticationFailed</Code><Message>"
              "Server failed to authenticate the request. Make sure the value of Authorization header is "
              "formed correctly including the signature.</Message></Error>";
        return answer;
    }
    answer.contentType = "application/octet-stream";
    answer.body = *archive;
    return answer;
}

} // namespace postern::lab
