"""A throw-away certificate authority, made with the openssl command."""

import ssl
import subprocess
from pathlib import Path

_KEY = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
_LEAF = "basicConstraints=CA:FALSE\nauthorityKeyIdentifier=keyid\nsubjectKeyIdentifier=hash\nsubjectAltName=DNS:{}\n"


class Authority:
    """`bundle` is what a client trusts; `context(name)` is a server's side of TLS with a certificate for `name`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.bundle = folder / "ca.pem"
        self._openssl("req", "-x509", *_KEY, "-keyout", "ca.key", "-out", "ca.pem", "-days", "2", "-subj", "/CN=Tests",
                      "-addext", "keyUsage=critical,keyCertSign,cRLSign")  # fmt: skip

    def context(self, name: str) -> ssl.SSLContext:
        (self.folder / "leaf.ext").write_text(_LEAF.format(name))
        self._openssl("req", *_KEY, "-keyout", "leaf.key", "-out", "leaf.csr", "-subj", f"/CN={name}")
        self._openssl("x509", "-req", "-in", "leaf.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial",
                      "-days", "2", "-extfile", "leaf.ext", "-out", "leaf.pem")  # fmt: skip
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.folder / "leaf.pem", self.folder / "leaf.key")
        return context

    def _openssl(self, *arguments: str) -> None:
        subprocess.run(["openssl", *arguments], cwd=self.folder, check=True, capture_output=True)
