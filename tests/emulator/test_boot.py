#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""The ways to the control domain's userspace: BIOS and UEFI, multiboot 1 and 2, little memory, CPUs,
ELF kernel, and a command line that is partly wrong."""
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)))
from testbed import case  # noqa: E402


def booted(name, **options):
    """Boot without a toolstack; returns the serial text."""
    options.setdefault("tools", "none")
    with case.boot(name=f"boot-{name}", daemons=False, **options) as host:
        assert host.check("cat /sys/hypervisor/type").strip() == "xen"
        cpus = int(host.check("nproc"))
        status = host.poweroff()
        assert status == 0, f"power off: exit status {status}"
        return host.machine.text, cpus


def test_uefi():
    booted("uefi", firmware="uefi")


def test_multiboot1():
    booted("multiboot1", protocol=1)


def test_elf_kernel():
    booted("elf", fast_kernel=True)


def test_four_cpus():
    _, cpus = booted("smp4", smp=4)
    assert cpus == 4, f"the control domain has {cpus} CPUs, not 4"


def test_one_vcpu_of_two():
    _, cpus = booted("max-vcpus", smp=2, append="dom0_max_vcpus=1")
    assert cpus == 1, f"the control domain has {cpus} CPUs, not 1"


def test_wrong_options_are_logged():
    text, _ = booted("options", append="no_such_option=7 loglvl=nonsense")
    assert "no_such_option" in text.split("com1", 1)[-1], "an unknown option is not logged"


def test_512_mb():
    booted("512mb", mem=512, dom0_mem="320M")


case.main(test_uefi, test_multiboot1, test_elf_kernel, test_four_cpus, test_one_vcpu_of_two,
          test_wrong_options_are_logged, test_512_mb)
