#!/usr/bin/env python3
"""kill -9 at random points of a synchronisation: what is there after the next run is what an undisturbed run leaves.

usage: test_kill.py BIN_DIR. Needs a key ring in the session (./dev test starts one).
POSTERN_KILLS: how many times (25). POSTERN_KILL_SEED: the seed that a failure printed.

Each time phones change, an agent begins a full, a delta or a new site's first synchronisation, and is killed after a
random part of the time that an undisturbed one takes. Then: the database is sound, no partnership is missing, and the
same command succeeds and shows exactly the lab's truth.
"""
import csv
import io
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "agent"))
from lab import Lab  # noqa: E402

BIN = ""
KILLS = int(os.environ.get("POSTERN_KILLS", "25"))
SEED = int(os.environ.get("POSTERN_KILL_SEED", "0")) or random.SystemRandom().randrange(1, 1 << 32)
COLUMNS = "deviceIdentity,easDeviceId,exchangeAccessState,lastSuccessSyncTime"


class KilledAgent(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        # 5 ms in each answer spread a run over some time, so that the points differ.
        cls.lab = Lab(BIN, "--users", "40", "--seed", "7", "--time-scale", "0", "--latency", "5")
        cls.lab.call("/lab/sync?all=1", method="POST")
        cls.folder = tempfile.mkdtemp(prefix="postern-kill-", dir="/dev/shm" if os.access("/dev/shm", os.W_OK) else None)

    @classmethod
    def tearDownClass(cls):
        cls.lab.stop()
        shutil.rmtree(cls.folder)

    def command(self, site, *arguments):
        return [os.path.join(BIN, "postern-agent"), "--site", site, *arguments]

    def agent(self, site, *arguments, secret=""):
        try:
            done = subprocess.run(self.command(site, *arguments), capture_output=True, text=True, input=secret, timeout=90)
        except subprocess.TimeoutExpired as hung:
            self.fail(f"{arguments} did not end. It said: {(hung.stderr or b'')[-2000:]}\n{self.queue(site)}")
        self.assertEqual(done.returncode, 0, f"{arguments}\n{done.stdout}\n{done.stderr}")
        return done.stdout

    def queue(self, site):
        """Who holds what and what is asked for: why something waits."""
        with sqlite3.connect(site) as database:
            rows = [f"{table}: {row}" for table in ("lease", "request", "job") for row in database.execute(f"SELECT * FROM {table} ORDER BY 1 DESC LIMIT 3")]
        database.close()
        return "\n".join(rows)

    def new_site(self, name):
        site = os.path.join(self.folder, name, "site.db")
        account = self.lab.account()
        self.agent(site, "site", "init", "--site-code", "E2E")
        self.agent(site, "connector", "add", "--kind", "on-premises", "--name", "ex1", "--url", self.lab.url, "--user", account["user"], "--auth", "basic",
                   "--password-stdin", "--parallel", "2", "--max-inactive-days", "0", "--ca-file", self.lab.ca, secret=account["password"] + "\n")
        return site

    def rows(self, site):
        text = self.agent(site, "devices", "--format", "csv", "--columns", COLUMNS)
        return sorted(tuple(row.values()) for row in csv.DictReader(io.StringIO(text, newline="")))

    def truth(self):
        rows = []
        for p in self.lab.call("/lab/truth")["phones"]:
            state = {"DeviceDiscovery": "Unknown"}.get(p["storedState"], p["storedState"])
            if not p["removed"]:
                rows.append((p["owner"] + "/ExchangeActiveSyncDevices/" + p["name"], p["device"], state, p["lastSuccessSync"] if p["hasStatistics"] else ""))
        return sorted(rows)

    def seconds(self, site, *arguments):
        begin = time.monotonic()
        self.agent(site, *arguments)
        return time.monotonic() - begin

    def killed(self, site, kind, after):
        """Whether it was killed in the middle; False: it had ended before."""
        process = subprocess.Popen(self.command(site, "sync", kind), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            status = process.wait(timeout=after)
            self.assertEqual(status, 0)
            return False
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            process.wait()
            return True

    def sound(self, site):
        with sqlite3.connect(site) as database:
            self.assertEqual(database.execute("PRAGMA integrity_check").fetchall(), [("ok",)])
            self.assertEqual(database.execute("PRAGMA foreign_key_check").fetchall(), [])
        database.close()

    def test_killed_at_random_points(self):
        dice = random.Random(SEED)
        usual = self.new_site("usual")
        took = {"full": self.seconds(usual, "sync", "full"), "delta": self.seconds(usual, "sync", "delta")}
        took["first"] = took["full"]
        self.assertEqual(self.rows(usual), self.truth())
        killed, slowest = 0, 0.0
        for i in range(KILLS):
            kind = ("full", "delta", "full", "delta", "first")[i % 5]
            point = dice.uniform(0, took[kind] * 1.02)
            with self.subTest(kill=i, kind=kind, after=round(point, 4), seed=SEED):
                site = self.new_site(f"first{i}") if kind == "first" else usual
                before = self.rows(site)
                self.assertGreater(self.lab.call(f"/lab/change?every=5&from={i % 5}", method="POST")["changed"], 3)
                verb = "delta" if kind == "delta" else "full"
                killed += self.killed(site, verb, point)
                # What a killed client leaves open counts against its 18 sessions until the server's idle time-out.
                self.lab.call("/lab/shells", method="DELETE")
                self.sound(site)
                left = self.rows(site)
                missing = {row[0] for row in before} - {row[0] for row in left}
                self.assertFalse(missing, "partnerships are gone after the kill")
                slowest = max(slowest, self.seconds(site, "sync", verb) - took[kind])
                self.assertEqual(self.rows(site), self.truth())
                self.sound(site)
        print(f"{killed} of {KILLS} runs were killed before they ended; the next one took at most {slowest:.2f} s longer than usual; seed {SEED}", file=sys.stderr)
        self.assertGreater(killed, KILLS // 3, "the points were not in the middle of runs")


if __name__ == "__main__":
    BIN = sys.argv.pop(1)
    print(f"POSTERN_KILL_SEED={SEED}", file=sys.stderr)
    unittest.main(verbosity=2)
