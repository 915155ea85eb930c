# SPDX-License-Identifier: GPL-2.0-only
"""Whole systems in an emulator: build the images, boot them, talk to the control domain.

    import testbed
    with testbed.boot(hypervisor="debian", tools="debian") as host:
        print(host.check("xl list"))

Everything here is the standard library plus Debian's qemu, grub and xorriso.
"""
from .host import CommandFailed, Host, boot, expand_hypervisor
from .qemu import Machine, TestbedError, Timeout
from . import images, iso, paths, qemu

__all__ = ["boot", "expand_hypervisor", "CommandFailed", "Host", "Machine", "TestbedError", "Timeout",
           "images", "iso", "paths", "qemu"]
