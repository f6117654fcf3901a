"""The lab's cmdlets, role-based access, access order, faults and smaller services, driven over the wire."""
import os
import sys
import tempfile
import time
import unittest
import urllib.parse

from labclient import *

BINARY = None
TAIL = ["AdminDisplayName", "ExchangeVersion", "Name", "DistinguishedName", "Identity", "Guid", "ObjectCategory", "ObjectClass", "WhenChanged", "WhenCreated",
        "WhenChangedUTC", "WhenCreatedUTC", "OrganizationId", "Id", "OriginatingServer", "IsValid", "ObjectState"]
DEVICE = ["FriendlyName", "DeviceId", "DeviceImei", "DeviceMobileOperator", "DeviceOS", "DeviceOSLanguage", "DeviceTelephoneNumber", "DeviceType", "DeviceUserAgent",
          "DeviceModel", "FirstSyncTime", "UserDisplayName", "DeviceAccessState", "DeviceAccessStateReason", "DeviceAccessControlRule"]


def names(xml, part="Props"):
    return [e.get("N") for e in ET.fromstring(xml).find(part)]


def text(v):
    return v[""] if isinstance(v, dict) else v


class LabCase(unittest.TestCase):
    """A lab, a shell, and what the tests say in one word."""

    @classmethod
    def setUpClass(cls):
        cls.lab = Lab(BINARY, "--users", "500", "--time-scale", "0")

    @classmethod
    def tearDownClass(cls):
        cls.lab.stop()

    def setUp(self):
        self.lab.api("DELETE", "/lab/shells")
        self.lab.api("DELETE", "/lab/faults")
        self.shell = Shell(self.lab)

    def tearDown(self):
        self.lab.api("DELETE", "/lab/shells")

    def ok(self, name, **parameters):
        result = self.shell.run(name, **parameters)
        self.assertEqual((result.state, result.errors, result.failure), (4, [], None), name)
        return result

    def failed(self, fqid, name, **parameters):
        result = self.shell.run(name, **parameters)
        self.assertEqual(result.state, 5, name)
        self.assertEqual(result.failure["FullyQualifiedErrorId"], fqid)
        return result.failure

    def error(self, exception, name, **parameters):
        result = self.shell.run(name, **parameters)
        self.assertEqual(result.state, 4)
        self.assertEqual(len(result.errors), 1, result.errors)
        self.assertEqual(result.errors[0]["ErrorCategory_Reason"], exception)
        self.assertIn("FailureCategory=Cmdlet-" + exception, result.errors[0]["FullyQualifiedErrorId"])
        return result.errors[0]

    def answered(self, command, result_xml, call_id=None):
        """Polls until the host call, answers it, and finishes the command."""
        call = None
        while call is None:
            for kind, _, data, _ in self.shell.receive(command)[0]:
                if kind == 0x41100:
                    call = plain(ET.fromstring(data))
        self.assertEqual((call["mi"][""], len(call["mp"])), ("PromptForChoice", 4))
        xml = f'<Obj RefId="0"><MS><I64 N="ci">{call["ci"] if call_id is None else call_id}</I64>{result_xml}</MS></Obj>'
        self.shell.send(self.shell.pack(0x41101, command, xml), command, "pr")


