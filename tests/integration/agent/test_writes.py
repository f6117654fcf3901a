#!/usr/bin/env python3
"""What the agent writes to Exchange, against the lab: settings, list entries, wipes, removal; and what kill -9 leaves.

usage: test_writes.py BIN_DIR [unittest arguments]. Needs a key ring in the session (./dev test starts one).
"""
import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import test_agent  # noqa: E402

# A group is written whole (CON-19), so a file says all of it.
PASSWORD = {"required": True, "complexity": "Pin", "minimumComplexSets": 1, "allowSimple": False, "minimumLength": 6,
            "expiryDays": 90, "history": 5, "allowRecovery": False, "wipeAfterAttempts": 8, "idleLockMinutes": 5}
STRICT = {
    "access": {
        "manage": True,
        "defaultLevel": "Quarantine",
        "adminMailRecipients": ["admin@contoso.lab"],
        "userMailInsert": "Ask the helpdesk, extension 4711.",
        "rules": [
            {"name": "", "characteristic": "DeviceModel", "query": "Pixel 4", "level": "Block", "identity": ""},
            {"name": "", "characteristic": "DeviceType", "query": "TestPhone", "level": "Allow", "identity": ""},
        ],
    },
    "policy": {"password": PASSWORD},
}


class WriteCase(test_agent.AgentCase):
    def setUp(self):
        super().setUp()
        # Each test its own estate: writes stay.
        self.lab.stop()
        type(self).lab = test_agent.Lab(test_agent.BIN, *self.lab_arguments)

    def synchronised(self):
        self.add_connector()
        self.agent("sync", "full")

    def settings_file(self, changes):
        """The defaults, with these changes in depth."""
        def merge(base, over):
            for key, value in over.items():
                if isinstance(value, dict) and isinstance(base.get(key), dict):
                    merge(base[key], value)
                else:
                    base[key] = value
        settings = json.loads(self.agent("--json", "connector", "settings", "ex1", "--show").stdout)
        merge(settings, changes)
        path = os.path.join(os.path.dirname(self.site), "settings.json")
        with open(path, "w", encoding="utf-8") as file:
            json.dump(settings, file)
        return path

    def writes(self):
        return json.loads(self.agent("--json", "writes", "ex1").stdout)

    def preview(self, path):
        return json.loads(self.agent("--json", "connector", "settings", "ex1", "--set", path, "--preview").stdout)

    def journal(self):
        """What the lab's Exchange was told to change."""
        return [(entry["what"], entry["target"]) for entry in self.lab.call("/lab/state")["journal"]]

    def truth(self):
        return {phone["guid"]: phone for phone in self.lab.call("/lab/truth")["phones"]}

    def mailbox_of(self, phone):
        base = sqlite3.connect(self.site)
        row = base.execute("SELECT id, identity FROM mailbox WHERE identity = ?", (phone["owner"],)).fetchone()
        base.close()
        return row

    def plan(self, phone, lists, stage=1000):
        """A write of a policy, as a plan puts it into the journal before anything is sent."""
        mailbox, identity = self.mailbox_of(phone)
        write = {"mailbox": identity, "addAllowed": [], "removeAllowed": [], "addBlocked": [], "removeBlocked": []}
        write.update(lists)
        base = sqlite3.connect(self.site, timeout=30)
        with base:
            base.execute(
                "INSERT INTO exchange_write (connector_id, mailbox_id, origin, cause, kind, target, stage, content, state,"
                " planned_at) SELECT id, ?, 'Policy', 'test', 'list', ?, ?, ?, 'Planned', ? FROM connector",
                (mailbox, identity, stage, json.dumps({"kind": "list", "write": write}), int(time.time() * 1000)))
        base.close()

    def lists(self, phone):
        """The mailbox' lists as Exchange has them, read by a new site."""
        base = sqlite3.connect(self.site)
        row = base.execute("SELECT allowed_ids, blocked_ids FROM mailbox WHERE identity = ?", (phone["owner"],)).fetchone()
        base.close()
        return json.loads(row[0]), json.loads(row[1])

    def one_phone_each(self, count):
        """Phones of different users, allowed by nothing personal."""
        found = {}
        for phone in self.truth().values():
            eas = not phone["name"].startswith("REST")  # Outlook can only be wiped by the account
            if eas and phone["getsMail"] and phone["reason"] != "Individual" and not phone["removed"]:
                found.setdefault(phone["owner"], phone)
        self.assertGreaterEqual(len(found), count)
        return list(found.values())[:count]


