#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""The hypervisor alone, before any domain: a panic's report, staying and restarting after it, NUMA, mem=,
many CPUs; and the serial line's switch between the control domain and the debug keys."""
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)))
import testbed  # noqa: E402
from testbed import case, paths  # noqa: E402

XEN = os.path.join(paths.BUILD, "xen/xen.gz")


def alone(name, append="", **options):
    """Without a module there is no control domain to build, which is a panic."""
    cd = testbed.iso.build(XEN, f"com1=115200 console=com1 {append}", [], "bios", 2)
    return testbed.Machine(testbed.qemu.command(iso=cd, **options), f"host-{name}")


def test_panic_tells_where_and_stays():
    with alone("panic", "noreboot") as machine:
        machine.expect(r"Panic on CPU 0:", 60)
        machine.expect(r"create_dom0\+0x[0-9a-f]+/0x[0-9a-f]+\s+\S+\s+[0-9a-f]+ start_xen\+", 20)
        machine.expect(r"Staying as asked", 20)


def test_panic_restarts():
    with alone("restart") as machine:
        machine.expect(r"Reboot in five seconds", 60)
        machine.wait(60)  # QEMU ends at a reset


def test_numa_and_mem():
    nodes = ["-object", "memory-backend-ram,size=512M,id=m0", "-object", "memory-backend-ram,size=512M,id=m1",
             "-numa", "node,nodeid=0,cpus=0,memdev=m0", "-numa", "node,nodeid=1,cpus=1,memdev=m1"]
    with alone("numa", "noreboot mem=700M", smp=2, mem=1024, extra=nodes) as machine:
        machine.expect(r"NUMA: 2 nodes", 60)
        machine.expect(r"Memory: 699 MiB of RAM|Memory: 700 MiB of RAM", 20)
        machine.expect(r"2 CPUs are up", 20)


def test_maxcpus():
    with alone("maxcpus", "noreboot maxcpus=3", smp=8, mem=512) as machine:
        machine.expect(r"5 CPUs are left out", 60)
        machine.expect(r"3 CPUs are up", 20)


def test_debug_keys():
    with case.boot(name="host-keys", tools="none", daemons=False) as host:
        host.machine.send("\x01\x01\x01")
        host.machine.expect(r"Serial input to the hypervisor's debug keys", 20)
        host.machine.send("h")
        host.machine.expect(r"'m': free memory", 20)
        host.machine.send("q")
        host.machine.expect(r"d0: refs=\d+ dying=0", 20)
        host.machine.send("\x01\x01\x01")
        host.machine.expect(r"Serial input to the control domain", 20)
        assert host.check("echo back").strip() == "back"


case.main(test_panic_tells_where_and_stays, test_panic_restarts, test_numa_and_mem, test_maxcpus, test_debug_keys)
