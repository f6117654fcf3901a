"""Graph's published schema (tests/data/contracts) as a judge of answers: JSON Schema 2020-12, made strict.

What a schema does not name is not allowed (annotations with an @ are), and a member of a group is held against the
type that it says it is.
"""
import copy
import json

import jsonschema

DERIVED = ("user", "group", "device")


def strict(schema):
    if isinstance(schema, dict):
        for value in schema.values():
            strict(value)
        if schema.get("type") == "object" and "properties" in schema and "additionalProperties" not in schema:
            schema["additionalProperties"] = False
            schema["patternProperties"] = {"@": {}}
    elif isinstance(schema, list):
        for value in schema:
            strict(value)
    return schema


class Contract:
    def __init__(self, path):
        with open(path, encoding="utf-8") as file:
            self.document = json.load(file)
        self.components = strict(copy.deepcopy(self.document["components"]))
        members = "#/components/schemas/microsoft.graph."
        self.components["schemas"]["microsoft.graph.directoryObject"] = {
            "type": "object", "required": ["@odata.type", "id"],
            "properties": {"@odata.type": {"enum": ["#microsoft.graph." + name for name in DERIVED]}},
            "allOf": [{"if": {"properties": {"@odata.type": {"const": "#microsoft.graph." + name}}}, "then": {"$ref": members + name}} for name in DERIVED]}
        # An error says when and which; the schema leaves all of innerError optional.
        error = self.components["schemas"]["error"]["properties"]["error"]
        error["required"] = ["code", "message", "innerError"]
        error["properties"]["innerError"] = {"type": "object", "required": ["date", "request-id", "client-request-id"]}
        self.validators = {}

    def operation(self, template, method):
        return self.document["paths"][template][method]

    def validator(self, schema):
        key = json.dumps(schema, sort_keys=True)
        if key not in self.validators:
            whole = {**strict(copy.deepcopy(schema)), "components": self.components}
            self.validators[key] = jsonschema.Draft202012Validator(whole)
        return self.validators[key]

    def problems(self, template, method, status, answer):
        responses = self.operation(template, method)["responses"]
        if str(status) not in responses:
            return [f"{method} {template} must not answer {status}"]
        if status >= 400:
            schema = {"$ref": "#/components/schemas/error"}
        else:
            content = responses[str(status)].get("content", {})
            if "application/json" not in content:
                return [] if not answer or "text/plain" in content else ["a body where there should be none"]
            schema = content["application/json"]["schema"]
        found = []
        for problem in self.validator(schema).iter_errors(answer):
            found.append("/".join(str(p) for p in problem.absolute_path) + ": " + problem.message[:300])
            if len(found) == 10:
                break
        return found

    def properties(self, name):
        """The structural properties of a type, by name; links to other entities are left out."""
        schema = self.document["components"]["schemas"]["microsoft.graph." + name]
        found = {}
        for part in [*schema.get("allOf", []), schema]:
            found.update(part.get("properties", {}))
        return {k: v for k, v in found.items() if "@" not in k}

    def body(self, template, method):
        schema = self.operation(template, method)["requestBody"]["content"]["application/json"]["schema"]
        if "$ref" in schema:
            schema = self.document["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]]
        return schema
