"""How the lab's Graph behaves where a schema says nothing: paging, ignored filters, delta, batch, throttling, lag,
actions, faults, permissions (graph-reference 3, 7 to 10).

usage: test_graph.py POSTERN-LAB CONTRACTS
"""
import base64
import csv
import io
import json
import os
import re
import subprocess
import sys
import tempfile
import time
import unittest
import uuid
import zipfile

from cloudlab import GRAPH, CloudLab, claims_of

DEVICES = "/deviceManagement/managedDevices"


class Case(unittest.TestCase):
    arguments = ()

    @classmethod
    def setUpClass(cls):
        cls.lab = CloudLab(BINARY, *cls.arguments)

    @classmethod
    def tearDownClass(cls):
        cls.lab.stop()

    def tearDown(self):
        self.lab.clear_faults()

    def refused(self, status, code, method, path, token=None, body=None, text=None, **headers):
        got, answered, answer = self.lab.call(method, path, token, body, **headers)
        self.assertEqual((got, answer["error"]["code"]), (status, code), (path, answer))
        inner = answer["error"]["innerError"]
        self.assertEqual(inner["request-id"], answered["request-id"])
        if text:
            self.assertIn(text, answer["error"]["message"])
        return answered, answer["error"]

    def until(self, what, seconds=15):
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            found = what()
            if found:
                return found
            time.sleep(0.05)
        self.fail("did not happen")


