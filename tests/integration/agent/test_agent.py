#!/usr/bin/env python3
"""The agent end to end, as processes: site, connector, checks, full synchronisation and devices against the lab.

usage: test_agent.py BIN_DIR [unittest arguments]. Needs a key ring in the session (./dev test starts one).
"""
import base64
import csv
import io
import json
import os
import shutil
import subprocess
import sys
import tempfile
import unittest
import urllib.parse

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from echo import EchoServer  # noqa: E402
from lab import Lab  # noqa: E402

BIN = ""
REQUIRED_CMDLETS = """Clear-ActiveSyncDevice Get-ActiveSyncDevice Get-ActiveSyncDeviceAccessRule Get-ActiveSyncDeviceStatistics
Get-ActiveSyncMailboxPolicy Get-ActiveSyncOrganizationSettings Get-ExchangeServer Get-Recipient Set-ADServerSettings
Set-ActiveSyncDeviceAccessRule Set-ActiveSyncMailboxPolicy Set-CASMailbox New-ActiveSyncDeviceAccessRule
New-ActiveSyncMailboxPolicy Remove-ActiveSyncDevice""".split()


class AgentCase(unittest.TestCase):
    lab_arguments = ["--users", "60", "--seed", "7", "--time-scale", "0"]  # no phone connects meanwhile

    @classmethod
    def setUpClass(cls):
        cls.lab = Lab(BIN, *cls.lab_arguments)
        cls.folder = tempfile.mkdtemp(prefix="postern-e2e-")

    @classmethod
    def tearDownClass(cls):
        cls.lab.stop()
        shutil.rmtree(cls.folder)

    def setUp(self):
        self.site = os.path.join(self.folder, self.id().rsplit(".", 1)[-1], "site.db")

    def tearDown(self):
        self.lab.call("/lab/faults", method="DELETE")

    def agent(self, *arguments, secret=None, status=0):
        done = subprocess.run([os.path.join(BIN, "postern-agent"), "--site", self.site, *arguments], capture_output=True,
                              text=True, input=secret if secret is not None else "", timeout=120)
        self.assertEqual(done.returncode, status, f"{arguments}\nstdout: {done.stdout}\nstderr: {done.stderr}")
        return done

    def add_connector(self, name="ex1", account=None, url=None, password=None, ca=None):
        account = account or self.lab.account()
        self.agent("site", "init", "--site-code", "E2E")
        arguments = ["connector", "add", "--kind", "on-premises", "--name", name, "--url", url or self.lab.url,
                     "--user", account["user"], "--auth", "basic", "--password-stdin", "--parallel", "4",
                     "--max-inactive-days", "0"]  # CON-15: the lab has phones that rest in drawers
        if ca != "":
            arguments += ["--ca-file", ca or self.lab.ca]
        self.agent(*arguments, secret=(password or account["password"]) + "\n")

    def trace_log(self):
        with open(os.path.join(os.path.dirname(self.site), "Logs", "EasDisc.log"), encoding="utf-8") as file:
            return file.read()

    def devices(self, *arguments):
        text = self.agent("devices", "--format", "csv", *arguments).stdout
        return list(csv.DictReader(io.StringIO(text, newline="")))


