"""A WSMan and PSRP client of its own for testing the lab: Python's standard library and nothing of Postern's code.

It checks what it is told on the way: RelatesTo, fragment headers, BOM, null pool id of the capability.
"""
import base64
import http.client
import json
import re
import ssl
import struct
import subprocess
import urllib.parse
import uuid
import xml.etree.ElementTree as ET

S = "http://www.w3.org/2003/05/soap-envelope"
A = "http://schemas.xmlsoap.org/ws/2004/08/addressing"
W = "http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd"
RSP = "http://schemas.microsoft.com/wbem/wsman/1/windows/shell"
F = "http://schemas.microsoft.com/wbem/wsman/1/wsmanfault"
SHELL = RSP + "/"
TRANSFER = "http://schemas.xmlsoap.org/ws/2004/09/transfer/"
EXCHANGE = "http://schemas.microsoft.com/powershell/Microsoft.Exchange"

SESSION_CAPABILITY, INIT, APP_DATA, POOL_STATE = 0x10002, 0x10004, 0x21009, 0x21005
CREATE, INPUT, END_INPUT, OUTPUT, ERROR, STATE = 0x21006, 0x41002, 0x41003, 0x41004, 0x41005, 0x41006
WARNING, VERBOSE, METADATA, AVAILABILITY = 0x41009, 0x41008, 0x2100A, 0x21004


class Fault(Exception):
    def __init__(self, code, subcode, text, status):
        super().__init__(f"{code} {subcode}: {text}")
        self.code, self.subcode, self.text, self.status = code, subcode, text, status


class HttpError(Exception):
    def __init__(self, status, headers, body):
        super().__init__(f"HTTP {status}")
        self.status, self.headers, self.body = status, headers, body


class Lab:
    """Starts postern-lab and stops it again."""

    def __init__(self, binary, *arguments):
        self.process = subprocess.Popen([binary, *arguments], stdout=subprocess.PIPE, text=True)
        self.info = json.loads(self.process.stdout.readline())

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    def stop(self):
        self.process.terminate()
        self.code = self.process.wait(timeout=20)
        self.process.stdout.close()

    def account(self, role="full"):
        return next(a for a in self.info["accounts"] if a["role"] == role)

    def context(self):
        return ssl.create_default_context(cafile=self.info["caFile"])

    def connection(self, url=None):
        parts = urllib.parse.urlparse(url or self.info["exchange"]["url"])
        return http.client.HTTPSConnection(parts.hostname, parts.port, context=self.context(), timeout=90)

    def request(self, method, url, body=None, headers=None):
        parts = urllib.parse.urlparse(url)
        connection = self.connection(url)
        try:
            path = parts.path + ("?" + parts.query if parts.query else "")
            connection.request(method, path, body, headers or {})
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read()
        finally:
            connection.close()

    def api(self, method, path, document=None):
        body = json.dumps(document) if document is not None else None
        status, _, data = self.request(method, urllib.parse.urljoin(self.info["labUrl"], path), body)
        return status, json.loads(data)


def basic(user, password):
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


def fragment(object_id, blob, number=0, start=True, end=True):
    return struct.pack(">QQBI", object_id, number, (1 if start else 0) | (2 if end else 0), len(blob)) + blob


def message(kind, pool, pipeline, xml):
    return struct.pack("<II", 2, kind) + pool.bytes_le + pipeline.bytes_le + xml.encode("utf-8")


