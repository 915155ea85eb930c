# SPDX-License-Identifier: GPL-2.0-only
"""Where things are: the checkout, the build folder, and the cache of unpacked Debian packages."""
import functools
import glob
import os
import subprocess

TOP = os.path.realpath(os.path.join(os.path.dirname(__file__), "..", "..", ".."))
BUILD = os.path.join(TOP, os.environ.get("O", "build"))
OUT = os.path.join(BUILD, "emulator")
ROOTFS = os.path.join(TOP, "tests", "emulator", "rootfs")


@functools.lru_cache(maxsize=None)
def cache():
    """Folder with kernel/ and xen/ (dpkg -x trees); filled by scripts/fetch when empty."""
    run = subprocess.run([os.path.join(TOP, "scripts", "fetch")], stdout=subprocess.PIPE, text=True)
    if run.returncode:
        raise RuntimeError("scripts/fetch failed: the emulator tests need its packages")
    return run.stdout.strip().splitlines()[-1]


def debian(pattern):
    """The one file of the unpacked packages that matches pattern."""
    found = sorted(glob.glob(os.path.join(cache(), pattern)))
    if not found:
        raise RuntimeError(f"{cache()}/{pattern} is missing: run scripts/fetch --refresh")
    return found[0]


def kernel():
    return debian("kernel/boot/vmlinuz-*")


def debian_xen():
    return debian("xen/boot/xen-4.17-amd64.gz")


def out(name):
    os.makedirs(OUT, exist_ok=True)
    return os.path.join(OUT, name)