class Installed(WriteCase):
    def test_installation_is_told(self):
        self.add_connector()
        messages = json.loads(self.agent("--json", "status").stdout)
        self.assertEqual([message["messageId"] for message in messages], [1015])
        with open(os.path.join(os.path.dirname(self.site), "Logs", "SiteComp.log"), encoding="utf-8") as file:
            log = file.read()
        self.assertIn("Component SMS_EXCHANGE_CONNECTOR flagged for installation", log)
        self.assertIn("STATMSG: ID=1015", log)

    def test_connectors_are_edited(self):
        self.synchronised()
        self.agent("connector", "set", "ex1", "--delta-minutes", "60", "--ews-url", "https://mail.contoso.lab/EWS/Exchange.asmx")
        listed = json.loads(self.agent("--json", "connector", "list").stdout)[0]
        self.assertEqual((listed["deltaMinutes"], listed["ewsUrl"]), (60, "https://mail.contoso.lab/EWS/Exchange.asmx"))
        self.agent("connector", "set", "ex1", "--full-schedule", "soon", status=2)
        self.agent("connector", "set", "ex1", "--parallel", "99", status=2)
        self.agent("connector", "set", "nobody", "--parallel", "2", status=1)


    def test_a_new_address_must_be_the_same_organization(self):
        self.synchronised()
        other = self.lab.url.replace("/PowerShell/", "/powershell/")
        self.agent("connector", "set", "ex1", "--url", other)
        base = sqlite3.connect(self.site)
        with base:
            base.execute("UPDATE connector SET organization_id = 'CN=Fabrikam', organization_name = 'Fabrikam'")
        base.close()
        refused = self.agent("connector", "set", "ex1", "--url", self.lab.url, status=1)
        self.assertIn("Fabrikam", refused.stderr)
        self.assertEqual(json.loads(self.agent("--json", "connector", "list").stdout)[0]["url"], other)