class CommandTest(LabCase):
    def test_devices_and_their_properties(self):
        everything = self.ok("Get-MobileDevice", ResultSize="Unlimited")
        self.assertEqual(len(everything.objects), 700)
        self.assertEqual(self.lab.info["devices"], 700)
        xml = [x for k, x in everything.raw if k == OUTPUT][0]
        self.assertEqual(names(xml), DEVICE + ["ClientVersion", "ClientType", "IsManaged", "IsCompliant", "IsDisabled"] + TAIL)
        states = {(text(d["DeviceAccessState"]), text(d["DeviceAccessStateReason"])) for d in everything.objects}
        for wanted in (("Allowed", "Global"), ("Allowed", "Individual"), ("Blocked", "Individual"), ("Blocked", "DeviceRule"), ("Quarantined", "DeviceRule"), ("Blocked", "Policy"),
                       ("DeviceDiscovery", "Global"), ("Quarantined", "Global")):
            self.assertIn(wanted, states)
        kinds = {d["DeviceType"] for d in everything.objects}
        self.assertLessEqual({"iPhone", "iPad", "SamsungDevice", "Android", "WindowsMail", "Outlook"}, kinds)
        owners = {}
        for device in everything.objects:
            owners.setdefault(device["DeviceId"], []).append(device)
        shared = [d for d in owners.values() if len(d) > 1]
        self.assertTrue(any(a["DeviceImei"] == b["DeviceImei"] and a["DeviceModel"] == b["DeviceModel"] for a, b in shared), "one phone in two mailboxes")
        self.assertTrue(any(a["DeviceModel"] != b["DeviceModel"] or a["DeviceImei"] != b["DeviceImei"] for a, b in shared), "two phones with one id")
        per_owner = {}
        for device in everything.objects:
            per_owner.setdefault((device["UserDisplayName"], device["FriendlyName"], device["DeviceType"]), []).append(device)
        self.assertTrue(any(len(d) > 1 and k[2] == "iPhone" for k, d in per_owner.items()), "two iPhones of one name")
        self.assertEqual(len({d["Guid"] for d in everything.objects}), 700)
        old = self.ok("Get-ActiveSyncDevice", ResultSize="Unlimited")
        self.assertEqual(len(old.objects), sum(1 for d in everything.objects if text(d["ClientType"]) == "EAS"))
        self.assertIn("Get-MobileDevice", old.warnings[0])

    def test_serialization_levels(self):
        for query, blob, identity in (("?serializationLevel=Full;ExchClientVer=15.2.1544.4", True, dict), ("", False, dict), ("?serializationLevel=None", False, str)):
            shell = Shell(self.lab, query=query)
            result = shell.run("Get-MobileDevice", ResultSize=1)
            xml = result.raw[0][1]
            self.assertEqual("SerializationData" in xml, blob, query)
            self.assertIsInstance(result.objects[0]["Identity"], identity)
            reference = ET.fromstring(xml).find("Props/*[@N='Id']")
            self.assertEqual(reference.tag, "Ref" if identity is dict else "S")
            shell.close()

    def test_hard_names_survive(self):
        everybody = {text(m["DisplayName"]) for m in self.ok("Get-Mailbox", ResultSize="Unlimited").objects}
        for name in ("'; Remove-Mailbox x #", "<b>Anna</b> & <script>alert(1)</script>", "山田 太郎", "محمد الأحمد", "😀 Emoji 𠮷田", "Under_x0041_score _x005F_ Test",
                     'Conan "The Boss" O\'Brien', "Comma, Slash/Back\\slash"):
            self.assertIn(name, everybody)
        for identity in ("emoji.yoshida", "😀 Emoji 𠮷田", "contoso.lab\\x", "Comma, Slash/Back\\slash"):
            result = self.shell.run("Get-CASMailbox", Identity=identity)
            self.assertEqual(len(result.objects), 0 if identity.startswith("contoso") else 1, identity)
        canonical = text(self.ok("Get-CASMailbox", Identity="slash.comma").objects[0]["Identity"])
        self.assertIn("Comma, Slash\\/Back\\\\slash", canonical)
        self.assertEqual(len(self.ok("Get-User", Identity=canonical).objects), 1)
        smtp = [m for m in self.ok("Get-Mailbox", ResultSize="Unlimited").objects if text(m["PrimarySmtpAddress"]) != m["UserPrincipalName"]]
        self.assertGreater(len(smtp), 20)

    def test_identities(self):
        device = self.ok("Get-MobileDevice", ResultSize=1).objects[0]
        for identity in (text(device["Identity"]), device["Guid"], device["DistinguishedName"], device["Name"], device["DeviceId"]):
            self.assertEqual([d["Guid"] for d in self.ok("Get-MobileDevice", Identity=identity).objects], [device["Guid"]], identity)
        self.error("ManagementObjectNotFoundException", "Get-MobileDevice", Identity="nothing")
        self.error("ManagementObjectAmbiguousException", "Get-MobileDevice", Mailbox="Maria Garcia")
        self.assertEqual(len(self.ok("Get-MobileDevice", Identity=None, ResultSize="Unlimited").objects), 700)  # as Exchange does
        self.failed("AmbiguousParameterSet,Get-MobileDevice", "Get-MobileDevice", Identity="a", Mailbox="b")

    def test_result_size_filter_and_sort(self):
        self.assertEqual(len(self.ok("Get-MobileDevice", ResultSize=10).objects), 10)
        self.assertIn("ResultSize", self.ok("Get-MobileDevice", ResultSize=10).warnings[0])
        phones = self.ok("Get-MobileDevice", ResultSize="Unlimited").objects
        for given, test in (("DeviceType -eq 'iphone'", lambda d: d["DeviceType"] == "iPhone"),
                            ("DeviceOS -like 'iOS*' -and -not (DeviceAccessState -eq 'Allowed')", lambda d: d["DeviceOS"].startswith("iOS") and text(d["DeviceAccessState"]) != "Allowed"),
                            ("(DeviceModel -eq 'SM-A546B' -or DeviceModel -eq 'Pixel 8') -and DeviceAccessStateReason -ne 'Global'",
                             lambda d: d["DeviceModel"] in ("SM-A546B", "Pixel 8") and text(d["DeviceAccessStateReason"]) != "Global"),
                            ("FirstSyncTime -gt '01/01/2026 00:00:00'", lambda d: d["FirstSyncTime"] > "2026-01-01T00:00:00Z")):
            wanted = [d["Guid"] for d in phones if test(d)]
            self.assertTrue(wanted, given)
            self.assertEqual([d["Guid"] for d in self.ok("Get-MobileDevice", Filter=given, ResultSize="Unlimited").objects], wanted, given)
        self.assertIn("not a recognized filterable property", self.failed("ParameterArgumentTransformationError,Get-MobileDevice", "Get-MobileDevice", Filter="LastSuccessSync -gt '1/1/2020'")[""])
        for wrong in ("DeviceType -eq", "DeviceType", "DeviceType -foo 'x'", "(DeviceType -eq 'x'", "DeviceType -eq 'x", "DeviceType -eq $x"):
            self.assertIn("Invalid filter syntax", self.failed("ParameterArgumentTransformationError,Get-MobileDevice", "Get-MobileDevice", Filter=wrong)[""], wrong)
        ordered = [d["DeviceModel"].lower() for d in self.ok("Get-MobileDevice", SortBy="DeviceModel", ResultSize="Unlimited").objects]
        self.assertEqual(ordered, sorted(ordered))

    def test_default_result_size_warns(self):
        lab = Lab(BINARY, "--users", "1100", "--time-scale", "0")
        shell = Shell(lab)
        result = shell.run("Get-MobileDevice")
        self.assertEqual(len(result.objects), 1000)
        self.assertIn("only the first 1000 items", result.warnings[0])
        shell.close()
        lab.stop()

    def test_statistics(self):
        _, truth = self.lab.api("GET", "/lab/truth")
        seen_without = seen_outlook = seen_wipe = 0
        for phone in truth["phones"][:260]:
            result = self.shell.run("Get-MobileDeviceStatistics", Mailbox=phone["mailbox"])
            ids = [s["DeviceID"] for s in result.objects]
            self.assertEqual(phone["device"] in ids, phone["hasStatistics"])
            seen_without += not phone["hasStatistics"]
            for s in result.objects:
                if text(s["ClientType"]) != "EAS":
                    self.assertIsNone(s["LastSuccessSync"])
                    seen_outlook += 1
                seen_wipe += text(s["Status"]) == "DeviceWipePending"
        self.assertTrue(seen_without and seen_outlook and seen_wipe)
        self.failed("MissingMandatoryParameter,Get-MobileDeviceStatistics", "Get-MobileDeviceStatistics")
        self.assertTrue(self.ok("Get-ActiveSyncDeviceStatistics", Mailbox="joerg.aeusserst").warnings)

    def test_binding(self):
        self.failed("CommandNotFoundException", "Get-Process")
        self.failed("NamedParameterNotFound,Get-MobileDevice", "Get-MobileDevice", Bogus="x")
        self.failed("ScriptsNotAllowed", "$x = 1; Get-Mailbox", script=True)
        self.assertEqual(len(self.ok("Get-Mailbox -ResultSize 2", script=True).objects), 2)
        self.failed("ParameterArgumentTransformationError,Set-CASMailbox", "Set-CASMailbox", Identity="taro.yamada", ActiveSyncEnabled="true")
        self.failed("MissingMandatoryParameter,New-ActiveSyncDeviceAccessRule", "New-ActiveSyncDeviceAccessRule", QueryString="x")
        wrong = self.failed("ParameterArgumentTransformationError,New-ActiveSyncDeviceAccessRule", "New-ActiveSyncDeviceAccessRule", QueryString="x", AccessLevel="Deny", Characteristic="DeviceType")
        self.assertIn("Allow, Block, Quarantine", wrong[""])
        self.failed("ParameterArgumentTransformationError,Set-CASMailbox", "Set-CASMailbox", Identity="taro.yamada", ActiveSyncBlockedDeviceIDs={"Append": "x"})
        self.failed("ParameterArgumentTransformationError,Get-Mailbox", "Get-Mailbox", ResultSize="many")
        self.failed("HostFunctionNotImplemented,Remove-MobileDevice", "Remove-MobileDevice", Identity="x")
        self.failed("ParameterArgumentValidationErrorNullNotAllowed,Set-CASMailbox", "Set-CASMailbox", Identity=None)
        self.failed("AmbiguousParameter,Set-CASMailbox", "Set-CASMailbox", Identity="taro.yamada", ActiveSync=True)
        self.assertEqual(len(self.ok("Get-Mailbox", ResultS=3).objects), 3)
        stopped = self.shell.run("Get-Mailbox", Identity="nobody", ErrorAction="Stop")
        self.assertEqual((stopped.state, stopped.errors), (5, []))
        self.assertEqual(self.shell.run("Get-Mailbox", Identity="nobody", ErrorAction="SilentlyContinue").errors, [])

    def test_pipes_statements_and_input(self):
        piped = self.shell.run_all([Command("Get-Mailbox", ResultSize=4), Command("Get-CASMailbox")])
        self.assertEqual(len(piped.objects), 4)
        self.assertIn("ActiveSyncEnabled", piped.objects[0])
        two = self.shell.run_all([Command("Get-OrganizationConfig")], [Command("Get-ExchangeServer")])
        self.assertEqual(len(two.objects), 3)
        failing = self.shell.run_all([Command("Get-Nothing")], [Command("Get-ExchangeServer")])
        self.assertEqual((failing.state, failing.objects), (5, []))
        command = self.shell.start(Command("Get-CASMailbox"), no_input=False)
        for name in ("taro.yamada", "nobody", "emoji.yoshida"):
            self.shell.send(self.shell.pack(INPUT, command, f"<S>{name}</S>"), command)
        self.shell.send(self.shell.pack(END_INPUT, command, ""), command)
        result = self.shell.finish(command)
        self.assertEqual((len(result.objects), len(result.errors)), (2, 1))

    def settled(self, value):
        """What `value` is once it has risen and then stayed the same for ten looks."""
        seen, same, deadline = value(), 0, time.monotonic() + 20
        while same < 10 and time.monotonic() < deadline:
            time.sleep(0.05)
            now = value()
            same = same + 1 if now == seen > 0 else 0
            seen = now
        return seen

    def test_stop_and_back_pressure(self):
        before = self.lab.api("GET", "/lab/state")[1]["objectsSent"]
        command = self.shell.start(*[Command("Get-Mailbox", ResultSize="Unlimited")] * 6)  # 3,000 objects, nobody receives
        queued = self.shell.start(Command("Get-OrganizationConfig"))
        held = self.settled(lambda: self.lab.api("GET", "/lab/state")[1]["objectsSent"] - before)
        self.assertTrue(0 < held < 1500, f"{held}: output must wait for the client")
        self.shell.signal(command, "powershell/signal/ctrl_c")
        result = self.shell.finish(command)
        self.assertEqual(result.state, 3)
        self.assertEqual(result.failure["FullyQualifiedErrorId"], "PipelineStopped")
        self.assertEqual(self.shell.finish(queued).state, 4)
        waiting = self.shell.start(Command("Get-CASMailbox"), no_input=False)
        self.shell.signal(waiting, "powershell/signal/ctrl_c")
        self.assertEqual(self.shell.finish(waiting).state, 3)

    def test_unexpected_host_calls(self):
        self.lab.api("POST", "/lab/faults", {"faults": [{"kind": "hostWrite", "count": 1}, {"kind": "hostCall", "count": 1}]})
        command = self.shell.start(Command("Get-OrganizationConfig"))
        self.answered(command, '<I32 N="mr">0</I32>')
        self.assertEqual(len(self.shell.finish(command).objects), 1)

    def test_culture_of_texts(self):
        with Lab(BINARY, "--users", "12", "--culture", "de-DE") as lab:
            shell = Shell(lab)
            quotas = {text(m["ProhibitSendQuota"]) for m in shell.run("Get-Mailbox").objects}
            self.assertIn("3,5 GB (3.758.096.384 bytes)", quotas)
            self.assertIn("Unlimited", quotas)
            created = shell.run("Get-Mailbox", ResultSize=1).objects[0]["WhenCreatedUTC"]
            self.assertRegex(created, r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$")
            shell.close()
        self.assertIn("3.5 GB (3,758,096,384 bytes)", {text(m["ProhibitSendQuota"]) for m in self.ok("Get-Mailbox").objects})

    def test_get_command_and_roles(self):
        required = ["Clear-ActiveSyncDevice", "Get-ActiveSyncDevice", "Get-ActiveSyncDeviceAccessRule", "Get-ActiveSyncDeviceStatistics", "Get-ActiveSyncMailboxPolicy",
                    "Get-ActiveSyncOrganizationSettings", "Get-ExchangeServer", "Get-Recipient", "Set-ADServerSettings", "Set-ActiveSyncDeviceAccessRule", "Set-ActiveSyncMailboxPolicy",
                    "Set-CASMailbox", "New-ActiveSyncDeviceAccessRule", "New-ActiveSyncMailboxPolicy", "Remove-ActiveSyncDevice"]
        listed = [c["Name"] for c in self.ok("Get-Command").objects]
        self.assertLessEqual(set(required), set(listed))
        self.assertEqual([c["Name"] for c in self.ok("Get-Command", Name=["Set-CAS*"]).objects], ["Set-CASMailbox"])
        self.assertEqual(len(self.shell.run("Get-Command", Name=["Get-Nothing"]).errors), 1)
        for role, command in (("readOnly", "Set-CASMailbox"), ("missingCmdlets", "Get-Recipient"), ("exchange2010", "Get-MobileDevice")):
            shell = Shell(self.lab, role=role)
            self.assertNotIn(command, [c["Name"] for c in shell.run("Get-Command").objects])
            self.assertEqual(shell.run(command).failure["FullyQualifiedErrorId"], "CommandNotFoundException")
            shell.close()
        stripped = Shell(self.lab, role="strippedParameters")
        self.assertEqual(stripped.run("Set-CASMailbox", Identity="taro.yamada", ActiveSyncBlockedDeviceIDs=["x"]).failure["FullyQualifiedErrorId"], "NamedParameterNotFound,Set-CASMailbox")
        stripped.close()

    def test_command_metadata(self):
        xml = ('<Obj RefId="0"><MS><Obj N="Name" RefId="1"><TN RefId="0"><T>System.String[]</T></TN><LST><S>Get-Mobile*</S></LST></Obj><I32 N="CommandType">511</I32>'
               '<Nil N="Namespace" /><Nil N="ArgumentList" /></MS></Obj>')
        result = self.shell.finish(self.shell.start(kind=METADATA, xml=xml))
        self.assertEqual(result.objects[0]["Count"], 3)
        self.assertEqual([o["Name"] for o in result.objects[1:]], ["Get-MobileDevice", "Get-MobileDeviceStatistics", "Get-MobileDeviceMailboxPolicy"])

    def test_cas_lists(self):
        def lists():
            mailbox = self.ok("Get-CASMailbox", Identity="omega.ellinika").objects[0]
            return mailbox["ActiveSyncAllowedDeviceIDs"], mailbox["ActiveSyncBlockedDeviceIDs"]
        self.ok("Set-CASMailbox", Identity="omega.ellinika", ActiveSyncAllowedDeviceIDs=["A1", "A2"], ActiveSyncBlockedDeviceIDs=None)
        self.assertEqual(lists(), (["A1", "A2"], []))
        self.ok("Set-CASMailbox", Identity="omega.ellinika", ActiveSyncAllowedDeviceIDs={"Add": ["A3", "a1"], "Remove": "A2"}, ActiveSyncBlockedDeviceIDs={"Add": "B1"})
        self.assertEqual(lists(), (["A1", "A3"], ["B1"]))
        self.ok("Set-CASMailbox", Identity="omega.ellinika", ActiveSyncAllowedDeviceIDs=["X"], WhatIf=True)
        self.assertEqual(lists(), (["A1", "A3"], ["B1"]))
        self.ok("Set-CASMailbox", Identity="omega.ellinika", ActiveSyncMailboxPolicy="Kiosk", ActiveSyncEnabled=False)
        mailbox = self.ok("Get-CASMailbox", Identity="omega.ellinika").objects[0]
        self.assertEqual((text(mailbox["ActiveSyncMailboxPolicy"]), mailbox["ActiveSyncMailboxPolicyIsDefaulted"], mailbox["ActiveSyncEnabled"]), ("Kiosk", False, False))
        self.ok("Set-CASMailbox", Identity="omega.ellinika", ActiveSyncMailboxPolicy=None, ActiveSyncEnabled=True)
        self.assertTrue(self.ok("Get-CASMailbox", Identity="omega.ellinika").objects[0]["ActiveSyncMailboxPolicyIsDefaulted"])
        self.error("ManagementObjectNotFoundException", "Set-CASMailbox", Identity="omega.ellinika", ActiveSyncMailboxPolicy="No such policy")
        self.assertIn({"account": "CONTOSO\\svc-postern", "what": "Set-CASMailbox"}, [{k: e[k] for k in ("account", "what")} for e in self.lab.api("GET", "/lab/state")[1]["journal"]])

    def test_rules_policies_settings(self):
        made = self.ok("New-ActiveSyncDeviceAccessRule", QueryString="Lumia O'Test", Characteristic="DeviceModel", AccessLevel="Block").objects[0]
        self.assertEqual(made["Name"], "Lumia O'Test (DeviceModel)")
        self.error("ADObjectAlreadyExistsException", "New-ActiveSyncDeviceAccessRule", QueryString="Lumia O'Test", Characteristic="DeviceModel", AccessLevel="Allow")
        self.ok("Set-ActiveSyncDeviceAccessRule", Identity=made["Name"], AccessLevel="Quarantine")
        self.assertEqual(text(self.ok("Get-ActiveSyncDeviceAccessRule", Identity=made["Guid"]).objects[0]["AccessLevel"]), "Quarantine")
        self.ok("Remove-ActiveSyncDeviceAccessRule", Identity=made["Name"], Confirm=False)
        self.error("ManagementObjectNotFoundException", "Get-ActiveSyncDeviceAccessRule", Identity=made["Name"])
        policy = self.ok("New-ActiveSyncMailboxPolicy", Name="Test <Policy>", DevicePasswordEnabled=True, MinDevicePasswordLength=7).objects[0]
        self.assertEqual((policy["DevicePasswordEnabled"], policy["MinDevicePasswordLength"]), (True, 7))
        mobile = self.ok("Get-MobileDeviceMailboxPolicy", Identity="Test <Policy>").objects[0]
        self.assertEqual((mobile["PasswordEnabled"], mobile["MinPasswordLength"]), (True, 7))
        self.ok("Remove-MobileDeviceMailboxPolicy", Identity="Test <Policy>", Confirm=False)
        self.error("CannotRemoveDefaultPolicyException", "Remove-MobileDeviceMailboxPolicy", Identity="Default", Force=True)
        self.ok("Set-ActiveSyncOrganizationSettings", AdminMailRecipients={"Add": "second@contoso.lab"}, UserMailInsert="Wait.")
        settings = self.ok("Get-ActiveSyncOrganizationSettings").objects[0]
        self.assertEqual([text(a) for a in settings["AdminMailRecipients"]], ["mobile.admins@contoso.lab", "second@contoso.lab"])
        self.failed("ParameterArgumentValidationError,Set-ActiveSyncOrganizationSettings", "Set-ActiveSyncOrganizationSettings", UserMailInsert="x" * 257)

    def test_servers_and_recipients(self):
        servers = self.ok("Get-ExchangeServer").objects
        self.assertEqual([text(s["AdminDisplayVersion"]) for s in servers], ["Version 15.2 (Build 1544.4)", "Version 15.2 (Build 1258.28)"])
        organization = self.ok("Get-OrganizationConfig").objects[0]
        self.assertEqual(organization["Name"], "Contoso Lab")
        self.assertTrue(organization["DistinguishedName"].startswith("CN=Contoso Lab,"))
        reduced = self.ok("Get-Recipient", Properties=["DisplayName", "Department"], ResultSize=1).objects[0]
        self.assertEqual(sorted(k for k in reduced if k), ["Department", "DisplayName", "Identity", "IsValid", "ObjectState"])
        seen, bookmark = [], ""
        while True:
            page = self.ok("Get-Recipient", BookmarkDisplayName=bookmark, IncludeBookmarkObject=False, ResultSize=150).objects
            seen += [p["Guid"] for p in page]
            if len(page) < 150:
                break
            bookmark = page[-1]["DisplayName"]
        self.assertGreater(len(set(seen)), 490)
        self.assertEqual(self.ok("Get-Recipient", RecipientTypeDetails=["MailContact"]).objects, [])

    def test_what_phones_get(self):
        """Every phone that connects gets what the truth says; stored states change only then (CAP-60 to CAP-62)."""
        _, before = self.lab.api("GET", "/lab/truth")
        stale = [p for p in before["phones"] if p["storedState"] != p["access"] and p["access"] != "Refused"]
        self.assertTrue(stale)
        self.assertLessEqual({2, 3, 4, 5, 6, 7, 8, 9}, {p["step"] for p in before["phones"]})
        url = self.lab.info["exchange"]["activesync"]
        for phone in [p for p in before["phones"] if p["type"] != "Outlook"][:150]:
            query = urllib.parse.urlencode({"Cmd": "Sync", "User": phone["upn"], "DeviceId": phone["device"], "DeviceType": phone["type"]})
            status, headers, _ = self.lab.request("POST", f"{url}?{query}", b"", {"Authorization": basic(phone["upn"], phone["password"])})
            if status == 449:
                self.assertIn(phone["wipe"], ("pending", "sent", "acknowledged"))
                continue
            self.assertEqual(status, phone["httpStatus"], phone)
            self.assertEqual(headers.get("X-Lab-Content"), "mailbox" if phone["getsMail"] else None)
        self.lab.api("POST", "/lab/sync?all=1")
        _, after = self.lab.api("GET", "/lab/truth")
        for phone in after["phones"]:
            if phone["access"] != "Refused":
                self.assertEqual((phone["storedState"], phone["storedReason"]), (phone["access"], phone["reason"]))

    def test_default_level_and_individual(self):
        _, truth = self.lab.api("GET", "/lab/truth")
        plain_phone = next(p for p in truth["phones"] if p["step"] == 9)
        exempt = next(p for p in truth["phones"] if p["step"] == 5)
        self.ok("Set-ActiveSyncOrganizationSettings", DefaultAccessLevel="Block")
        get = lambda p: self.lab.api("GET", f"/lab/truth?mailbox={urllib.parse.quote(p['mailbox'])}&device={p['device']}")[1]["phones"][0]
        self.assertEqual((get(plain_phone)["access"], get(exempt)["access"]), ("Blocked", "Allowed"))
        self.assertEqual(get(plain_phone)["storedState"], plain_phone["storedState"])
        self.ok("Set-CASMailbox", Identity=plain_phone["mailbox"], ActiveSyncAllowedDeviceIDs={"Add": plain_phone["device"]})
        self.assertEqual((get(plain_phone)["access"], get(plain_phone)["step"]), ("Allowed", 5))
        self.ok("Set-CASMailbox", Identity=plain_phone["mailbox"], ActiveSyncBlockedDeviceIDs={"Add": plain_phone["device"]})
        self.assertEqual((get(plain_phone)["access"], get(plain_phone)["step"]), ("Blocked", 4))
        self.ok("Set-ActiveSyncOrganizationSettings", DefaultAccessLevel="Allow")


class RemovalTest(LabCase):
    """What takes phones away, in a lab of its own."""

    def test_a_host_is_asked(self):
        device = self.ok("Get-MobileDevice", ResultSize="Unlimited").objects[-1]
        with_host = lambda: self.shell.start(xml=pipeline_xml([[Command("Remove-MobileDevice", Identity=device["Guid"])]]).replace('"_isHostNull">true', '"_isHostNull">false').replace('"_isHostUINull">true', '"_isHostUINull">false'))
        command = with_host()
        self.answered(command, '<I32 N="mr">2</I32>')  # no
        self.assertEqual(self.shell.finish(command).state, 4)
        self.assertEqual(len(self.ok("Get-MobileDevice", Identity=device["Guid"]).objects), 1)
        command = with_host()
        self.answered(command, '<Obj N="me" RefId="1"><ToString>No person here.</ToString></Obj>')
        failed = self.shell.finish(command)
        self.assertEqual((failed.state, failed.failure[""]), (5, "No person here."))
        command = with_host()
        self.answered(command, '<I32 N="mr">0</I32>', call_id=77)  # an answer to no question
        self.assertGreaterEqual(self.lab.api("GET", "/lab/state")[1]["violations"]["hostResponse"], 1)
        self.shell.signal(command, "powershell/signal/ctrl_c")
        self.assertEqual(self.shell.finish(command).state, 3)
        command = with_host()
        self.answered(command, '<I32 N="mr">0</I32>')  # yes
        self.assertEqual(self.shell.finish(command).state, 4)
        self.error("ManagementObjectNotFoundException", "Get-MobileDevice", Identity=device["Guid"])

    def test_wipe(self):
        _, truth = self.lab.api("GET", "/lab/truth")
        phone = next(p for p in truth["phones"] if p["getsMail"] and p["wipe"] == "none" and p["type"] == "iPhone" and p["hasStatistics"])
        identity = f"{phone['owner']}/ExchangeActiveSyncDevices/{phone['name']}"
        status = lambda: next(s for s in self.ok("Get-MobileDeviceStatistics", Identity=identity).objects)
        self.ok("Clear-MobileDevice", Identity=identity, Confirm=False)
        self.assertEqual((text(status()["Status"]), status()["LastDeviceWipeRequestor"]), ("DeviceWipePending", "CONTOSO\\svc-postern"))
        for _ in range(2):
            self.lab.api("POST", f"/lab/sync?mailbox={urllib.parse.quote(phone['mailbox'])}&device={phone['device']}")
        self.assertEqual(text(status()["Status"]), "DeviceWipeSucceeded")
        self.ok("Clear-MobileDevice", Identity=identity, Cancel=True, Confirm=False)
        self.ok("Remove-MobileDevice", Identity=identity, Confirm=False)
        self.error("ManagementObjectNotFoundException", "Get-MobileDevice", Identity=identity)


if __name__ == "__main__":
    BINARY = sys.argv[1]
    unittest.main(argv=sys.argv[:1] + sys.argv[3:], warnings="ignore")
