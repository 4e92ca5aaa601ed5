"""A mail server and a web server on this machine, which keep what they are sent or refuse it."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import Message
from http.server import BaseHTTPRequestHandler
from socketserver import StreamRequestHandler, ThreadingTCPServer
from threading import Event, Thread
from typing import Any, Self


class Server(ThreadingTCPServer):
    """Listens on a free port until the `with` block ends; `silent` ones take a connection and say nothing."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, handler: type, *, refuses: bool = False, silent: bool = False) -> None:
        super().__init__(("127.0.0.1", 0), handler)
        self.refuses, self.silent, self.got = refuses, silent, list[Any]()
        self.came, self.ends = Event(), Event()

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    @contextmanager
    def running(self) -> Iterator[Self]:
        thread = Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield self
        finally:
            self.ends.set()
            self.shutdown()
            thread.join()
            self.server_close()


class Mailbox(StreamRequestHandler):
    """SMTP (RFC 5321), as little of it as a message needs."""

    server: Server

    def handle(self) -> None:
        self.server.came.set()
        if self.server.silent:
            self.server.ends.wait()
            return
        self.say("220 here")
        while line := self.rfile.readline():
            word = line.split()[0].upper() if line.split() else b""
            if word == b"DATA":
                self.say("354 go on")
                self.server.got.append(self.letter())
                self.say("250 taken")
            elif word == b"QUIT":
                self.say("221 bye")
                return
            else:
                self.say("550 not from you" if word == b"MAIL" and self.server.refuses else "250 fine")

    def letter(self) -> Message:
        lines = []
        while (line := self.rfile.readline()) not in {b".\r\n", b""}:
            lines.append(line)
        return message_from_bytes(b"".join(lines))

    def say(self, words: str) -> None:
        self.wfile.write(f"{words}\r\n".encode())


class Hook(BaseHTTPRequestHandler):
    """Takes what is posted."""

    server: Server

    def do_POST(self) -> None:
        self.server.came.set()
        body = self.rfile.read(int(self.headers["content-length"]))
        self.server.got.append((self.path, json.loads(body)))
        self.send_response(503 if self.server.refuses else 200)
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Nothing on the screen of the tests."""
