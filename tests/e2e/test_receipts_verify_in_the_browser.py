"""The page's own verifier, in a real browser, says what the vectors say."""

from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.e2e

ROOT = Path(__file__).parents[2]
STATIC = ROOT / "src" / "anamnesis" / "web" / "static"
VECTORS = ROOT / "tests" / "vectors"
# The page fetches the vectors itself, because half a character would not survive the way there.
RECEIPTS = """async () => {
  const { verifyReceipt } = await import("/static/verify-receipt.js");
  const cases = await (await fetch("/vectors/receipts.json")).json();
  const said = [];
  for (const { receipt, key, content } of cases) {
    try {
      said.push({ verified: await verifyReceipt(receipt, key, content ?? undefined) });
    } catch (error) {
      said.push({ refused: error.code ?? String(error) });
    }
  }
  return cases.map((one, at) => ({ name: one.name, verified: one.verified ?? null,
    refused: one.refused ?? null, said: said[at] }));
}"""

CANONICAL = """async () => {
  const { canonical, digestOf } = await import("/static/canonical.js");
  const cases = await (await fetch("/vectors/canonical.json")).json();
  const wrong = [];
  for (const one of cases) {
    let said;
    try {
      const form = canonical(one.value);
      said = form === one.canonical && (await digestOf(one.value)) === one.digest;
    } catch (error) {
      said = error.name === "NotCanonical" && error.code === one.refused;
    }
    if (!said) wrong.push(one.name);
  }
  return { wrong, number: cases.length };
}"""

MERKLE = """async () => {
  const { verifyInclusion } = await import("/static/verify-receipt.js");
  const vectors = await (await fetch("/vectors/merkle.json")).json();
  const bytes = (text) => Uint8Array.from(atob(text), (one) => one.charCodeAt(0));
  const roots = new Map(vectors.roots.map((one) => [one.size, bytes(one.root)]));
  const wrong = [];
  for (const { index, size, proof } of vectors.inclusion) {
    const data = new TextEncoder().encode(`\\0leaf ${index}`);
    const leaf = new Uint8Array(await crypto.subtle.digest("SHA-256", data));
    const check = (place) =>
      verifyInclusion(leaf, place, size, proof.map(bytes), roots.get(size))
        .then(() => "included", (error) => error.code);
    if ((await check(index)) !== "included") wrong.push([index, size]);
    if (size > 1 && (await check((index + 1) % size)) !== "not-included") wrong.push([index, size]);
  }
  return { wrong, number: vectors.inclusion.length };
}"""

REFUSED = """async () => {
  const { canonical } = await import("/static/canonical.js");
  const round = [];
  round.push(round);
  const values = [undefined, () => 1, 1n, Symbol("a"), new Date(0), new Map(), new Uint8Array(1),
    [1, , 2], { a: undefined }, NaN, Infinity, 0.5, round];
  return values.map((value) => {
    try {
      return canonical(value);
    } catch (error) {
      return error.code ?? String(error);
    }
  });
}"""


class Files(SimpleHTTPRequestHandler):
    """A blank page at /, the scripts under /static/ and the vectors under /vectors/."""

    def translate_path(self, path: str) -> str:
        folder, _, name = path.lstrip("/").partition("/")
        return str({"static": STATIC, "vectors": VECTORS}.get(folder, VECTORS) / name)

    def do_GET(self) -> None:
        if self.path != "/":
            super().do_GET()
            return
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b"<!doctype html><title>Blank</title>")

    def log_message(self, *_: object) -> None:
        """Says nothing."""


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Files, directory=str(ROOT)))
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        opened = browser.new_page()
        opened.goto(f"http://127.0.0.1:{server.server_port}/")
        yield opened
        opened.close()
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def test_the_page_says_of_every_receipt_what_the_vector_says(page: Page) -> None:
    answers: list[dict[str, Any]] = page.evaluate(RECEIPTS)
    assert len(answers) >= 90
    for answer in answers:
        wanted = {name: answer[name] for name in ("verified", "refused") if answer[name]}
        assert answer["said"] == wanted, answer["name"]


def test_the_page_writes_the_same_canonical_json_and_digests(page: Page) -> None:
    answer = page.evaluate(CANONICAL)
    assert answer["number"] >= 25
    assert answer["wrong"] == []


def test_the_page_follows_every_path_of_every_tree_and_no_other(page: Page) -> None:
    answer = page.evaluate(MERKLE)
    assert answer["number"] >= 60
    assert answer["wrong"] == []


def test_the_page_refuses_values_that_json_does_not_have(page: Page) -> None:
    assert page.evaluate(REFUSED) == ["not-json"] * 9 + ["number-not-exact"] * 3 + ["too-deep"]