class MainJob(AgentCase):
    def test_whole_way_from_site_to_csv(self):
        self.add_connector()
        self.assertEqual(self.devices(), [], "nothing is there before the first synchronisation")
        done = self.agent("sync", "full")
        self.assertIn("mailboxes", done.stderr, "progress says n of m mailboxes")
        rows = self.devices("--columns", "name,easDeviceId,emailAddress,exchangeAccessState,lastSuccessSyncTime,deviceIdentity")
        truth = self.lab.call("/lab/truth")
        phones = {(p["owner"] + "/ExchangeActiveSyncDevices/" + p["name"]): p for p in truth["phones"] if not p["removed"]}
        self.assertEqual(len(rows), len(phones), "every partnership of the lab is a row")
        for row in rows:
            phone = phones[row["deviceIdentity"]]
            stored = {"DeviceDiscovery": "Unknown"}.get(phone["storedState"], phone["storedState"])
            self.assertEqual(row["exchangeAccessState"], stored, phone)
            self.assertEqual(row["easDeviceId"], phone["device"])
            if phone["hasStatistics"]:
                self.assertEqual(row["lastSuccessSyncTime"], phone["lastSuccessSync"], phone)
        self.assertEqual(len(rows), self.lab.info["devices"])
        states = {row["exchangeAccessState"] for row in rows}
        self.assertTrue({"Allowed", "Blocked"} <= states, states)
        self.assertTrue(any(row["lastSuccessSyncTime"] for row in rows))
        # TRP-01: neither names nor EAS ids are unique, and none of those phones is lost.
        self.assertEqual(len({row["deviceIdentity"] for row in rows}), len(rows))
        # What people call the columns is what --where understands.
        blocked = self.devices("--where", "exchangeAccessState = Blocked")
        self.assertEqual(len(blocked), sum(row["exchangeAccessState"] == "Blocked" for row in rows))
        log = self.trace_log()
        self.assertIn("Exchange Connector: full sync started (no time filter) for", log)
        self.assertIn(f"Exchange Connector: running, {len(rows)} devices connected", log)
        self.assertNotIn(self.lab.account()["password"], log)

    def test_second_run_changes_nothing(self):
        self.add_connector()
        self.agent("sync", "full")
        before = self.devices()
        again = json.loads(self.agent("--json", "sync", "full", "--connector", "ex1").stdout)
        self.assertEqual(len(again), 1)
        self.assertEqual((again[0]["state"], again[0]["added"], again[0]["removed"]), ("Done", 0, 0))
        self.assertEqual(self.devices(), before)

    def test_delta_reads_what_changed(self):
        self.add_connector()
        refused = self.agent("sync", "delta", status=1)
        self.assertIn("A full synchronization has to succeed before", refused.stderr)
        self.agent("sync", "full")
        key = "deviceIdentity"
        before = {row[key]: row for row in self.devices("--columns", key + ",lastSuccessSyncTime")}
        listed = json.loads(self.agent("--json", "connector", "list").stdout)[0]
        truth = self.lab.call("/lab/truth")["phones"]
        phone = next(p for p in truth if not p["removed"] and p["getsMail"] and p["hasStatistics"])
        place = phone["owner"] + "/ExchangeActiveSyncDevices/" + phone["name"]
        # It connects again: its record and its statistics are new, nobody else's.
        mailbox, device = urllib.parse.quote(phone["mailbox"]), urllib.parse.quote(phone["device"])
        self.lab.call(f"/lab/sync?mailbox={mailbox}&device={device}", method="POST")
        done = json.loads(self.agent("--json", "sync", "delta").stdout)[0]
        self.assertEqual((done["state"], done["removed"], done["added"]), ("Done", 0, 0), done)
        after = {row[key]: row for row in self.devices("--columns", key + ",lastSuccessSyncTime")}
        self.assertEqual(after.keys(), before.keys())
        now = next(p for p in self.lab.call("/lab/truth")["phones"] if p["guid"] == phone["guid"])
        self.assertEqual(after[place]["lastSuccessSyncTime"], now["lastSuccessSync"])
        self.assertLessEqual(done["mailboxes"], len(truth) // 4, "statistics of those that changed only")
        log = self.trace_log()
        self.assertIn("Exchange Connector: delta sync started, changes since", log)
        self.assertIn("Exchange Connector: delta sync completed,", log)
        self.assertNotIn("does not filter", log)  # the lab takes the filter
        again = json.loads(self.agent("--json", "connector", "list").stdout)[0]
        self.assertEqual((again["state"], again["devices"]), ("Connected", listed["devices"]))

    def test_check_names_every_required_cmdlet(self):
        self.add_connector()
        checks = json.loads(self.agent("--json", "connector", "check", "ex1").stdout)
        names = " ".join(check["name"] + " " + check["detail"] for check in checks)
        for cmdlet in REQUIRED_CMDLETS:
            self.assertIn(cmdlet, names)
        self.assertFalse([c for c in checks if c["required"] and c["outcome"] == "Fail"])
        for line in self.agent("connector", "check", "ex1").stdout.splitlines():
            self.assertRegex(line, r"^(PASS|WARN|FAIL|N/A )  CON-\d+  ")

    def test_one_connector_for_each_organization(self):
        self.add_connector()
        self.agent("sync", "full")
        account = self.lab.account()
        self.agent("connector", "add", "--name", "second", "--url", self.lab.url, "--user", account["user"], "--auth", "basic",
                   "--ca-file", self.lab.ca, "--password-stdin", secret=account["password"])
        done = self.agent("connector", "check", "second", status=1)
        line = [line for line in done.stdout.splitlines() if "CON-06" in line]
        self.assertEqual(len(line), 1)
        self.assertRegex(line[0], r"^FAIL .*already served by connector ex1")
        self.assertIn("ex1", self.agent("sync", "full", "--connector", "second", status=1).stderr)  # checked again when it counts
        self.agent("connector", "check", "ex1")

    def test_list_and_remove(self):
        self.add_connector()
        self.agent("sync", "full")
        listed = json.loads(self.agent("--json", "connector", "list").stdout)
        self.assertEqual((listed[0]["name"], listed[0]["state"], listed[0]["devices"]),
                         ("ex1", "Connected", self.lab.info["devices"]))
        self.agent("connector", "remove", "ex1")
        self.assertEqual(json.loads(self.agent("--json", "connector", "list").stdout), [])
        self.assertEqual(self.devices(), [])


class OneClearSentence(AgentCase):
    """Each fault gives one sentence on stderr: what happened, to what, what to do."""

    def failed(self, *arguments, says):
        done = self.agent(*arguments, status=1)
        line = done.stderr.strip().splitlines()[-1]
        for word in says:
            self.assertIn(word, line)
        return done

    def test_wrong_password(self):
        self.add_connector(password="not-the-password")
        self.failed("sync", "full", says=["sign-in was refused", "Enter the connector's account again"])

    def test_unreachable_host(self):
        self.add_connector(url="https://localhost:1/PowerShell/")
        self.failed("sync", "full", says=["Nothing accepts connections at", "localhost:1"])

    def test_unknown_host(self):
        self.add_connector(url="https://no-such-host.invalid/PowerShell/")
        self.failed("sync", "full", says=["host name cannot be found", "no-such-host.invalid"])

    def test_untrusted_certificate_sends_no_password(self):
        self.add_connector(ca="")
        self.failed("sync", "full", says=["not from a trusted authority", "no password was sent"])

    def test_missing_cmdlet(self):
        self.add_connector()
        self.lab.call("/lab/faults", {"faults": [
            {"kind": "missingCmdlet", "cmdlet": "Get-Recipient"}, {"kind": "missingCmdlet", "cmdlet": "Set-CASMailbox"}]})
        done = self.agent("connector", "check", "ex1", status=1)
        failed = [line for line in done.stdout.splitlines() if line.startswith("FAIL")]
        text = "\n".join(failed)
        self.assertIn("Get-Recipient", text)
        self.assertIn("Set-CASMailbox", text)  # all of them, not the first
        log = self.trace_log()
        self.assertIn("<![LOG[Invoking cmdlet Get-Recipient failed", log)
        self.assertIn("<![LOG[Invoking cmdlet Set-CASMailbox failed", log)

    def test_busy_server_is_waited_for(self):
        self.add_connector()
        self.lab.call("/lab/faults", {"faults": [{"kind": "503", "count": 2, "retryAfter": 1, "path": "/PowerShell/"}]})
        self.agent("sync", "full")
        self.assertEqual(len(self.devices()), self.lab.info["devices"])

    def test_no_site(self):
        done = self.agent("devices", status=1)
        self.assertIn("site.db", done.stderr)

    def test_wrong_usage(self):
        for arguments in (["frobnicate"], ["devices", "--format", "xml"], ["devices", "--where", "colour = red"],
                          ["connector", "check"]):
            done = self.agent(*arguments, status=2)
            self.assertTrue(done.stderr.strip())
            self.assertEqual(done.stdout, "")

    def test_same_name_twice(self):
        self.add_connector()
        account = self.lab.account()
        done = self.agent("connector", "add", "--name", "EX1", "--url", self.lab.url, "--user", account["user"], "--auth",
                          "basic", "--password-stdin", secret=account["password"], status=1)
        self.assertIn("ex1", done.stderr.lower())
        # The refused one's password has not taken the place of the other's.
        self.agent("connector", "add", "--name", "ex1", "--url", self.lab.url, "--user", account["user"], "--auth", "basic",
                   "--password-stdin", secret="another", status=1)
        self.agent("sync", "full")


def spellings(user, password):
    """Every way in which a password could stand in a file or an output."""
    utf8 = password.encode()
    known = {utf8, password.encode("utf-16-le"), password.encode("utf-16-be"), utf8.hex().encode(), utf8.hex().upper().encode(),
             urllib.parse.quote(password, safe="").encode(), urllib.parse.quote_plus(password).encode()}
    for lead in range(3):  # base64 at each alignment, without the characters that the neighbours change
        text = base64.b64encode(b"\0" * lead + utf8).rstrip(b"=")
        known.add(text[(lead * 8 + 5) // 6:(lead + len(utf8)) * 8 // 6])
    known.add(base64.b64encode(f"{user}:{password}".encode()))
    return known


class SecretsStayInTheKeyRing(AgentCase):
    """After every way a connector can fail, its password stands in no file of the site and in no output."""

    canary = "Kanarienvogel+4711/Ω%=&singt"  # each spelling of it is another one

    def setUp(self):
        super().setUp()
        self.said = []
        self.account = self.lab.account()

    def told(self, *arguments, secret=None):
        """Whatever comes of it, with every category of the log on."""
        done = subprocess.run([os.path.join(BIN, "postern-agent"), "--site", self.site, *arguments], capture_output=True,
                              input=(secret or "").encode(), timeout=120, env={**os.environ, "QT_LOGGING_RULES": "postern.*=true"})
        self.said += [done.stdout, done.stderr]
        return done

    def asked_everything(self, password):
        for command in (["connector", "check", "ex1"], ["--json", "connector", "check", "ex1"], ["sync", "full"],
                        ["--json", "sync", "full"], ["--json", "connector", "list"], ["devices", "--format", "json"]):
            self.told(*command)
        self.told("connector", "add", "--name", "ex1", "--url", self.lab.url, "--user", self.account["user"], "--auth", "basic",
                  "--password-stdin", secret=password)  # refused: the name is taken
        self.hidden(password)

    def hidden(self, password):
        files = [os.path.join(folder, name) for folder, _, names in os.walk(os.path.dirname(self.site)) for name in names]
        self.assertTrue([f for f in files if f.endswith("EasDisc.log")] and [f for f in files if f.endswith("site.db")], files)
        places = [("an output", text) for text in self.said]
        for name in files:
            with open(name, "rb") as file:
                places.append((name, file.read()))
        for spelling in spellings(self.account["user"], password):
            for place, content in places:
                at = content.find(spelling)
                self.assertEqual(at, -1, f"{spelling!r} in {place}: {content[max(0, at - 80):at + 80]!r}")

    def test_wrong_password(self):
        self.add_connector(password=self.canary)
        self.asked_everything(self.canary)
        self.assertTrue(any(b"was refused" in text for text in self.said))

    def test_right_password(self):
        self.add_connector()
        self.asked_everything(self.account["password"])

    def test_busy_server(self):
        self.add_connector()
        self.lab.call("/lab/faults", {"faults": [{"kind": "503", "count": 4, "retryAfter": 1, "path": "/PowerShell/"}]})
        self.asked_everything(self.account["password"])

    def test_nobody_listens(self):
        self.add_connector(url="https://localhost:1/PowerShell/", password=self.canary)
        self.asked_everything(self.canary)

    def test_server_that_repeats_what_it_was_sent(self):
        """A proxy's error page may show the request, Authorization and all."""
        for kind in EchoServer.kinds:
            with self.subTest(kind), EchoServer(kind) as server:
                self.site = os.path.join(self.folder, "echo-" + kind, "site.db")
                self.said = []
                self.add_connector(url=server.url, ca=server.ca, password=self.canary)
                self.asked_everything(self.canary)
                self.assertTrue(server.seen, "the server was asked with the password")


class NothingIsLost(AgentCase):
    def test_killed_run_continues(self):
        self.add_connector()
        self.lab.call("/lab/faults", {"faults": [{"kind": "slow", "ms": 300, "rate": 1.0, "path": "/PowerShell/"}]})
        process = subprocess.Popen([os.path.join(BIN, "postern-agent"), "--site", self.site, "sync", "full"],
                                   stderr=subprocess.PIPE, text=True)
        for line in process.stderr:
            if "statistics" in line or "partnerships" in line:
                break
        process.kill()
        process.wait()
        process.stderr.close()
        self.lab.call("/lab/faults", method="DELETE")
        self.agent("sync", "full")
        self.assertEqual(len(self.devices()), self.lab.info["devices"])


if __name__ == "__main__":
    BIN = sys.argv.pop(1)
    unittest.main(verbosity=2)
