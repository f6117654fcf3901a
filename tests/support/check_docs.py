#!/usr/bin/env python3
"""Every file or folder that the documents name is in the repository, so that a move cannot leave them behind.

usage: check_docs.py ROOT           exit 1 and one line a missing path; runs its own self-test first

A path is a link's target, or a word that begins with one of the repository's folders; an ending may be left out of a
class (services/sync/FullSync stands for .h and .cpp). What a build makes (build/…) and addresses are no paths.
"""
import re
import sys
from pathlib import Path

DOCUMENTS = ("README.md", "CONTRIBUTING.md", "app/docs/*.md", "app/docs/internals/*.md")
FOLDERS = ("models", "services", "ui", "app", "tests", "resources", "translations", ".ci")
LINK = re.compile(r"\]\(([^)\s]+)\)")
WORD = re.compile(r"(?<![\w./:-])((?:" + "|".join(re.escape(f) for f in FOLDERS) + r")/[\w./-]+)")


def named(text):
    """(line, path, is a link) of each path in a document."""
    for number, line in enumerate(text.split("\n"), 1):
        targets = [t.partition("#")[0] for t in LINK.findall(line)]
        for target in targets:
            if target and not re.match(r"[a-z]+:", target):
                yield number, target, True
        for word in WORD.findall(LINK.sub("]", line)):
            yield number, word.rstrip("./-"), False


def is_there(root, document, path, is_link):
    place = (document.parent if is_link else root) / path
    return place.exists() or (not is_link and any(place.parent.glob(place.name + ".*")))


def check(root):
    documents = sorted({path for pattern in DOCUMENTS for path in root.glob(pattern)})
    if len(documents) < 3:
        print(f"{root}: the documents are not there")
        return 1
    missing = 0
    for document in documents:
        for line, path, is_link in named(document.read_text(encoding="utf-8")):
            if not is_there(root, document, path, is_link):
                print(f"{document.relative_to(root).as_posix()}:{line}: there is no {path}")
                missing += 1
    return missing


def self_test():
    text = "See `services/a/B.h`, [this](docs/c.md#part) and https://services/x.y; build/tests/z is made.\n![p](i.png) ui/…"
    assert list(named(text)) == [(1, "docs/c.md", True), (1, "services/a/B.h", False), (2, "i.png", True)], list(named(text))
    assert list(named("ends with tests/a/b. (models/x)")) == [(1, "tests/a/b", False), (1, "models/x", False)]


if __name__ == "__main__":
    self_test()
    sys.exit(1 if check(Path(sys.argv[1]).resolve()) else 0)
