"""The stylesheet's promises: both themes are legible, and the two ways to the dark one are one."""

import re
from itertools import product

import pytest

from anamnesis.web.desk import STATIC, TEMPLATES

CSS = (STATIC / "anamnesis.css").read_text(encoding="utf-8")
AA = 4.5
"""WCAG 2.2, 1.4.3: text of normal size."""
AA_NOT_TEXT = 3.0
"""WCAG 2.2, 1.4.11: what shows where a control is, and the focus."""

Theme = dict[str, str]


def variables(selector: str) -> Theme:
    """The colours that the block with this selector sets."""
    block = CSS[CSS.index(selector + " {") :].split("}")[0]
    return dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", block))


LIGHT = variables(":root")
DARK = LIGHT | variables(':root[data-theme="dark"]')
THEMES = {"light": LIGHT, "dark": DARK}


def luminance(colour: str) -> float:
    """WCAG's relative luminance."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_contrast_is_computed_as_wcag_says() -> None:
    assert contrast("#ffffff", "#000000") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


PAIRS = [
    *product(("ink", "quiet", "accent"), ("paper", "card", "accent-soft")),
    *((f"{name}-ink", f"{name}-paper") for name in ("green", "amber", "red", "decide")),
    *product(("red-ink", "amber-ink", "green-ink"), ("card", "paper")),
    ("accent-ink", "accent"),
    ("ink", "added-paper"),
    ("quiet", "removed-paper"),
]


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("pair", PAIRS, ids="-on-".join)
def test_text_is_legible(theme: str, pair: tuple[str, str]) -> None:
    colours = THEMES[theme]
    assert contrast(colours[pair[0]], colours[pair[1]]) >= AA


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("pair", list(product(("line-strong", "focus"), ("paper", "card"))))
def test_edges_and_focus_are_seen(theme: str, pair: tuple[str, str]) -> None:
    colours = THEMES[theme]
    assert contrast(colours[pair[0]], colours[pair[1]]) >= AA_NOT_TEXT


def test_a_theme_chosen_by_hand_is_the_same_dark() -> None:
    asked = variables(':root:not([data-theme="light"])')
    assert asked
    assert asked == variables(':root[data-theme="dark"]')


def test_every_colour_has_a_dark_one_except_those_made_of_others() -> None:
    assert set(LIGHT) - set(variables(':root[data-theme="dark"]')) == set()


def test_a_template_draws_the_signs_that_the_scripts_draw() -> None:
    script = (STATIC / "signs.js").read_text(encoding="utf-8")
    drawn = dict(re.findall(r'^const ([A-Z]+) = "([^"]+)";', script, re.MULTILINE))
    of_state = {
        state: drawn[name]
        for state, name in re.findall(r"^  ([a-z]+): ([A-Z]+),", script, re.MULTILINE)
    }
    template = (TEMPLATES / "signs.html").read_text(encoding="utf-8")
    outlines = dict(re.findall(r'"([a-z]+)": "([^"]+)",', template))
    assert outlines
    assert {state: of_state[state] for state in outlines} == outlines
