"""The lab on the wire: envelopes, faults, handshake, limits. Shapes are compared with recordings of Windows."""
import glob
import os
import re
import sys
import threading
import time
import unittest
import uuid
import xml.etree.ElementTree as ET

from labclient import *

BINARY, VECTORS = None, None


def skeleton(element):
    """Names, order and attributes of everything in an element, without its texts."""
    lines = [(element.tag, sorted(element.keys()))] + [line for child in element for line in skeleton(child)]
    return [line for line in lines if not line[0].endswith("}ActivityId")]  # Windows sends it in some answers only


def recorded(name):
    with open(os.path.join(VECTORS, "pypsrp", "responses", name), encoding="utf-8") as file:
        text = file.read()
    answers = []
    for scalar in re.findall(r"^  response: (.*(?:\n    .*)*)$", text, re.M):  # as much YAML as the recordings use
        scalar = re.sub(r"\n +", " ", scalar)
        if scalar.startswith('"'):
            scalar = json.loads(scalar)
        elif scalar.startswith("'"):
            scalar = scalar[1:-1].replace("''", "'")
        if scalar.startswith("<s:Envelope"):
            answers.append(ET.fromstring(scalar))
    return answers


def recorded_with(*wanted):
    """The first answer of any recording that has all these texts (some are quoted YAML, which is passed over)."""
    for path in sorted(glob.glob(os.path.join(VECTORS, "pypsrp", "responses", "*.yml"))):
        for envelope in recorded(os.path.basename(path)):
            if all(text in ET.tostring(envelope, encoding="unicode") for text in wanted):
                return envelope
    raise LookupError(wanted)


def recorded_messages(name):
    out = []
    for envelope in recorded(name):
        for stream in envelope.iter(f"{{{RSP}}}Stream"):
            data = base64.b64decode(stream.text or "")
            if len(data) > 61 and data[16] == 3:
                out.append((struct.unpack("<I", data[25:29])[0], data[61:].lstrip(b"\xef\xbb\xbf").decode()))
    return out


class WireTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.lab = Lab(BINARY, "--users", "60", "--time-scale", "0")

    @classmethod
    def tearDownClass(cls):
        cls.lab.stop()
        assert cls.lab.code == 0

    def setUp(self):
        self.lab.api("DELETE", "/lab/shells")
        self.lab.api("DELETE", "/lab/faults")

    def assertFault(self, code, subcode, action):
        with self.assertRaises(Fault) as caught:
            action()
        self.assertEqual(caught.exception.code, code)
        self.assertEqual(caught.exception.status, 500)
        if subcode:
            self.assertEqual(caught.exception.subcode, subcode)
        return caught.exception

    def test_answers_have_the_recorded_shape(self):
        create, receive, *_, delete = recorded("test_psrp_open_runspace.yml")
        shell = Shell(self.lab)
        self.assertEqual(skeleton(shell.created), skeleton(create))
        self.assertEqual([(k, sorted(a)) for k, a in skeleton(ET.fromstring(shell.last))][:9], skeleton(receive)[:9])
        # Command, its last Receive, Signal are in a recording of a whole command.
        command = recorded_with("CommandResponse")
        started = shell.start(Command("Get-OrganizationConfig"))
        self.assertEqual(skeleton(ET.fromstring(shell.last)), skeleton(command))
        done = False
        while not done:
            _, done = shell.receive(started)
        state = recorded_with("CommandState/Done", "ExitCode", "stdout")
        ours = ET.fromstring(shell.last).find(f".//{{{RSP}}}CommandState")
        theirs = state.find(f".//{{{RSP}}}CommandState")
        self.assertEqual(skeleton(ours), skeleton(theirs))
        self.assertEqual(ours.get("State"), theirs.get("State"))
        self.assertEqual(ours[0].text, theirs[0].text)
        deleted = shell.post(TRANSFER + "Delete", "")
        self.assertEqual(skeleton(deleted), skeleton(delete))

    def test_handshake_as_recorded(self):
        shell = Shell(self.lab)
        ours = [(kind, data) for kind, _, data, _ in shell.handshake]
        theirs = recorded_messages("test_psrp_open_runspace.yml")
        self.assertEqual([k for k, _ in ours], [k for k, _ in theirs])
        self.assertEqual(ours[0], theirs[0])
        self.assertEqual(skeleton(ET.fromstring(ours[1][1])), skeleton(ET.fromstring(theirs[1][1])))
        self.assertEqual(ours[2], theirs[2])
        self.assertEqual([number for _, _, _, number in shell.handshake], [1, 2, 3])
        shell.close()

    def test_pipeline_state_and_error_record_as_recorded(self):
        shell = Shell(self.lab)
        good = shell.run("Get-OrganizationConfig")
        self.assertIn(good.raw[-1], recorded_messages("test_psrp_with_jea_configuration.yml"))
        refused = shell.run("Get-Process | Where-Object { $_ }", script=True)
        recorded_state = [d for k, d in recorded_messages("test_psrp_with_jea_configuration.yml") if k == STATE][-1]
        ours, them = (ET.fromstring(x).find(".//Obj[@N='ExceptionAsErrorRecord']") for x in (refused.raw[-1][1], recorded_state))
        self.assertEqual([e.get("N") for e in ours.find("MS")], [e.get("N") for e in them.find("MS")])
        self.assertEqual([t.text for t in ours.iter("T")][:7], [t.text for t in them.iter("T")][:7])
        for name in ("FullyQualifiedErrorId", "ErrorCategory_Category", "ErrorCategory_Reason"):
            self.assertEqual(ours.findtext(f"MS/*[@N='{name}']"), them.findtext(f"MS/*[@N='{name}']"))
        shell.close()

    def test_faults_have_the_recorded_shape(self):
        shell = Shell(self.lab)
        for name, action in {"test_psrp_is_alive_invalid_selectors.yml": lambda: shell.post(TRANSFER + "Delete", "", shell=uuid.uuid4()),
                             "test_winrs_operation_timeout.yml": lambda: shell.receive(timeout="PT0.2S")}.items():
            theirs = [e for e in recorded(name) if e.find(f".//{{{S}}}Fault") is not None]
            self.assertTrue(theirs, name)
            sent = {}
            original = shell.post_raw
            shell.post_raw = lambda xml, connection=None: sent.setdefault("answer", original(xml, connection))
            with self.assertRaises(Fault):
                action()
            shell.post_raw = original
            ours = ET.fromstring(sent["answer"][2])
            cut = lambda e: [line for line in skeleton(e) if "ProviderFault" not in line[0] and "ActivityId" not in line[0]]
            known = cut(theirs[0])
            self.assertEqual(cut(ours)[:12], known[:12], name)
        shell.close()

    def test_long_poll_waits_and_times_out(self):
        shell = Shell(self.lab)
        start = time.monotonic()
        fault = self.assertFault(2150858793, "w:TimedOut", lambda: shell.receive(timeout="PT1S"))
        self.assertGreater(time.monotonic() - start, 0.9)
        self.assertIn("OperationTimeout", fault.text)
        shell.close()

    def test_unknown_things(self):
        shell = Shell(self.lab)
        self.assertFault(2150858843, "w:InvalidSelectors", lambda: shell.receive(shell=uuid.uuid4()))
        self.assertFault(2150858843, "w:InvalidSelectors", lambda: shell.receive(command=uuid.uuid4()))
        self.assertFault(2150858843, "w:InvalidSelectors", lambda: shell.signal(uuid.uuid4()))
        self.assertFault(2150858811, None, lambda: shell.receive(resource="http://schemas.microsoft.com/powershell/Microsoft.PowerShell"))
        for action in ("Disconnect", "Reconnect", "Connect", "Nonsense"):
            self.assertFault(2150858771, "a:ActionNotSupported", lambda: shell.post(SHELL + action, ""))
        shell.close()
        self.assertFault(2150858843, "w:InvalidSelectors", lambda: shell.receive())

    def test_bad_headers(self):
        shell = Shell(self.lab)
        self.assertFault(2150858767, "a:InvalidMessageInformationHeader", lambda: shell.receive(timeout="PT-1S"))
        self.assertFault(2150858878, "w:EncodingLimit", lambda: shell.receive(envelope=512))
        self.assertFault(2150858823, "w:EncodingLimit", lambda: shell.receive(envelope=99999999))
        self.assertFault(2150858768, None, lambda: shell.post(SHELL + "Receive", "", headers='<x:Odd xmlns:x="urn:odd" s:mustUnderstand="true">1</x:Odd>'))
        self.assertFault(2150858809, "w:InvalidOptions", lambda: shell.post(SHELL + "Receive", "", options='<w:Option Name="odd" MustComply="true">1</w:Option>'))
        for gone in ("a:MessageID", "a:To", "w:ResourceURI", "a:ReplyTo", "a:Action"):
            _, xml = shell.envelope_xml(SHELL + "Receive", "")
            status, _, data = shell.post_raw(re.sub(f"<{gone}.*?</{gone}>", "", xml))
            self.assertEqual(status, 500, gone)
            self.assertIn(b'Code="2150858769"', data, gone)
        shell.close()

    def test_malformed_bodies(self):
        shell = Shell(self.lab)
        _, good = shell.envelope_xml(SHELL + "Receive", "<rsp:Receive><rsp:DesiredStream>stdout</rsp:DesiredStream></rsp:Receive>")
        bad = ["", "no xml", good[:-20], good.replace("<s:Body>", "<s:Body><x>"), '<!DOCTYPE a [<!ENTITY e "x">]>' + good, good + "<more/>", "<a/>",
               good.replace(S, "http://schemas.xmlsoap.org/soap/envelope/")]
        for xml in bad:
            status, _, data = shell.post_raw(xml)
            self.assertEqual(status, 500, xml[:60])
            self.assertIn(b"WSManFault", data, xml[:60])
        self.assertFault(2150858791, None, lambda: shell.post(SHELL + "Command", "<rsp:CommandLine><rsp:Command /><rsp:Arguments>!!!</rsp:Arguments></rsp:CommandLine>"))
        fragments = [b"short", fragment(9, b"x"), fragment(99, message(CREATE, uuid.uuid4(), uuid.uuid4(), "<Nil />")),
                     fragment(9, message(CREATE, shell.id, uuid.uuid4(), "<Obj><broken")), fragment(9, b"", number=1, start=False)]
        for data in fragments:
            with self.assertRaises(Fault):
                shell.post(SHELL + "Command", f"<rsp:CommandLine><rsp:Command /><rsp:Arguments>{base64.b64encode(data).decode()}</rsp:Arguments></rsp:CommandLine>")
        self.assertEqual(shell.run("Get-OrganizationConfig").state, 4)  # the shell is still good
        shell.close()

    def test_eighteen_shells(self):
        shells = [Shell(self.lab) for _ in range(18)]
        fault = self.assertFault(2150859173, None, lambda: Shell(self.lab))
        self.assertIn("18 concurrent shells", fault.text)
        Shell(self.lab, role="readOnly").close()  # another account has its own
        shells.pop().close()
        shells.append(Shell(self.lab))
        _, state = self.lab.api("GET", "/lab/state")
        self.assertEqual(state["shellsOpen"], 18)
        self.assertGreaterEqual(state["violations"]["concurrentShells"], 1)
        for shell in shells:
            shell.close()

    def test_same_shell_twice_and_foreign_shell(self):
        shell = Shell(self.lab)
        again = Shell(self.lab, open_now=False)
        again.id = shell.id
        self.assertFault(2150858803, None, again.open)
        other = Shell(self.lab, role="readOnly")
        self.assertFault(5, "w:AccessDenied", lambda: other.receive(shell=shell.id))
        shell.close()
        other.close()

    def pending(self, shell, command=None):
        caught = {}

        def poll():
            try:
                shell.receive(command, connection=self.lab.connection())
            except Exception as problem:
                caught["problem"] = problem
        thread = threading.Thread(target=poll)
        thread.start()
        time.sleep(0.3)
        return thread, caught

    def test_delete_ends_a_pending_receive(self):
        shell = Shell(self.lab)
        thread, caught = self.pending(shell)
        shell.close()
        thread.join(5)
        self.assertEqual(caught["problem"].code, 995)

    def test_a_second_receive_takes_over(self):
        shell = Shell(self.lab)
        thread, caught = self.pending(shell)
        self.assertFault(2150858793, "w:TimedOut", lambda: shell.receive(timeout="PT0.3S"))
        thread.join(5)
        self.assertEqual(caught["problem"].code, 995)
        shell.close()

    def test_pool_messages(self):
        shell = Shell(self.lab)
        none = uuid.UUID(int=0)
        theirs = [d for k, d in recorded_messages("test_psrp_set_runspaces.yml") if k == AVAILABILITY]
        answers = []
        for kind, xml in ((0x21007, '<I64 N="ci">0</I64>'), (0x21002, '<I32 N="MaxRunspaces">5</I32><I64 N="CI">1</I64>'), (0x21007, '<I64 N="ci">2</I64>'),
                          (0x21003, '<I32 N="MinRunspaces">2</I32><I64 N="CI">3</I64>'), (0x21003, '<I32 N="MinRunspaces">-1</I32><I64 N="CI">4</I64>')):
            shell.send(shell.pack(kind, none, f'<Obj RefId="0"><MS>{xml}</MS></Obj>'))
            answers += [data for _, _, data, _ in shell.receive()[0]]
        self.assertEqual(answers[:5], theirs[:5])
        shell.close()

    def test_identify(self):
        shell = Shell(self.lab, open_now=False)
        status, _, data = shell.post_raw(f'<s:Envelope xmlns:s="{S}" xmlns:i="http://schemas.dmtf.org/wbem/wsman/identity/1/wsmanidentity.xsd"><s:Header/><s:Body><i:Identify/></s:Body></s:Envelope>')
        self.assertEqual(status, 200)
        self.assertIn(b"IdentifyResponse", data)

    def test_who_gets_in(self):
        account = self.lab.account()
        url = self.lab.info["exchange"]["url"]
        status, headers, _ = self.lab.request("POST", url, b"x", {"Content-Type": "application/soap+xml"})
        self.assertEqual(status, 401)
        self.assertEqual([h.split()[0] for h in headers.get_all("WWW-Authenticate")], ["Negotiate", "NTLM", "Basic"])
        for user, password in ((account["user"], "wrong"), ("CONTOSO\\nobody", account["password"]), (account["user"], ""), ("OTHER\\svc-postern", account["password"])):
            with self.assertRaises(HttpError) as caught:
                Shell(self.lab, account={"user": user, "password": password})
            self.assertEqual(caught.exception.status, 401)
        Shell(self.lab, account={"user": account["upn"], "password": account["password"]}).close()
        self.assertFault(5, "w:AccessDenied", lambda: Shell(self.lab, role="noRemotePowerShell"))
        self.assertEqual(self.lab.request("GET", url, None, {"Authorization": basic(account["user"], account["password"])})[0], 405)

    def test_pages_fill_the_envelope(self):
        for size in (32768, 153600, 512000):
            shell = Shell(self.lab, envelope=size)
            command = shell.start(Command("Get-CASMailbox", ResultSize="Unlimited"))
            sizes, done = [], False
            while not done:
                _, done = shell.receive(command)
                sizes.append(len(shell.last))
            self.assertLessEqual(max(sizes), size)
            if len(sizes) > 2:
                self.assertGreater(max(sizes), size * 0.6)
            shell.signal(command)
            shell.close()


if __name__ == "__main__":
    BINARY, VECTORS = sys.argv[1:3]
    unittest.main(argv=sys.argv[:1] + sys.argv[3:], warnings="ignore")
