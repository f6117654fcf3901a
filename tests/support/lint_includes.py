#!/usr/bin/env python3
"""Checks that includes never point upwards and follow the arrows among the services (design: floors and arrows).

usage: lint_includes.py ROOT        exit 1 and one line a wrong include; --self-test proves that it can fail
"""
import re
import sys
from pathlib import Path

FLOORS = {"models": 0, "services": 1, "ui": 2, "app": 3}
# What a folder may include of its own floor, beside itself.
MODELS = {"base": set(), "domain": {"base"}, "frame": {"base", "domain"}, "items": {"base", "domain", "frame"}}
CORE = {"core"}
SERVICES = {
    "core": set(),
    "wsman": CORE | {"psrp/clixml"},  # only its base64
    "psrp/clixml": set(),
    "psrp": CORE | {"wsman", "psrp/clixml"},
    "exchange": CORE | {"wsman", "psrp", "psrp/clixml", "tracelog"},
    "identity": CORE,
    "graph": CORE | {"identity"},
    "policy": set(),
    "store": CORE,
    "tracelog": CORE,
    "notify": CORE,
    "report": CORE,
}
TOP = set(SERVICES)
SERVICES["sync"] = set(TOP)
SERVICES["enforce"] = set(TOP)
SERVICES["site"] = TOP | {"sync", "enforce"}
UI_MAY_SEE_SERVICES = {"site", "policy", "report", "tracelog"}
LAB_MAY_SEE_SERVICES = {"psrp/clixml"}

INCLUDE = re.compile(r'^\s*#\s*include\s+"((?:models|services|ui|app|tests)/[^"]+)"', re.M)


def place(path):
    """'services/psrp/clixml/Reader.h' -> ('services', 'psrp/clixml')"""
    parts = Path(path).parts
    if len(parts) > 3 and parts[1] == "psrp" and parts[2] == "clixml":
        return parts[0], "psrp/clixml"
    return parts[0], parts[1]


def wrong(source, target):
    """Why `source` must not include `target`, or None."""
    floor, folder = place(source)
    other_floor, other = place(target)
    if other_floor == "tests":
        return "shipped code includes a test"
    if FLOORS[other_floor] > FLOORS[floor]:
        return "points upwards"
    if floor == "app" and folder == "lab" and other_floor == "services" and other not in LAB_MAY_SEE_SERVICES:
        return "the lab is independent of the services"
    if floor == "ui" and other_floor == "services" and other not in UI_MAY_SEE_SERVICES:
        return "ui sees of the services only " + ", ".join(sorted(UI_MAY_SEE_SERVICES))
    if floor == other_floor and folder != other:
        arrows = {"models": MODELS, "services": SERVICES}.get(floor)
        if arrows is not None and other not in arrows.get(folder, set()):
            return f"{floor}/{folder} has no arrow to {floor}/{other}"
    return None


def check(root):
    problems = 0
    for floor in FLOORS:
        for path in sorted((root / floor).rglob("*")):
            if path.suffix not in (".h", ".cpp"):
                continue
            name = path.relative_to(root).as_posix()
            for target in INCLUDE.findall(path.read_text(encoding="utf-8")):
                why = wrong(name, target)
                if why:
                    print(f"{name}: #include \"{target}\": {why}")
                    problems += 1
    return problems


def self_test():
    assert wrong("models/base/A.h", "services/core/B.h")
    assert wrong("services/core/A.cpp", "services/store/B.h")
    assert wrong("ui/shell/A.cpp", "services/store/Store.h")
    assert wrong("app/lab/x/A.cpp", "services/wsman/Client.h")
    assert wrong("services/site/A.cpp", "ui/shell/B.h")
    assert not wrong("app/lab/psrp/A.cpp", "services/psrp/clixml/Reader.h")
    assert not wrong("services/sync/A.cpp", "services/store/Store.h")
    assert not wrong("ui/shell/A.cpp", "services/site/SiteClient.h")


if __name__ == "__main__":
    self_test()
    if "--self-test" in sys.argv:
        sys.exit(0)
    sys.exit(1 if check(Path(sys.argv[1])) else 0)
