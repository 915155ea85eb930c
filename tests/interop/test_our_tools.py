#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Our toolstack drives Debian's Xen 4.17."""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(__file__)), "..", "emulator"))
import testbed  # noqa: E402
from testbed import case  # noqa: E402


def test_our_tools_on_debian_xen():
    with testbed.boot(hypervisor="debian", tools=case.our_tools(), name="interop-our-tools") as host:
        before, after = case.guest_life(host)
        # Debian's Xen itself keeps a page or two per domain that its own tools create and destroy.
        assert 0 <= before - after <= 4, f"{before - after} pages lost"
        host.check("rm -f /var/log/xen/console/guest-guest.log")
        case.guest_life(host, config="guest.json")
        host.poweroff()


case.main(test_our_tools_on_debian_xen)
