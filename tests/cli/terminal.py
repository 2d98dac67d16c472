"""`tendesks` on a terminal: a real process on a pseudo-terminal, what it draws, and somebody who types."""

import os
import pty
import re
import select
import signal
import subprocess
import sys
from typing import Self

TENDESKS = (sys.executable, "-m", "server")


class Terminal:
    """`tendesks` in a process of its own on a terminal of its own, 100 columns wide."""

    def __init__(self, *args: str, env: dict[str, str]) -> None:
        self.master, slave = pty.openpty()
        os.set_inheritable(slave, True)
        variables = {**os.environ, "TERM": "xterm-256color", "COLUMNS": "100", "LINES": "40", **env}
        self.process = subprocess.Popen(
            [*TENDESKS, *args], stdin=slave, stdout=slave, stderr=slave, env=variables, start_new_session=True
        )
        os.close(slave)
        self.text = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """It does not outlive a test that fails."""
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()

    @property
    def plain(self) -> str:
        """What was drawn, without colours and movements of the cursor."""
        return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", self.text)

    def read_until(self, wanted: str, within_s: float = 20) -> str:
        """Read what is drawn until it has the wanted words. Real time: the process is a real one."""
        while wanted not in self.text:
            ready, _, _ = select.select([self.master], [], [], within_s)
            assert ready, f"{wanted!r} was not drawn:\n{self.text[-2000:]}"
            assert self._read(), f"ended without {wanted!r}:\n{self.text[-2000:]}"
        return self.text

    def end(self, within_s: float = 20) -> int:
        """Read to the end and return the exit code."""
        while select.select([self.master], [], [], within_s)[0] and self._read():
            pass
        code = self.process.wait(within_s)
        os.close(self.master)
        return code

    def type(self, text: str) -> None:
        os.write(self.master, text.encode())

    def interrupt(self) -> None:
        self.process.send_signal(signal.SIGINT)

    def _read(self) -> bool:
        try:
            data = os.read(self.master, 65536)
        except OSError:  # Linux says EIO when nobody holds the other end any more
            return False
        self.text += data.decode(errors="replace")
        return bool(data)