class ReadingTest(Case):
    arguments = ("--users", "1500", "--devices-per-user", "1.5")

    def test_pages_of_managed_devices(self):
        pages = list(self.lab.pages(DEVICES + "?$select=id,deviceName"))
        sizes = [len(page["value"]) for page in pages]
        # Pages are not always full, although more follows; the count is that of the page.
        self.assertEqual(sizes[:2], [1000, 948])
        self.assertEqual([page["@odata.count"] for page in pages], sizes)
        ids = [row["id"] for page in pages for row in page["value"]]
        self.assertEqual(len(ids), len(set(ids)))
        self.assertIn("$select=id", pages[0]["@odata.nextLink"])
        small = self.lab.rows(DEVICES + "?$select=id&$top=137")
        self.assertEqual([row["id"] for row in small], ids)
        self.assertEqual([row["id"] for row in self.lab.get(DEVICES + "?$select=id&$skip=5&$top=3")["value"]], ids[5:8])
        self.refused(400, "BadRequest", "GET", DEVICES + "?$skiptoken=forged")

    def test_unset_values(self):
        rows = self.lab.rows(DEVICES)
        self.assertTrue(any(row["easActivationDateTime"] == "0001-01-01T00:00:00Z" for row in rows))
        self.assertTrue(any(row["complianceGracePeriodExpirationDateTime"] == "9999-12-31T23:59:59Z" for row in rows))
        self.assertEqual({row["jailBroken"] for row in rows}, {"True", "False", "Unknown"})
        self.assertEqual({row["azureADRegistered"] for row in rows}, {True, False, None})
        self.assertTrue(any(row["userId"] == "" and row["userPrincipalName"] == "" for row in rows))
        self.assertTrue(all(row["notes"] is None and row["udid"] == "" for row in rows))
        phone = next(row for row in rows if row["operatingSystem"] == "iOS" and row["imei"])
        single = self.lab.get(f"{DEVICES}/{phone['id']}?$select=udid,iccid,physicalMemoryInBytes")
        self.assertTrue(re.fullmatch("[0-9a-f]{40}", single["udid"]))
        self.assertGreater(single["physicalMemoryInBytes"], 0)
        self.assertEqual(self.lab.get(f"{DEVICES}/{phone['id']}")["udid"], "")

    def count(self, text):
        return len(self.lab.rows(f"{DEVICES}?$select=id&$filter={text}"))

    def test_filters_of_intune(self):
        rows = self.lab.rows(DEVICES)
        everything = len(rows)
        expected = {
            "complianceState eq 'noncompliant'": lambda r: r["complianceState"] == "noncompliant",
            "complianceState eq 'error' or complianceState eq 'conflict'": lambda r: r["complianceState"] in ("error", "conflict"),
            "operatingSystem eq 'iOS' and jailBroken eq 'True'": lambda r: r["operatingSystem"] == "iOS" and r["jailBroken"] == "True",
            "contains(model,'Pixel')": lambda r: "Pixel" in r["model"],
            "startswith(deviceName,'LAPTOP')": lambda r: r["deviceName"].startswith("LAPTOP"),
            "lastSyncDateTime lt 2026-01-01T00:00:00Z": lambda r: r["lastSyncDateTime"] < "2026-01-01",
        }
        for text, holds in expected.items():
            self.assertEqual(self.count(text), sum(map(holds, rows)), text)
        some = next(r for r in rows if r["userPrincipalName"])
        self.assertEqual(self.count(f"userPrincipalName eq '{some['userPrincipalName'].upper()}'"), sum(r["userId"] == some["userId"] for r in rows))
        # The real service does not say that it does not support these: it lists everything.
        for text in (f"userId eq '{some['userId']}'", "deviceEnrollmentType eq 'userEnrollment'", "easDeviceId eq 'x'", "imei eq ''",
                     "operatingSystem eq 'iOS' or jailBroken eq 'True'", "not (operatingSystem eq 'iOS')", "endswith(deviceName,'x')"):
            self.assertEqual(self.count(text), everything, text)
        # Of two conditions only the one it knows counts.
        self.assertEqual(self.count("operatingSystem eq 'macOS' and easDeviceId eq 'x'"), sum(r["operatingSystem"] == "macOS" for r in rows))
        self.refused(400, "BadRequest", "GET", DEVICES + "?$filter=colour eq 'red'", text="Could not find a property named 'colour'")
        for text in ("complianceState eq", "complianceState 'x'", "(complianceState eq 'x'", "complianceState eq 'x", "complianceState eq 'x' nonsense"):
            self.refused(400, "BadRequest", "GET", f"{DEVICES}?$filter={text}", text="Syntax error")
        self.refused(400, "BadRequest", "GET", f"{DEVICES}?$filter=length(model) eq 3")
        self.refused(400, "BadRequest", "GET", DEVICES + "?$filter=" + "(" * 200 + "model eq 'x'")

    def test_unknown_things(self):
        self.refused(400, "BadRequest", "GET", "/nothing", text="Resource not found for the segment 'nothing'.")
        self.refused(400, "BadRequest", "GET", "/deviceManagement/nothing")
        self.refused(400, "BadRequest", "GET", "/users?$colour=red", text="'$colour' is not supported")
        self.refused(400, "BadRequest", "GET", "/users?$top=many")
        self.refused(400, "Request_UnsupportedQuery", "GET", "/users?$top=1000")
        self.refused(400, "BadRequest", "GET", "/users?$select=id&$select=mail", text="more than once")
        self.refused(404, "Request_ResourceNotFound", "GET", f"/users/{uuid.uuid4()}")
        self.refused(404, "Request_ResourceNotFound", "GET", "/users/nobody@contoso.lab")
        self.refused(400, "Request_BadRequest", "GET", "/groups/not-a-guid")
        self.refused(404, "ResourceNotFound", "GET", f"{DEVICES}/{uuid.uuid4()}", text='"_version": 3')
        self.refused(405, "Request_BadRequest", "POST", DEVICES, body={})
        self.refused(405, "Request_BadRequest", "DELETE", "/groups")

    def test_request_ids(self):
        mine = str(uuid.uuid4())
        _, headers, answer = self.lab.call("GET", "/nothing", client_request_id=mine, return_client_request_id="true")
        self.assertEqual((headers["client-request-id"], answer["error"]["innerError"]["client-request-id"]), (mine, mine))
        self.assertNotEqual(headers["request-id"], mine)
        self.assertIsNone(self.lab.call("GET", "/organization", client_request_id=mine)[1]["client-request-id"])

    def test_users_and_groups(self):
        users = self.lab.rows("/users?$select=id,userPrincipalName,mail,proxyAddresses,onPremisesUserPrincipalName,assignedPlans,assignedLicenses&$top=999")
        self.assertEqual(len(users), 1501)
        self.assertTrue(any(u["mail"] and u["mail"] != u["userPrincipalName"] for u in users))
        renamed = [u for u in users if u["onPremisesUserPrincipalName"] and u["onPremisesUserPrincipalName"] != u["userPrincipalName"]]
        self.assertGreater(len(renamed), 20)
        self.assertEqual(self.lab.get("/users/" + renamed[0]["userPrincipalName"])["id"], renamed[0]["id"])
        self.assertTrue(all("SMTP:" + u["mail"] in u["proxyAddresses"] for u in users if u["mail"]))
        intune = "c1ec4a95-1f05-45b3-a911-aa3fa01094f5"
        states = {tuple(p["capabilityStatus"] for p in u["assignedPlans"] if p["servicePlanId"] == intune) for u in users}
        self.assertEqual(states, {("Enabled",), ("Deleted",), ()})
        groups = {g["displayName"]: g["id"] for g in self.lab.rows("/groups")}
        staff = self.lab.rows(f"/groups/{groups['All Staff']}/members?$select=id,displayName")
        self.assertEqual({m["@odata.type"] for m in staff}, {"#microsoft.graph.group"})
        everybody = self.lab.rows(f"/groups/{groups['All Staff']}/transitiveMembers/microsoft.graph.user?$select=id&$top=999")
        self.assertEqual({m["id"] for m in everybody}, {u["id"] for u in users if u["mail"]})
        ring = self.lab.rows(f"/groups/{groups['Ring A']}/transitiveMembers?$select=displayName")
        self.assertEqual({m["displayName"] for m in ring if m["@odata.type"].endswith("group")}, {"Ring A", "Ring B"})
        kinds = {m["@odata.type"] for m in self.lab.rows(f"/groups/{groups['Kiosk Devices']}/members")}
        self.assertEqual(kinds, {"#microsoft.graph.device", "#microsoft.graph.user"})
        above = self.lab.rows(f"/users/{everybody[0]['id']}/transitiveMemberOf?$select=displayName")
        self.assertIn("All Staff", {g["displayName"] for g in above})
        found = self.lab.call("POST", "/directoryObjects/getByIds", body={"ids": [groups["VIP"], users[0]["id"], str(uuid.uuid4())], "types": ["user", "group"]})[2]
        self.assertEqual({o["@odata.type"] for o in found["value"]}, {"#microsoft.graph.group", "#microsoft.graph.user"})

    def test_directory_queries(self):
        self.refused(400, "Request_BadRequest", "GET", "/users/$count")
        self.assertEqual(self.lab.call("GET", "/users/$count", ConsistencyLevel="eventual")[2], b"1501")
        user = self.lab.get("/users?$top=1&$select=id,userPrincipalName,proxyAddresses")["value"][0]
        for text in (f"userPrincipalName eq '{user['userPrincipalName']}'", f"proxyAddresses/any(p:p eq '{user['proxyAddresses'][-1]}')", f"id in ('{user['id']}')"):
            self.assertEqual([u["id"] for u in self.lab.rows(f"/users?$filter={text}&$select=id&$top=999")], [user["id"]], text)
        self.refused(400, "Request_UnsupportedQuery", "GET", "/users?$filter=aboutMe eq 'x'")
        self.refused(400, "Request_UnsupportedQuery", "GET", "/users?$filter=endswith(mail,'x')", text="ConsistencyLevel:eventual")
        self.refused(400, "Request_UnsupportedQuery", "GET", "/users?$filter=department ne 'Sales'")
        self.refused(400, "Request_UnsupportedQuery", "GET", '/users?$search="displayName:a"')
        answer = self.lab.get("/users?$filter=endswith(mail,'mail.contoso.example')&$count=true&$top=5", ConsistencyLevel="eventual")
        self.assertGreater(answer["@odata.count"], len(answer["value"]))
        skus = {s["skuPartNumber"]: s for s in self.lab.get("/subscribedSkus")["value"]}
        self.assertEqual(set(skus), {"SPE_E3", "ENTERPRISEPACK", "EMS"})
        self.assertTrue(all(s["prepaidUnits"]["enabled"] > s["consumedUnits"] > 0 for s in skus.values()))
        root = self.lab.get("/deviceManagement?$select=subscriptionState")
        self.assertEqual({k: v for k, v in root.items() if "@" not in k}, {"subscriptionState": "active"})
        self.assertEqual(self.lab.get("/organization")["value"][0]["mobileDeviceManagementAuthority"], "intune")
        total = self.lab.get("/deviceManagement/managedDeviceOverview")["enrolledDeviceCount"]
        self.assertEqual(total, len(self.lab.rows(DEVICES + "?$select=id")))

    def test_batch(self):
        first, second = self.lab.get("/users?$top=2&$select=id")["value"]
        parts = [{"id": "a", "method": "GET", "url": f"/users/{first['id']}?$select=id"}, {"id": "b", "method": "GET", "url": "users/nobody"},
                 {"id": "c", "method": "GET", "url": f"/users/{second['id']}", "dependsOn": ["b"]}, {"id": "d", "method": "GET", "url": "/users/$count", "headers": {"ConsistencyLevel": "eventual"}}]
        status, _, answer = self.lab.call("POST", "/$batch", body={"requests": parts})
        got = {r["id"]: r for r in answer["responses"]}
        self.assertEqual((status, {i: r["status"] for i, r in got.items()}), (200, {"a": 200, "b": 404, "c": 424, "d": 200}))
        self.assertEqual(got["a"]["body"]["id"], first["id"])
        self.assertEqual(base64.b64decode(got["d"]["body"]), b"1501")
        self.assertNotEqual([r["id"] for r in answer["responses"]], ["a", "b", "c", "d"])  # in an order of their own
        self.lab.faults({"kind": "429", "path": "/v1.0/users/" + first["id"], "retryAfter": 7, "count": 1})
        answer = self.lab.call("POST", "/$batch", body={"requests": parts[:1] + parts[3:]})[2]
        got = {r["id"]: r for r in answer["responses"]}
        self.assertEqual((got["a"]["status"], got["a"]["headers"]["Retry-After"], got["d"]["status"]), (429, "7", 200))
        self.refused(400, "BadRequest", "POST", "/$batch", body={"requests": [{"id": str(i), "method": "GET", "url": "/me"} for i in range(21)]})
        self.refused(400, "BadRequest", "POST", "/$batch", body={"requests": [parts[2]]})


