"""What a real organisation limits or refuses: throttling policies, filters by time, containers, several Client Access
servers, mailboxes that may not send, and texts in the server's culture."""
import sys
import time
import unittest
import urllib.parse

from labclient import *

BINARY = None
CULTURES = {"de-DE": r"\d\d\.\d\d\.\d{4} \d\d:", "tr-TR": r"\d{1,2}\.\d\d\.\d{4} \d\d:", "ja-JP": r"\d{4}/\d\d/\d\d \d", "ar-SA": r"\d\d/\d\d/4\d .*[صم]$"}


class LimitCase(unittest.TestCase):
    arguments = ()

    @classmethod
    def setUpClass(cls):
        cls.lab = Lab(BINARY, "--users", "80", "--time-scale", "0", *cls.arguments)

    @classmethod
    def tearDownClass(cls):
        cls.lab.stop()

    def setUp(self):
        self.lab.api("DELETE", "/lab/faults")
        self.lab.api("DELETE", "/lab/shells")

    def faults(self, *faults):
        status, answer = self.lab.api("POST", "/lab/faults", {"faults": list(faults)})
        self.assertEqual(status, 200, answer)

    def violations(self):
        return self.lab.api("GET", "/lab/state")[1]["violations"]


class ThrottlingTest(LimitCase):
    def quota(self, attempt, limit, seconds):
        with self.assertRaises(Fault) as caught:
            attempt()
        self.assertEqual(caught.exception.code, 2150859175)
        self.assertIn(f"load quota of {limit} requests per {seconds} seconds has been exceeded", caught.exception.text)
        stated = int(re.search(r"for at least (\d+) milliseconds", caught.exception.text).group(1))
        self.assertTrue(0 < stated <= seconds * 1000, stated)
        return stated

    def test_commands_of_a_period(self):
        self.faults({"kind": "throttlingPolicy", "policy": "cmdlets=5,period=2"})
        shell = Shell(self.lab)
        for _ in range(5):
            self.assertEqual(shell.run("Get-OrganizationConfig").state, 4)
        before = self.violations().get("cmdletQuota", 0)
        stated = self.quota(lambda: shell.run("Get-OrganizationConfig"), 5, 2)
        self.assertEqual(self.violations()["cmdletQuota"], before + 1)
        time.sleep(stated / 1000)
        self.assertEqual(shell.run("Get-OrganizationConfig").state, 4)
        self.lab.api("DELETE", "/lab/faults")
        for _ in range(12):
            self.assertEqual(shell.run("Get-OrganizationConfig").state, 4)

    def test_a_command_that_was_let_in_ends(self):
        self.faults({"kind": "throttlingPolicy", "policy": "cmdlets=3,period=1"})
        shell = Shell(self.lab)
        start = time.monotonic()
        result = shell.run_all(*[Command("Get-OrganizationConfig") for _ in range(5)])
        self.assertEqual((result.state, len(result.objects)), (4, 5))
        self.assertGreater(time.monotonic() - start, 0.8)
        self.assertTrue(any("Micro delay applied" in w for w in result.warnings))

    def test_slowed_before_refused(self):
        self.faults({"kind": "throttlingPolicy", "policy": "exchangeCmdlets=4,cmdlets=100,period=2"})
        shell = Shell(self.lab)
        warnings = [len(shell.run("Get-OrganizationConfig").warnings) for _ in range(6)]
        self.assertEqual(warnings, [0, 0, 0, 0, 1, 1])

    def test_destructive_and_runspaces(self):
        self.faults({"kind": "throttlingPolicy", "policy": "destructive=2,destructivePeriod=3,runspaces=2,runspacePeriod=3"})
        shell, other = Shell(self.lab), Shell(self.lab)
        self.quota(lambda: Shell(self.lab), 2, 3)
        for _ in range(2):
            self.assertEqual(shell.run("Set-CASMailbox", Identity="taro.yamada", ActiveSyncBlockedDeviceIDs={"Add": "X1"}).state, 4)
        self.quota(lambda: shell.run("Set-CASMailbox", Identity="taro.yamada", ActiveSyncBlockedDeviceIDs={"Add": "X2"}), 2, 3)
        self.assertNotIn("X2", other.run("Get-CASMailbox", Identity="taro.yamada").objects[0]["ActiveSyncBlockedDeviceIDs"])

    def test_another_account_has_its_own_budget(self):
        self.faults({"kind": "throttlingPolicy", "policy": "cmdlets=1,period=60"})
        shell, reader = Shell(self.lab), Shell(self.lab, "readOnly")
        self.assertEqual(shell.run("Get-OrganizationConfig").state, 4)
        self.quota(lambda: shell.run("Get-OrganizationConfig"), 1, 60)
        self.assertEqual(reader.run("Get-OrganizationConfig").state, 4)

    def test_policies_that_are_none(self):
        for wrong in ("cmdlets", "cmdlets=x", "cmdlets=-1", "cmdlets=1x", "speed=3", "period=0", "concurrency=0"):
            self.assertEqual(self.lab.api("POST", "/lab/faults", {"faults": [{"kind": "throttlingPolicy", "policy": wrong}]})[0], 400, wrong)
            done = subprocess.run([BINARY, "--throttling", wrong], capture_output=True, text=True, timeout=20)
            self.assertEqual((done.returncode, done.stdout), (2, ""), wrong)
        with Lab(BINARY, "--users", "5", "--throttling", "concurrency=2") as lab:
            shells = [Shell(lab), Shell(lab)]
            with self.assertRaises(Fault) as caught:
                Shell(lab)
            self.assertEqual(caught.exception.code, 2150859173)
            self.assertIn("maximum number of 2 concurrent shells", caught.exception.text)
            shells[0].close()
            Shell(lab)


