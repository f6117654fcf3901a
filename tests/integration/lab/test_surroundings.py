"""Faults, Autodiscover, EWS, ActiveSync, certificates, the state directory and the command line of the lab."""
import os
import ssl
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.parse

from labclient import *

BINARY = None


class FaultTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.lab = Lab(BINARY, "--users", "80", "--time-scale", "0")

    @classmethod
    def tearDownClass(cls):
        cls.lab.stop()

    def setUp(self):
        self.lab.api("DELETE", "/lab/faults")
        self.lab.api("DELETE", "/lab/shells")
        self.shell = Shell(self.lab)

    def faults(self, *faults):
        status, answer = self.lab.api("POST", "/lab/faults", {"faults": list(faults)})
        self.assertEqual(status, 200, answer)

    def test_busy_answers(self):
        for kind in (429, 503):
            self.faults({"kind": str(kind), "count": 1, "after": 1, "path": "/PowerShell/", "retryAfter": 7})
            command = self.shell.start(Command("Get-OrganizationConfig"))
            with self.assertRaises(HttpError) as caught:
                self.shell.receive(command)
            self.assertEqual((caught.exception.status, caught.exception.headers["Retry-After"]), (kind, "7"))
            self.assertEqual(self.shell.finish(command).state, 4)
            self.lab.api("DELETE", "/lab/faults")

    def test_cut_and_truncated(self):
        self.faults({"kind": "cut", "count": 1, "path": "/PowerShell/"})
        with self.assertRaises((http.client.RemoteDisconnected, ConnectionError, ssl.SSLError)):
            self.shell.start(Command("Get-OrganizationConfig"))
        self.lab.api("DELETE", "/lab/faults")
        shell = Shell(self.lab)
        self.faults({"kind": "truncate", "count": 1, "path": "/PowerShell/"})
        with self.assertRaises((http.client.IncompleteRead, ConnectionError, ssl.SSLError)):
            shell.start(Command("Get-OrganizationConfig"))

    def test_slow_and_html(self):
        self.faults({"kind": "slow", "ms": 400, "count": 1})
        start = time.monotonic()
        self.assertEqual(self.shell.run("Get-OrganizationConfig").state, 4)
        self.assertGreater(time.monotonic() - start, 0.39)
        self.faults({"kind": "htmlAs200", "count": 1})
        with self.assertRaises(HttpError) as caught:
            self.shell.run("Get-OrganizationConfig")
        self.assertEqual(caught.exception.status, 200)
        self.assertIn(b"<html>", caught.exception.body)

    def test_malformed_fragment(self):
        command = self.shell.start(Command("Get-OrganizationConfig"))
        self.faults({"kind": "malformedFragment", "count": 1})
        with self.assertRaises(AssertionError):
            self.shell.receive(command)

    def test_lost_shell_and_quota(self):
        self.faults({"kind": "loadQuota", "count": 1, "ms": 1234})
        with self.assertRaises(Fault) as caught:
            self.shell.run("Get-OrganizationConfig")
        self.assertEqual(caught.exception.code, 2150859175)
        self.assertIn("for at least 1234 milliseconds", caught.exception.text)
        self.faults({"kind": "shellLost", "count": 1})
        for _ in range(2):
            with self.assertRaises(Fault) as caught:
                self.shell.run("Get-OrganizationConfig")
            self.assertEqual(caught.exception.code, 2150858843)

    def test_cmdlet_faults(self):
        self.faults({"kind": "missingCmdlet", "cmdlet": "Get-Recipient"}, {"kind": "denied", "cmdlet": "Get-CASMailbox"}, {"kind": "microDelay", "cmdlet": "Get-User", "ms": 50},
                    {"kind": "objectBroken", "cmdlet": "Get-MobileDevice", "count": 3}, {"kind": "mailboxError", "cmdlet": "Get-MobileDeviceStatistics"})
        self.assertEqual(self.shell.run("Get-Recipient").failure["FullyQualifiedErrorId"], "CommandNotFoundException")
        self.assertNotIn("Get-Recipient", [c["Name"] for c in self.shell.run("Get-Command").objects])
        denied = self.shell.run("Get-CASMailbox")
        self.assertEqual((denied.state, denied.failure["ErrorCategory_Category"]), (5, 18))
        self.assertIn("Micro delay applied. Actual delayed: 50 msecs", self.shell.run("Get-User", ResultSize=1).warnings[0])
        devices = self.shell.run("Get-MobileDevice", ResultSize="Unlimited").objects
        self.assertEqual(sum("Identity" not in d for d in devices), 3)
        self.assertEqual(len(self.shell.run("Get-MobileDeviceStatistics", Mailbox="taro.yamada").errors), 1)

    def test_rates_and_bad_requests(self):
        for wrong in ({}, {"faults": []}, {"faults": [{"kind": "volcano"}]}, {"faults": [{"kind": "503", "rate": 2}]}, {"faults": [{"kind": "expiredCertificate"}]}):
            self.assertEqual(self.lab.api("POST", "/lab/faults", wrong)[0], 400, wrong)
        self.faults({"kind": "503", "rate": 0.5, "path": "/ews/"})
        url = self.lab.info["exchange"]["ews"].replace("Exchange.asmx", "healthcheck.htm")
        statuses = [self.lab.request("GET", url)[0] for _ in range(60)]
        self.assertTrue(10 < statuses.count(503) < 50, statuses)
        fired = self.lab.api("GET", "/lab/faults")[1]["faults"][0]
        self.assertEqual((fired["seen"], fired["fired"]), (60, statuses.count(503)))


class ServiceTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.lab = Lab(BINARY, "--users", "80", "--time-scale", "0")
        cls.login = basic(cls.lab.account()["user"], cls.lab.account()["password"])

    @classmethod
    def tearDownClass(cls):
        cls.lab.stop()

    def pox(self, schema, mail="taro.yamada@contoso.lab", body=None):
        request = "outlook" if "outlook" in schema else "mobilesync"
        xml = body if body is not None else (
            f'<Autodiscover xmlns="http://schemas.microsoft.com/exchange/autodiscover/{request}/requestschema/2006"><Request><EMailAddress>{mail}</EMailAddress>'
            f"<AcceptableResponseSchema>{schema}</AcceptableResponseSchema></Request></Autodiscover>")
        return self.lab.request("POST", self.lab.info["exchange"]["autodiscover"], xml, {"Authorization": self.login, "Content-Type": "text/xml"})

    def test_autodiscover(self):
        base = "http://schemas.microsoft.com/exchange/autodiscover/"
        status, _, data = self.pox(base + "outlook/responseschema/2006a")
        self.assertEqual(status, 200)
        self.assertIn(self.lab.info["exchange"]["ews"].encode(), data)
        _, _, data = self.pox(base + "mobilesync/responseschema/2006")
        self.assertIn(b"<Type>MobileSync</Type><Url>" + self.lab.info["exchange"]["activesync"].encode(), data)
        for code, answer in ((b"600", self.pox("x", body="")), (b"600", self.pox("x", body="<broken")), (b"601", self.pox("urn:other")),
                             (b"600", self.lab.request("GET", self.lab.info["exchange"]["autodiscover"], None, {"Authorization": self.login})),
                             (b"500", self.pox(base + "outlook/responseschema/2006a", "nobody@contoso.lab"))):
            self.assertIn(b"<ErrorCode>" + code + b"</ErrorCode>", answer[2])
        self.assertEqual(self.lab.request("GET", self.lab.info["exchange"]["autodiscover"])[0], 401)

    def test_autodiscover_json(self):
        url = self.lab.info["exchange"]["autodiscoverJson"]
        for path in ("?Email=taro.yamada%40contoso.lab&Protocol=ActiveSync", "/v1.0/taro.yamada%40contoso.lab?Protocol=ActiveSync"):
            status, _, data = self.lab.request("GET", url + path)
            self.assertEqual((status, json.loads(data)), (200, {"Protocol": "ActiveSync", "Url": self.lab.info["exchange"]["activesync"]}))
        status, _, data = self.lab.request("GET", url + "?Email=x&Protocol=Gopher")
        self.assertEqual((status, json.loads(data)["ErrorCode"]), (400, "InvalidProtocol"))

    def test_ews(self):
        url = self.lab.info["exchange"]["ews"]
        status, headers, _ = self.lab.request("GET", url)
        self.assertEqual(status, 401)
        self.assertIn("NTLM", headers.get_all("WWW-Authenticate"))
        soap = ('<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" xmlns:t="http://schemas.microsoft.com/exchange/services/2006/types" '
                'xmlns:m="http://schemas.microsoft.com/exchange/services/2006/messages"><s:Body>{}</s:Body></s:Envelope>')
        mailbox = self.lab.account("notification")
        login = basic(mailbox["upn"], mailbox["password"])
        post = lambda body: self.lab.request("POST", url, soap.format(body), {"Authorization": login, "Content-Type": "text/xml"})
        folder = '<m:GetFolder><m:FolderShape><t:BaseShape>Default</t:BaseShape></m:FolderShape><m:FolderIds><t:DistinguishedFolderId Id="inbox"/></m:FolderIds></m:GetFolder>'
        status, _, data = post(folder)
        self.assertEqual(status, 200)
        self.assertIn(b"<t:DisplayName>Inbox</t:DisplayName>", data)
        self.assertIn(b"taro.yamada@", post('<m:ResolveNames ReturnFullContactData="false"><m:UnresolvedEntry>taro.yamada</m:UnresolvedEntry></m:ResolveNames>')[2])
        self.assertEqual(post("<m:Nonsense/>")[0], 500)
        self.assertEqual(self.lab.request("GET", url.replace("Exchange.asmx", "healthcheck.htm"))[0], 200)

    def test_active_sync(self):
        url = self.lab.info["exchange"]["activesync"]
        _, truth = self.lab.api("GET", "/lab/truth")
        phone = next(p for p in truth["phones"] if p["access"] != "Refused")
        refused = next(p for p in truth["phones"] if p["access"] == "Refused")
        status, headers, _ = self.lab.request("OPTIONS", url)
        self.assertEqual((status, headers.get_all("WWW-Authenticate")), (401, ['Basic realm="contoso.lab"']))
        status, headers, _ = self.lab.request("OPTIONS", url, None, {"Authorization": basic(phone["upn"], phone["password"])})
        self.assertEqual(status, 200)
        self.assertIn("16.1", headers["MS-ASProtocolVersions"])
        self.assertEqual(self.lab.request("OPTIONS", url, None, {"Authorization": basic(refused["upn"], refused["password"])})[0], 403)
        new = "?Cmd=Sync&User=x&DeviceId=NEWPHONE0001&DeviceType=iPhone"
        self.assertEqual(self.lab.request("POST", url + new, b"", {"Authorization": basic(phone["upn"], phone["password"])})[0], 200)
        shell = Shell(self.lab)
        fresh = shell.run("Get-MobileDevice", Identity="NEWPHONE0001").objects
        self.assertEqual([d["DeviceAccessState"][""] for d in fresh], ["DeviceDiscovery"])
        shell.close()

    def test_bad_certificates_are_bad(self):
        reasons = {"expired": "expired", "wrongHost": "mismatch", "selfSigned": "self-signed", "untrusted": "unable to get local issuer"}
        for kind, url in self.lab.info["badTls"].items():
            with self.assertRaises(ssl.SSLCertVerificationError) as caught:
                self.lab.request("GET", url)
            self.assertIn(reasons[kind], str(caught.exception), kind)

    def test_latency(self):
        with Lab(BINARY, "--users", "20", "--latency", "120") as lab:
            url = lab.info["exchange"]["ews"].replace("Exchange.asmx", "healthcheck.htm")
            start = time.monotonic()
            lab.request("GET", url)
            self.assertGreater(time.monotonic() - start, 0.12)

    def test_time_makes_phones_connect(self):
        with Lab(BINARY, "--users", "40", "--time-scale", "7200") as lab:
            deadline = time.monotonic() + 20
            while time.monotonic() < deadline:
                _, truth = lab.api("GET", "/lab/truth")
                if all((p["storedState"], p["storedReason"]) == (p["access"], p["reason"]) for p in truth["phones"] if p["access"] != "Refused"):
                    return
                time.sleep(0.2)
            self.fail("phones did not connect by themselves")


