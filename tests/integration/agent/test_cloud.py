#!/usr/bin/env python3
"""The cloud half through the agent, as processes: three ways to connect, synchronisation, and matching held against what
the lab says each phone really is.

usage: test_cloud.py BIN_DIR [unittest arguments]. Needs a key ring in the session (./dev test starts one).
"""
import csv
import io
import json
import os
import re
import signal
import subprocess
import sys
import time
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "cloud"))
from cloudcase import CloudCase, main  # noqa: E402


def plain(text):
    """An EAS id as both sides mean it (SYN-12)."""
    return re.sub(r"[^0-9a-z]", "", text.lower())


class Connect(CloudCase):
    def test_secret(self):
        self.make_site()
        self.assertIn("connected", self.connect().stdout)
        lines = self.agent("intune", "check").stdout
        self.assertNotIn("FAIL", lines)
        self.assertIn("DeviceManagementManagedDevices.Read.All", lines)
        end = self.json("intune", "sync")
        self.assertEqual((end["state"], end["devices"]), ("Done", len(self.graph_devices())), end)
        self.assertEqual(self.managed_devices(), self.graph_devices())
        listed = self.json("intune", "list")[0]
        self.assertEqual((listed["state"], listed["signIn"], listed["organization"]), ("Connected", "secret", "Contoso Lab"))
        self.assertTrue(all(p["granted"] for p in listed["permissions"] if p["essential"]), listed["permissions"])

    def test_no_secret_in_store_or_log(self):
        self.make_site()
        self.connect()
        self.agent("intune", "sync")
        secret = self.cloud["clientSecret"].encode()
        for folder, _, files in os.walk(os.path.dirname(self.site)):
            for name in files:
                with open(os.path.join(folder, name), "rb") as file:
                    self.assertNotIn(secret, file.read(), name)

    def test_certificate(self):
        self.make_site()
        self.agent("intune", "connect", *self.tenant_arguments(), "--certificate", self.cloud["certificateFile"])
        self.agent("intune", "check", self.cloud["tenant"])
        self.assertEqual(self.json("intune", "sync")["state"], "Done")
        self.assertEqual(self.managed_devices(), self.graph_devices())

    def test_device_code(self):
        self.make_site()
        command = self.command("intune", "connect", *self.tenant_arguments(), "--device-code")
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
            prompt = process.stderr.readline()
            found = re.match(r"Open (https://\S+) and enter the code (\S+) ", prompt)
            self.assertTrue(found, prompt)
            self.lab.call("/lab/cloud/signin", {"deviceCode": found[2], "as": self.cloud["user"]["upn"]})
            _, errors = process.communicate(timeout=60)
        self.assertEqual(process.returncode, 0, errors)
        self.assertIn(f"Signed in as {self.cloud['user']['upn']}.", errors)
        self.assertEqual(self.json("intune", "sync")["state"], "Done")
        listed = self.json("intune", "list")[0]
        self.assertEqual((listed["signIn"], listed["account"]), ("deviceCode", self.cloud["user"]["upn"]))

    def test_device_code_declined(self):
        self.make_site()
        command = self.command("intune", "connect", *self.tenant_arguments(), "--device-code")
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
            code = re.search(r"the code (\S+) ", process.stderr.readline())[1]
            self.lab.call("/lab/cloud/signin", {"deviceCode": code, "as": ""})
            _, errors = process.communicate(timeout=60)
        self.assertEqual(process.returncode, 1, errors)
        self.assertEqual(self.json("intune", "list"), [], "nothing is saved")

    def test_connecting_again_changes_the_tenant(self):
        self.make_site()
        self.connect()
        self.agent("intune", "sync")
        self.agent("intune", "connect", *self.tenant_arguments(), "--certificate", self.cloud["certificateFile"], "--poll-seconds", "90")
        listed = self.json("intune", "list")
        self.assertEqual([(t["name"], t["signIn"], t["pollSeconds"]) for t in listed], [("Contoso", "certificate", 90)])
        self.assertEqual(self.json("intune", "sync")["state"], "Done")

    def test_remove(self):
        self.make_site()
        self.connect()
        self.agent("intune", "sync")
        self.agent("intune", "remove", "contoso")
        self.assertEqual(self.json("intune", "list"), [])
        self.assertEqual(self.managed_devices(), {})
        self.assertIn("intune connect", self.agent("intune", "sync", status=1).stderr)


