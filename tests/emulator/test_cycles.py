#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""100 guests are created and destroyed one after the other: the hypervisor gets every page back."""
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)))
import testbed  # noqa: E402
from testbed import case  # noqa: E402

CYCLES = int(os.environ.get("CYCLES", "100"))
LINUX_EVERY = 16


def test_cycles_lose_no_page():
    with case.boot(smp=2, name="cycles", guest_kernel=testbed.images.vmlinux()) as host:
        case.warm_up(host)
        before = case.free_pages(host)
        for cycle in range(CYCLES):
            linux = cycle % LINUX_EVERY == 0
            vcpus = 1 + (cycle // LINUX_EVERY if linux else cycle) % 4
            case.write_guest(host, "cycle", "/root/kernel" if linux else "/root/tiny", 256 if linux else 16, vcpus)
            host.check("rm -f /var/log/xen/console/guest-cycle.log; xl create -q cycle.cfg")
            assert list(case.domains(host)) == ["cycle"], f"xl list shows {case.domains(host)}"
            if linux:
                line = case.guest_reached_userspace(host, "cycle")
                assert f" {vcpus} vCPU" in line, f"wanted {vcpus} vCPUs: {line}"
            host.check("xl destroy cycle")
        after = case.free_pages(host)
        assert before == after, f"{before - after} pages lost in {CYCLES} cycles"
        assert case.domains(host) == {}
        host.poweroff()


case.main(test_cycles_lose_no_page)
