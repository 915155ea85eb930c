# SPDX-License-Identifier: GPL-2.0-only
"""A booted host: hypervisor + Linux control domain, with an agent that runs shell commands.

The agent (rootfs/agent) reads commands from hvc0 in acknowledged lines, so that no slow console
drops a character, and frames each answer, so that log lines in between do not confuse it.
"""
import base64
import os
import re

from . import images, iso, paths, qemu

FAST_LINUX = "mitigations=off cryptomgr.notests apparmor=0 audit=0 random.trust_cpu=on"
DEBIAN_XEN_ARGS = "dom0=pvh iommu=on,no-intremap,no-sharept dom0-iommu=map-reserved"
COMMON_ARGS = "com1=115200 console=com1 noreboot"
READY = r"@@ready|Panic on CPU|Kernel panic - not syncing"


class CommandFailed(qemu.TestbedError):
    pass


class Result:
    def __init__(self, status, output):
        self.status = status
        self.output = output

    def __str__(self):
        return self.output


class Host:
    """The control domain of a running machine."""

    def __init__(self, machine, debian):
        self.machine = machine
        self.debian = debian
        self.sequence = 0

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.machine.kill()

    def sh(self, command, timeout=120):
        """Run a shell command in the control domain; returns its status and output."""
        self.sequence += 1
        tag = f"{self.sequence:x}"
        data = base64.b64encode(command.encode()).decode()
        for start in range(0, len(data), 96):
            self.machine.send(f"+{data[start:start + 96]}\n")
            self.machine.expect(r"@@ok\n", 60)
        self.machine.send(f"!{tag}\n")
        self.machine.expect(rf"@@begin {tag}\n", 60)
        start = self.machine.position
        match = self.machine.expect(rf"@@end {tag} (\d+)\n", timeout)
        output = self.machine.text[start:match.start()]
        if "dmesg" not in command:
            output = clean(output)
        # The agent ends the output with a line feed of its own.
        return Result(int(match.group(1)), output[:-1])

    def check(self, command, timeout=120):
        """As sh(), but the command must succeed; returns its output."""
        result = self.sh(command, timeout)
        if result.status:
            raise CommandFailed(f"{command!r} exited {result.status}:\n{result.output}\n    (transcript: "
                                f"{self.machine.transcript})")
        return result.output

    def poweroff(self, timeout=60):
        self.machine.send("?\n")
        return self.machine.wait(timeout)


def clean(text):
    """Drop what hypervisor and kernel logged in between (not asked for when a log itself is shown)."""
    text = re.sub(r"\((XEN|d\d+)\) [^\n]*\n", "", text)
    return re.sub(r"^\[ *\d+\.\d+\] [^\n]*\n", "", text, flags=re.M)


def expand_hypervisor(hypervisor):
    """"debian", "craton" (build/xen/xen.gz) or a path -> (path, is it Debian's)."""
    if hypervisor == "debian":
        return paths.debian_xen(), True
    path = os.path.join(paths.BUILD, "xen", "xen.gz") if hypervisor == "craton" else hypervisor
    if not os.path.exists(path):
        raise qemu.TestbedError(f"{path} does not exist: build the hypervisor first (make xen)")
    return path, "xen-4.17" in os.path.basename(os.path.realpath(path))


def boot(hypervisor="craton", tools="debian", smp=None, mem=4096, dom0_mem="1536M", append="", linux="",
         firmware="bios", fast_kernel=False, name="host", timeout=300, verbose=False, initrd=None, guest=None,
         guest_kernel=None, extra=(), qemu_args=(), iommu=None, cpu=None, daemons=True, mode="agent", protocol=2,
         modules=()):
    """Boot a host and wait until its control domain is ready for `xl create`.

    tools: "debian", the DESTDIR of a `make install`, or both as "debian,DESTDIR".
    fast_kernel: hand over the unpacked ELF kernel instead of Debian's bzImage.
    protocol: multiboot 1 or 2. daemons: start xenstored and xenconsoled before the agent. mode: "agent" or "shell".
    """
    path, debian = expand_hypervisor(hypervisor)
    smp = smp or (1 if debian else 2)
    initrd = initrd or images.control_initrd(tools, guest_kernel, guest, extra, modules=modules)
    kernel = images.vmlinux() if fast_kernel else paths.kernel()
    arguments = f"{DEBIAN_XEN_ARGS if debian else ''} dom0_mem={dom0_mem} {COMMON_ARGS} {append}".strip()
    command_line = f"console=hvc0 {FAST_LINUX} craton.mode={mode} craton.daemons={'yes' if daemons else 'no'} {linux}"
    cd = iso.build(path, arguments, [(kernel, command_line), (initrd, "")], firmware, protocol)
    argv = qemu.command(smp=smp, mem=mem, iso=cd, firmware=firmware, extra=qemu_args,
                        iommu=debian if iommu is None else iommu,
                        cpu=cpu or (qemu.CPU_FOR_DEBIAN_XEN if debian else qemu.CPU))
    machine = qemu.Machine(argv, name, verbose)
    try:
        if mode == "agent":
            match = machine.expect(READY, timeout)
            if match.group(0) != "@@ready":
                machine.settle()
                raise qemu.TestbedError(f"{name}: {match.group(0)}\n" + machine.tail(40))
    except BaseException:
        machine.kill()
        raise
    return Host(machine, debian)
