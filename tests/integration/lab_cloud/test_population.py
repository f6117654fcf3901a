"""The cloud side of the lab's people and phones: every state of the decision tables, and the ground truth of which
partnership lives on which managed device (spec 7.4, SYN-11, SYN-14, SYN-15).

usage: test_population.py POSTERN-LAB CONTRACTS
"""
import collections
import sys
import time
import unittest

from cloudlab import CloudLab

DEVICES = "/deviceManagement/managedDevices"


def normal(text):
    return "".join(c for c in text.strip().lower() if c not in "{}-")


class PopulationTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        # The size of the demonstration, so that a demonstration has everything.
        cls.lab = CloudLab(BINARY, "--users", "500")
        cls.devices = {d["id"]: d for d in cls.lab.rows(DEVICES)}
        cls.phones = cls.lab.truth()
        cls.users = {u["id"]: u for u in cls.lab.rows("/users?$select=id,userPrincipalName,onPremisesUserPrincipalName,onPremisesImmutableId,mail&$top=999")}

    @classmethod
    def tearDownClass(cls):
        cls.lab.stop()

    def matched(self):
        return [(p, self.devices[p["cloud"]["managedDevice"]]) for p in self.phones if p["cloud"]["managedDevice"]]

    def test_every_state_is_there(self):
        def values(name):
            return {d[name] for d in self.devices.values()}
        self.assertEqual(values("complianceState"), {"unknown", "compliant", "noncompliant", "conflict", "error", "inGracePeriod", "configManager"})
        self.assertEqual(values("deviceRegistrationState"), {"notRegistered", "registered", "revoked", "keyConflict", "approvalPending", "certificateReset",
                                                            "notRegisteredPendingEnrollment", "unknown"})
        self.assertGreaterEqual(values("managementState"), {"managed", "retireIssued", "retirePending", "wipePending", "wipeIssued", "unhealthy", "discovered"})
        self.assertGreaterEqual(values("managementAgent"), {"mdm", "eas", "easMdm", "configurationManagerClientMdm"})
        self.assertEqual(values("managedDeviceOwnerType"), {"company", "personal", "unknown"})
        self.assertGreaterEqual(values("operatingSystem"), {"iOS", "Android", "Windows", "macOS"})
        # Most phones are enrolled, some are not (DEC-16).
        share = len(self.matched()) / len(self.phones)
        self.assertTrue(0.6 < share < 0.95, share)

    def test_holds_and_pendings(self):
        """DEC-18 to DEC-20, DEC-24, DEC-25: the same state, young and old."""
        now = time.strftime("%Y-%m-%dT", time.gmtime())
        for name, holds in (("not activated", lambda d: not d["easActivated"] and d["operatingSystem"] in ("iOS", "Android") and d["userId"]),
                            ("never evaluated", lambda d: d["complianceState"] == "unknown" and d["managementState"] == "managed")):
            dates = sorted(d["enrolledDateTime"] for d in self.devices.values() if holds(d))
            self.assertLess(dates[0], time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() - 5 * 86400)), name)
            self.assertGreater(dates[-1], time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() - 3600)), name)
        grace = [d["complianceGracePeriodExpirationDateTime"] for d in self.devices.values() if d["complianceState"] == "inGracePeriod"]
        self.assertTrue(grace and all(now < g < "9999" for g in grace))

    def test_ids_say_what_the_truth_says(self):
        forms = collections.Counter()
        for phone, device in self.matched():
            form, known = phone["cloud"]["idForm"], device["easDeviceId"]
            forms[form] += 1
            if phone["cloud"]["onAnotherPartnershipsPhone"]:
                continue
            if form in ("otherCase", "formatted", "spaced"):
                self.assertNotEqual(known, phone["device"])
                # (a reset phone has the id of its later partnership)
                if normal(known) != normal(phone["device"]):
                    self.assertTrue(self.was_reset(phone), phone)
            elif form == "exact":
                self.assertTrue(known == phone["device"] or self.was_reset(phone), phone)
            elif form == "empty":
                self.assertEqual(known, "")
            else:
                self.assertNotEqual(normal(known), normal(phone["device"]))
        self.assertEqual(set(forms), {"exact", "otherCase", "formatted", "spaced", "empty", "beforeReset"})
        self.assertGreater(forms["exact"], sum(forms.values()) / 2)

    def was_reset(self, phone):
        return sum(p["cloud"]["managedDevice"] == phone["cloud"]["managedDevice"] and p["upn"] == phone["upn"] for p in self.phones) > 1

    def test_serial_in_the_id(self):
        inside = [(p, d) for p, d in self.matched() if p["device"].startswith("Appl") and not p["cloud"]["onAnotherPartnershipsPhone"]]
        self.assertGreater(len(inside), 50)
        for phone, device in inside:
            self.assertEqual(device["serialNumber"], phone["device"][4:])
        # Some can be found by nothing but the serial or the IMEI.
        self.assertTrue(any(d["easDeviceId"] == "" for _, d in inside))
        self.assertTrue(any(d["easDeviceId"] == "" and d["imei"] for _, d in self.matched()))

    def test_traps_of_matching(self):
        by_device = collections.defaultdict(list)
        for phone in self.phones:
            if phone["cloud"]["managedDevice"]:
                by_device[phone["cloud"]["managedDevice"]].append(phone)
        shared = [list_ for list_ in by_device.values() if len(list_) > 1]
        # One phone in two mailboxes: the same id, two people.
        self.assertTrue(any(len({p["device"] for p in l}) == 1 and len({p["upn"] for p in l}) == 2 for l in shared))
        # Native mail and Outlook on one phone; a phone before and after its reset: one person, two ids.
        self.assertTrue(any({p["type"] == "Outlook" for p in l} == {True, False} and len({p["upn"] for p in l}) == 1 for l in shared))
        self.assertTrue(any(len({p["device"] for p in l if p["type"] != "Outlook"}) == 2 and len({p["upn"] for p in l}) == 1 for l in shared))
        # A transferred phone: Intune says another user.
        transferred = [p for p, d in self.matched() if not p["cloud"]["sameUser"] and not p["cloud"]["onAnotherPartnershipsPhone"]]
        self.assertTrue(transferred)
        for phone in transferred:
            self.assertNotEqual(self.devices[phone["cloud"]["managedDevice"]]["userId"], phone["cloud"]["userId"])
        # The same id from two different phones.
        ids = collections.Counter(p["device"] for p in self.phones)
        twins = [i for i, n in ids.items() if n > 1 and len({p["cloud"]["managedDevice"] for p in self.phones if p["device"] == i}) > 1]
        self.assertTrue(twins)
        # Enrolled anew, with the old record still there: one serial, two records of one user.
        serials = collections.Counter((d["serialNumber"], d["userId"]) for d in self.devices.values())
        self.assertTrue(any(n > 1 for n in serials.values()))
        # Managed devices that no partnership belongs to, and users with several phones.
        self.assertGreater(len(set(self.devices) - set(by_device)), 50)
        self.assertGreater(max(collections.Counter(p["upn"] for p in self.phones).values()), 2)

    def test_people_are_the_same_on_both_sides(self):
        for phone in self.phones:
            user = self.users[phone["cloud"]["userId"]]
            self.assertEqual((user["onPremisesUserPrincipalName"], user["mail"]), (phone["upn"], phone["mailbox"]))
        self.assertEqual(len({u["onPremisesImmutableId"] for u in self.users.values()}), len(self.users))
        for device in self.devices.values():
            if device["userId"]:
                self.assertEqual(self.users[device["userId"]]["userPrincipalName"], device["userPrincipalName"])

    def test_directory_devices_follow(self):
        directory = {d["deviceId"]: d for d in self.lab.rows("/devices")}
        unknown = [d for d in directory.values() if d["isManaged"] is None]
        self.assertTrue(unknown)
        agree = disagree = 0
        for device in self.devices.values():
            found = directory.get(device["azureADDeviceId"])
            if found is None:
                continue
            healthy = device["complianceState"] in ("compliant", "inGracePeriod", "configManager")
            agree += found["isCompliant"] == healthy
            disagree += found["isCompliant"] != healthy
        self.assertTrue(agree > 20 * disagree > 0, (agree, disagree))

    def test_the_same_seed_is_the_same_tenant(self):
        def tenant(seed):
            with CloudLab(BINARY, "--users", "40", "--seed", seed) as lab:
                devices = [{k: v for k, v in d.items() if not k.endswith("Date") and not k.endswith("DateTime")} for d in lab.rows(DEVICES)]
                return lab.cloud["tenant"], lab.cloud["clientSecret"], devices, lab.rows("/groups?$select=id")
        self.assertEqual(tenant("3"), tenant("3"))
        self.assertNotEqual(tenant("3")[:2], tenant("4")[:2])

    def test_a_hundred_thousand_devices_are_quick(self):
        with CloudLab(BINARY, "--users", "52000", "--devices-per-user", "2") as lab:
            slowest = rows = 0
            for _ in range(2):  # the first walk writes the objects, the second finds them
                rows, slowest, path = 0, 0.0, DEVICES
                while path:
                    begun = time.monotonic()
                    _, _, answer = lab.call("GET", path)
                    slowest = max(slowest, time.monotonic() - begun)
                    rows += len(answer["value"])
                    path = answer.get("@odata.nextLink")
            self.assertGreaterEqual(rows, 100000)
            # Milliseconds in the lab; most of this is Python reading JSON, on a busy machine.
            self.assertLess(slowest, 2.0)


if __name__ == "__main__":
    BINARY = sys.argv[1]
    unittest.main(argv=sys.argv[:1] + sys.argv[3:], warnings="ignore")