class Refused(CloudCase):
    def test_wrong_usage(self):
        self.make_site()
        arguments = self.tenant_arguments()
        for more, says in [([], "--secret-stdin"), (["--secret-stdin", "--device-code"], "only one"), (["--certificate", "/no/such.pem"], "no/such.pem"),
                           (["--certificate", __file__], "certificate"), (["--device-code", "--poll-seconds", "5"], "30 to 86400"),
                           (["--device-code", "--cloud", "moon"], "china"), (["--secret-stdin"], "standard input")]:
            with self.subTest(more):
                self.assertIn(says, self.agent("intune", "connect", *arguments, *more, status=2).stderr)
        self.assertIn("--client-id", self.agent("intune", "connect", "--tenant", "x", "--device-code", status=2).stderr)
        self.assertIn("matches lists them", self.agent("matches", "--confirm", "a", "b", status=2).stderr)
        self.assertIn("table, csv or json", self.agent("users", "--format", "xml", status=2).stderr)
        self.assertEqual(self.json("intune", "list"), [])

    def test_wrong_secret(self):
        self.make_site()
        self.agent("intune", "connect", *self.tenant_arguments(), "--name", "Contoso", "--secret-stdin", secret="not-the-secret\n")
        self.assertIn("AADSTS7000215", self.agent("intune", "sync", status=1).stderr)
        self.assertIn("AADSTS7000215", self.agent("intune", "list").stderr, "its state says so as well")

    def test_expired_secret(self):
        self.make_site()
        self.connect("expiredSecret")
        self.assertIn("AADSTS7000222", self.agent("intune", "sync", status=1).stderr)

    def test_no_consent_at_all(self):
        self.make_site()
        self.connect("unconsented")
        lines = self.agent("intune", "check", status=1).stdout
        self.assertRegex(lines, r"FAIL +CON-39 +Permission DeviceManagementManagedDevices\.Read\.All")
        done = self.agent("intune", "sync", status=1)
        self.assertIn("lacks a permission", done.stderr)
        self.assertEqual(self.json("intune", "list")[0]["state"], "ConsentRequired")

    def test_each_missing_permission_is_said_by_name(self):
        self.make_site()
        self.connect()
        self.agent("intune", "check")
        names = [p["name"] for p in self.json("intune", "list")[0]["permissions"]]
        self.assertGreater(len(names), 10)
        for permission in names:
            with self.subTest(permission):
                withdrawn = [permission]
                if permission.endswith(".Read.All"):  # who may write may read
                    withdrawn += [one for one in names if one == permission.replace(".Read.All", ".ReadWrite.All")]
                if permission == "Group.Read.All":  # who may read memberships may read groups
                    withdrawn.append("GroupMember.Read.All")
                for one in withdrawn:
                    self.lab.call("/lab/cloud/consent", {"permission": one, "given": False})
                try:
                    checks = self.agent("--json", "intune", "check", status=None).stdout
                finally:
                    for one in withdrawn:
                        self.lab.call("/lab/cloud/consent", {"permission": one, "given": True})
                missing = {c["name"] for c in json.loads(checks) if c["name"].startswith("Permission ")}
                self.assertEqual(missing, {f"Permission {one}" for one in withdrawn if one in names})

    def test_no_such_tenant(self):
        self.make_site()
        self.assertIn('"nobody"', self.agent("intune", "sync", "nobody", status=1).stderr)