class FilterTest(LimitCase):
    arguments = ("--culture", "de-DE")

    def test_a_filter_by_time_is_refused(self):
        shell = Shell(self.lab)
        since = "WhenChangedUTC -ge '01/31/2020 06:00:00'"
        self.assertTrue(shell.run("Get-MobileDevice", Filter=since).objects)
        self.faults({"kind": "filterRefused", "cmdlet": "Get-MobileDevice"})
        refused = shell.run("Get-MobileDevice", Filter=since)
        self.assertEqual((refused.state, refused.objects), (5, []))
        self.assertIn('"WhenChangedUTC" is not a recognized filterable property', refused.failure[""] + str(refused.failure))
        self.assertTrue(shell.run("Get-MobileDevice", Filter="DeviceType -ne 'x'").objects)
        self.assertTrue(shell.run("Get-CASMailbox", Filter=since).objects)

    def test_dates_in_the_servers_culture(self):
        shell = Shell(self.lab)
        self.faults({"kind": "localeIgnored"})
        wrong = shell.run("Get-MobileDevice", Filter="WhenChangedUTC -ge '01/31/2020 06:00:00'")
        self.assertEqual(wrong.state, 5)
        self.assertIn("String was not recognized as a valid DateTime", str(wrong.failure))
        self.assertTrue(shell.run("Get-MobileDevice", Filter="WhenChangedUTC -ge '31.01.2020 06:00:00'").objects)

    def test_a_date_that_is_none(self):
        shell = Shell(self.lab)
        self.assertEqual(shell.run("Get-MobileDevice", Filter="FirstSyncTime -gt 'yesterday'").state, 5)


