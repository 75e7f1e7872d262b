"""A real IMAP server (dovecot) on a port of this machine, with mailboxes in a folder."""

from __future__ import annotations

import getpass
import grp
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from imaplib import IMAP4
from pathlib import Path
from urllib.parse import quote

from imap_tools.mailbox import MailBoxUnencrypted

PASSWORD = "open/sesame:1@home"
CONFIGURATION = """
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
protocols = imap
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
default_internal_user = {internal_user}
default_internal_group = {internal_group}
default_login_user = {login_user}
first_valid_uid = 0
mail_location = maildir:{folder}/mail/%u
mail_uid = {uid}
mail_gid = {gid}
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/home/%u
}}
namespace inbox {{
  inbox = yes
  separator = /
  prefix = {prefix}
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service anvil {{
  chroot =
}}
service stats {{
  unix_listener stats-reader {{
    mode = 0600
  }}
  unix_listener stats-writer {{
    mode = 0600
  }}
}}
"""


class Dovecot:
    """A running server; every user has the same password."""

    def __init__(self, prefix: str = "") -> None:
        # Its login processes run as another user, who cannot enter the folders of pytest.
        self.folder = Path(tempfile.mkdtemp(prefix="dovecot-"))
        self.prefix = prefix
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.process: subprocess.Popen[bytes] | None = None

    def url(self, user: str, password: str = PASSWORD) -> str:
        """The value of `TICKET_IMAP_URL` for a user."""
        return f"imap://{user}:{quote(password, safe='')}@127.0.0.1:{self.port}/INBOX?tls=off"

    def start(self) -> None:
        """Start the server and wait until it greets."""
        is_root = os.getuid() == 0
        own_name, own_group = getpass.getuser(), grp.getgrgid(os.getgid()).gr_name
        self.folder.chmod(0o755)
        for name in ("mail", "home"):
            (self.folder / name).mkdir(exist_ok=True)
            (self.folder / name).chmod(0o777)
        path = self.folder / "dovecot.conf"
        path.write_text(
            CONFIGURATION.format(
                folder=self.folder,
                internal_user="dovecot" if is_root else own_name,
                internal_group="dovecot" if is_root else own_group,
                login_user="dovenull" if is_root else own_name,
                uid=pwd.getpwnam("nobody").pw_uid if is_root else os.getuid(),
                gid=pwd.getpwnam("nobody").pw_gid if is_root else os.getgid(),
                password=PASSWORD,
                port=self.port,
                prefix=self.prefix,
            )
        )
        binary = shutil.which("dovecot") or "/usr/sbin/dovecot"
        self.process = subprocess.Popen([binary, "-F", "-c", str(path)])
        deadline = time.monotonic() + 20
        while True:
            try:
                IMAP4("127.0.0.1", self.port, timeout=5).logout()
            except (OSError, IMAP4.error):
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.05)
            else:
                return

    def stop(self) -> None:
        """Stop the server and its children."""
        if self.process is not None:
            self.process.terminate()
            self.process.wait(20)
            self.process = None

    def remove(self) -> None:
        """Stop the server and delete its mailboxes."""
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    @contextmanager
    def open(self, user: str) -> Iterator[MailBoxUnencrypted]:
        """A connection of a user's mail program."""
        box = MailBoxUnencrypted("127.0.0.1", self.port)
        box.login(user, PASSWORD)
        try:
            yield box
        finally:
            box.logout()

    def append(self, user: str, source: bytes) -> None:
        """Put a message into a user's inbox."""
        with self.open(user) as box:
            box.append(source)

    def sources(self, user: str, folder: str) -> list[bytes]:
        """The sources of the messages in a folder; none if it does not exist."""
        with self.open(user) as box:
            if not box.folder.exists(folder):
                return []
            box.folder.set(folder)
            found: list[bytes] = []
            for uid in box.uids("ALL", charset=None):
                data = box.client.uid("FETCH", uid, "(BODY.PEEK[])")[1]
                found += [item[1] for item in data if isinstance(item, tuple)]
            return found
