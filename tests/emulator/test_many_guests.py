#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""20 Linux guests of 1 to 4 vCPUs run at the same time on 2 CPUs, and every page comes back."""
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)))
import testbed  # noqa: E402
from testbed import case  # noqa: E402

GUESTS = int(os.environ.get("GUESTS", "20"))


def test_twenty_guests_at_once():
    with case.boot(smp=2, mem=6144, name="many-guests",
                      guest_kernel=testbed.images.vmlinux()) as host:
        case.warm_up(host)
        before = case.free_pages(host)
        names = [f"many{n}" for n in range(GUESTS)]
        for n, name in enumerate(names):
            case.write_guest(host, name, memory=160, vcpus=1 + n % 4)
            host.check(f"xl create -q {name}.cfg")
            line = case.guest_reached_userspace(host, name)
            assert f" {1 + n % 4} vCPU" in line, line
        running = case.domains(host)
        assert sorted(running) == sorted(names), f"xl list shows {sorted(running)}"
        for name in names:
            host.check(f"xl destroy {name}")
        after = case.free_pages(host)
        assert before == after, f"{before - after} pages lost"
        host.poweroff()


case.main(test_twenty_guests_at_once)
