#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""scripts/check: build Craton and run every test. Started by the shell script of that name.

  scripts/check            all of it (under 25 minutes on 2 cores)
  scripts/check --quick    builds, host tests and one whole-system boot (a few minutes)
  scripts/check --full     also lets every fuzzer search for a minute
  scripts/check --list     what would be run
  scripts/check NAME...    only steps whose name contains a NAME (and the builds)

Steps are found, not listed: every `check-NAME` target that a tests/*/objects.mk or tests/tests.mk
defines, and every program tests/*/test_*.py. A step passes when it exits with 0; verdicts that it
prints are counted one by one: lines `ok ...` and `not ok ...`, `N passed, N failed`, and the summaries
of CMocka and libFuzzer.
"""
import argparse
import glob
import os
import queue
import re
import signal
import subprocess
import sys
import threading
import time

TOP = os.path.realpath(os.path.join(os.path.dirname(__file__), ".."))
LOGS = os.path.join(TOP, "build", "check")
# Make targets that are run first, in this order; others follow by name.
FIRST = ["check-unit", "check-abi", "check-fuzz", "check-guest"]
# Whole-system tests from the most basic to the longest; others follow by name.
SYSTEM_FIRST = ["tests/emulator/test_boot.py", "tests/interop/test_debian_tools.py", "tests/interop/test_our_tools.py"]
SEARCH = """
for fuzzer in build/tests/fuzz/*; do
    [ -f "$fuzzer" ] && [ -x "$fuzzer" ] || continue
    name=${fuzzer##*/}
    mkdir -p "build/fuzz/$name"
    "$fuzzer" -max_total_time=60 "build/fuzz/$name" "tests/fuzz/corpus/$name"
done
"""


class Step:
    def __init__(self, name, command, group, limit=600, builds=False):
        self.name, self.command, self.group, self.limit, self.builds = name, command, group, limit, builds
        self.passed = self.failed = 0
        self.seconds = 0.0
        self.log = os.path.join(LOGS, re.sub(r"[^\w.]+", "-", name).strip("-") + ".log")


def jobs():
    return f"-j{os.cpu_count() or 2}"


def build_steps():
    configure = ["./configure", "--prefix=/usr", "--sysconfdir=/etc", "--localstatedir=/var"]
    return [
        Step("configure", configure, "build", 300, True),
        Step("include directions can be checked", ["scripts/lint-includes", "--test"], "build", 60),
        Step("include directions", ["scripts/lint-includes"], "build", 60),
        Step("build with gcc", ["make", jobs(), "O=build", "CC=gcc", "all", "tests"], "build", 1200, True),
        Step("build with clang", ["make", jobs(), "O=build-clang", "CC=clang", "all"], "build", 1200),
        Step("install", ["sh", "-c", "rm -rf build/root && make O=build CC=gcc install DESTDIR=$PWD/build/root"],
             "build", 300, True),
    ]


def ordered(found, first):
    return [f for f in first if f in found] + sorted(f for f in found if f not in first)


def make_steps():
    found = set()
    for path in glob.glob(os.path.join(TOP, "tests", "*", "objects.mk")) + [os.path.join(TOP, "tests", "tests.mk")]:
        with open(path) as f:
            found |= set(re.findall(r"^(check-[\w-]+):", f.read(), re.M))
    return [Step(target, ["make", "O=build", "CC=gcc", target], "host", 900) for target in ordered(found, FIRST)]


def system_steps():
    found = {os.path.relpath(p, TOP) for p in glob.glob(os.path.join(TOP, "tests", "*", "test_*.py"))}
    return [Step(path, [sys.executable, path], "system", 1200) for path in ordered(found, SYSTEM_FIRST)]


def select(args):
    steps = build_steps() + make_steps()
    system = system_steps()
    quickstart = Step("quickstart", ["sh", "-c", "scripts/quickstart --no-setup </dev/null"], "system", 600)
    bench = Step("benchmark within its limits", [sys.executable, "tests/bench/run", "--check"], "alone", 600)
    steps += [quickstart] if args.quick else [quickstart] + system + [bench]
    if args.full:
        steps.append(Step("fuzzers search", ["sh", "-euc", SEARCH], "alone", 3600))
    if args.names:
        steps = [s for s in steps if s.builds or any(n in s.name for n in args.names)]
    return steps


# -- running ---------------------------------------------------------------------------------------

def count(step, status):
    """Fill in passed and failed from the verdicts in the step's log and its exit status."""
    with open(step.log, errors="replace") as f:
        text = f.read()
    step.passed = len(re.findall(r"^ok |^Done \d+ runs in ", text, re.M)) + \
        sum(int(n) for n in re.findall(r"^\[  PASSED  \] (\d+) test|^(\d+) passed, \d+ failed", text, re.M)
            for n in n if n)
    step.failed = len(re.findall(r"^not ok ", text, re.M)) + \
        sum(int(n) for n in re.findall(r"^\d+ passed, (\d+) failed", text, re.M)) + \
        sum(int(n) for n in re.findall(r"^\[  FAILED  \] tests?: *(\d+)|^\[  FAILED  \] (\d+) test", text, re.M)
            for n in n if n)
    if status and not step.failed:
        step.failed = 1
    if not status and not step.failed and not step.passed:
        step.passed = 1


