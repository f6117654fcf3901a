#!/usr/bin/env python3
"""A tenant of 100,000 managed devices: sign-in to stored rows through postern-agent, against a plain loop of curl over the
same pages of devices in the same run; then the way of a change from asking for a poll to the changed row.

Lab, agent and curl share the machine. The agent also reads people, groups and memberships and matches; `devices` is the
part of its time from the first to the last page of devices, which is what curl does.

usage: bench_tenant.py BIN_DIR [--users N] [--polls N] [--json FILE]. Needs a key ring in the session.
"""
import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time

BIN = sys.argv[1]
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "integration", "cloud"))
from cloudcase import CloudCase  # noqa: E402


def curl_loop(case, folder):
    """Seconds, pages and bytes of: curl a page to a file, find the next link in it, go on."""
    body, config = os.path.join(folder, "page.json"), os.path.join(folder, "curl.cfg")
    with open(config, "w", encoding="utf-8") as file:
        file.write(f'header = "Authorization: Bearer {case.graph_token()}"\n')
    url, pages, size, began = case.cloud["graphUrl"] + "/v1.0/deviceManagement/managedDevices?$top=1000", 0, 0, time.monotonic()
    while url:
        subprocess.run(["curl", "-sS", "-f", "--compressed", "-K", config, "--cacert", case.lab.ca, "-o", body, url], check=True, timeout=120)
        with open(body, "rb") as file:
            page = file.read()
        pages, size = pages + 1, size + len(page)
        at = page.find(b'"@odata.nextLink":"')
        url = page[at + 19:page.index(b'"', at + 19)].decode().replace("\\/", "/") if at >= 0 else ""
    return time.monotonic() - began, pages, size


def full(case):
    """Seconds of the whole, seconds of the devices' part, peak resident MB of the agent."""
    process = subprocess.Popen(case.command("intune", "sync"), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    began, first, last = time.monotonic(), None, None
    for line in process.stderr:
        now = time.monotonic()
        if line.startswith("Intune: ") and line.endswith(" devices\n"):
            first = first or now
        elif line.startswith("Intune: matching"):
            last = now
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"the synchronisation failed: {process.returncode}")
    return time.monotonic() - began, last - first, usage.ru_maxrss / 1024


def polls(case, count):
    devices, took = sorted(case.managed_devices()), []
    for i in range(count):
        device = devices[i * 7919 % len(devices)]
        case.lab.call("/lab/cloud/devices", {"id": device, "complianceState": "error"})
        began = time.monotonic()
        case.agent("intune", "sync", "--delta")
        took.append(time.monotonic() - began)
        if case.query("SELECT compliance_state FROM managed_device WHERE object_id = ?", device) != [("error",)]:
            raise SystemExit(f"the change of {device} did not arrive")
    return took


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("bin")
    parser.add_argument("--users", type=int, default=63000)
    parser.add_argument("--polls", type=int, default=30)
    parser.add_argument("--json")
    options = parser.parse_args()
    CloudCase.lab_arguments = ["--users", str(options.users), "--seed", "7", "--time-scale", "0"]
    CloudCase.setUpClass()
    try:
        case = CloudCase("make_site")  # its helpers only: nothing runs as a test
        case.site = os.path.join(CloudCase.folder, "bench", "site.db")
        case.lab.call("/lab/cloud/settings", {"throttling": False, "lagMs": 0})
        case.make_site()
        case.connect()
        results = {}
        with tempfile.TemporaryDirectory() as folder:
            results["curlSeconds"], results["pages"], results["bytes"] = curl_loop(case, folder)
            results["firstSeconds"], results["firstDevicesSeconds"], results["firstPeakMB"] = full(case)
            results["againSeconds"], results["againDevicesSeconds"], results["againPeakMB"] = full(case)
            results["curlAgainSeconds"], _, _ = curl_loop(case, folder)
        results["devices"] = len(case.managed_devices())
        took = sorted(polls(case, options.polls))
        results["pollMedian"], results["poll90"], results["pollMax"] = statistics.median(took), took[int(len(took) * 0.9)], took[-1]
        print(json.dumps(results, indent=1))
        if options.json:
            with open(options.json, "w", encoding="utf-8") as file:
                json.dump(results, file)
    finally:
        CloudCase.tearDownClass()


if __name__ == "__main__":
    sys.exit(main())