class PermissionTest(Case):
    arguments = ("--users", "80")

    def test_tokens(self):
        self.refused(401, "InvalidAuthenticationToken", "GET", "/users", "no-dots", text="IDX14100")
        good = self.lab.app_token()
        self.refused(401, "InvalidAuthenticationToken", "GET", "/users", good[:-6] + "AAAAAA", text="signature")
        headers, _ = self.refused(401, "InvalidAuthenticationToken", "GET", "/users", " ", text="empty")
        self.assertIn('authorization_uri="', headers["WWW-Authenticate"])
        _, _, exchange = self.lab.application_token(scope="https://outlook.office365.com/.default")
        self.assertEqual(claims_of(exchange["access_token"])["roles"], ["Exchange.ManageAsApp"])
        self.refused(401, "InvalidAuthenticationToken", "GET", "/users", exchange["access_token"], text="audience")
        _, _, own = self.lab.application_token(scope=self.lab.cloud["graphUrl"] + "/.default")
        self.assertEqual(self.lab.call("GET", "/users", own["access_token"])[0], 200)

    def test_missing_permissions(self):
        nothing, reader = self.lab.token("unconsented"), self.lab.token("readOnly")
        for path in ("/users", "/groups", "/devices", "/organization", "/subscribedSkus", "/users/delta"):
            self.refused(403, "Authorization_RequestDenied", "GET", path, nothing, text="Insufficient privileges")
            self.assertEqual(self.lab.call("GET", path, reader)[0], 200)
        for path in (DEVICES, "/deviceManagement", "/deviceManagement/managedDeviceOverview", "/deviceManagement/reports/exportJobs"):
            _, error = self.refused(403, "Forbidden", "GET", path, nothing, text="must have one of the following scopes")
            self.assertIn("DeviceManagement", json.loads(error["message"])["Message"])
        device = self.lab.rows(DEVICES)[0]["id"]
        for action in ("wipe", "retire", "syncDevice", "remoteLock", "resetPasscode"):
            self.refused(403, "Forbidden", "POST", f"{DEVICES}/{device}/{action}", reader, text="PrivilegedOperations")
        self.refused(403, "Forbidden", "PATCH", f"{DEVICES}/{device}", reader, body={"notes": "x"})
        self.refused(403, "Forbidden", "DELETE", f"{DEVICES}/{device}", reader)
        self.assertEqual(self.lab.get(f"{DEVICES}/{device}")["deviceActionResults"], [])

    def test_a_person_needs_a_role_of_their_own(self):
        phone = next(p for p in self.lab.truth() if p["upn"].endswith("contoso.lab"))
        status, _, answer = self.lab.user_token(phone["upn"], phone["password"])
        self.assertEqual(status, 200, answer)
        token = answer["access_token"]
        self.assertEqual(self.lab.call("GET", "/me?$select=id", token)[2]["id"], phone["cloud"]["userId"])
        self.refused(403, "Forbidden", "GET", DEVICES, token)
        self.assertEqual(self.lab.call("GET", DEVICES, self.lab.user_token()[2]["access_token"])[0], 200)
        self.refused(400, "BadRequest", "GET", "/me", text="delegated")

    def test_claims_challenge(self):
        cp1 = '{"access_token":{"xms_cc":{"values":["cp1"]}}}'
        self.lab.faults({"kind": "claimsChallenge", "count": 1})
        # Whoever did not opt in gets none.
        self.assertEqual(self.lab.call("GET", "/organization")[0], 200)
        token = self.lab.application_token(claims=cp1)[2]["access_token"]
        headers, _ = self.refused(401, "InvalidAuthenticationToken", "GET", "/organization", token)
        self.assertIn('error="insufficient_claims"', headers["WWW-Authenticate"])
        wanted = json.loads(base64.b64decode(re.search('claims="([^"]+)"', headers["WWW-Authenticate"]).group(1)))
        self.assertIn("nbf", wanted["access_token"])
        self.refused(401, "InvalidAuthenticationToken", "GET", "/organization", token)
        self.assertEqual(self.lab.call("GET", "/organization", self.lab.application_token(claims=cp1)[2]["access_token"])[0], 200)

    def test_send_mail(self):
        user = self.lab.get("/users?$filter=accountEnabled eq true&$select=id,userPrincipalName,assignedLicenses&$top=50")["value"]
        sender = next(u for u in user if u["assignedLicenses"])
        message = {"subject": "Your phone", "body": {"contentType": "HTML", "content": "<p>Enrol</p>"}, "toRecipients": [{"emailAddress": {"address": "a@contoso.lab"}}]}
        path = f"/users/{sender['id']}/sendMail"
        status, _, answer = self.lab.call("POST", path, body={"message": message, "saveToSentItems": False})
        self.assertEqual((status, answer), (202, b""))
        sent = self.lab.api("GET", "/lab/cloud/mail")[1]["mail"][-1]
        self.assertEqual((sent["from"], sent["message"]), (sender["userPrincipalName"], message))
        self.refused(400, "BadRequest", "POST", path, body={"message": message, "urgent": True}, text="not a valid parameter for the operation 'sendMail'")
        self.refused(400, "BadRequest", "POST", path, body={"message": {**message, "colour": "red"}})
        self.refused(400, "ErrorInvalidRecipients", "POST", path, body={"message": {**message, "toRecipients": []}})
        self.refused(400, "BadRequest", "POST", path, body="{broken", Content_Type="application/json", text="Unable to read JSON")
        self.refused(403, "ErrorAccessDenied", "POST", path, self.lab.token("readOnly"), {"message": message})
        homeless = next(u for u in user if not u["assignedLicenses"])
        self.refused(404, "MailboxNotEnabledForRESTAPI", "POST", f"/users/{homeless['id']}/sendMail", body={"message": message})


