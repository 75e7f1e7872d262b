"""A real nginx that speaks https, with the configuration of docs/operations/https.md."""

from __future__ import annotations

import datetime as dt
import ipaddress
import os
import re
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.api.serving import ROOT, free_port

PAGE = ROOT / "docs" / "operations" / "https.md"
BARE = """
map $http_upgrade $connection_upgrade { default upgrade; '' ''; }
server {
    listen 443 ssl;
    ssl_certificate     /etc/ssl/desk.example.com/fullchain.pem;
    ssl_certificate_key /etc/ssl/desk.example.com/privkey.pem;
    location / {
        proxy_pass http://127.0.0.1:8000;
        proxy_http_version 1.1;
        proxy_set_header Host $http_host;
        proxy_set_header Upgrade $http_upgrade;
        proxy_set_header Connection $connection_upgrade;
    }
}
"""
"""A proxy that says nothing of whom it asks for."""
AROUND = """
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ worker_connections 256; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    {servers}
}}
"""


def documented() -> str:
    """The configuration that the documentation recommends."""
    found = re.search(r"```nginx\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert found
    return found.group(1)


def program() -> str:
    """The path of nginx on this machine."""
    found = shutil.which("nginx") or shutil.which("/usr/sbin/nginx")
    if found is None:
        message = "nginx is not installed; only the tests behind a real proxy need it"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    return found


def write_certificate(folder: Path) -> None:
    """Write a self-signed certificate for this machine, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "desk.example.com")])
    now = dt.datetime.now(dt.UTC)
    names = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=30))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .sign(key, hashes.SHA256())
    )
    (folder / "fullchain.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    (folder / "privkey.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )


@contextmanager
def https(folder: Path, servers: str, *, port: int, upstream: int) -> Iterator[str]:
    """The address of an nginx on `port` in front of the desk on `upstream`."""
    folder.mkdir(parents=True, exist_ok=True)
    write_certificate(folder)
    for original, ours in (
        ("127.0.0.1:8000", f"127.0.0.1:{upstream}"),
        ("listen 443 ", f"listen 127.0.0.1:{port} "),
        ("listen 80;", f"listen 127.0.0.1:{free_port()};"),
        ("/etc/ssl/desk.example.com", str(folder)),
        ("desk.example.com", "127.0.0.1"),
    ):
        servers = servers.replace(original, ours)
    configuration = folder / "nginx.conf"
    configuration.write_text(AROUND.format(folder=folder, servers=servers))
    log = folder / "error.log"
    process = subprocess.Popen(
        [program(), "-p", str(folder), "-e", str(log), "-c", str(configuration)]
    )
    try:
        _wait_for(port, process, log)
        yield f"https://127.0.0.1:{port}"
    finally:
        process.send_signal(signal.SIGQUIT)
        process.send_signal(signal.SIGTERM)
        process.wait(20)


def _wait_for(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + 20
    while process.poll() is None and time.monotonic() < until:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=5).close()
        except OSError:
            time.sleep(0.02)
        else:
            return
    pytest.fail(f"nginx did not start:\n{log.read_text()}")
