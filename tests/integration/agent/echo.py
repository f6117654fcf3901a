"""An HTTPS server that answers every request with what it was sent, the password too: as clear text and as the header."""
import base64
import http.server
import os
import ssl
import subprocess
import tempfile
import threading

FAULT = """<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Body><s:Fault><s:Code><s:Value>s:Receiver</s:Value>\
</s:Code><s:Reason><s:Text xml:lang="en-US">{}</s:Text></s:Reason></s:Fault></s:Body></s:Envelope>"""


class Echo(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        sent = self.headers.get("Authorization", "")
        clear = base64.b64decode(sent.split()[-1]).decode().partition(":")[2] if sent else ""
        self.server.seen = self.server.seen or bool(clear)
        words = f"You sent Authorization: {sent} that is {clear} and {sent.split()[-1] if sent else ''}"
        kind = self.server.kind
        status = {"unauthorized": 401, "redirect": 302}.get(kind, 500)
        body = (FAULT.format(words.replace("&", "&amp;")) if kind == "fault" else f"<html><body>{words}</body></html>").encode()
        self.send_response(status)
        if kind == "redirect":
            self.send_header("Location", "https://elsewhere.example/PowerShell/" + sent.split()[-1] if sent else "https://elsewhere.example/")
        self.send_header("Content-Type", "application/soap+xml;charset=UTF-8" if kind == "fault" else "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


class EchoServer:
    kinds = ("unauthorized", "page", "fault", "redirect")

    def __init__(self, kind):
        self.folder = tempfile.TemporaryDirectory(prefix="postern-echo-")
        self.ca = os.path.join(self.folder.name, "cert.pem")
        key = os.path.join(self.folder.name, "key.pem")
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
                        "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-keyout", key, "-out", self.ca],
                       check=True, capture_output=True)
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(self.ca, key)
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Echo)
        self.server.socket = tls.wrap_socket(self.server.socket, server_side=True)
        self.server.kind, self.server.seen = kind, False
        self.url = f"https://localhost:{self.server.server_port}/PowerShell/"

    @property
    def seen(self):
        return self.server.seen

    def __enter__(self):
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()
        self.folder.cleanup()
