#include "app/lab/psrp/PipelineRequest.h"

#include <QString>

#include "app/lab/psrp/ClixmlIn.h"
#include "app/lab/text/Text.h"

using namespace Qt::StringLiterals;

namespace postern::lab {

namespace {

const Object* objectOf(const Value* value)
{
    const auto* pointer = value ? std::get_if<ObjectPtr>(value) : nullptr;
    return pointer ? pointer->get() : nullptr;
}

bool flagOf(const Object& object, std::string_view name, bool otherwise)
{
    const Value* value = object.find(name);
    const bool* flag = value ? std::get_if<bool>(value) : nullptr;
    return flag ? *flag : otherwise;
}

tl::unexpected<Error> malformed(const char* what)
{
    return fail(ErrorCode::Malformed, u"CREATE_PIPELINE: %1"_s.arg(QString::fromUtf8(what)));
}

Expected<Command> readCommand(const Object& object)
{
    Command command;
    const Value* name = object.find("Cmd");
    if (!name || !std::holds_alternative<std::string>(*name))
        return malformed("a command without Cmd");
    command.name = std::get<std::string>(*name);
    command.isScript = flagOf(object, "IsScript", false);
    const Object* arguments = objectOf(object.find("Args"));
    if (!arguments)
        return command;
    for (const Value& entry : arguments->items) {
        const Object* argument = objectOf(&entry);
        if (!argument)
            return malformed("an argument that is no object");
        RawArgument raw;
        if (const Value* n = argument->find("N"); n && !isNil(*n))
            raw.name = toText(*n);
        if (const Value* v = argument->find("V"))
            raw.value = *v;
        command.arguments.push_back(std::move(raw));
    }
    return command;
}

Expected<Statement> readStatement(const Object& container)
{
    Statement statement;
    const Object* commands = objectOf(container.find("Cmds"));
    if (!commands || commands->container != Container::List)
        return malformed("no Cmds list");
    for (const Value& entry : commands->items) {
        const Object* object = objectOf(&entry);
        if (!object)
            return malformed("a command that is no object");
        auto command = readCommand(*object);
        if (!command)
            return fail(command.error());
        statement.push_back(std::move(*command));
    }
    if (statement.empty())
        return malformed("a statement without commands");
    return statement;
}

} // namespace

Expected<PipelineRequest> readPipelineRequest(const Message& message)
{
    const auto value = readClixml(message.data);
    if (!value)
        return fail(value.error());
    const Object* root = objectOf(&*value);
    if (!root)
        return malformed("not an object");
    PipelineRequest request;
    if (message.type == MessageType::GetCommandMetadata) {
        request.metadata = true;
        if (const Object* names = objectOf(root->find("Name"))) {
            for (const Value& name : names->items)
                request.metadataNames.push_back(toText(name));
        }
        return request;
    }
    request.noInput = flagOf(*root, "NoInput", true);
    if (const Object* host = objectOf(root->find("HostInfo")))
        request.hostNull = flagOf(*host, "_isHostNull", true) || flagOf(*host, "_isHostUINull", true);
    const Object* shell = objectOf(root->find("PowerShell"));
    if (!shell)
        return malformed("no PowerShell property");
    // ExtraCmds, when there, repeats the first statement and adds the others.
    const Object* extra = objectOf(shell->find("ExtraCmds"));
    if (extra && extra->container == Container::List && !extra->items.empty()) {
        for (const Value& entry : extra->items) {
            const Object* object = objectOf(&entry);
            auto statement = object ? readStatement(*object)
                                    : Expected<Statement>(malformed("an ExtraCmds entry that is no object"));
            if (!statement)
                return fail(statement.error());
            request.statements.push_back(std::move(*statement));
        }
        return request;
    }
    auto statement = readStatement(*shell);
    if (!statement)
        return fail(statement.error());
    request.statements.push_back(std::move(*statement));
    return request;
}

} // namespace postern::lab
