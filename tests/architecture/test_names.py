"""One word per idea: the glossary's words in, the words it rejects out."""

import re

from tests.architecture.tree import ROOT, SOURCE, definitions, files, shown

SAYS_NOTHING = {"utils", "util", "helpers", "helper", "manager", "common", "misc", "stuff"}
GLOSSARY_ROW = re.compile(r"^\| \*\*(?P<term>[^*]+)\*\* \|.*\| (?P<never>[^|]*) \|$", re.MULTILINE)
THEIRS = {"get_metadata"}
"""What a library calls a method that it wants us to have: OpenFeature's providers."""
HUMP = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|\d+")


def words(name: str) -> list[str]:
    return [part.lower() for part in HUMP.findall(name)]


def never_in_names() -> dict[str, str]:
    """Each word that the glossary's last column rejects, and the term to use instead."""
    glossary = (ROOT / "GLOSSARY.md").read_text(encoding="utf-8")
    return {
        word: row["term"]
        for row in GLOSSARY_ROW.finditer(glossary)
        for word in re.findall(r"`([a-z-]+)`", row["never"])
    }


def test_a_name_is_split_into_its_words() -> None:
    assert words("EntryHTTPSink") == ["entry", "http", "sink"]
    assert words("read_back") == ["read", "back"]


def test_no_file_or_folder_is_named_after_nothing() -> None:
    named = {
        shown(path): set(words(part))
        for path in files(SOURCE, ".py", ".js", ".sql", ".html")
        for part in path.relative_to(SOURCE).with_suffix("").parts
    }
    assert {where for where, found in named.items() if found & SAYS_NOTHING} == set()


def test_no_class_or_function_is_named_after_nothing() -> None:
    found = [
        f"{d.where} {d.name}"
        for path in files(SOURCE, ".py")
        for d in definitions(path)
        if set(words(d.name)) & SAYS_NOTHING
    ]
    assert found == []


def test_the_glossary_rejects_words() -> None:
    assert len(never_in_names()) >= 10


def test_names_use_the_glossarys_words() -> None:
    never = never_in_names()
    found = [
        f"{d.where} {d.name}: say {never[word]}, not {word}"
        for path in files(SOURCE, ".py")
        for d in definitions(path)
        for word in words(d.name)
        if word in never and d.name not in THEIRS
    ]
    assert found == []
