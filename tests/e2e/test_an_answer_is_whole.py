"""What a page fetches beside its own text, from a server that may end in the middle of it."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Browser

import anamnesis.web

MODULE = Path(anamnesis.web.__file__).parent / "static" / "whole-answer.js"
ASKED = """async (path) => {
  const { textAt, jsonAt } = await import("/whole-answer.js");
  return [await textAt(path), await jsonAt(path)];
}"""


class _Server(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        body = {"/whole-answer.js": MODULE.read_bytes()}.get(
            self.path, b"<p>" if self.path == "/no-json" else b'{"name": "Aubry"}'
        )
        more = 100 if self.path == "/cut" else 0
        self.send_response(503 if self.path == "/refused" else 200)
        script = self.path.endswith(".js")
        self.send_header("content-type", "text/javascript" if script else "text/html")
        self.send_header("content-length", str(len(body) + more))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Says nothing."""


@pytest.fixture
def address() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Server) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.mark.parametrize(
    ("path", "text", "name"),
    [
        ("/whole", '{"name": "Aubry"}', {"name": "Aubry"}),
        ("/refused", None, None),
        ("/cut", None, None),
        ("/no-json", "<p>", None),
    ],
)
def test_an_answer_that_is_cut_off_is_none_as_one_that_refuses_is(
    browser: Browser, address: str, path: str, text: str | None, name: object
) -> None:
    page = browser.new_page()
    page.goto(f"{address}/")
    assert page.evaluate(ASKED, path) == [text, name]
    page.close()