class ContainerTest(LimitCase):
    def test_containers(self):
        shell = Shell(self.lab)
        units = {u["CanonicalName"]: u for u in shell.run("Get-OrganizationalUnit").objects}
        self.assertIn("contoso.lab/Staff", units)
        people = shell.run("Get-Mailbox", ResultSize="Unlimited").objects
        place = people[0]["OrganizationalUnit"]
        unit = units[place]
        expected = sorted(p["Guid"] for p in people if p["OrganizationalUnit"] == place)
        self.assertTrue(0 < len(expected) < len(people))
        for name in (place, unit["DistinguishedName"], unit["DistinguishedName"].lower().replace(",", ", "), unit["Guid"], unit["Name"], place + "/"):
            for cmdlet in ("Get-Mailbox", "Get-CASMailbox", "Get-User", "Get-Recipient"):
                found = shell.run(cmdlet, OrganizationalUnit=name, ResultSize="Unlimited")
                self.assertEqual(sorted(o["Guid"] for o in found.objects), expected, (cmdlet, name))
        devices = shell.run("Get-MobileDevice", OrganizationalUnit=place, ResultSize="Unlimited").objects
        self.assertTrue(devices and all(d["UserDisplayName"].startswith(place + "/") for d in devices))
        # Sub-containers are included; a name that only begins alike is none.
        self.assertEqual(len(shell.run("Get-Mailbox", OrganizationalUnit="OU=Staff,DC=contoso,DC=lab", ResultSize="Unlimited").objects), len(people))

    def test_what_is_no_container(self):
        shell = Shell(self.lab)
        for cmdlet in ("Get-Mailbox", "Get-CASMailbox", "Get-MobileDevice", "Get-Recipient"):
            missing = shell.run(cmdlet, OrganizationalUnit="OU=Nowhere,DC=contoso,DC=lab")
            self.assertEqual((missing.state, missing.objects), (5, []), cmdlet)
            self.assertIn("Couldn't find organizational unit", missing.failure[""])
        self.assertEqual(shell.run("Get-OrganizationalUnit", Filter="Name -eq 'Staff'").state, 5)
        self.assertEqual(shell.run("Get-MobileDeviceStatistics", Mailbox="taro.yamada", OrganizationalUnit="Staff").state, 5)
        self.assertEqual(len(shell.run("Get-OrganizationalUnit", Identity="Nowhere").errors), 1)
        self.assertEqual([u["Name"] for u in shell.run("Get-OrganizationalUnit", Identity="contoso.lab", SingleNodeOnly=True).objects], ["Staff"])


class ServersTest(LimitCase):
    arguments = ("--client-access-servers", "localhost,127.0.0.2,127.0.0.3@Branch-Office")

    def at(self, host):
        info = dict(self.lab.info)
        url = urllib.parse.urlparse(info["exchange"]["url"])
        info["exchange"] = dict(info["exchange"], url=url._replace(netloc=f"{host}:{url.port}").geturl())

        class There:
            account, connection, request = self.lab.account, self.lab.connection, self.lab.request
        there = There()
        there.info = info
        there.connection = lambda url=None: self.lab.connection(url or info["exchange"]["url"])
        return there

    def test_each_serves_and_one_is_down(self):
        servers = Shell(self.lab).run("Get-ExchangeServer").objects
        self.assertEqual([(s["Name"], s["Fqdn"], s["Site"][""].split("/")[-1]) for s in servers],
                         [("EX1", "localhost", "Default-First-Site-Name"), ("EX2", "127.0.0.2", "Default-First-Site-Name"), ("EX3", "127.0.0.3", "Branch-Office")])
        for server in servers:
            self.assertEqual(Shell(self.at(server["Fqdn"])).run("Get-OrganizationConfig").state, 4)
        self.faults({"kind": "serverDown", "target": "localhost"})
        with self.assertRaises((http.client.RemoteDisconnected, ConnectionError, ssl.SSLError)):
            Shell(self.lab)
        self.assertEqual(Shell(self.at("127.0.0.2")).run("Get-OrganizationConfig").state, 4)
        self.assertEqual(self.lab.api("GET", "/lab/state")[0], 200)

    def test_lists_that_are_none(self):
        for wrong in ("a,a", "two words", "x@", "a,b@c,;"):
            done = subprocess.run([BINARY, "--client-access-servers", wrong], capture_output=True, text=True, timeout=20)
            self.assertEqual((done.returncode, done.stdout), (2, ""), wrong)


