"""Sign-in against the lab's Entra: every flow, and what it refuses (graph-reference 2).

usage: test_entra.py POSTERN-LAB CONTRACTS
"""
import hashlib
import json
import sys
import time
import unittest
import urllib.parse

from cloudlab import DEVICE_GRANT, GRAPH, CloudLab, base64url, claims_of, other_key, unbase64url


class EntraTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.lab = CloudLab(BINARY, "--users", "60")

    @classmethod
    def tearDownClass(cls):
        cls.lab.stop()

    def tearDown(self):
        self.lab.clear_faults()
        self.lab.control("signin", **{"as": ""})

    def refused(self, answer, number, error, status=400):
        got, _, body = answer
        self.assertEqual((got, body.get("error"), body.get("error_codes")), (status, error, [number]), body)
        self.assertTrue(body["error_description"].startswith(f"AADSTS{number}: "), body)
        for key in ("timestamp", "trace_id", "correlation_id", "error_uri"):
            self.assertTrue(body[key])
        return body

    # -- discovery and tokens ---------------------------------------------------------------------------------------
    def test_discovery_and_signature(self):
        base = f"{self.lab.cloud['authority']}/{self.lab.cloud['tenant']}"
        status, _, data = self.lab.request("GET", base + "/v2.0/.well-known/openid-configuration")
        found = json.loads(data)
        self.assertEqual((status, found["token_endpoint"], found["issuer"]), (200, base + "/oauth2/v2.0/token", base + "/v2.0"))
        key = json.loads(self.lab.request("GET", found["jwks_uri"])[2])["keys"][0]
        head, body, signature = self.lab.token().split(".")
        self.assertEqual(json.loads(unbase64url(head))["kid"], key["kid"])
        n, e = (int.from_bytes(unbase64url(key[k]), "big") for k in ("n", "e"))
        opened = pow(int.from_bytes(unbase64url(signature), "big"), e, n).to_bytes(256, "big")
        self.assertTrue(opened.startswith(b"\x00\x01\xff") and opened.endswith(hashlib.sha256(f"{head}.{body}".encode()).digest()))

    def test_client_secret(self):
        status, headers, answer = self.lab.application_token()
        self.assertEqual((status, answer["token_type"], answer["expires_in"]), (200, "Bearer", 3600))
        self.assertNotIn("refresh_token", answer)
        self.assertNotIn("id_token", answer)
        self.assertIn("no-store", headers["Cache-Control"])
        claims = claims_of(answer["access_token"])
        self.assertEqual((claims["aud"], claims["tid"], claims["appid"]), (GRAPH.rstrip("/"), self.lab.cloud["tenant"], self.lab.cloud["clientId"]))
        self.assertIn("DeviceManagementManagedDevices.PrivilegedOperations.All", claims["roles"])
        self.assertNotIn("scp", claims)
        self.assertNotIn("DeviceManagementManagedDevices.PrivilegedOperations.All", claims_of(self.lab.token("readOnly"))["roles"])
        self.assertEqual(claims_of(self.lab.token("unconsented"))["roles"], [])

    def test_client_secret_refusals(self):
        lab = self.lab
        self.refused(lab.application_token(client_secret="wrong"), 7000215, "invalid_client", 401)
        self.refused(lab.application_token(client_secret=None), 7000218, "invalid_client", 401)
        self.refused(lab.application_token("expiredSecret"), 7000222, "invalid_client", 401)
        self.refused(lab.application_token(client_id="00000000-0000-0000-0000-000000000009"), 700016, "unauthorized_client")
        self.refused(lab.application_token(scope=GRAPH + "User.Read.All"), 1002012, "invalid_scope")
        self.refused(lab.application_token(scope="https://nothing.example/.default"), 500011, "invalid_resource")
        self.refused(lab.application_token(scope=None), 900144, "invalid_request")
        self.refused(lab.application_token(grant_type="password"), 70003, "unsupported_grant_type")
        self.refused(lab.application_token(grant_type=None), 900144, "invalid_request")
        other = lab.oauth.replace(lab.cloud["tenant"], "fabrikam.example")
        self.refused(lab.post_form(other + "token", grant_type="client_credentials"), 90002, "invalid_request")
        status, headers, data = lab.request("POST", lab.oauth + "token", json.dumps({"grant_type": "client_credentials"}), {"Content-Type": "application/json"})
        self.refused((status, headers, json.loads(data)), 900144, "invalid_request")

    def test_certificate(self):
        for alg in ("PS256", "RS256"):
            status, _, answer = self.lab.certificate_token(alg=alg)
            self.assertEqual(status, 200, answer)
            self.assertTrue(claims_of(answer["access_token"])["roles"])

    def test_certificate_refusals(self):
        lab = self.lab
        token = lab.certificate_token
        self.refused(token(audience=lab.oauth + "authorize"), 700023, "invalid_client", 401)
        self.refused(token(lifetime=-1200), 700024, "invalid_client", 401)
        self.refused(token(start=1200), 700024, "invalid_client", 401)
        self.refused(token(thumbprint="A" * 43), 700027, "invalid_client", 401)
        self.refused(token("expiredSecret"), 700027, "invalid_client", 401)
        with other_key() as key:
            self.refused(token(key=key.name), 700027, "invalid_client", 401)
        # RS256's signature under a header that says PS256.
        head, body, signature = lab.assertion(alg="RS256").split(".")
        forged = base64url(json.dumps({**json.loads(unbase64url(head)), "alg": "PS256"}).encode())
        for text, number in ((f"{forged}.{body}.{signature}", 700027), ("not.a.jwt", 50027), ("x", 50027)):
            answer = lab.application_token(client_secret=None, client_assertion=text, client_assertion_type="urn:ietf:params:oauth:client-assertion-type:jwt-bearer")
            self.refused(answer, number, "invalid_client", 401)
        wrong = lab.assertion(client=lab.application("readOnly")["clientId"])
        self.refused(lab.application_token(client_secret=None, client_assertion=wrong, client_assertion_type="urn:ietf:params:oauth:client-assertion-type:jwt-bearer"),
                     700021, "invalid_client", 401)

    # -- code and refresh -------------------------------------------------------------------------------------------
    def test_code_with_pkce(self):
        verifier = "x" * 50
        user = self.lab.cloud["user"]
        where = self.lab.sign_in_page(self.lab.authorize_url(verifier), user["upn"], user["password"])
        parts = urllib.parse.urlparse(where)
        query = urllib.parse.parse_qs(parts.query)
        # The port of a loopback redirect is free, and without a path the answer has a slash.
        self.assertEqual((parts.netloc, parts.path, query["state"]), ("localhost:4711", "/", ["st&te"]))
        status, _, answer = self.lab.redeem(query["code"][0], verifier)
        self.assertEqual(status, 200, answer)
        claims = claims_of(answer["access_token"])
        self.assertEqual(claims["upn"], user["upn"])
        self.assertIn("DeviceManagementManagedDevices.Read.All", claims["scp"].split())
        self.assertNotIn("roles", claims)
        self.assertEqual(claims_of(answer["id_token"])["nonce"], "n1")
        self.assertEqual(self.lab.call("GET", "/me?$select=userPrincipalName", answer["access_token"])[2]["userPrincipalName"], user["upn"])
        self.refused(self.lab.redeem(query["code"][0], verifier), 54005, "invalid_grant")
        return answer

    def test_code_refusals(self):
        lab = self.lab
        user = lab.cloud["user"]

        def code():
            where = lab.sign_in_page(lab.authorize_url("y" * 60), user["upn"], user["password"])
            return urllib.parse.parse_qs(urllib.parse.urlparse(where).query)["code"][0]
        self.refused(lab.redeem(code(), "z" * 60), 501481, "invalid_grant")
        self.refused(lab.redeem(code(), None), 50148, "invalid_grant")
        self.refused(lab.redeem(code(), "y" * 60, redirect_uri="http://localhost:4712"), 50011, "invalid_request")
        self.refused(lab.redeem(code(), "y" * 60, client_secret=lab.cloud["clientSecret"]), 700025, "invalid_client", 401)
        self.refused(lab.redeem("made-up", "y" * 60), 70000, "invalid_grant")
        self.refused(lab.redeem(code(), "y" * 60, scope=GRAPH + "Made.Up"), 70011, "invalid_scope")

    def test_authorize_refusals(self):
        lab = self.lab
        # Never redirected when the client or the address is in doubt.
        for number, more in ((50011, {"redirect_uri": "http://localhost:1/other"}), (50011, {"redirect_uri": "https://evil.example/"}),
                             (50011, {"redirect_uri": "http://localhost.evil.example"}), (50011, {"redirect_uri": "http://[::1]:4711"}),
                             (700016, {"client_id": "00000000-0000-0000-0000-000000000009"}), (900144, {"redirect_uri": None})):
            status, headers, page = lab.request("GET", lab.authorize_url(**more))
            self.assertEqual((status, headers.get("Location")), (400, None), more)
            self.assertIn(f"AADSTS{number}".encode(), page)
        for error, more in (("invalid_request", {"code_challenge": None}), ("invalid_request", {"code_challenge_method": "plain"}),
                            ("invalid_request", {"response_type": "token"}), ("invalid_scope", {"scope": GRAPH + "Made.Up"}),
                            ("invalid_resource", {"scope": "https://nothing.example/.default"}), ("login_required", {"prompt": "none"}),
                            ("consent_required", {"client_id": lab.application("unconsented")["clientId"]})):
            status, headers, _ = lab.request("GET", lab.authorize_url(**more))
            query = urllib.parse.parse_qs(urllib.parse.urlparse(headers["Location"]).query)
            self.assertEqual((status, query["error"], query["state"]), (302, [error], ["st&te"]), more)
        user = lab.cloud["user"]
        self.assertIn("AADSTS50126", lab.sign_in_page(lab.authorize_url(), user["upn"], "wrong"))
        self.assertIn("error=access_denied", lab.sign_in_page(lab.authorize_url(), user["upn"], user["password"], "decline"))

    def test_automatic_sign_in(self):
        self.lab.control("signin", **{"as": self.lab.cloud["user"]["upn"]})
        status, headers, _ = self.lab.request("GET", self.lab.authorize_url())
        self.assertEqual(status, 302)
        self.assertIn("code=", headers["Location"])
        self.lab.control("signin", decline=True)
        self.assertIn("error=access_denied", self.lab.request("GET", self.lab.authorize_url())[1]["Location"])
        self.assertIn("code=", self.lab.request("GET", self.lab.authorize_url())[1]["Location"])

    def refresh(self, token, **more):
        return self.lab.ask_token(**{"grant_type": "refresh_token", "client_id": self.lab.cloud["clientId"], "refresh_token": token, "scope": GRAPH + "User.Read.All", **more})

    def test_refresh(self):
        first = self.test_code_with_pkce()
        status, _, second = self.refresh(first["refresh_token"])
        self.assertEqual(status, 200, second)
        self.assertNotEqual(second["refresh_token"], first["refresh_token"])
        self.assertNotEqual(second["access_token"], first["access_token"])
        self.assertEqual(self.refresh(first["refresh_token"])[0], 200)  # Entra does not revoke the one that was used
        self.refused(self.refresh(second["refresh_token"][:-2] + "AA"), 70000, "invalid_grant")
        self.refused(self.refresh(second["refresh_token"], client_id=self.lab.application("readOnly")["clientId"]), 70000, "invalid_grant")
        self.refused(self.refresh(second["refresh_token"], client_secret="x"), 700025, "invalid_client", 401)
        self.lab.control("revoke", refreshTokens=True)
        body = self.refused(self.refresh(second["refresh_token"]), 50173, "invalid_grant")
        self.assertEqual(body["suberror"], "bad_token")

    def test_consent_taken_away(self):
        first = self.test_code_with_pkce()
        self.lab.control("consent", permission="User.Read.All", given=False)
        try:
            body = self.refused(self.refresh(first["refresh_token"]), 65001, "invalid_grant")
            self.assertEqual(body["suberror"], "consent_required")
            token = self.lab.token()
            self.assertNotIn("User.Read.All", claims_of(token)["roles"])
            status, _, answer = self.lab.call("GET", "/users", token)
            self.assertEqual((status, answer["error"]["code"]), (403, "Authorization_RequestDenied"))
        finally:
            self.lab.control("consent", permission="User.Read.All")

    # -- device code ------------------------------------------------------------------------------------------------
    def device_code(self, **more):
        fields = {"client_id": self.lab.cloud["clientId"], "scope": f"offline_access {GRAPH}User.Read.All", **more}
        return self.lab.post_form(self.lab.oauth + "devicecode", **fields)

    def poll(self, code, role="full"):
        return self.lab.ask_token(grant_type=DEVICE_GRANT, client_id=self.lab.application(role)["clientId"], device_code=code)

    def test_device_code(self):
        status, _, begun = self.device_code()
        self.assertEqual((status, begun["expires_in"], begun["interval"]), (200, 900, 5))
        self.assertIn(begun["user_code"], begun["message"])
        self.assertNotIn("verification_uri_complete", begun)
        self.refused(self.poll(begun["device_code"]), 70016, "authorization_pending")
        user = self.lab.cloud["user"]
        form = urllib.parse.urlencode({"otc": begun["user_code"], "login": user["upn"], "passwd": user["password"], "decision": "accept"})
        self.assertIn(b"You have signed in", self.lab.request("POST", begun["verification_uri"], form)[2])
        status, _, answer = self.poll(begun["device_code"])
        self.assertEqual(status, 200, answer)
        self.assertTrue(answer["refresh_token"])
        self.refused(self.poll(begun["device_code"]), 70000, "invalid_grant")

    def test_device_code_refusals(self):
        _, _, begun = self.device_code()
        self.lab.control("signin", deviceCode=begun["user_code"], **{"as": ""})
        self.refused(self.poll(begun["device_code"]), 70020, "authorization_declined")
        self.refused(self.poll("made-up"), 70018, "bad_verification_code")
        self.refused(self.device_code(scope=""), 900144, "invalid_request")
        _, _, begun = self.device_code(client_id=self.lab.application("confidential")["clientId"])
        self.refused(self.poll(begun["device_code"], "confidential"), 7000218, "invalid_client", 401)

    def test_everything_expires(self):
        with CloudLab(BINARY, "--users", "5", "--time-scale", "1800") as lab:
            status, _, answer = lab.application_token()
            self.assertEqual((status, answer["expires_in"]), (200, 2))
            self.assertEqual(lab.call("GET", "/organization", answer["access_token"])[0], 200)
            _, _, begun = lab.post_form(lab.oauth + "devicecode", client_id=lab.cloud["clientId"], scope=GRAPH + "User.Read.All")
            deadline = time.monotonic() + begun["expires_in"] + 10
            seen = set()
            while time.monotonic() < deadline and "expired_token" not in seen:
                seen.add(lab.ask_token(grant_type=DEVICE_GRANT, client_id=lab.cloud["clientId"], device_code=begun["device_code"])[2]["error"])
                time.sleep(0.2)
            self.assertEqual(seen, {"authorization_pending", "expired_token"})
            status, headers, body = lab.call("GET", "/organization", answer["access_token"])
            self.assertEqual((status, body["error"]["code"]), (401, "InvalidAuthenticationToken"))
            self.assertIn("expired", body["error"]["message"])
            self.assertIn("Bearer", headers["WWW-Authenticate"])

    def test_errors_by_number(self):
        path = f"/{self.lab.cloud['tenant']}/oauth2/v2.0/token"
        for number, error, status in ((50076, "invalid_grant", 400), (50105, "invalid_grant", 400), (53000, "interaction_required", 400),
                                      (53003, "invalid_grant", 400), (700082, "invalid_grant", 400), (70043, "invalid_grant", 400)):
            self.lab.faults({"kind": "entraError", "target": str(number), "count": 1, "path": path})
            body = self.refused(self.lab.application_token(), number, error, status)
            self.assertEqual("claims" in body, number == 50076)
        self.lab.faults({"kind": "503", "count": 1, "retryAfter": 3, "path": path})
        status, headers, body = self.lab.application_token()
        self.assertEqual((status, headers["Retry-After"], body["error"]), (503, "3", "temporarily_unavailable"))
        self.assertEqual(self.lab.application_token()[0], 200)

    def test_a_restart_honours_refresh_tokens(self):
        answer = self.test_code_with_pkce()
        with CloudLab(BINARY, "--users", "60") as again:
            fields = {"grant_type": "refresh_token", "client_id": again.cloud["clientId"], "refresh_token": answer["refresh_token"]}
            self.assertEqual(again.ask_token(**fields)[0], 200)
            self.assertEqual(again.cloud["clientSecret"], self.lab.cloud["clientSecret"])


if __name__ == "__main__":
    BINARY = sys.argv[1]
    unittest.main(argv=sys.argv[:1] + sys.argv[3:], warnings="ignore")