class ChangeTest(Case):
    arguments = ("--users", "120")

    def setUp(self):
        self.lab.control("settings", lagMs=1000, actionMs=300)

    def listed(self, device):
        return next((d for d in self.lab.rows(DEVICES) if d["id"] == device), None)

    def test_listings_lag_behind(self):
        device = next(d for d in self.lab.rows(DEVICES) if d["complianceState"] == "compliant")["id"]
        begun = time.monotonic()
        self.lab.control("devices", id=device, complianceState="noncompliant")
        self.assertEqual(self.lab.get(f"{DEVICES}/{device}")["complianceState"], "noncompliant")
        self.assertEqual(self.listed(device)["complianceState"], "compliant")
        self.until(lambda: self.listed(device)["complianceState"] == "noncompliant")
        self.assertGreater(time.monotonic() - begun, 0.9)

    def test_enrol_and_remove(self):
        phone = next(p for p in self.lab.truth() if p["cloud"]["managedDevice"] is None and p["type"] == "iPhone")
        status, answer = self.lab.api("POST", "/lab/cloud/devices", {"device": phone["device"], "mailbox": phone["mailbox"]})
        self.assertEqual(status, 404)
        made = self.lab.control("devices", device=phone["device"], mailbox=phone["mailbox"], enrol=True)["managedDevice"]
        self.assertEqual((made["easDeviceId"], made["userId"], made["complianceState"]), (phone["device"], phone["cloud"]["userId"], "compliant"))
        self.assertIsNone(self.listed(made["id"]))
        self.until(lambda: self.listed(made["id"]))
        self.assertIn(made["azureADDeviceId"], [d["deviceId"] for d in self.lab.rows("/devices")])
        self.assertEqual(self.lab.call("DELETE", f"{DEVICES}/{made['id']}")[0], 204)
        self.refused(404, "ResourceNotFound", "GET", f"{DEVICES}/{made['id']}")
        self.until(lambda: self.listed(made["id"]) is None)

    def act(self, device, action, body=None):
        status, _, answer = self.lab.call("POST", f"{DEVICES}/{device}/{action}", body=body)
        self.assertEqual((status, answer), (204, b""))

    def results(self, device):
        return {r["actionName"]: r["actionState"] for r in self.lab.get(f"{DEVICES}/{device}")["deviceActionResults"]}

    def test_actions_take_time(self):
        phones = [d for d in self.lab.rows(DEVICES) if d["operatingSystem"] == "iOS" and d["managementState"] == "managed"]
        locked, retired, wiped = (d["id"] for d in phones[:3])
        before = self.lab.get(f"{DEVICES}/{locked}")["lastSyncDateTime"]
        for action in ("remoteLock", "syncDevice", "resetPasscode"):
            self.act(locked, action)
        self.assertEqual(set(self.results(locked).values()), {"pending"})
        self.until(lambda: self.results(locked) == {"remoteLock": "done", "syncDevice": "done", "resetPasscode": "done"})
        self.assertGreater(self.lab.get(f"{DEVICES}/{locked}")["lastSyncDateTime"], before)
        for device, action, name in ((retired, "retire", "retire"), (wiped, "wipe", "factoryReset")):
            self.act(device, action, {"keepUserData": False} if action == "wipe" else None)
            state = self.lab.get(f"{DEVICES}/{device}")
            self.assertEqual((state["managementState"], self.results(device)), ("retirePending" if action == "retire" else "wipePending", {name: "pending"}))
        self.until(lambda: all(self.lab.call("GET", f"{DEVICES}/{d}")[0] == 404 for d in (retired, wiped)))
        self.until(lambda: self.listed(retired) is None)
        self.assertIsNone(next((p for p in self.lab.truth() if p["cloud"]["managedDevice"] == retired), None))

    def test_names_and_notes(self):
        device = self.lab.rows(DEVICES)[0]["id"]
        self.assertEqual(self.lab.call("PATCH", f"{DEVICES}/{device}", body={"managedDeviceName": "Kiosk 3", "notes": "on loan"})[0], 204)
        self.assertEqual(self.lab.get(f"{DEVICES}/{device}")["managedDeviceName"], "Kiosk 3")
        self.assertEqual(self.lab.get(f"{DEVICES}/{device}?$select=notes")["notes"], "on loan")
        self.refused(400, "BadRequest", "PATCH", f"{DEVICES}/{device}", text="Empty Payload")

    def test_delta_of_users(self):
        rows, link = self.lab.delta("/users/delta?$select=displayName,department")
        self.assertEqual(len(rows), 121)
        self.assertEqual(set(rows[0]), {"id", "displayName", "department"})
        self.assertEqual(self.lab.delta(link)[0], [])
        first, second = rows[20]["id"], rows[21]["id"]
        self.lab.control("users", user=first, department="Moon Base")
        self.lab.control("users", user=second, remove=True)
        self.assertEqual(self.lab.delta(link)[0], [])  # not yet
        changed, later = self.until(lambda: (lambda r: r if len(r[0]) == 2 else None)(self.lab.delta(link)))
        by_id = {row["id"]: row for row in changed}
        self.assertEqual(by_id[first]["department"], "Moon Base")
        self.assertEqual(by_id[second], {"id": second, "@removed": {"reason": "changed"}})
        self.refused(404, "Request_ResourceNotFound", "GET", "/users/" + second)
        self.assertEqual(len(self.lab.delta(link)[0]), 2)  # the same link tells the same again
        self.assertEqual(self.lab.delta(later)[0], [])
        self.assertEqual(self.lab.delta("/users/delta?$deltatoken=latest")[0], [])

    def test_delta_of_groups(self):
        self.lab.control("settings", pageSize=20)
        rows, link = self.lab.delta("/groups/delta?$select=displayName,members")
        self.lab.control("settings", pageSize=0)
        licensed = [row for row in rows if row["displayName"] == "Intune Users"]
        members = [m["id"] for row in licensed for m in row["members@delta"]]
        self.assertEqual(len(licensed), 2)  # a large group comes in pieces
        self.assertEqual(len(members), len(set(members)))
        vip = next(row["id"] for row in rows if row["displayName"] == "VIP")
        user = self.lab.get("/users?$top=99&$select=id")["value"][40]["id"]
        self.lab.control("groups", group="VIP", add=[user])
        self.lab.control("groups", group="New Ring", create=True)
        changed, link = self.until(lambda: (lambda r: r if len(r[0]) == 2 else None)(self.lab.delta(link)))
        self.assertEqual(changed[0], {"id": vip, "members@delta": [{"@odata.type": "#microsoft.graph.user", "id": user}]})
        self.assertEqual(changed[1]["displayName"], "New Ring")
        self.lab.control("groups", group="VIP", remove=[user])
        self.lab.control("groups", group="New Ring", delete=True)
        changed, _ = self.until(lambda: (lambda r: r if len(r[0]) == 2 else None)(self.lab.delta(link)))
        self.assertEqual(changed[0]["members@delta"][0]["@removed"], {"reason": "deleted"})
        self.assertEqual(changed[1]["@removed"], {"reason": "changed"})

    def test_delta_of_devices_and_resync(self):
        rows, link = self.lab.delta("/devices/delta?$select=deviceId,isCompliant")
        device = next(d for d in self.lab.rows(DEVICES) if d["complianceState"] == "noncompliant" and d["azureADDeviceId"] in {r["deviceId"] for r in rows})
        self.lab.control("devices", id=device["id"], complianceState="compliant")
        # Devices that earlier tests retired may go away meanwhile.
        found = self.until(lambda: [r for r in self.lab.delta(link)[0] if r.get("deviceId") == device["azureADDeviceId"]])
        self.assertEqual(set(found[0]), {"id", "deviceId", "isCompliant"})
        rows, link = self.lab.delta(link.split("?")[0] + "?$select=deviceId,isCompliant")
        self.lab.faults({"kind": "deltaExpired", "count": 1})
        headers, _ = self.refused(410, "syncStateNotFound", "GET", link)
        self.assertTrue(headers["Location"].endswith("/devices/delta?$deltatoken="))
        again = {row["id"] for row in self.lab.delta(headers["Location"])[0]}
        self.assertLessEqual(again, {row["id"] for row in rows})
        self.assertGreater(len(again), len(rows) - 5)
        self.refused(400, "BadRequest", "GET", link + "x")
        self.refused(400, "BadRequest", "GET", "/users/delta?$top=5")
        self.refused(400, "BadRequest", "GET", link.replace("/devices/", "/users/"))

    def test_export(self):
        self.lab.control("settings", exportMs=600)
        columns = ["DeviceId", "EasID", "CompliantState", "UPN", "DeviceName", "EasActivationStatus"]
        status, _, job = self.lab.call("POST", "/deviceManagement/reports/exportJobs", body={"reportName": "DevicesWithInventory", "select": columns, "format": "csv"})
        self.assertEqual((status, job["status"], job["url"], job["expirationDateTime"]), (201, "notStarted", None, "0001-01-01T00:00:00Z"))
        seen = []

        def done():
            now = self.lab.get(f"/deviceManagement/reports/exportJobs('{job['id']}')")
            seen.append(now["status"])
            return now if now["status"] == "completed" else None
        finished = self.until(done)
        self.assertIn("inProgress", seen)
        self.assertEqual(self.lab.request("GET", finished["url"], None, {"Authorization": "Bearer " + self.lab.app_token()})[0], 403)
        self.assertEqual(self.lab.request("GET", finished["url"].replace("sig=", "sig=x"))[0], 403)
        status, _, data = self.lab.request("GET", finished["url"])
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            self.assertIsNone(archive.testzip())
            table = list(csv.DictReader(io.StringIO(archive.read(archive.namelist()[0]).decode("utf-8"))))
        self.assertEqual(list(table[0]), columns)
        codes = {"unknown": "0", "compliant": "1", "noncompliant": "2", "conflict": "3", "error": "4", "inGracePeriod": "254", "configManager": "255"}
        devices = {d["id"]: d for d in self.lab.rows(DEVICES)}
        self.assertEqual({r["DeviceId"] for r in table}, set(devices))
        for row in table:
            device = devices[row["DeviceId"]]
            self.assertEqual((row["EasID"], row["CompliantState"], row["UPN"]), (device["easDeviceId"], codes[device["complianceState"]], device["userPrincipalName"]))