class StateTest(unittest.TestCase):
    def test_a_restart_continues(self):
        with tempfile.TemporaryDirectory() as directory:
            arguments = ["--users", "30", "--state", os.path.join(directory, "lab"), "--time-scale", "0"]
            with Lab(BINARY, *arguments) as lab:
                ca = open(lab.info["caFile"]).read()
                shell = Shell(lab)
                first = shell.run("Get-MobileDevice", ResultSize="Unlimited").objects
                shell.run("Set-CASMailbox", Identity="taro.yamada", ActiveSyncBlockedDeviceIDs=["KEPT"])
                shell.run("New-ActiveSyncDeviceAccessRule", QueryString="Kept", Characteristic="UserAgent", AccessLevel="Block")
                shell.run("Remove-MobileDevice", Identity=first[0]["Guid"], Confirm=False)
                password = lab.account()["password"]
            with Lab(BINARY, *arguments) as lab:
                self.assertEqual(open(lab.info["caFile"]).read(), ca)
                self.assertEqual(lab.account()["password"], password)
                shell = Shell(lab)
                self.assertEqual(shell.run("Get-CASMailbox", Identity="taro.yamada").objects[0]["ActiveSyncBlockedDeviceIDs"], ["KEPT"])
                self.assertEqual(shell.run("Get-ActiveSyncDeviceAccessRule").objects[-1]["QueryString"], "Kept")
                self.assertEqual([d["Guid"] for d in shell.run("Get-MobileDevice", ResultSize="Unlimited").objects], [d["Guid"] for d in first[1:]])
            other = subprocess.run([BINARY, "--users", "31", *arguments[2:]], capture_output=True, text=True, timeout=20)
            self.assertEqual(other.returncode, 1)
            self.assertIn("30 users", other.stderr)
            self.assertEqual(os.stat(os.path.join(directory, "lab", "lab-ca-key.pem")).st_mode & 0o077, 0)

    def test_a_damaged_state_says_where(self):
        with tempfile.TemporaryDirectory() as directory:
            arguments = ["--users", "30", "--state", directory, "--time-scale", "0"]
            with Lab(BINARY, *arguments) as lab:
                shell = Shell(lab)
                shell.run("Set-CASMailbox", Identity="taro.yamada", ActiveSyncBlockedDeviceIDs=["KEPT"])
                lab.api("POST", "/lab/sync?all=1")
            path = os.path.join(directory, "lab-state.json")
            good = json.load(open(path))
            self.assertTrue(good["phones"] and good["cas"])
            for place, damage in (("phone", lambda d: d["phones"][0].update(access=99)), ("phone", lambda d: d["phones"][0].update(phone=4000)),
                                  ("cas of user", lambda d: d["cas"][0].update(user=-1)), ("default access level", lambda d: d["settings"].update(default=7)),
                                  ("rule", lambda d: d["rules"][0].update(characteristic="x"))):
                bad = json.loads(json.dumps(good))
                damage(bad)
                with open(path, "w") as file:
                    json.dump(bad, file)
                refused = subprocess.run([BINARY, *arguments], capture_output=True, text=True, timeout=20)
                self.assertEqual((refused.returncode, refused.stdout), (1, ""), place)
                self.assertIn(place, refused.stderr)

    def test_the_same_seed_is_the_same_lab(self):
        def devices(seed):
            with Lab(BINARY, "--users", "25", "--seed", seed, "--time-scale", "0") as lab:
                return [(p["device"], p["mailbox"], p["access"], p["password"]) for p in lab.api("GET", "/lab/truth")[1]["phones"]]
        self.assertEqual(devices("5"), devices("5"))
        self.assertNotEqual(devices("5"), devices("6"))

    def test_usage(self):
        for arguments in (["--users", "many"], ["--bogus"], ["extra"], ["--port", "99999"]):
            done = subprocess.run([BINARY, *arguments], capture_output=True, text=True, timeout=20)
            self.assertEqual((done.returncode, done.stdout), (2, ""), arguments)
            self.assertTrue(done.stderr)
        self.assertEqual(subprocess.run([BINARY, "--help"], capture_output=True, timeout=20).returncode, 0)

    def test_temporary_files_go(self):
        with Lab(BINARY, "--users", "5") as lab:
            directory = os.path.dirname(lab.info["caFile"])
            self.assertTrue(os.path.isdir(directory))
        self.assertFalse(os.path.exists(directory))


if __name__ == "__main__":
    BINARY = sys.argv[1]
    unittest.main(argv=sys.argv[:1] + sys.argv[3:], warnings="ignore")