class WholeSite(CloudCase):
    lab_arguments = ["--users", "1500", "--seed", "11", "--time-scale", "0"]

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.site = os.path.join(cls.folder, "whole", "site.db")
        case = cls()
        case.site = cls.site
        case.make_site()
        case.connect()
        case.add_exchange()
        cls.results = case.json("sync", "full")

    def setUp(self):  # one site for all of these
        pass

    def runTest(self):  # for the object that setUpClass makes
        pass

    def test_sync_full_covers_both(self):
        self.assertEqual([(r.get("connector") or r.get("tenant"), r["state"]) for r in self.results], [("ex1", "Done"), ("Contoso", "Done")])

    def test_links_are_the_lab_s_truth(self):
        links, candidates = self.links(), self.candidates()
        right, wrong, linkable, missed, all_same = 0, [], 0, [], 0
        for phone in self.phones():
            key, truth = (phone["upn"].lower(), phone["device"].lower()), phone["cloud"]
            link = links[key]
            managed = (truth["managedDevice"] or "").lower()
            if link:
                right += link[0] == managed and link[1] == truth["userId"]
                if link[0] != managed or link[1] != truth["userId"]:
                    wrong.append((phone, link))
            all_same += bool(managed) and truth["sameUser"]
            # What nothing but the id is needed for (SYN-11 a): it says the same on both sides, of the same person.
            if managed and truth["sameUser"] and plain(truth["easDeviceId"]) == plain(phone["device"]):
                linkable += 1
                missed += [] if link else [phone]
            if managed and not truth["sameUser"]:
                self.assertIsNone(link, "another person's phone is never linked")
                if plain(truth["easDeviceId"]) == plain(phone["device"]):
                    self.assertEqual(candidates.get((*key, managed)), 0, f"transferred, and said to be: {phone}")
        print(f"matching: {right} links right, {len(wrong)} wrong: precision {right / (right + len(wrong)):.4f};"
              f" recall {(linkable - len(missed)) / linkable:.4f} of {linkable} with the same id and person,"
              f" {right / all_same:.4f} of all {all_same} partnerships on a managed phone of their person", file=sys.stderr)
        self.assertEqual(wrong, [])
        self.assertEqual(missed, [])
        self.assertGreater(right, 500)

    def test_suggested_ones_are_never_of_another_person(self):
        users = dict(self.query("SELECT object_id, user_object_id FROM managed_device"))
        people = {(p["upn"].lower(), p["device"].lower()): p["cloud"]["userId"] for p in self.phones()}
        suggested = {key: kind for key, kind in self.candidates().items() if kind == 1}
        self.assertGreater(len(suggested), 0, "the population has some")
        for upn, eas, device in suggested:
            self.assertEqual(users[device], people[(upn, eas)])

    def test_one_row_a_device(self):
        """SYN-14: a managed device with its partnerships is one row; what belongs to none is its own."""
        rows = list(csv.DictReader(io.StringIO(self.agent("devices", "--format", "csv", "--columns", "name,intuneDeviceId,partnerships,complianceState,matchKind").stdout, newline="")))
        links = self.links()
        managed = self.managed_devices()
        alone = sum(1 for link in links.values() if not link)
        self.assertEqual(len(rows), len(managed) + alone)
        ids = [row["intuneDeviceId"].lower() for row in rows if row["intuneDeviceId"]]
        self.assertEqual(sorted(ids), sorted(managed))
        self.assertEqual(sum(int(row["partnerships"] or 0) for row in rows), len(links))

    def test_people(self):
        listed = self.json("users")
        people = {p["objectId"] or p["userPrincipalName"]: p for p in listed}
        self.assertEqual(len(people), len(listed), "each person once")
        licensed = [p for p in people.values() if p["intuneLicensed"]]
        self.assertTrue(0 < len(licensed) < len(people))
        table = list(csv.DictReader(io.StringIO(self.agent("users", "--format", "csv").stdout, newline="")))
        self.assertEqual(len(table), len(people))
        for owner in {p["cloud"]["userId"] for p in self.phones() if p["cloud"]["userId"]}:
            self.assertNotEqual(people[owner]["mailbox"], "none", people[owner])
            self.assertGreater(people[owner]["devices"], 0, people[owner])

    def test_suggestions_are_answered(self):
        before = [m for m in self.json("matches") if m["kind"] == "suggested"]
        self.assertGreaterEqual(len(before), 2)
        first, second = [(str(m["partnership"]), str(m["device"])) for m in before[:2]]
        after = self.json("matches", "--confirm", *first)
        self.assertNotIn(first, [(str(m["partnership"]), str(m["device"])) for m in after])
        self.assertEqual(self.query("SELECT device_id, kind FROM partnership_match WHERE partnership_id = ?", first[0]), [(int(first[1]), 4)])
        after = self.json("matches", "--reject", *second)
        self.assertNotIn(second, [(str(m["partnership"]), str(m["device"])) for m in after])
        self.agent("intune", "sync")
        self.assertNotIn(second, [(str(m["partnership"]), str(m["device"])) for m in self.json("matches")], "for good")
        self.assertEqual(self.query("SELECT device_id FROM partnership_match WHERE partnership_id = ?", first[0]), [(int(first[1]),)])
        self.assertIn("not there any more", self.agent("matches", "--confirm", *first, status=1).stderr)


