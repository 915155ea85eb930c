#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""The control domain's devices are its own: disks behind three controllers deliver their data by DMA, and
interrupt through the IOAPIC. Without an IOMMU that needs guest frame = machine frame."""
import hashlib
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)))
from testbed import case, paths  # noqa: E402

DISKS = {
    "sda": ["ide-hd,bus=ide.0"],
    "nvme0n1": ["nvme,serial=1"],
    "vda": ["virtio-blk-pci,disable-legacy=on,iommu_platform=on"],
}
MODULES = ("ahci", "sd_mod", "nvme", "virtio_pci", "virtio_blk", "crct10dif_generic", "crc64_rocksoft_generic")
SIZE = 4 << 20


def make_disks():
    """QEMU's arguments, and each disk's checksum."""
    arguments, sums = [], {}
    for name, (device,) in DISKS.items():
        content = os.urandom(SIZE)
        path = os.path.join(paths.BUILD, "emulator", f"disk-{name}")
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as file:
            file.write(content)
        arguments += ["-drive", f"if=none,id={name},format=raw,file={path}", "-device", f"{device},drive={name}"]
        sums[name] = hashlib.md5(content).hexdigest()
    return arguments, sums


def test_disks():
    arguments, sums = make_disks()
    with case.boot(name="devices", tools="none", daemons=False, modules=MODULES, qemu_args=arguments) as host:
        for module in MODULES:
            host.check(f"modprobe {module}")
        for name, wanted in sums.items():
            case.wait_for(host, f"test -b /dev/{name}", 30)
            found = host.check(f"md5sum /dev/{name}").split()[0]
            assert found == wanted, f"{name} reads wrong"
            # And the other way: written, flushed, and read back from the device.
            host.check(f"dd if=/dev/urandom of=/tmp/data bs=64k count=16 2>/dev/null && "
                       f"dd if=/tmp/data of=/dev/{name} bs=64k conv=fsync 2>/dev/null && "
                       f"echo 3 >/proc/sys/vm/drop_caches && cmp -n 1048576 /tmp/data /dev/{name}")
        table = host.check("cat /proc/interrupts")
        for driver in ("ahci", "nvme0q1", "virtio"):
            line = next((x for x in table.splitlines() if driver in x), "")
            assert "IO-APIC" in line, f"{driver}: {line or 'no interrupt'}"
            assert sum(int(n) for n in line.split()[1:3] if n.isdigit()) > 5, line


case.main(test_disks)
