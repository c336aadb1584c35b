"""Certificates for a lab host: an authority of its own, the host's and a client's, in libvirt's layout for `pkipath`."""

from __future__ import annotations

import subprocess
from pathlib import Path

from tests.lab.world import find_program

COMMON = "organization = lab\nencryption_key\nsigning_key\nexpiration_days = 30\n"


class Pki:
    """`client` is a folder for the client's URI parameter `pkipath`; `libvirtd_conf` are lines for a `RootHost`.

    RSA, as libvirt 9 takes no ECDSA keys ("usage does not permit key encipherment").  names: what the host's certificate names.
    """

    def __init__(self, folder: Path, names: tuple[str, ...] = ("localhost", "127.0.0.1")) -> None:
        self.folder, self.client = folder, folder / "client"
        self.client.mkdir(parents=True)
        self._make("ca", "cn = lab CA\nca\ncert_signing_key\nexpiration_days = 30\n", signer=None)
        subject = "".join(f"{'ip_address' if name[0].isdigit() else 'dns_name'} = {name}\n" for name in names)
        self._make("server", f"cn = {names[0]}\n{subject}tls_www_server\n{COMMON}")
        self._make("client", f"cn = client\ntls_www_client\n{COMMON}")
        for source, target in (("cacert", "cacert"), ("clientcert", "clientcert"), ("clientkey", "clientkey")):
            (self.client / f"{target}.pem").write_bytes((folder / f"{source}.pem").read_bytes())

    @property
    def libvirtd_conf(self) -> str:
        """Where the daemon finds its own."""
        return (
            f'listen_tls = 1\ntls_port = "16514"\nauth_tls = "none"\nca_file = "{self.folder}/cacert.pem"\n'
            f'cert_file = "{self.folder}/servercert.pem"\nkey_file = "{self.folder}/serverkey.pem"\n'
        )

    def _make(self, name: str, template: str, signer: str | None = "ca") -> None:
        key, cert, info = (self.folder / f"{name}{end}" for end in ("key.pem", "cert.pem", ".info"))
        info.write_text(template)
        self._certtool("--generate-privkey", "--key-type=rsa", "--bits", "2048", "--outfile", str(key))
        signing = ["--load-ca-certificate", f"{self.folder}/cacert.pem", "--load-ca-privkey", f"{self.folder}/cakey.pem"]
        kind = ["--generate-certificate", *signing] if signer else ["--generate-self-signed"]
        self._certtool(*kind, "--load-privkey", str(key), "--template", str(info), "--outfile", str(cert))

    @staticmethod
    def _certtool(*arguments: str) -> None:
        subprocess.run([find_program("certtool"), *arguments], check=True, capture_output=True)