class Changes(CloudCase):
    def start_service(self):
        return subprocess.Popen(self.command("run"), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def wait_for(self, what, seconds):
        end = time.monotonic() + seconds
        while not what():
            self.assertLess(time.monotonic(), end)
            time.sleep(0.1)

    def test_a_change_in_intune_is_seen_by_the_next_poll(self):
        self.make_site()
        self.connect("full", "--poll-seconds", "30")
        service = self.start_service()
        try:
            self.wait_for(lambda: self.json("intune", "list")[0]["state"] == "Connected", 60)
            device = next(key for key, value in sorted(self.managed_devices().items()) if value[1] == "compliant")
            self.lab.call("/lab/cloud/devices", {"id": device, "complianceState": "noncompliant"})
            self.wait_for(lambda: self.managed_devices()[device][1] == "noncompliant", 30 + 15)
            # Asking beside a running service: that one does it, this one waits.
            done = self.agent("intune", "sync")
            self.assertIn("Another service", done.stderr)
        finally:
            service.send_signal(signal.SIGTERM)
            self.assertEqual(service.wait(timeout=30), 0)

    def test_asked_for_at_once(self):
        self.make_site()
        self.connect()
        self.agent("intune", "sync")
        self.lab.call("/lab/cloud/settings", {"lagMs": 0})
        device = next(key for key, value in sorted(self.managed_devices().items()) if value[1] == "compliant")
        self.lab.call("/lab/cloud/devices", {"id": device, "complianceState": "noncompliant"})
        end = self.json("sync", "delta")
        self.assertEqual([(r["tenant"], r["state"]) for r in end], [("Contoso", "Done")])
        self.assertEqual(self.managed_devices()[device][1], "noncompliant")

    def test_interrupt_ends_the_run_and_a_token_may_end_in_the_middle(self):
        self.make_site()
        self.connect()
        self.lab.call("/lab/cloud/settings", {"pageSize": 10})
        self.lab.call("/lab/faults", {"faults": [{"kind": "slow", "path": "/v1.0/deviceManagement/managedDevices", "after": 2, "ms": 20000}]})
        process = subprocess.Popen(self.command("intune", "sync"), stderr=subprocess.PIPE, text=True)
        try:
            self.wait_for(lambda: any(r.get("fired") for r in self.lab.call("/lab/faults")["faults"]), 30)
            began = time.monotonic()
            process.send_signal(signal.SIGINT)
            _, errors = process.communicate(timeout=15)
        finally:
            if process.poll() is None:
                process.kill()
                process.communicate()
        self.assertEqual(process.returncode, 1, errors)
        self.assertLess(time.monotonic() - began, 10)
        self.assertIn("Cancelled", errors)
        self.lab.call("/lab/faults", method="DELETE")
        self.lab.call("/lab/faults", {"faults": [{"kind": "expiredToken", "path": "/v1.0/deviceManagement/managedDevices", "after": 3, "count": 1}]})
        self.assertEqual(self.json("intune", "sync")["state"], "Done")
        self.assertEqual(self.managed_devices(), self.graph_devices())


if __name__ == "__main__":
    main()