class NotificationTest(LimitCase):
    soap = ('<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" xmlns:t="http://schemas.microsoft.com/exchange/services/2006/types" '
            'xmlns:m="http://schemas.microsoft.com/exchange/services/2006/messages"><s:Body><m:GetFolder><m:FolderShape><t:BaseShape>Default</t:BaseShape>'
            '</m:FolderShape><m:FolderIds><t:DistinguishedFolderId Id="sentitems">{}</t:DistinguishedFolderId></m:FolderIds></m:GetFolder></s:Body></s:Envelope>')

    def folder(self, account, mailbox=None, password=None):
        inner = f"<t:Mailbox><t:EmailAddress>{mailbox}</t:EmailAddress></t:Mailbox>" if mailbox else ""
        headers = {"Authorization": basic(account["upn"], password or account["password"]), "Content-Type": "text/xml"}
        status, _, data = self.lab.request("POST", self.lab.info["exchange"]["ews"], self.soap.format(inner), headers)
        code = re.search(rb"<m:ResponseCode>(\w+)<", data)
        return status, code.group(1).decode() if code else None

    def discovered(self, account, mail):
        schema = "http://schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006a"
        xml = (f'<Autodiscover xmlns="http://schemas.microsoft.com/exchange/autodiscover/outlook/requestschema/2006"><Request><EMailAddress>{mail}</EMailAddress>'
               f"<AcceptableResponseSchema>{schema}</AcceptableResponseSchema></Request></Autodiscover>")
        headers = {"Authorization": basic(account["upn"], account["password"]), "Content-Type": "text/xml"}
        return self.lab.request("POST", self.lab.info["exchange"]["autodiscover"], xml, headers)[2].decode()

    def test_who_may_send(self):
        good, differs, admin = (self.lab.account(r) for r in ("notification", "notificationUpnDiffers", "full"))
        self.assertEqual(self.folder(good), (200, "NoError"))
        self.assertEqual(self.folder(good, good["upn"]), (200, "NoError"))
        self.assertEqual(self.folder(good, password="wrong"), (401, None))
        self.assertEqual(self.folder(admin), (200, "ErrorMissingEmailAddress"))
        self.assertEqual(self.folder(admin, "nobody@contoso.lab"), (200, "ErrorNonExistentMailbox"))
        self.assertEqual(self.folder(admin, good["upn"]), (200, "ErrorItemNotFound"))
        self.assertIn(f"<AutoDiscoverSMTPAddress>{good['upn']}</AutoDiscoverSMTPAddress>", self.discovered(good, good["upn"]))
        address = re.search("<AutoDiscoverSMTPAddress>(.*)</AutoDiscoverSMTPAddress>", self.discovered(differs, differs["upn"])).group(1)
        self.assertNotEqual(address, differs["upn"])
        self.assertIn(address, differs["may"])
        self.assertIn("<ErrorCode>500</ErrorCode>", self.discovered(good, good["user"].split("\\")[1]))

    def test_a_disabled_mailbox(self):
        good = self.lab.account("notification")
        self.faults({"kind": "mailboxDisabled", "target": good["upn"]})
        self.assertEqual(self.folder(good), (200, "ErrorMissingEmailAddress"))
        self.assertEqual(self.folder(good, good["upn"]), (200, "ErrorNonExistentMailbox"))
        self.assertIn("<ErrorCode>500</ErrorCode>", self.discovered(good, good["upn"]))
        self.lab.api("DELETE", "/lab/faults")
        self.assertEqual(self.folder(good), (200, "NoError"))


class CultureTest(unittest.TestCase):
    def test_texts(self):
        for culture, pattern in CULTURES.items():
            with Lab(BINARY, "--users", "20", "--time-scale", "0", "--culture", culture) as lab:
                shell = Shell(lab)
                typed = shell.run("Get-MobileDevice", ResultSize=1)
                self.assertRegex(typed.objects[0]["WhenChangedUTC"], r"^\d{4}-\d\d-\d\dT")
                lab.api("POST", "/lab/faults", {"faults": [{"kind": "textValues"}]})
                text = shell.run("Get-MobileDevice", ResultSize=1)
                self.assertRegex(text.objects[0]["WhenChangedUTC"], pattern)
                self.assertIn(text.objects[0]["DeviceAccessState"], ("Allowed", "Blocked", "Quarantined", "DeviceDiscovery"))
                self.assertIn("Deserialized.Microsoft.Exchange", text.raw[0][1])


if __name__ == "__main__":
    BINARY = sys.argv[1]
    unittest.main(argv=sys.argv[:1] + sys.argv[3:], warnings="ignore")