class Settings(WriteCase):
    def test_set_applies_and_confirms(self):
        self.synchronised()
        before = self.truth()
        path = self.settings_file(STRICT)
        commands = self.preview(path)
        self.assertTrue(any("Set-ActiveSyncOrganizationSettings" in line for line in commands), commands)
        self.assertTrue(any("TestPhone" in line for line in commands), commands)
        self.assertEqual(self.writes(), [], "a preview writes nothing")
        done = json.loads(self.agent("--json", "connector", "settings", "ex1", "--set", path).stdout)
        self.assertEqual(done["state"], "Done", done)
        writes = self.writes()
        self.assertTrue(all(write["state"] == "Confirmed" for write in writes), writes)
        self.assertEqual({write["command"] for write in writes}, set(commands), "sent is what was previewed")
        self.assertEqual(self.preview(path), [], "nothing is left to change")
        # Who had mail by the default rule alone is quarantined now; personal entries and rules still win.
        after = self.truth()
        for guid, phone in after.items():
            if before[guid]["reason"] == "Global" and before[guid]["access"] == "Allowed":
                self.assertIn(phone["access"], ("Quarantined", "Blocked"), phone)
            if before[guid]["reason"] == "Individual":
                self.assertEqual(phone["access"], before[guid]["access"], "a foreign entry is obeyed")

    def test_drift_is_overwritten_by_a_full_and_told(self):
        self.synchronised()
        path = self.settings_file(STRICT)
        self.agent("connector", "settings", "ex1", "--set", path)
        sent = len(self.writes())
        self.agent("sync", "full")
        self.assertEqual(len(self.writes()), sent, "no drift, no write")
        # Another site of somebody else's sets it back.
        mine, self.site = self.site, self.site + ".other"
        os.makedirs(os.path.dirname(self.site), exist_ok=True)
        self.synchronised()
        lenient = dict(STRICT, access=dict(STRICT["access"], defaultLevel="Allow"))
        self.agent("connector", "settings", "ex1", "--set", self.settings_file(lenient))
        self.site = mine
        result = json.loads(self.agent("--json", "sync", "full").stdout)[0]
        self.assertIn("1 change(s) were made in Exchange", result["result"])
        self.assertIn("settings drift: Default access level: Exchange has Allow, configured is Quarantine", self.trace_log())
        messages = json.loads(self.agent("--json", "status", "--since", "1h", "--severity", "warning").stdout)
        self.assertIn(30016, [message["messageId"] for message in messages])

    def test_wrong_files_are_refused_with_the_place(self):
        self.synchronised()
        for changes, word in (({"policy": {"password": dict(PASSWORD, minimumLength=99)}}, "minimum length"),
                              ({"policy": {"password": {"required": True}}}, "policy.password"),
                              ({"access": {"defaultLevel": "Maybe"}}, "defaultLevel"),
                              ({"acess": {"manage": True}}, "acess")):
            failed = self.agent("connector", "settings", "ex1", "--set", self.settings_file(changes), status=2)
            self.assertIn(word.lower(), failed.stderr.lower())
        self.assertEqual(self.writes(), [])


class Lists(WriteCase):
    def test_entries_are_written_confirmed_and_taken_out_with_the_connector(self):
        self.synchronised()
        before = self.truth()
        blocked, allowed = self.one_phone_each(2)
        self.plan(blocked, {"addBlocked": [blocked["device"]]})
        self.plan(allowed, {"addAllowed": [allowed["device"]]}, stage=10)
        foreign = {guid for guid, phone in before.items() if phone["reason"] == "Individual"}
        self.assertTrue(foreign, "the lab has entries of others")
        self.agent("sync", "full")
        self.assertEqual([write["state"] for write in self.writes()], ["Confirmed", "Confirmed"])
        now = self.truth()
        self.assertEqual(now[blocked["guid"]]["access"], "Blocked")
        self.assertEqual(now[blocked["guid"]]["reason"], "Individual")
        self.assertEqual(now[allowed["guid"]]["reason"], "Individual")
        removed = json.loads(self.agent("--json", "connector", "remove", "ex1").stdout)
        self.assertEqual(removed["state"], "Done", removed)
        self.assertIn("taken out of Exchange: 2", removed["result"])
        after = self.truth()
        for guid, phone in before.items():
            self.assertEqual((after[guid]["access"], after[guid]["reason"]), (phone["access"], phone["reason"]))
        self.assertEqual(json.loads(self.agent("--json", "connector", "list").stdout), [])
        self.assertEqual(self.devices(), [])

    def test_removal_without_exchange_says_what_remains(self):
        self.synchronised()
        (phone,) = self.one_phone_each(1)
        self.plan(phone, {"addBlocked": [phone["device"]]})
        self.agent("sync", "full")
        self.lab.stop()
        failed = self.agent("connector", "remove", "ex1", status=1)
        self.assertIn("still in Exchange: 1", failed.stderr)
        self.assertEqual(json.loads(self.agent("--json", "connector", "list").stdout)[0]["state"], "Removing")
        self.agent("connector", "remove", "ex1", "--keep-entries")
        self.assertEqual(json.loads(self.agent("--json", "connector", "list").stdout), [])
        type(self).lab = test_agent.Lab(test_agent.BIN, *self.lab_arguments)