class FaultTest(Case):
    arguments = ("--users", "90", "--devices-per-user", "2")

    def setUp(self):
        self.lab.control("settings", pageSize=50, throttling=True)
        self.whole = [d["id"] for d in self.lab.rows(DEVICES + "?$select=id")]

    def listed(self):
        return [d["id"] for d in self.lab.rows(DEVICES + "?$select=id")]

    def test_busy(self):
        self.lab.faults({"kind": "429", "count": 1, "retryAfter": 9}, {"kind": "429NoRetryAfter", "count": 1}, {"kind": "503", "count": 1})
        headers, error = self.refused(429, "TooManyRequests", "GET", DEVICES)
        self.assertEqual((headers["Retry-After"], error["innerError"]["status"]), ("9", "429"))
        headers, _ = self.refused(429, "TooManyRequests", "GET", DEVICES)
        self.assertIsNone(headers["Retry-After"])
        self.refused(503, "ServiceUnavailable", "GET", DEVICES)
        self.assertEqual(self.lab.call("GET", DEVICES)[0], 200)

    def test_cut_and_truncated(self):
        self.lab.faults({"kind": "cut", "count": 1}, {"kind": "truncate", "count": 1})
        with self.assertRaises((ConnectionError, OSError)):
            self.lab.call("GET", DEVICES)
        with self.assertRaises(Exception) as caught:
            self.lab.call("GET", DEVICES)
        self.assertEqual(type(caught.exception).__name__, "IncompleteRead")

    def test_lists_that_lie(self):
        self.assertGreater(len(self.whole), 150)
        self.lab.faults({"kind": "emptyList"})
        self.assertEqual(self.listed(), [])
        self.lab.clear_faults()
        self.lab.faults({"kind": "halfList"})
        self.assertEqual(self.listed(), self.whole[:len(self.listed())])
        self.assertLess(abs(len(self.listed()) - len(self.whole) / 2), 2)
        self.lab.clear_faults()
        self.lab.faults({"kind": "duplicateRows"})
        self.assertGreater(len(self.listed()), len(self.whole))
        self.assertEqual(set(self.listed()), set(self.whole))
        self.lab.clear_faults()
        self.lab.faults({"kind": "missingRows"})
        self.assertTrue(0 < len(self.whole) - len(self.listed()) < 10)
        self.lab.clear_faults()
        self.assertEqual(self.listed(), self.whole)

    def test_yesterdays_list(self):
        device = next(d for d in self.lab.rows(DEVICES) if d["complianceState"] == "compliant")
        self.lab.control("settings", lagMs=0)
        self.lab.control("devices", id=device["id"], complianceState="error")
        now = {d["id"]: d for d in self.lab.rows(DEVICES)}
        self.assertEqual(now[device["id"]]["complianceState"], "error")
        self.lab.faults({"kind": "yesterdaysList"})
        then = {d["id"]: d for d in self.lab.rows(DEVICES)}
        self.assertEqual(then[device["id"]]["complianceState"], "compliant")
        self.assertTrue(all(then[i]["lastSyncDateTime"] <= now[i]["lastSyncDateTime"] for i in then))
        self.assertLess(max(d["lastSyncDateTime"] for d in then.values()), max(d["lastSyncDateTime"] for d in now.values()))

    def test_a_token_ends_in_the_middle(self):
        token = self.lab.token()
        page = self.lab.call("GET", DEVICES + "?$select=id", token)[2]
        self.lab.faults({"kind": "expiredToken", "count": 1})
        self.refused(401, "InvalidAuthenticationToken", "GET", page["@odata.nextLink"], token, text="expired")
        self.refused(401, "InvalidAuthenticationToken", "GET", page["@odata.nextLink"], token)
        again = self.lab.token()
        self.assertEqual([d["id"] for d in self.lab.call("GET", page["@odata.nextLink"], again)[2]["value"]], self.whole[50:100])

    def test_published_limits(self):
        self.lab.control("settings", intuneLimit=30, intuneWriteLimit=5, directoryLimit=10)
        try:
            time.sleep(0)
            statuses = [self.lab.call("GET", DEVICES + "?$top=1")[0] for _ in range(40)]
            self.assertEqual(statuses[-1], 429)
            headers, _ = self.refused(429, "TooManyRequests", "GET", DEVICES)
            self.assertTrue(1 <= int(headers["Retry-After"]) <= 20)
            # The directory has a bucket of its own, in units: a user listing costs two.
            statuses = [self.lab.call("GET", "/users")[0] for _ in range(6)]
            self.assertEqual(statuses.count(200), 5)
            seen = self.lab.api("GET", "/lab/state")[1]["violations"]
            self.assertGreater(seen["Graph: Intune limit"], 5)
        finally:
            self.lab.control("settings", intuneLimit=2000, intuneWriteLimit=200, directoryLimit=5000)

    def test_controls_refuse_nonsense(self):
        for what, body in (("devices", {"id": str(uuid.uuid4())}), ("devices", {"id": self.whole[0], "complianceState": "fine"}), ("users", {"user": "nobody"}),
                           ("groups", {"group": "none"}), ("settings", {"colour": 1}), ("consent", {"permission": "Made.Up"}), ("signin", {"as": "nobody"}), ("nothing", {})):
            self.assertIn(self.lab.api("POST", "/lab/cloud/" + what, body)[0], (400, 404), (what, body))


