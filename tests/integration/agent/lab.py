"""A postern-lab process for tests: started on a free port, stopped by its process id."""
import json
import os
import signal
import ssl
import subprocess
import urllib.request


class Lab:
    def __init__(self, bin_dir, *arguments):
        self.process = subprocess.Popen([os.path.join(bin_dir, "postern-lab"), *arguments], stdout=subprocess.PIPE)
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(f"postern-lab ended with status {self.process.wait()}")
        self.info = json.loads(line)
        self.url = self.info["exchange"]["url"]
        self.ca = self.info["caFile"]
        self.tls = ssl.create_default_context(cafile=self.ca)

    def account(self, role=None):
        """The first account, or the first whose role has this name."""
        for account in self.info["accounts"]:
            if role is None or account["role"] == role:
                return account
        raise KeyError(f"no account with role {role}; there are {[a['role'] for a in self.info['accounts']]}")

    def call(self, path, body=None, method=None):
        url = self.info["labUrl"].removesuffix("/lab/") + path
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(url, data=data, method=method or ("POST" if data else "GET"))
        if data:
            request.add_header("Content-Type", "application/json")
        with urllib.request.urlopen(request, context=self.tls, timeout=60) as answer:
            text = answer.read()
        return json.loads(text) if text.strip() else None

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.process.stdout.close()
