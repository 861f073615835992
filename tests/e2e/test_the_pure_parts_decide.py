"""The page's decisions that need no page: when green is shown, what is brought in, what differs.

They run in the browser that will run them, over every combination or many random ones.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.running import Running

pytestmark = pytest.mark.e2e

ALL_FACTS = """async () => {
  const { judge, FRESH_MS } = await import("/static/judgement.js");
  const now = 1_000_000;
  const choices = {
    shown: [null, "a", "b", ""],
    isNew: [false, true],
    unsavedSince: [null, now - 100, now - 10_000, now + 10_000],
    row: [null, ...["held", "journaled", "recorded", "refused", "outstanding"].map((state) => (
      { state, code: null, message: null }))],
    record: [null, ...["a", "b"].flatMap((digest) => [0, 3].flatMap((version) => (
      [now, now - FRESH_MS - 1, now + 5000].map((at) => ({ digest, version, at })))))],
    linked: [false, true],
    doubted: [false, true],
    journaled: [false, true],
    session: ["open", "needed", "other"],
    differsSince: [null, now - 100, now - 60_000],
    faithful: [false, true],
  };
  let all = [{ now }];
  for (const [name, values] of Object.entries(choices)) {
    all = all.flatMap((facts) => values.map((value) => ({ ...facts, [name]: value })));
  }
  const wrong = [];
  const states = new Set();
  let green = 0;
  for (const facts of all) {
    const { state } = judge(facts);
    states.add(state);
    const { shown, record, linked, doubted } = facts;
    const earned = shown !== null && record !== null && record.digest === shown && linked
      && !doubted && record.version > 0 && record.at === now;
    if ((state === "recorded") !== earned) wrong.push(facts);
    if (state === "recorded") green += 1;
  }
  return { number: all.length, green, wrong: wrong.slice(0, 3), states: [...states].sort() };
}"""

ALL_FACTS_OF_A_DOCUMENT = """async () => {
  const { stateOf } = await import("/static/document-state.js");
  const now = 1_000_000;
  const rows = ["held", "journaled", "recorded", "refused", "outstanding"].flatMap((state) =>
    ["a", "b"].map((digest) => ({ state, digest, code: null, message: null })));
  const choices = {
    shown: [null, "a", "b", ""],
    blank: [false, true],
    unsavedSince: [null, now - 100, now - 10_000, now + 10_000],
    last: [null, ...rows],
    readBack: [null, { digest: "a", at: now }, { digest: "b", at: now }],
    current: [null, { digest: "a" }, { digest: "b" }],
    linked: [false, true],
    session: ["open", "needed", "other"],
  };
  let all = [{ now }];
  for (const [name, values] of Object.entries(choices)) {
    all = all.flatMap((facts) => values.map((value) => ({ ...facts, [name]: value })));
  }
  const wrong = [];
  const states = new Set();
  let green = 0;
  for (const facts of all) {
    const { state } = stateOf(facts);
    states.add(state);
    const { shown, last, readBack, current, linked, unsavedSince, blank } = facts;
    const mine = last === null || (last.digest === shown && last.state === "recorded");
    const earned = shown !== null && unsavedSince === null && !blank && linked && mine
      && readBack?.digest === shown && (current === null || current.digest === shown);
    if ((state === "recorded") !== earned) wrong.push(facts);
    if (state === "recorded") green += 1;
    if (unsavedSince !== null && !["typing", "typed"].includes(state)) wrong.push(facts);
  }
  return { number: all.length, green, wrong: wrong.slice(0, 3), states: [...states].sort() };
}"""

EVERY_STATE = [
    "blank", "checking", "differs", "held", "journaled", "outstanding", "recorded", "refused",
    "signed-out", "typed", "typing", "unseen", "unverified",
]  # fmt: skip

BROUGHT_IN = """async () => {
  const { broughtIn } = await import("/static/fields.js");
  const texts = ["", "x", "y"];
  const wrong = [];
  let number = 0;
  for (const base of texts) for (const screen of texts) for (const theirs of texts) {
    for (const other of texts) {
      number += 1;
      const taken = broughtIn({ a: base, b: "" }, { a: screen, b: "" }, { a: theirs, b: other });
      const both = screen !== base && theirs !== base;
      if (both !== (taken === null)) wrong.push([base, screen, theirs]);
      if (taken === null) continue;
      const shown = { a: screen, b: "", ...taken };
      // Nobody's change is undone: mine stays, theirs is shown.
      if (screen !== base && shown.a !== screen) wrong.push([base, screen, theirs]);
      if (screen === base && shown.a !== theirs) wrong.push([base, screen, theirs]);
      if (shown.b !== other) wrong.push([base, screen, theirs]);
    }
  }
  return { number, wrong };
}"""

DIFFERENCES = """async () => {
  const { wordDifference } = await import("/static/word-difference.js");
  let seed = 42;
  const draw = (n) => (seed = (seed * 1103515245 + 12345) % 2 ** 31) % n;
  const words = ["a", "b", "c", " ", "  ", "\\n", "é"];
  const text = () => Array.from({ length: draw(12) }, () => words[draw(words.length)]).join("");
  const wrong = [];
  for (let turn = 0; turn < 3000; turn += 1) {
    const [before, after] = [text(), text()];
    const spans = wordDifference(before, after);
    const joined = (op) => spans.filter((s) => s.op !== op).map((s) => s.text).join("");
    if (joined("added") !== before || joined("removed") !== after) wrong.push([before, after]);
    if (before === after && spans.some((s) => s.op !== "same")) wrong.push([before, after]);
  }
  return wrong;
}"""

IDS = """async () => {
  const { newId } = await import("/static/identifiers.js");
  const many = Array.from({ length: 500 }, (_, place) => newId(1_700_000_000_000 + place));
  return { many, sorted: [...many].sort().every((id, place) => id === many[place]) };
}"""

HOLES = """async () => {
  const { holes } = await import("/static/numbering.js");
  return [holes([], null, 9), holes([], 4, 3), holes([5, 6], 3, 6), holes([4], 3, 6),
    holes([3, 4], 3, 4), holes([], 1, 3), holes([2, 5], 1, 7)];
}"""


@pytest.fixture(scope="module")
def page(anamnesis: Running, browser: Browser) -> Iterator[Page]:
    context = browser.new_context()
    one = context.new_page()
    one.goto(f"{anamnesis.url}/static/words.js")
    yield one
    context.close()


def test_green_has_one_condition_over_every_combination_of_facts(page: Page) -> None:
    found: dict[str, Any] = page.evaluate(ALL_FACTS)
    assert found["wrong"] == []
    assert found["number"] > 50_000
    assert found["green"] > 100
    assert found["states"] == EVERY_STATE


def test_a_documents_green_has_one_condition_over_every_combination_of_facts(page: Page) -> None:
    found: dict[str, Any] = page.evaluate(ALL_FACTS_OF_A_DOCUMENT)
    assert found["wrong"] == []
    assert found["number"] > 15_000
    assert found["green"] > 20
    assert found["states"] == [one for one in EVERY_STATE if one != "unseen"]


def test_what_is_brought_in_undoes_nobodys_change(page: Page) -> None:
    found = page.evaluate(BROUGHT_IN)
    assert found == {"number": 81, "wrong": []}


def test_a_word_difference_gives_back_both_texts(page: Page) -> None:
    assert page.evaluate(DIFFERENCES) == []


def test_identifiers_sort_as_they_were_made(page: Page) -> None:
    found = page.evaluate(IDS)
    assert found["sorted"]
    assert len(set(found["many"])) == 500
    assert all(one[14] == "7" and one[19] in "89ab" for one in found["many"])


def test_the_holes_of_a_numbering_are_named_exactly(page: Page) -> None:
    assert page.evaluate(HOLES) == [
        [],
        [],
        [[3, 4]],
        [[3, 3], [5, 6]],
        [],
        [[1, 3]],
        [[1, 1], [3, 4], [6, 7]],
    ]
