"""A throw-away certificate authority: stand-ins speak TLS, because the vendors' clients insist."""

from __future__ import annotations

import datetime as dt
import os
import ssl
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

NAMES = ("localhost", "127.0.0.1")
LIFE = dt.timedelta(days=30)
SLACK = dt.timedelta(days=1)  # for a clock that is behind


@dataclass(frozen=True, slots=True)
class Authority:
    """Whoever trusts `ca_file` trusts the server whose key and certificate are in `server_file`."""

    ca_file: Path
    server_file: Path

    def server_context(self) -> ssl.SSLContext:
        """For a server that listens on this machine."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.server_file)
        return context

    def client_context(self) -> ssl.SSLContext:
        """For a client that trusts this authority and nobody else."""
        return ssl.create_default_context(cafile=str(self.ca_file))


def make_authority(folder: Path, names: tuple[str, ...] = NAMES) -> Authority:
    """An authority of its own in *folder*, and a server's certificate for *names*, good a month.

    Files that are there already are kept if they are less than half that old, so that a browser
    that was told to trust them need not be told again.
    """
    authority = Authority(folder / "ca.pem", folder / "server.pem")
    if _fresh(authority):
        return authority
    folder.mkdir(parents=True, exist_ok=True)
    ca_key = ec.generate_private_key(ec.SECP256R1())
    ca_name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Throw-away authority")])
    ca = _certificate(ca_name, ca_name, ca_key, ca_key, _of_authority())
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, names[0])])
    certificate = _certificate(name, ca_name, key, ca_key, _of_server(names))
    authority.ca_file.write_bytes(_pem(ca))
    _write_secret(authority.server_file, _key_pem(key) + _pem(certificate) + _pem(ca))
    return authority


def _fresh(authority: Authority) -> bool:
    if not (authority.ca_file.exists() and authority.server_file.exists()):
        return False
    certificate = x509.load_pem_x509_certificate(authority.ca_file.read_bytes())
    return certificate.not_valid_after_utc > dt.datetime.now(dt.UTC) + LIFE / 2


Extensions = list[tuple[x509.ExtensionType, bool]]


def _certificate(
    subject: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePrivateKey,
    signer: ec.EllipticCurvePrivateKey,
    extensions: Extensions,
) -> x509.Certificate:
    now = dt.datetime.now(dt.UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - SLACK)
        .not_valid_after(now + LIFE)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False
        )
    )
    for extension, critical in extensions:
        builder = builder.add_extension(extension, critical=critical)
    return builder.sign(signer, hashes.SHA256())


def _of_authority() -> Extensions:
    return [
        (x509.BasicConstraints(ca=True, path_length=0), True),
        (_usage(signs_certificates=True), True),
    ]


def _of_server(names: tuple[str, ...]) -> Extensions:
    return [
        (x509.BasicConstraints(ca=False, path_length=None), True),
        (_usage(signs_certificates=False), True),
        (x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), False),
        (x509.SubjectAlternativeName([_general_name(each) for each in names]), False),
    ]


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _general_name(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)


def _key_pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


def _write_secret(path: Path, data: bytes) -> None:
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(data)
