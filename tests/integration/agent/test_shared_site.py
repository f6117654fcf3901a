#!/usr/bin/env python3
"""A site that several processes share: one agent serves it, another asks. On SQLite and on PostgreSQL.

usage: test_shared_site.py BIN_DIR [unittest arguments]. Needs a key ring; POSTERN_TEST_PG for the second half.
"""
import csv
import io
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest
from urllib.parse import urlsplit, urlunsplit

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from lab import Lab  # noqa: E402

BIN = ""


class SharedSite:
    """The tests; the two classes below say where the site is."""

    @classmethod
    def setUpClass(cls):
        cls.lab = Lab(BIN, "--users", "60", "--seed", "7", "--time-scale", "0")
        cls.folder = tempfile.mkdtemp(prefix="postern-e2e-")
        cls.site = cls.make_site()
        cls.service = None
        account = cls.lab.account()
        cls.agent("site", "init", "--site-code", "SHR")
        cls.agent("connector", "add", "--name", "ex1", "--url", cls.lab.url, "--user", account["user"], "--auth", "basic",
                  "--ca-file", cls.lab.ca, "--max-inactive-days", "0", "--password-stdin", secret=account["password"])

    @classmethod
    def tearDownClass(cls):
        cls.lab.stop()
        shutil.rmtree(cls.folder)

    @classmethod
    def agent(cls, *arguments, secret="", status=0):
        done = subprocess.run([os.path.join(BIN, "postern-agent"), "--site", cls.site, *arguments], capture_output=True,
                              text=True, input=secret, timeout=120)
        if done.returncode != status:
            raise AssertionError(f"{arguments} ended with {done.returncode}\n{done.stdout}\n{done.stderr}")
        return done

    def start_service(self):
        self.service = subprocess.Popen([os.path.join(BIN, "postern-agent"), "--site", self.site, "run"],
                                        stderr=subprocess.PIPE, text=True)
        self.assertIn("is served", self.service.stderr.readline())

    def stop_service(self):
        self.service.send_signal(signal.SIGTERM)
        status = self.service.wait(timeout=30)
        self.service.stderr.close()
        return status

    def devices(self):
        return list(csv.DictReader(io.StringIO(self.agent("devices", "--format", "csv").stdout, newline="")))

    def test_1_another_process_asks_the_service_works(self):
        self.start_service()
        try:
            began = time.monotonic()
            done = self.agent("sync", "full")
            self.assertIn("works on this connector; the request waits there", done.stderr)
            self.assertEqual(len(self.devices()), self.lab.info["devices"])
            self.assertLess(time.monotonic() - began, 60)
            listed = json.loads(self.agent("--json", "connector", "list").stdout)
            self.assertEqual(listed[0]["state"], "Connected")
        finally:
            self.assertEqual(self.stop_service(), 0, "SIGTERM ends the service in good order")

    def test_2_the_lease_was_given_back(self):
        done = self.agent("sync", "full")  # nobody else is there: this process does it itself
        self.assertNotIn("the request waits there", done.stderr)
        self.assertEqual(len(self.devices()), self.lab.info["devices"])


class OnSqlite(SharedSite, unittest.TestCase):
    @classmethod
    def make_site(cls):
        return os.path.join(cls.folder, "site.db")


@unittest.skipUnless(os.environ.get("POSTERN_TEST_PG"), "POSTERN_TEST_PG is not set; ./dev test starts a PostgreSQL")
class OnPostgres(SharedSite, unittest.TestCase):
    @classmethod
    def make_site(cls):
        server = os.environ["POSTERN_TEST_PG"]
        name = f"e2e_{os.getpid()}"
        subprocess.run(["psql", "-q", server, "-c", f"CREATE DATABASE {name}"], check=True)
        parts = urlsplit(server)
        return urlunsplit((parts.scheme, parts.netloc, "/" + name, parts.query, ""))


if __name__ == "__main__":
    BIN = sys.argv.pop(1)
    unittest.main(verbosity=2)
