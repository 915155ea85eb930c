#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""The second half of scripts/quickstart: boot what was built, and show the life of a guest."""
import argparse
import os
import re
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)))
import testbed  # noqa: E402
from testbed import case  # noqa: E402


def step(text):
    print(f"\n=== {text}", flush=True)


def show(host, command, timeout=180):
    """Run a command in the control domain as a user would see it."""
    print(f"# {command}", flush=True)
    output = host.check(command, timeout)
    print(output.rstrip("\n"), flush=True)
    return output


def show_boot(text):
    """The hypervisor's first lines and the control domain's arrival, out of the serial log."""
    lines = [line for line in text.splitlines() if re.search(r"\(XEN\)|Craton", line)]
    for line in lines[:12]:
        print(f"  {line}")
    for line in text.splitlines():
        if line.startswith("control domain:"):
            print(f"  {line}")


def tour(host):
    step("the control domain")
    show(host, "cat /sys/hypervisor/type")
    show(host, "xl info | grep -E '^(release|nr_cpus|total_memory|free_memory|xen_version|xen_caps)'")
    show(host, "xl list")
    case.warm_up(host)
    before = case.free_pages(host)
    step(f"a PVH Linux guest from a JSON file ({before} pages are free)")
    show(host, "cat guest.json")
    show(host, "xl create guest.json")
    show(host, "xl list")
    assert "guest" in case.domains(host), "xl list does not show the guest"
    case.guest_reached_userspace(host, "guest")
    step("the guest's console")
    show(host, "sed -n '1,8p;/guest: /p' /var/log/xen/console/guest-guest.log | sed 's/^/  | /'")
    during = case.free_pages(host)
    print(f"({during} pages are free with the guest)")
    step("its destruction")
    show(host, "xl destroy guest")
    show(host, "xl list")
    after = case.free_pages(host)
    print(f"free memory: {before} pages before, {during} with the guest, {after} after: "
          + ("equal" if before == after else f"{before - after} PAGES LOST"))
    assert before == after, "memory was lost"


def main():
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("--verbose", action="store_true", help="show the whole serial line")
    p.add_argument("--hypervisor", default="craton")
    p.add_argument("--tools")
    args = p.parse_args()
    terminal = sys.stdin.isatty() and sys.stdout.isatty()
    step("GRUB -> hypervisor -> Linux control domain, in QEMU")
    start = time.monotonic()
    with testbed.boot(hypervisor=args.hypervisor, tools=args.tools or case.our_tools(), name="quickstart",
                      verbose=args.verbose) as host:
        show_boot(host.machine.text)
        print(f"  ready {time.monotonic() - start:.0f} s after power-on")
        tour(host)
        if terminal:
            step("a shell in the control domain: try `xl create guest.json`, `xl list`, `xl top`")
            host.machine.send("$\n")
            host.machine.interact()
        else:
            host.poweroff()
            step("powered off")
    print(f"quickstart: done in {time.monotonic() - start:.0f} s; serial log: {host.machine.transcript}")
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (testbed.TestbedError, AssertionError) as error:
        print(f"quickstart: FAILED: {error}", file=sys.stderr)
        sys.exit(1)
