// sendMail (SYN-28): taken with 202 and kept, so that a test can read what would have arrived.
#include <QJsonArray>

#include "app/lab/graph/Body.h"
#include "app/lab/graph/GraphService.h"

using namespace Qt::StringLiterals;

namespace postern::lab {

namespace {

constexpr size_t mailKept = 10000;

std::optional<GraphAnswer> messageProblem(const QJsonObject& message)
{
    static constexpr std::array fields{BodyField{"subject"}, BodyField{"body", JsonKind::Object},
        BodyField{"toRecipients", JsonKind::List}, BodyField{"ccRecipients", JsonKind::List},
        BodyField{"bccRecipients", JsonKind::List}, BodyField{"replyTo", JsonKind::List},
        BodyField{"from", JsonKind::Object}, BodyField{"sender", JsonKind::Object}, BodyField{"importance"},
        BodyField{"attachments", JsonKind::List}, BodyField{"internetMessageHeaders", JsonKind::List},
        BodyField{"categories", JsonKind::List}};
    if (const auto wrong = wrongProperty(message, fields, "microsoft.graph.message"))
        return wrong;
    const QString kind = message.value("body"_L1).toObject().value("contentType"_L1).toString(u"text"_s);
    if (kind.compare("text"_L1, Qt::CaseInsensitive) != 0
        && kind.compare("html"_L1, Qt::CaseInsensitive) != 0)
        return badRequest("Cannot convert the literal '" + kind.toStdString()
            + "' to the expected type 'microsoft.graph.bodyType'.");
    int recipients = 0;
    for (const char* list : {"toRecipients", "ccRecipients", "bccRecipients"}) {
        for (const auto& entry : message.value(QLatin1String(list)).toArray()) {
            const QString address
                = entry.toObject().value("emailAddress"_L1).toObject().value("address"_L1).toString();
            if (!address.contains('@'_L1))
                return graphError(400, "ErrorInvalidRecipients",
                    "At least one recipient is not valid., Recipient '" + address.toStdString()
                        + "' is not resolved. All recipients must be resolved before a message can be "
                          "submitted.");
            ++recipients;
        }
    }
    if (recipients == 0)
        return graphError(400, "ErrorInvalidRecipients", "At least one recipient is not valid.");
    return std::nullopt;
}

} // namespace

GraphAnswer GraphService::sendMail(GraphCall& call, std::uint32_t user)
{
    if (call.method != "POST")
        return methodNotAllowed();
    const bool own = !call.claims.delegated || call.claims.oid == m_directory.userId(user).lower();
    if (!call.claims.permissions.contains("Mail.Send") || !own)
        return graphError(403, "ErrorAccessDenied", "Access is denied. Check credentials and try again.");
    const auto body = bodyOf(call, false);
    if (!body)
        return body.error();
    static constexpr std::array fields{
        BodyField{"message", JsonKind::Object, false}, BodyField{"saveToSentItems", JsonKind::Flag}};
    if (const auto wrong = wrongParameter(*body, fields, "sendMail"))
        return *wrong;
    const QJsonObject message = body->value("message"_L1).toObject();
    if (const auto problem = messageProblem(message))
        return *problem;
    if (m_directory.licenceOf(user) == Licence::None)
        return graphError(404, "MailboxNotEnabledForRESTAPI",
            "The mailbox is either inactive, soft-deleted, or is hosted on-premise.");
    const std::string upn = user < m_tenant.people().userCount() ? m_tenant.user(user).upn : call.claims.upn;
    {
        const std::scoped_lock lock(m_mutex);
        if (m_mail.size() >= mailKept)
            m_mail.erase(m_mail.begin());
        m_mail.push_back({upn, message, m_tenant.estate().nowMs()});
    }
    GraphAnswer answer;
    answer.status = 202;
    return answer;
}

std::vector<SentMail> GraphService::mail() const
{
    const std::scoped_lock lock(m_mutex);
    return m_mail;
}

} // namespace postern::lab
