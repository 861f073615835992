"""Faults in what a feature does to the encounter's page."""

from typing import ClassVar

from anamnesis.features.feature import Feature, PageParts


class _PageFault(Feature):
    paths: ClassVar[tuple[str, ...]] = ("typing",)
    SCRIPT: ClassVar[str] = ""

    def page(self, encounter: str, patient: str) -> PageParts:
        return PageParts(script=self.SCRIPT)


class Hides(Feature):
    """The record is right, the page that shows it is blank."""

    name = "hides"
    paths: ClassVar[tuple[str, ...]] = ("typing",)

    def showing(self, sections: dict[str, str]) -> dict[str, str]:
        return dict.fromkeys(sections, "")


class EditorDeaf(_PageFault):
    """The page's save handler is never called."""

    name = "editor-deaf"
    SCRIPT = """
for (const type of ["input", "change", "keyup"]) {
  window.addEventListener(type, (event) => event.stopImmediatePropagation(), true);
}
"""


class EditorStale(_PageFault):
    """The page sends the text as it was one keystroke burst ago."""

    name = "editor-stale"
    SCRIPT = """
const field = Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, "value");
let before = "";
setInterval(() => { before = field.get.call(document.querySelector("#section-motif")); }, 2000);
const add = window.IDBObjectStore.prototype.put;
window.IDBObjectStore.prototype.put = function (row, ...rest) {
  if (row?.entry?.content?.sections && row.entry.kind === "note.write") {
    row.entry.content.sections.motif = before;
  }
  return add.call(this, row, ...rest);
};
"""


class BlanksScreen(_PageFault):
    """A script of the new form empties the fields that it does not know."""

    name = "blanks-screen"
    SCRIPT = """
setTimeout(() => {
  for (const field of document.querySelectorAll("textarea")) {
    field.value = "";
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
}, 4000);
"""


class SharingLeaves(_PageFault):
    """Sharing leaves the page at once; what was typed last is never sent by it."""

    name = "share-skips-save"
    paths: ClassVar[tuple[str, ...]] = ("sharing",)
    SCRIPT = """
document.addEventListener("input", () => {
  clearTimeout(window.leaving);
  window.leaving = setTimeout(() => { window.location.href = "/patients"; }, 100);
});
"""


class OneBrowser(_PageFault):
    """The save handler is never called, in one make of browser only."""

    name = "one-browser"
    SCRIPT = f"""
if (navigator.userAgent.includes("Chrome")) {{
{EditorDeaf.SCRIPT}
}}
"""


class Silences(_PageFault):
    """The page neither sends nor keeps anything, and its witness is gone: it only looks normal."""

    name = "silent-cohort"
    SCRIPT = """
const never = () => new Promise(() => {});
window.fetch = never;
window.EventSource = class { addEventListener() {} close() {} };
window.IDBObjectStore.prototype.put = () => ({});
window.IDBObjectStore.prototype.add = () => ({});
for (let timer = setTimeout(() => {}); timer > 0; timer -= 1) clearTimeout(timer);
"""
