#!/usr/bin/env python3
"""Every step of a tenant's synchronisation times every fault of the lab's cloud, through the agent.

Whatever the fault does to the run: no device is removed that Intune still has, no link of a partnership is lost, a run
that fails says why, and the next undisturbed run equals what Graph lists to a client that shares no code with Postern.

usage: test_faults.py BIN_DIR [unittest arguments]. Needs a key ring in the session (./dev test starts one).
"""
import os
import signal
import sqlite3
import subprocess
import sys
import time
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from cloudcase import CloudCase, main  # noqa: E402

DEVICES = "/v1.0/deviceManagement/managedDevices"
# A step, the path it asks, and how many requests to that path come before the one that is met.
STEPS = [("organization", "/v1.0/organization", 0), ("licences", "/v1.0/subscribedSkus", 0), ("people", "/v1.0/users/delta", 0),
         ("groups", "/v1.0/groups/delta", 0), ("members", "/v1.0/groups/", 3), ("devices", DEVICES, 0), ("devices' third page", DEVICES, 2)]
ANSWERS = ["429", "503", "cut", "truncate", "htmlAs200", "expiredToken", "slow"]
LISTS = ["duplicateRows", "missingRows", "emptyList", "halfList", "yesterdaysList"]
DELTAS = [("people", "/v1.0/users/delta"), ("groups", "/v1.0/groups/delta")]
FLIP = {"compliant": "noncompliant"}


class Faults(CloudCase):
    lab_arguments = ["--users", "60", "--seed", "7", "--time-scale", "0"]

    def setUp(self):
        super().setUp()
        self.lab.call("/lab/cloud/settings", {"lagMs": 0, "pageSize": 20})
        self.make_site()
        self.connect()
        self.add_exchange()
        self.agent("sync", "full")
        self.linked = {key: link for key, link in self.links().items() if link}
        self.assertGreater(len(self.linked), 20)
        self.assertGreater(len(self.managed_devices()), 60, "more than three pages")

    def change_a_device(self):
        """One that changes between any two runs, so that a run that read nothing cannot pass for one that did."""
        device, (_, state) = sorted(self.graph_devices().items())[7]
        self.lab.call("/lab/cloud/devices", {"id": device, "complianceState": FLIP.get(state, "compliant")})

    def disturbed(self, run, **fault):
        before = self.managed_devices()
        self.change_a_device()
        self.lab.call("/lab/faults", {"faults": [{"count": 1, "retryAfter": 0, "ms": 100, **fault}]})
        done = self.agent(*run, status=None)
        fired = self.lab.call("/lab/faults")
        self.lab.call("/lab/faults", method="DELETE")
        self.assertIn(done.returncode, (0, 1), done.stderr)
        after = self.managed_devices()
        self.assertEqual(set(before) - set(after), set(), f"removed although Intune has them\n{done.stderr}")
        self.assertEqual({k: v for k, v in self.links().items() if v}, self.linked, done.stderr)
        if done.returncode == 1:
            self.assertRegex(done.stderr.strip().splitlines()[-1], r"Contoso: .{30}", "a failed run says why")
        return done, fired

    def undisturbed(self):
        self.agent("intune", "sync")
        self.assertEqual(self.managed_devices(), self.graph_devices())
        self.assertEqual({k: v for k, v in self.links().items() if v}, self.linked)

    def matrix(self, cells, run):
        for name, fault in cells:
            with self.subTest(name):
                done, fired = self.disturbed(run, **fault)
                self.assertTrue(any(rule.get("fired", 0) for rule in fired["faults"]), f"the fault met nothing: {fired}")
                if done.returncode == 0 and fault["kind"] in ANSWERS:
                    self.assertEqual(self.managed_devices(), self.graph_devices(), "complete by its own word")
                self.undisturbed()

    def test_full_meets_every_fault_at_every_step(self):
        self.matrix([(f"{step}, {kind}", {"kind": kind, "path": path, "after": after}) for step, path, after in STEPS for kind in ANSWERS],
                    ["intune", "sync"])

    def test_full_meets_every_wrong_list(self):
        self.matrix([(f"{kind}, page {after}", {"kind": kind, "path": DEVICES, "after": after}) for kind in LISTS for after in (0, 1)],
                    ["intune", "sync"])

    def test_poll_meets_every_fault(self):
        steps = [step for step in STEPS if step[0] in ("people", "devices")]
        self.matrix([(f"{step}, {kind}", {"kind": kind, "path": path, "after": after}) for step, path, after in steps for kind in ANSWERS],
                    ["intune", "sync", "--delta"])

    def test_a_delta_that_has_expired_begins_again(self):
        self.matrix([(step, {"kind": "deltaExpired", "path": path}) for step, path in DELTAS], ["intune", "sync"])
        self.matrix([(step, {"kind": "deltaExpired", "path": path}) for step, path in DELTAS[:1]], ["intune", "sync", "--delta"])

    def test_an_empty_list_is_not_believed_however_often(self):
        before = self.managed_devices()
        for _ in range(3):
            self.lab.call("/lab/faults", {"faults": [{"kind": "emptyList", "path": DEVICES}]})
            done = self.agent("intune", "sync", status=None)
            self.assertEqual(set(self.managed_devices()), set(before), done.stderr)
        self.lab.call("/lab/faults", method="DELETE")
        self.undisturbed()

    def test_a_device_that_left_intune_goes(self):
        """The counterpart: what nobody can tell apart from the guard's work would hide that nothing is ever removed."""
        gone = sorted(self.graph_devices())[3]
        self.lab.call("/lab/cloud/devices", {"id": gone, "remove": True})
        self.agent("intune", "sync")
        self.assertNotIn(gone, self.managed_devices())
        self.assertEqual(self.managed_devices(), self.graph_devices())

    def test_kill_in_every_step_and_go_on(self):
        for step, path, after in STEPS:
            with self.subTest(step):
                before = self.managed_devices()
                self.change_a_device()
                self.lab.call("/lab/faults", {"faults": [{"kind": "slow", "path": path, "after": after, "ms": 20000, "count": 1}]})
                process = subprocess.Popen(self.command("intune", "sync"), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
                try:
                    self.wait_until_fired()
                finally:
                    process.send_signal(signal.SIGKILL)
                    process.wait()
                self.lab.call("/lab/faults", method="DELETE")
                self.assertEqual(set(before) - set(self.managed_devices()), set())
                if step != STEPS[-1][0]:  # once the whole wait for the lease of the dead is enough
                    self.forget_lease()
                self.undisturbed()

    def forget_lease(self):
        with sqlite3.connect(self.site, timeout=20) as store:
            changed = store.execute("UPDATE tenant SET lease_owner = '', lease_expires_at = NULL WHERE lease_owner <> ''").rowcount
        store.close()
        self.assertEqual(changed, 1, "a killed process leaves its lease")

    def wait_until_fired(self):
        end = time.monotonic() + 20
        while not any(rule.get("fired", 0) for rule in self.lab.call("/lab/faults")["faults"]):
            self.assertLess(time.monotonic(), end, "the step was never reached")
            time.sleep(0.02)


if __name__ == "__main__":
    main()
