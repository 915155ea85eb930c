#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Debian's own xl, xenstored and xenconsoled 4.17 drive our hypervisor."""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(__file__)), "..", "emulator"))
import testbed  # noqa: E402
from testbed import case  # noqa: E402


def test_debian_tools_on_craton():
    with testbed.boot(hypervisor="craton", tools="debian", name="interop-debian-tools") as host:
        before, after = case.guest_life(host)
        assert before == after, f"{before - after} pages lost"
        assert "Xen" in host.check("xl dmesg") or "Craton" in host.check("xl dmesg"), "xl dmesg has no banner"
        assert "Domain-0" in host.check("xl vcpu-list"), "xl vcpu-list"
        host.poweroff()


case.main(test_debian_tools_on_craton)
