#!/usr/bin/env python3
"""Coroutine rules that GCC 12 makes a matter of life and death (app/docs/internals/coroutines.md).

1. The operand of co_await, up to the end of its statement or call, contains no '{' and no '[': GCC 12 destroys
   aggregates and captures of temporaries there twice.
   Nor does a ?: contain a co_await: the same fault, found by a crash.
2. No lambda coroutines: a lambda body with co_await or co_return loses its captures at the first suspension.
3. Coroutine parameters are by value: no QStringView, and no reference that the signature does not own up to
   with a comment is caught by review, not here.

4. No co_return of a member by its name: QCoro 0.8 moves out of it.

usage: lint_coroutines.py ROOT      exit 1 and one line a finding; runs its own self-test first
"""
import re
import sys
from pathlib import Path


def strip(text):
    """Blanks comments and literals, keeping every offset and newline."""
    pattern = re.compile(
        r'//[^\n]*|/\*.*?\*/|R"\((?:.*?)\)"|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.S)
    return pattern.sub(lambda m: re.sub(r"[^\n]", " ", m.group()), text)


def operand(text, start):
    """The operand of the co_await whose keyword ends at start: to the first ';' or unmatched ')' or ',' outside."""
    depth = 0
    for i in range(start, len(text)):
        c = text[i]
        if c == "(":
            depth += 1
        elif c == ")":
            depth -= 1
            if depth < 0:
                return text[start:i]
        elif c == ";" and depth <= 0:
            return text[start:i]
        elif c == "{" and depth == 0 and text[start:i].strip().endswith(")"):
            return text[start:i]  # `if (co_await f()) {` never gets here; `for (…) {` neither
    return text[start:]


def lambda_bodies(text):
    for m in re.finditer(r"\[[^\[\]\n]*\]\s*(?:\([^()]*(?:\([^()]*\)[^()]*)*\))?\s*(?:mutable|noexcept|\s)*(?:->[^{;]+)?\{", text):
        depth, i = 1, m.end()
        while i < len(text) and depth:
            depth += {"{": 1, "}": -1}.get(text[i], 0)
            i += 1
        yield m.start(), text[m.end():i]


def findings(source):
    text = strip(source)
    for m in re.finditer(r"\bco_await\b", text):
        op = operand(text, m.end())
        for bad in "{[":
            if bad in op:
                yield text.count("\n", 0, m.start()) + 1, f"co_await operand contains '{bad}': name the argument first"
                break
    for m in re.finditer(r"[;{}][^;{}]*\?[^;{}:]*\bco_await\b|[;{}][^;{}?]*\?[^;{}]*[^:]:[^:;{}]*\bco_await\b", text):
        yield text.count("\n", 0, m.end()) + 1, "co_await inside ?: (its temporaries are destroyed twice): use if and else"
    for start, body in lambda_bodies(text):
        if re.search(r"\bco_(await|return|yield)\b", body):
            yield text.count("\n", 0, start) + 1, "lambda coroutine: write a named function"
    for m in re.finditer(r"\bco_return\s+m_\w+\s*;", text):
        yield text.count("\n", 0, m.start()) + 1, "co_return of a member empties it (QCoro 0.8 moves): copy it or say std::move"
    for m in re.finditer(r"QCoro::Task<[^;{=]*?>\s+[\w:]+\(([^;{]*?)\)", text):
        if "QStringView" in m.group(1) or "QByteArrayView" in m.group(1):
            yield text.count("\n", 0, m.start()) + 1, "a coroutine takes a view: it dangles at the first suspension"


def self_test():
    assert list(findings("co_await f({1, 2});"))
    assert list(findings("auto x = co_await f(Options{a,\n b});"))
    assert list(findings("co_await run([x] { return x; });"))
    assert list(findings("auto l = [x]() -> QCoro::Task<> { co_await y; };"))
    assert list(findings("QCoro::Task<int> f(QStringView v);"))
    assert list(findings("{ auto x = ok ? co_await f() : fail(e); }"))
    assert list(findings("{ auto x = ok ? fail(e) : co_await f(); }"))
    assert not list(findings("for (auto& x : xs) { co_await f(a ? b : c); } y = a ? b : core::d; co_await g();"))
    assert list(findings("{ co_return m_site; }"))
    assert not list(findings("{ co_return Site(m_site); } { co_return std::move(m_x); }"))
    assert not list(findings("co_await f(std::move(options)); if (x) { y(); }"))
    assert not list(findings("// co_await f({})\nconst char* s = \"co_await {\";"))
    assert not list(findings("if (!co_await step(a)) { return; }"))


def main(root):
    bad = 0
    for folder in ("models", "services", "ui", "app", "tests"):
        for path in sorted((root / folder).rglob("*")):
            if path.suffix in (".h", ".cpp"):
                for line, why in findings(path.read_text(encoding="utf-8")):
                    print(f"{path.relative_to(root).as_posix()}:{line}: {why}")
                    bad += 1
    return bad


if __name__ == "__main__":
    self_test()
    if "--self-test" not in sys.argv:
        sys.exit(1 if main(Path(sys.argv[1])) else 0)
