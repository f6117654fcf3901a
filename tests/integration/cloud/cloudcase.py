"""A site on a lab with its Exchange and its Intune, driven through postern-agent; the store is read with sqlite3."""
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "agent"))
from lab import Lab  # noqa: E402

BIN = os.path.abspath(sys.argv[1]) if len(sys.argv) > 1 else ""


class CloudCase(unittest.TestCase):
    lab_arguments = ["--users", "60", "--seed", "7", "--time-scale", "0"]

    @classmethod
    def setUpClass(cls):
        cls.lab = Lab(BIN, *cls.lab_arguments)
        cls.cloud = cls.lab.info["cloud"]
        cls.folder = tempfile.mkdtemp(prefix="postern-cloud-")

    @classmethod
    def tearDownClass(cls):
        cls.lab.stop()
        shutil.rmtree(cls.folder)

    def setUp(self):
        self.site = os.path.join(self.folder, self.id().rsplit(".", 1)[-1], "site.db")

    def tearDown(self):
        self.lab.call("/lab/faults", method="DELETE")

    # -- the agent ---------------------------------------------------------------------------------------------------
    def command(self, *arguments):
        return [os.path.join(BIN, "postern-agent"), "--site", self.site, *arguments]

    def agent(self, *arguments, secret=None, status=0):
        done = subprocess.run(self.command(*arguments), capture_output=True, text=True, input=secret or "", timeout=120)
        if status is not None:
            self.assertEqual(done.returncode, status, f"{arguments}\nstdout: {done.stdout}\nstderr: {done.stderr}")
        return done

    def json(self, *arguments, **more):
        return json.loads(self.agent("--json", *arguments, **more).stdout)

    def application(self, role):
        return next(a for a in self.cloud["applications"] if a["role"] == role)

    def tenant_arguments(self, role="full"):
        return ["--tenant", self.cloud["tenant"], "--client-id", self.application(role)["clientId"], "--authority", self.cloud["authority"],
                "--graph-url", self.cloud["graphUrl"], "--ca-file", self.lab.ca]

    def make_site(self):
        os.makedirs(os.path.dirname(self.site), exist_ok=True)
        self.agent("site", "init", "--site-code", "CLD")

    def connect(self, role="full", *more, **options):
        secret = self.application(role)["clientSecret"]
        return self.agent("intune", "connect", *self.tenant_arguments(role), "--name", "Contoso", "--secret-stdin", *more, secret=secret + "\n", **options)

    def add_exchange(self):
        account = self.lab.account()
        self.agent("connector", "add", "--kind", "on-premises", "--name", "ex1", "--url", self.lab.url, "--user", account["user"], "--auth", "basic",
                   "--ca-file", self.lab.ca, "--parallel", "4", "--max-inactive-days", "0", "--password-stdin", secret=account["password"] + "\n")

    # -- the store ---------------------------------------------------------------------------------------------------
    def query(self, sql, *values):
        with sqlite3.connect(f"file:{self.site}?mode=ro", uri=True, timeout=20) as store:
            rows = store.execute(sql, values).fetchall()
        store.close()
        return rows

    def managed_devices(self):
        """Object id -> (name, compliance), without gone ones."""
        return {row[0]: row[1:] for row in self.query("SELECT object_id, device_name, compliance_state FROM managed_device WHERE gone_since IS NULL")}

    def links(self):
        """(upn, EAS id as Exchange has it) -> (object id of the managed device, its user's object id) or None."""
        rows = self.query("SELECT m.upn, p.eas_device_id, d.object_id, d.user_object_id FROM partnership p JOIN mailbox m ON m.id = p.mailbox_id"
                          " LEFT JOIN partnership_match k ON k.partnership_id = p.id LEFT JOIN managed_device d ON d.id = k.device_id"
                          " WHERE p.gone_since IS NULL")
        return {(upn.lower(), eas.lower()): (device, user) if device else None for upn, eas, device, user in rows}

    def candidates(self):
        """(upn, EAS id, object id of the device) -> kind: 0 transferred, 1 suggested."""
        rows = self.query("SELECT m.upn, p.eas_device_id, d.object_id, c.kind FROM match_candidate c JOIN partnership p ON p.id = c.partnership_id"
                          " JOIN mailbox m ON m.id = p.mailbox_id JOIN managed_device d ON d.id = c.device_id")
        return {(upn.lower(), eas.lower(), device): kind for upn, eas, device, kind in rows}

    # -- the lab -----------------------------------------------------------------------------------------------------
    def phones(self):
        found, start = [], 0
        while start is not None:
            page = self.lab.call(f"/lab/truth?from={start}")
            found += page["phones"]
            start = page.get("next")
        return [p for p in found if not p["removed"]]

    def graph_token(self):
        import urllib.parse
        import urllib.request
        form = {"grant_type": "client_credentials", "client_id": self.cloud["clientId"], "client_secret": self.cloud["clientSecret"],
                "scope": "https://graph.microsoft.com/.default"}
        url = f"{self.cloud['authority']}/{self.cloud['tenant']}/oauth2/v2.0/token"
        with urllib.request.urlopen(url, urllib.parse.urlencode(form).encode(), context=self.lab.tls, timeout=30) as answer:
            return json.load(answer)["access_token"]

    def graph_devices(self):
        """Object id -> (name, compliance) as Graph lists them to a client of no shared code."""
        import urllib.request
        token, url, found = self.graph_token(), self.cloud["graphUrl"] + "/v1.0/deviceManagement/managedDevices", {}
        while url:
            request = urllib.request.Request(url, headers={"Authorization": "Bearer " + token})
            with urllib.request.urlopen(request, context=self.lab.tls, timeout=30) as answer:
                page = json.load(answer)
            found.update({row["id"]: (row["deviceName"], row["complianceState"]) for row in page["value"]})
            url = page.get("@odata.nextLink")
        return found


def main():
    unittest.main(argv=[sys.argv[0], *sys.argv[2:]], verbosity=1)