def run(step):
    start = time.monotonic()
    with open(step.log, "w") as log:
        process = subprocess.Popen(step.command, cwd=TOP, stdin=subprocess.DEVNULL, stdout=log,
                                   stderr=subprocess.STDOUT, start_new_session=True)
        try:
            status = process.wait(step.limit)
        except BaseException as error:
            # The step's own process group, which start_new_session made.
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            log.write(f"\nstopped after {step.limit} s\n")
            status = 1
            if not isinstance(error, subprocess.TimeoutExpired):
                raise
    step.seconds = time.monotonic() - start
    count(step, status)
    if status and step.failed == 0:
        step.failed = 1


def report(step, number, total):
    verdict = "FAILED" if step.failed else "ok"
    counts = f"{step.passed} passed" + (f", {step.failed} FAILED" if step.failed else "")
    print(f"[{number}/{total}] {verdict:6} {step.name} ({counts}, {step.seconds:.0f} s)", flush=True)
    if not step.failed:
        return
    with open(step.log, errors="replace") as f:
        lines = f.read().splitlines()
    wanted = [line for line in lines if re.match(r"not ok |.*error[: ]|\[  FAILED  \]", line)]
    for line in (wanted[:20] or lines[-20:]):
        print(f"         {line[:200]}")
    print(f"         (all of it: {os.path.relpath(step.log, TOP)})", flush=True)


def run_all(steps):
    """Builds and host tests one by one; whole systems two at a time, as an emulator uses one core."""
    total, done = len(steps), 0
    broken = False
    for step in (s for s in steps if s.group in ("build", "host")):
        done += 1
        if broken and not step.name.startswith("check-"):
            continue
        print(f"[{done}/{total}] ...    {step.name}", flush=True)
        run(step)
        report(step, done, total)
        broken = broken or (step.builds and step.failed > 0)
    system = [s for s in steps if s.group == "system"]
    if broken:
        for step in system + [s for s in steps if s.group == "alone"]:
            step.failed = 1
            print(f"         {step.name}: not run, the build failed")
        return
    todo, finished = queue.Queue(), queue.Queue()
    for step in system:
        todo.put(step)

    def worker():
        while True:
            try:
                step = todo.get_nowait()
            except queue.Empty:
                return
            run(step)
            finished.put(step)

    for _ in range(min(2, os.cpu_count() or 1)):
        threading.Thread(target=worker, daemon=True).start()
    if system:
        print("         ...    whole systems in the emulator, two at a time", flush=True)
    for _ in system:
        done += 1
        report(finished.get(), done, total)
    for step in (s for s in steps if s.group == "alone"):
        done += 1
        print(f"[{done}/{total}] ...    {step.name}", flush=True)
        run(step)
        report(step, done, total)


def main():
    p = argparse.ArgumentParser(prog="scripts/check", description=__doc__,
                                formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("names", nargs="*", metavar="NAME")
    p.add_argument("--quick", action="store_true")
    p.add_argument("--full", action="store_true")
    p.add_argument("--list", action="store_true")
    args = p.parse_args()
    steps = select(args)
    if args.list:
        for step in steps:
            print(f"{step.name:40} {' '.join(step.command)}")
        return 0
    os.makedirs(LOGS, exist_ok=True)
    start = time.monotonic()
    run_all(steps)
    failed = sum(s.failed for s in steps)
    print(f"check: {time.monotonic() - start:.0f} s")
    print(f"{sum(s.passed for s in steps)} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
