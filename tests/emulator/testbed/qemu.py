# SPDX-License-Identifier: GPL-2.0-only
"""One emulated machine: start QEMU with its serial line on a pipe, wait for text, always clean up."""
import ctypes
import os
import re
import select
import signal
import subprocess
import sys
import termios
import threading
import time
import tty

from . import paths

QEMU = os.environ.get("QEMU", "qemu-system-x86_64")
CPU = "EPYC,+svm,+npt,-rdtscp,-monitor"
# Debian's Xen does not intercept XSETBV, which QEMU 7.2 never reports: hide XSAVE from it.
CPU_FOR_DEBIAN_XEN = CPU + ",-xsave"
OVMF_CODE = "/usr/share/OVMF/OVMF_CODE_4M.fd"
OVMF_VARS = "/usr/share/OVMF/OVMF_VARS_4M.fd"
# Factor on every timeout, for slow or busy machines.
SLOWNESS = float(os.environ.get("CRATON_SLOWNESS", "1"))
# What the firmware sends for a terminal's sake.
ESCAPES = re.compile(r"\x1b[\[(][0-9;?=]*[A-Za-z]|\r|\x1bc")
UNFINISHED = re.compile(r"\x1b([\[(][0-9;?=]*)?$")


class TestbedError(Exception):
    pass


class Timeout(TestbedError):
    pass


def die_with_parent():
    """In the child before exec: be killed when the test program dies, whatever the reason."""
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)


def command(smp=1, mem=4096, cpu=CPU, iommu=False, iso=None, firmware="bios", kernel=None, append="", initrd=None,
            extra=()):
    """The QEMU command line. kernel/append/initrd: QEMU's own multiboot loader instead of GRUB."""
    argv = [QEMU, "-accel", "tcg,thread=single", "-cpu", cpu, "-machine", "q35,kernel-irqchip=off",
            "-smp", str(smp), "-m", str(mem), "-display", "none", "-vga", "none", "-nic", "none",
            "-serial", "stdio", "-monitor", "none", "-no-reboot", "-nodefaults",
            "-device", "isa-debug-exit,iobase=0xf4,iosize=4"]
    if iommu:
        argv += ["-device", "intel-iommu"]
    if firmware == "uefi":
        argv += ["-drive", f"if=pflash,format=raw,unit=0,readonly=on,file={OVMF_CODE}",
                 "-drive", f"if=pflash,format=raw,unit=1,snapshot=on,file={OVMF_VARS}"]
    if iso:
        argv += ["-cdrom", iso]
    if kernel:
        argv += ["-kernel", kernel, "-append", append]
        if initrd:
            argv += ["-initrd", initrd]
    return argv + list(extra)


class Machine:
    """A running QEMU. Use as a context manager; leaving it kills the emulator."""

    def __init__(self, argv, name="machine", verbose=False):
        self.name = name
        self.verbose = verbose
        self.transcript = paths.out(f"{name}.log")
        self.text = ""
        self.position = 0
        self.started = time.monotonic()
        self.closed = False
        self.condition = threading.Condition()
        self.log = open(self.transcript, "w", encoding="utf-8", errors="replace")
        self.log.write("# " + " ".join(argv) + "\n")
        self.process = subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=subprocess.STDOUT, preexec_fn=die_with_parent)
        self.reader = threading.Thread(target=self.read_serial, daemon=True)
        self.sink = None
        self.reader.start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.kill()

    def read_serial(self):
        held = ""
        while True:
            chunk = os.read(self.process.stdout.fileno(), 65536)
            if not chunk:
                break
            if self.sink:
                self.sink(chunk)
            text = held + chunk.decode("utf-8", "replace")
            held = (UNFINISHED.search(text) or [""])[0]
            text = ESCAPES.sub("", text[:len(text) - len(held)])
            # Each line starts with the seconds since power-on.
            stamp = f"{time.monotonic() - self.started:8.2f} | "
            self.log.write(text.replace("\n", "\n" + stamp))
            self.log.flush()
            if self.verbose:
                sys.stderr.write(text)
                sys.stderr.flush()
            with self.condition:
                self.text += text
                self.condition.notify_all()
        with self.condition:
            self.closed = True
            self.condition.notify_all()

    def expect(self, pattern, timeout=60):
        """Wait for a regular expression after what was consumed before; returns the match."""
        regex = re.compile(pattern, re.M)
        deadline = time.monotonic() + timeout * SLOWNESS
        with self.condition:
            while True:
                match = regex.search(self.text, self.position)
                if match:
                    self.position = match.end()
                    return match
                if self.closed:
                    raise TestbedError(f"{self.name}: the machine stopped while waiting for {pattern!r}\n"
                                       + self.tail())
                left = deadline - time.monotonic()
                if left <= 0:
                    raise Timeout(f"{self.name}: no {pattern!r} within {timeout:.0f} s\n" + self.tail())
                self.condition.wait(min(left, 1))

    def settle(self, quiet=1.0):
        """Let the machine say what it has to say: until nothing came for that many seconds."""
        with self.condition:
            while not self.closed and self.condition.wait(quiet):
                pass

    def tail(self, lines=25):
        return "\n".join(f"    | {line}" for line in self.text.splitlines()[-lines:]) + \
               f"\n    (all of it: {self.transcript})"

    def send(self, text):
        try:
            self.process.stdin.write(text.encode())
            self.process.stdin.flush()
        except BrokenPipeError:
            raise TestbedError(f"{self.name}: the machine is gone\n" + self.tail()) from None

    def wait(self, timeout=60):
        """Wait until the machine powers itself off; returns QEMU's exit status."""
        try:
            return self.process.wait(timeout * SLOWNESS)
        except subprocess.TimeoutExpired:
            raise Timeout(f"{self.name}: still running after {timeout:.0f} s\n" + self.tail()) from None
        finally:
            self.reader.join(5)

    def interact(self):
        """Join the terminal to the serial line until the machine stops or ^] is typed."""
        sys.stdout.write("(^] leaves and stops the machine)\n")
        sys.stdout.flush()
        stdin = sys.stdin.fileno()
        saved = termios.tcgetattr(stdin) if os.isatty(stdin) else None
        self.sink = lambda chunk: os.write(1, chunk)
        try:
            if saved:
                tty.setraw(stdin)
            while self.process.poll() is None:
                if not select.select([stdin], [], [], 0.2)[0]:
                    continue
                data = os.read(stdin, 1024)
                if not data or b"\x1d" in data:
                    break
                self.process.stdin.write(data)
                self.process.stdin.flush()
        except BrokenPipeError:
            pass
        finally:
            self.sink = None
            if saved:
                termios.tcsetattr(stdin, termios.TCSADRAIN, saved)

    def kill(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self.reader.join(5)
        if not self.log.closed:
            self.log.close()
        for stream in (self.process.stdin, self.process.stdout):
            try:
                stream.close()
            except OSError:
                pass