def escape(text):
    out = []
    for unit in struct.unpack(f"<{len(text.encode('utf-16-le')) // 2}H", text.encode("utf-16-le")):
        character = chr(unit)
        if unit < 0x20 or 0x7F <= unit <= 0x9F or 0xD800 <= unit <= 0xDFFF or character == "_":
            out.append(f"_x{unit:04X}_")
        else:
            out.append(character.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"))
    return "".join(out)


def value(v, name="V"):
    if v is None:
        return f'<Nil N="{name}" />'
    if isinstance(v, bool):
        return f'<B N="{name}">{"true" if v else "false"}</B>'
    if isinstance(v, int):
        return f'<I32 N="{name}">{v}</I32>'
    if isinstance(v, str):
        return f'<S N="{name}">{escape(v)}</S>'
    if isinstance(v, list):
        items = "".join(re.sub(r' N="[^"]*"', "", value(i), count=1) for i in v)
        return f'<Obj N="{name}" RefId="{900 + id(v) % 90000}"><TN RefId="80"><T>System.Collections.ArrayList</T><T>System.Object</T></TN><LST>{items}</LST></Obj>'
    if isinstance(v, dict):
        entries = "".join(f'<En>{value(k, "Key")}{value(x, "Value")}</En>' for k, x in v.items())
        return f'<Obj N="{name}" RefId="{900 + id(v) % 90000}"><TN RefId="81"><T>System.Collections.Hashtable</T><T>System.Object</T></TN><DCT>{entries}</DCT></Obj>'
    raise TypeError(type(v))


class Command:
    def __init__(self, name, script=False, **parameters):
        self.name, self.script, self.parameters = name, script, parameters

    def xml(self, ref):
        arguments = "".join(
            f'<Obj RefId="{ref + 2 + i}"><MS><S N="N">{k}</S>{value(v)}</MS></Obj>' for i, (k, v) in enumerate(self.parameters.items()))
        return (f'<Obj RefId="{ref}"><MS><S N="Cmd">{escape(self.name)}</S><B N="IsScript">{str(self.script).lower()}</B><Nil N="UseLocalScope" />'
                f'<Obj N="Args" RefId="{ref + 1}"><LST>{arguments}</LST></Obj></MS></Obj>')


def pipeline_xml(statements, no_input=True):
    def commands(list_of_commands, ref):
        return f'<Obj N="Cmds" RefId="{ref}"><LST>{"".join(c.xml(ref + 10 + 50 * i) for i, c in enumerate(list_of_commands))}</LST></Obj>'
    extra = '<Nil N="ExtraCmds" />'
    if len(statements) > 1:
        extra = '<Obj N="ExtraCmds" RefId="10000"><LST>' + "".join(
            f'<Obj RefId="{11000 + 1000 * i}"><MS>{commands(s, 11001 + 1000 * i)}</MS></Obj>' for i, s in enumerate(statements)) + "</LST></Obj>"
    return (f'<Obj RefId="0"><MS><B N="NoInput">{str(no_input).lower()}</B><Obj N="HostInfo" RefId="1"><MS><B N="_isHostNull">true</B><B N="_isHostUINull">true</B>'
            f'<B N="_isHostRawUINull">true</B><B N="_useRunspaceHost">true</B></MS></Obj><Obj N="PowerShell" RefId="2"><MS><B N="IsNested">false</B>{extra}'
            f'{commands(statements[0], 3)}<Nil N="History" /><B N="RedirectShellErrorOutputPipe">true</B></MS></Obj><B N="IsNested">false</B></MS></Obj>')


def decode(text):
    units = re.sub(r"_x([0-9A-Fa-f]{4})_", lambda m: chr(int(m.group(1), 16)), text or "")
    return units.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")


def plain(element):
    """A CLIXML element as Python values; objects become dicts with their text under '', lists become lists."""
    tag = element.tag
    if tag == "Obj":
        lists = element.find("LST")
        if lists is not None:
            return [plain(e) for e in lists]
        result = {}
        text = element.find("ToString")
        if text is not None:
            result[""] = decode(text.text)
        for part in ("Props", "MS"):
            for child in element.find(part) if element.find(part) is not None else []:
                result[decode(child.get("N"))] = plain(child)
        return result
    if tag == "Nil":
        return None
    if tag == "B":
        return element.text == "true"
    if tag in ("I32", "I64", "U32", "By"):
        return int(element.text)
    return decode(element.text)


class Result:
    def __init__(self):
        self.objects, self.errors, self.warnings, self.state, self.failure, self.raw = [], [], [], None, None, []


class Shell:
    def __init__(self, lab, role="full", envelope=153600, timeout="PT20S", query="", open_now=True, account=None):
        account = account or lab.account(role)
        self.lab, self.envelope, self.timeout = lab, envelope, timeout
        self.url = lab.info["exchange"]["url"] + query
        self.authorization = basic(account["user"], account["password"])
        self.connection = lab.connection()
        self.id = uuid.uuid4()
        self.next_object = 0
        self.session = uuid.uuid4()
        self.answers = []
        if open_now:
            self.open()

    # -- WSMan ------------------------------------------------------------------------------------------------------
    def envelope_xml(self, action, body, options="", selector=True, headers="", **changes):
        fields = {"to": self.url, "resource": EXCHANGE, "envelope": self.envelope, "timeout": self.timeout, "message": f"uuid:{str(uuid.uuid4()).upper()}"}
        fields.update(changes)
        selectors = f'<w:SelectorSet><w:Selector Name="ShellId">{str(changes.get("shell", self.id)).upper()}</w:Selector></w:SelectorSet>' if selector else ""
        optionset = f'<w:OptionSet s:mustUnderstand="true">{options}</w:OptionSet>' if options else ""
        return fields["message"], (
            f'<s:Envelope xmlns:s="{S}" xmlns:a="{A}" xmlns:w="{W}" xmlns:p="http://schemas.microsoft.com/wbem/wsman/1/wsman.xsd" xmlns:rsp="{RSP}"><s:Header>'
            f'<a:To>{escape(fields["to"])}</a:To><w:ResourceURI s:mustUnderstand="true">{fields["resource"]}</w:ResourceURI>'
            f'<a:ReplyTo><a:Address s:mustUnderstand="true">{A}/role/anonymous</a:Address></a:ReplyTo><a:Action s:mustUnderstand="true">{action}</a:Action>'
            f'<w:MaxEnvelopeSize s:mustUnderstand="true">{fields["envelope"]}</w:MaxEnvelopeSize><a:MessageID>{fields["message"]}</a:MessageID>'
            f'<w:Locale xml:lang="en-US" s:mustUnderstand="false" /><p:SessionId s:mustUnderstand="false">uuid:{self.session}</p:SessionId>'
            f'<w:OperationTimeout>{fields["timeout"]}</w:OperationTimeout>{optionset}{selectors}{headers}</s:Header><s:Body>{body}</s:Body></s:Envelope>')

    def post_raw(self, xml, connection=None):
        connection = connection or self.connection
        path = urllib.parse.urlparse(self.url)
        target = path.path + ("?" + path.query if path.query else "")
        connection.request("POST", target, xml.encode("utf-8"), {
            "Content-Type": "application/soap+xml;charset=UTF-8", "Authorization": self.authorization, "Accept-Encoding": "identity"})
        answer = connection.getresponse()
        return answer.status, answer.headers, answer.read()

    def post(self, action, body, connection=None, **more):
        sent, xml = self.envelope_xml(action, body, **more)
        status, headers, data = self.post_raw(xml, connection)
        if status not in (200, 500) or not data.startswith(b"<s:"):
            raise HttpError(status, headers, data)
        tree = ET.fromstring(data)
        relates = tree.findtext(f"{{{S}}}Header/{{{A}}}RelatesTo")
        assert relates == sent, f"RelatesTo {relates} is not {sent}"
        fault = tree.find(f"{{{S}}}Body/{{{S}}}Fault")
        if fault is not None:
            detail = fault.find(f".//{{{F}}}WSManFault")
            raise Fault(int(detail.get("Code")), fault.findtext(f"{{{S}}}Code/{{{S}}}Subcode/{{{S}}}Value"), detail.findtext(f"{{{F}}}Message"), status)
        assert status == 200
        self.last = data
        return tree

    def pack(self, kind, pipeline, xml):
        self.next_object += 1
        return fragment(self.next_object, message(kind, self.id, pipeline, xml))

    def open(self, version="2.3"):
        none = uuid.UUID(int=0)
        creation = self.pack(SESSION_CAPABILITY, none, '<Obj RefId="0"><MS><Version N="protocolversion">2.3</Version><Version N="PSVersion">2.0</Version>'
                             '<Version N="SerializationVersion">1.1.0.1</Version></MS></Obj>')
        creation += self.pack(INIT, none, '<Obj RefId="0"><MS><I32 N="MinRunspaces">1</I32><I32 N="MaxRunspaces">1</I32><Nil N="ApplicationArguments" /></MS></Obj>')
        body = (f'<rsp:Shell ShellId="{str(self.id).upper()}"><rsp:InputStreams>stdin pr</rsp:InputStreams><rsp:OutputStreams>stdout</rsp:OutputStreams>'
                f'<creationXml xmlns="http://schemas.microsoft.com/powershell">{base64.b64encode(creation).decode()}</creationXml></rsp:Shell>')
        self.created = self.post(TRANSFER + "Create", body, selector=False, options=f'<w:Option Name="protocolversion" MustComply="true">{version}</w:Option>')
        self.handshake = []
        while not any(kind == POOL_STATE for kind, _, _, _ in self.handshake):
            self.handshake += self.receive()[0]
        return self

    def receive(self, command=None, connection=None, **more):
        attribute = f' CommandId="{str(command).upper()}"' if command else ""
        tree = self.post(SHELL + "Receive", f"<rsp:Receive><rsp:DesiredStream{attribute}>stdout</rsp:DesiredStream></rsp:Receive>", connection,
                         options='<w:Option Name="WSMAN_CMDSHELL_OPTION_KEEPALIVE">TRUE</w:Option>', **more)
        messages = []
        for stream in tree.iter(f"{{{RSP}}}Stream"):
            data = base64.b64decode(stream.text)
            object_id, number, flags, length = struct.unpack(">QQBI", data[:21])
            assert len(data) == 21 + length, "one fragment per Stream"
            messages.append(self.unpack(data[21:], object_id, number, flags))
        done = any(state.get("State").endswith("/Done") for state in tree.iter(f"{{{RSP}}}CommandState"))
        return [m for m in messages if m], done

    partial = b""

    def unpack(self, blob, object_id, number, flags):
        if flags & 1:
            self.partial = b""
            assert number == 0
        self.partial += blob
        if not flags & 2:
            return None
        destination, kind = struct.unpack("<II", self.partial[:8])
        assert destination == 1
        pool, pipeline = uuid.UUID(bytes_le=self.partial[8:24]), uuid.UUID(bytes_le=self.partial[24:40])
        assert pool == (uuid.UUID(int=0) if kind == SESSION_CAPABILITY else self.id)
        data = self.partial[40:]
        assert data.startswith(b"\xef\xbb\xbf"), "what a server sends begins with a BOM"
        return kind, pipeline, data[3:].decode("utf-8"), object_id

    # -- PSRP -------------------------------------------------------------------------------------------------------
    def start(self, *statements, no_input=True, kind=CREATE, xml=None):
        command = uuid.uuid4()
        statements = [s if isinstance(s, list) else [s] for s in statements]
        data = self.pack(kind, command, xml or pipeline_xml(statements, no_input))
        tree = self.post(SHELL + "Command", f'<rsp:CommandLine CommandId="{str(command).upper()}"><rsp:Command /><rsp:Arguments>{base64.b64encode(data).decode()}</rsp:Arguments></rsp:CommandLine>')
        assert uuid.UUID(tree.find(f".//{{{RSP}}}CommandId").text) == command
        return command

    def send(self, data, command=None, stream="stdin"):
        attribute = f' CommandId="{str(command).upper()}"' if command else ""
        return self.post(SHELL + "Send", f'<rsp:Send><rsp:Stream Name="{stream}"{attribute}>{base64.b64encode(data).decode()}</rsp:Stream></rsp:Send>')

    def signal(self, command, code="http://schemas.microsoft.com/wbem/wsman/1/windows/shell/signal/terminate"):
        return self.post(SHELL + "Signal", f'<rsp:Signal CommandId="{str(command).upper()}"><rsp:Code>{code}</rsp:Code></rsp:Signal>')

    def finish(self, command, parse=True):
        result, done = Result(), False
        while not done:
            try:
                messages, done = self.receive(command)
            except Fault as fault:
                if fault.code == 2150858793:
                    continue
                raise
            for kind, pipeline, data, _ in messages:
                assert pipeline == command
                result.raw.append((kind, data))
                if not parse and kind == OUTPUT:
                    continue
                tree = ET.fromstring(data) if data else None
                if kind == OUTPUT:
                    result.objects.append(plain(tree))
                elif kind == ERROR:
                    result.errors.append(plain(tree))
                elif kind == WARNING:
                    result.warnings.append(plain(tree)["InformationalRecord_Message"])
                elif kind == STATE:
                    record = plain(tree)
                    result.state, result.failure = record["PipelineState"], record.get("ExceptionAsErrorRecord")
        self.signal(command)
        return result

    def run(self, name, script=False, **parameters):
        return self.finish(self.start(Command(name, script, **parameters)))

    def run_all(self, *statements):
        return self.finish(self.start(*statements))

    def close(self):
        self.post(TRANSFER + "Delete", "")
        self.connection.close()