class StateTest(Case):
    def test_a_restart_continues(self):
        with tempfile.TemporaryDirectory() as directory:
            arguments = ["--users", "40", "--state", directory]
            with CloudLab(BINARY, *arguments) as lab:
                lab.control("settings", actionMs=-1, lagMs=0)
                device, other, retired = (d["id"] for d in lab.rows(DEVICES)[:3])
                lab.control("devices", id=device, complianceState="conflict")
                lab.call("DELETE", f"{DEVICES}/{other}")
                lab.call("POST", f"{DEVICES}/{retired}/retire")
                lab.call("PATCH", f"{DEVICES}/{device}", body={"notes": "kept"})
                phone = next(p for p in lab.truth() if p["cloud"]["managedDevice"] is None)
                made = lab.control("devices", device=phone["device"], mailbox=phone["mailbox"], enrol=True)["id"]
                user = lab.get("/users?$top=1&$select=id")["value"][0]["id"]
                lab.control("users", user=user, licence="None", department="Moon")
                lab.control("groups", group="Empty Group", add=[user])
                lab.control("groups", group="Fresh", create=True, add=[user, "VIP"])
                before = lab.rows(DEVICES), lab.rows("/devices"), lab.rows("/groups"), lab.get("/users/" + user + "?$select=department,assignedLicenses")
                certificate = open(lab.cloud["certificateFile"]).read()
                _, link = lab.delta("/users/delta")
            with CloudLab(BINARY, *arguments) as lab:
                lab.control("settings", lagMs=0)
                self.assertEqual(lab.get(f"{DEVICES}/{device}?$select=notes")["notes"], "kept")
                self.until(lambda: lab.call("GET", f"{DEVICES}/{retired}")[0] == 404)  # what was asked goes on
                left, then = lab.rows(DEVICES), [d for d in before[0] if d["id"] != retired]
                # Phones that were enrolled minutes ago and never touched are minutes old again.
                lasting = lambda rows: [{k: v for k, v in d.items() if not k.endswith(("Date", "DateTime"))} for d in rows if d["id"] != retired]
                self.assertEqual(lasting(left), lasting(then))
                for touched in (device, made):
                    self.assertEqual([d for d in left if d["id"] == touched], [d for d in then if d["id"] == touched])
                self.assertIn(made, [d["id"] for d in left])
                after = lab.rows("/groups"), lab.get("/users/" + user + "?$select=department,assignedLicenses")
                self.assertEqual(after[0], before[2])
                self.assertEqual({k: v for k, v in after[1].items() if "@" not in k}, {k: v for k, v in before[3].items() if "@" not in k})
                fresh = next(g["id"] for g in after[0] if g["displayName"] == "Fresh")
                self.assertEqual(len(lab.rows(f"/groups/{fresh}/members")), 2)
                self.assertEqual(open(lab.cloud["certificateFile"]).read(), certificate)
                # A link of the run before cannot be continued.
                self.assertEqual(lab.call("GET", link.replace(link.split("/v1.0")[0], lab.cloud["graphUrl"]))[0], 410)

    def test_a_damaged_state_says_where(self):
        with tempfile.TemporaryDirectory() as directory:
            arguments = ["--users", "40", "--state", directory, "--time-scale", "0"]
            with CloudLab(BINARY, *arguments) as lab:
                device = lab.rows(DEVICES)[0]["id"]
                lab.control("devices", id=device, complianceState="conflict")
                lab.control("users", user=lab.get("/users?$top=1")["value"][0]["id"], department="Moon")
                lab.control("groups", group="Empty Group", add=["VIP"])
            path = os.path.join(directory, "lab-cloud.json")
            good = json.load(open(path))
            for place, damage in ((f"managed device {device}", lambda d: d["managedDevices"][0].update(user=4000)), ("managed device", lambda d: d["managedDevices"][0].update(id="x")),
                                  ("managed device", lambda d: d["managedDevices"][0].update(number=9)), ("managed device", lambda d: d["managedDevices"][0].update(idForm=77)),
                                  ("no user 4000", lambda d: d["users"][0].update(number=4000)), ("group", lambda d: d["groups"][0].update(members=[[9, 1]])),
                                  ("member", lambda d: d["groups"][0].update(members=[[0, 400]])), ("licence", lambda d: d["users"][0].update(licence=40))):
                bad = json.loads(json.dumps(good))
                damage(bad)
                with open(path, "w") as file:
                    json.dump(bad, file)
                refused = subprocess.run([BINARY, *arguments], capture_output=True, text=True, timeout=20)
                self.assertEqual((refused.returncode, refused.stdout), (1, ""), place)
                self.assertIn(place, refused.stderr)


if __name__ == "__main__":
    BINARY = sys.argv[1]
    unittest.main(argv=sys.argv[:1] + sys.argv[3:], warnings="ignore")
