"""A client of the lab's cloud half: Python's standard library and openssl, nothing of Postern's code."""
import base64
import hashlib
import json
import os
import re
import secrets
import subprocess
import sys
import tempfile
import time
import urllib.parse
import uuid

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lab"))
import labclient  # noqa: E402

GRAPH = "https://graph.microsoft.com/"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
DEVICE_GRANT = "urn:ietf:params:oauth:grant-type:device_code"


def base64url(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def unbase64url(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def claims_of(token):
    return json.loads(unbase64url(token.split(".")[1]))


class CloudLab(labclient.Lab):
    def __init__(self, binary, *arguments):
        super().__init__(binary, "--time-scale", "0", *arguments)
        self.cloud = self.info["cloud"]
        self.graph = self.cloud["graphUrl"] + "/v1.0"
        self.oauth = f"{self.cloud['authority']}/{self.cloud['tenant']}/oauth2/v2.0/"

    def application(self, role):
        return next(a for a in self.cloud["applications"] if a["role"] == role)

    # -- Entra ------------------------------------------------------------------------------------------------------
    def post_form(self, url, **fields):
        status, headers, data = self.request("POST", url, urllib.parse.urlencode(fields), FORM)
        return status, headers, json.loads(data)

    def ask_token(self, **fields):
        return self.post_form(self.oauth + "token", **fields)

    def application_token(self, role="full", **more):
        application = self.application(role)
        fields = {"grant_type": "client_credentials", "client_id": application["clientId"], "client_secret": application["clientSecret"],
                  "scope": GRAPH + ".default"}
        return self.ask_token(**{k: v for k, v in {**fields, **more}.items() if v is not None})

    def token(self, role="full"):
        status, _, answer = self.application_token(role)
        assert status == 200, answer
        return answer["access_token"]

    def assertion(self, alg="PS256", audience=None, client=None, lifetime=300, start=0, thumbprint=None, key=None, **header):
        """A client assertion signed by the openssl program with the lab's certificate."""
        pem = self.cloud["certificateFile"]
        der = subprocess.run(["openssl", "x509", "-in", pem, "-outform", "DER"], check=True, capture_output=True).stdout
        client = client or self.cloud["clientId"]
        now = int(time.time()) + start
        head = {"alg": alg, "typ": "JWT", "x5t#S256": thumbprint or base64url(hashlib.sha256(der).digest()), **header}
        body = {"aud": audience or self.oauth + "token", "iss": client, "sub": client, "jti": str(uuid.uuid4()), "nbf": now, "iat": now, "exp": now + lifetime}
        text = base64url(json.dumps(head).encode()) + "." + base64url(json.dumps(body).encode())
        padding = ["-sigopt", "rsa_padding_mode:pss", "-sigopt", "rsa_pss_saltlen:32"] if alg == "PS256" else []
        signature = subprocess.run(["openssl", "dgst", "-sha256", "-sign", key or pem, *padding], input=text.encode(), check=True, capture_output=True).stdout
        return text + "." + base64url(signature)

    def certificate_token(self, role="full", **more):
        client = self.application(role)["clientId"]
        return self.application_token(role, client_secret=None, client_assertion=self.assertion(client=client, **more),
                                      client_assertion_type="urn:ietf:params:oauth:client-assertion-type:jwt-bearer")

    def authorize_url(self, verifier="v" * 64, **more):
        challenge = base64url(hashlib.sha256(verifier.encode()).digest())
        fields = {"client_id": self.cloud["clientId"], "response_type": "code", "redirect_uri": "http://localhost:4711", "response_mode": "query",
                  "scope": f"openid profile offline_access {GRAPH}User.Read.All", "state": "st&te", "nonce": "n1", "code_challenge": challenge,
                  "code_challenge_method": "S256"}
        fields.update(more)
        return self.oauth + "authorize?" + urllib.parse.urlencode({k: v for k, v in fields.items() if v is not None})

    def sign_in_page(self, url, login, password, decision="accept"):
        """Fills in the form as a browser does; the redirect's address, or the page's error."""
        status, _, page = self.request("GET", url)
        assert status == 200, (status, page)
        fields = {n: v.replace("&amp;", "&").replace("&quot;", '"') for n, v in re.findall(r'type="hidden" name="([^"]*)" value="([^"]*)"', page.decode())}
        fields.update(login=login, passwd=password, decision=decision)
        status, headers, page = self.request("POST", self.oauth + "authorize", urllib.parse.urlencode(fields), FORM)
        if status == 302:
            return headers["Location"]
        return re.search(r'id="error"[^>]*>([^<]*)<', page.decode()).group(1)

    def user_token(self, login=None, password=None, verifier=None, **more):
        verifier = verifier or secrets.token_urlsafe(48)
        user = self.cloud["user"]
        where = self.sign_in_page(self.authorize_url(verifier, **more), login or user["upn"], password or user["password"])
        query = urllib.parse.parse_qs(urllib.parse.urlparse(where).query)
        return self.redeem(query["code"][0], verifier)

    def redeem(self, code, verifier, **more):
        fields = {"grant_type": "authorization_code", "client_id": self.cloud["clientId"], "code": code, "redirect_uri": "http://localhost:4711",
                  "code_verifier": verifier, "scope": f"openid profile offline_access {GRAPH}User.Read.All"}
        fields.update(more)
        return self.ask_token(**{k: v for k, v in fields.items() if v is not None})

    # -- Graph ------------------------------------------------------------------------------------------------------
    def call(self, method, path, token=None, body=None, **headers):
        """status, headers, JSON or text of an answer; path may be a whole link."""
        url = path if path.startswith("https://") else self.graph + path
        url = urllib.parse.quote(url, safe="/:?$&=,()'%@-._~*+#")
        sent = {"Authorization": "Bearer " + (token or self.app_token()), **{k.replace("_", "-"): v for k, v in headers.items()}}
        if body is not None:
            sent.setdefault("Content-Type", "application/json")
        data = body if body is None or isinstance(body, (str, bytes)) else json.dumps(body)
        status, answered, text = self.request(method, url, data, sent)
        kind = answered.get("Content-Type", "")
        return status, answered, json.loads(text) if kind.startswith("application/json") and text else text

    cached_token = None

    def app_token(self):
        if not self.cached_token:
            self.cached_token = self.token()
        return self.cached_token

    def get(self, path, **headers):
        status, _, answer = self.call("GET", path, **headers)
        assert status == 200, (path, status, answer)
        return answer

    def pages(self, path, **headers):
        while path:
            answer = self.get(path, **headers)
            yield answer
            path = answer.get("@odata.nextLink")

    def rows(self, path, **headers):
        return [row for page in self.pages(path, **headers) for row in page["value"]]

    def delta(self, path):
        """All rows, and the link for next time."""
        rows = []
        while True:
            answer = self.get(path)
            rows += answer["value"]
            if "@odata.deltaLink" in answer:
                return rows, answer["@odata.deltaLink"]
            path = answer["@odata.nextLink"]

    # -- controls ---------------------------------------------------------------------------------------------------
    def control(self, what, **body):
        status, answer = self.api("POST", "/lab/cloud/" + what, body)
        assert status == 200, (what, body, answer)
        return answer

    def faults(self, *rules):
        status, answer = self.api("POST", "/lab/faults", {"faults": list(rules)})
        assert status == 200, answer

    def clear_faults(self):
        self.api("DELETE", "/lab/faults")

    def truth(self):
        phones, start = [], 0
        while start is not None:
            _, answer = self.api("GET", f"/lab/truth?from={start}")
            phones += answer["phones"]
            start = answer.get("next")
        return phones


def other_key():
    """A private key that nobody knows, in a file of its own."""
    file = tempfile.NamedTemporaryFile(suffix=".pem")
    subprocess.run(["openssl", "genrsa", "-out", file.name, "2048"], check=True, capture_output=True)
    return file