class Devices(WriteCase):
    def test_wipe_and_remove_ask_and_are_done(self):
        self.synchronised()
        wiped, removed = self.one_phone_each(2)
        self.agent("device", "wipe", wiped["device"], "--mailbox", wiped["upn"], status=2)
        self.agent("device", "remove", removed["device"], "--mailbox", removed["upn"], status=2)
        self.assertEqual(self.truth()[wiped["guid"]]["wipe"], "none", "not without the flag")
        self.agent("device", "wipe", wiped["device"], "--mailbox", wiped["upn"], "--confirm-factory-reset", "--reason", "lost")
        self.assertEqual(self.truth()[wiped["guid"]]["wipe"], "pending")
        rows = len(self.devices())
        self.agent("device", "remove", removed["device"], "--mailbox", removed["upn"], "--confirm")
        self.assertTrue(self.truth()[removed["guid"]]["removed"])
        self.assertEqual(len(self.devices()), rows - 1)
        causes = [write["cause"] for write in self.writes()]
        self.assertTrue(any(cause.endswith(": lost") for cause in causes), causes)
        self.agent("device", "wipe", wiped["device"], "--mailbox", wiped["upn"], "--cancel")
        self.assertEqual(self.truth()[wiped["guid"]]["wipe"], "none")


class Killed(WriteCase):
    lab_arguments = ["--users", "60", "--seed", "7", "--time-scale", "0", "--latency", "10"]

    def kill_after(self, seconds, *arguments):
        process = subprocess.Popen([os.path.join(test_agent.BIN, "postern-agent"), "--site", self.site, *arguments],
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(seconds)  # the moment of the kill, not a wait for anything
        process.send_signal(signal.SIGKILL)
        process.wait()
        self.lab.call("/lab/shells", method="DELETE")  # Exchange ends them when they were idle for a while

    def test_a_killed_agent_leaves_what_an_undisturbed_one_would(self):
        self.synchronised()
        phones = self.one_phone_each(12)
        before = self.truth()
        for phone in phones[:6]:
            self.plan(phone, {"addBlocked": [phone["device"]]})
        for phone in phones[6:]:
            self.plan(phone, {"addAllowed": [phone["device"]]}, stage=10)
        path = self.settings_file(STRICT)
        dice = random.Random(11)
        left = []
        while len(left) < 40 and (not left or left[-1]):
            self.kill_after(dice.uniform(0.05, 0.5), "connector", "settings", "ex1", "--set", path)
            left.append(sum(write["state"] in ("Planned", "Sent", "Applied") for write in self.writes()))
        self.assertGreaterEqual(len({count for count in left if count}), 2, f"no kill met it in the middle: {left}")
        self.agent("connector", "settings", "ex1", "--set", path)
        self.assertTrue(all(write["state"] in ("Confirmed", "Superseded") for write in self.writes()), self.writes())
        now = self.truth()
        for phone in phones[:6]:
            self.assertEqual((now[phone["guid"]]["access"], now[phone["guid"]]["reason"]), ("Blocked", "Individual"))
        for phone in phones[6:]:
            self.assertEqual((now[phone["guid"]]["access"], now[phone["guid"]]["reason"]), ("Allowed", "Individual"))
        self.assertEqual(self.preview(path), [])
        # Nothing was done twice: every rule was created once, every entry added once.
        journal = self.journal()
        self.assertEqual(len(journal), len(set(journal)), journal)
        # And the end leaves nothing of ours behind, killed as well.
        for seconds in (0.2, 0.4, 0.6):
            self.kill_after(seconds, "connector", "remove", "ex1")
        if json.loads(self.agent("--json", "connector", "list").stdout):
            self.agent("connector", "remove", "ex1")
        after = self.truth()
        for guid, phone in before.items():
            if phone["reason"] == "Individual":
                self.assertEqual((after[guid]["access"], after[guid]["reason"]), (phone["access"], "Individual"))
            else:
                self.assertNotEqual(after[guid]["reason"], "Individual", "an entry of ours stayed")


if __name__ == "__main__":
    test_agent.BIN = sys.argv.pop(1)
    unittest.main(argv=[sys.argv[0], "-v", *sys.argv[1:]])
