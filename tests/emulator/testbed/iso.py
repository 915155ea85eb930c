# SPDX-License-Identifier: GPL-2.0-only
"""GRUB boot media: a small CD image with a GRUB that runs a fixed list of commands."""
import hashlib
import os
import shutil
import subprocess

from . import paths

MODULES = ["iso9660", "multiboot", "multiboot2", "boot", "gzio", "serial", "terminal", "search",
           "search_fs_file", "echo"]
PLATFORM = {"bios": ["biosdisk"], "uefi": ["part_gpt", "part_msdos", "fat", "efi_gop", "all_video", "font"]}
FORMAT = {"bios": "i386-pc-eltorito", "uefi": "x86_64-efi"}


def grub_config(kernel_args, modules, protocol):
    """The GRUB commands. modules: list of (file, arguments)."""
    word, module = ("multiboot2", "module2 --nounzip") if protocol == 2 else ("multiboot", "module --nounzip")
    lines = ["serial --unit=0 --speed=115200", "terminal_output serial", "search --file --set=root /boot/kernel",
             f"{word} /boot/kernel {quoted(kernel_args)}"]
    for index, (_, arguments) in enumerate(modules):
        lines.append(f"{module} /boot/module{index} {quoted(arguments)}".rstrip())
    return "\n".join(lines + ["boot", ""])


def quoted(arguments):
    return " ".join(f"'{a}'" if set(a) & set("$;&|<>(){}") else a for a in arguments.split())


def grub_image(config, firmware, work):
    """A GRUB core image with the commands embedded."""
    with open(os.path.join(work, "grub.cfg"), "w") as f:
        f.write(config)
    target = os.path.join(work, "core.img")
    subprocess.run(["grub-mkimage", "-O", FORMAT[firmware], "-p", "/boot/grub", "-c", os.path.join(work, "grub.cfg"),
                    "-o", target] + MODULES + PLATFORM[firmware], check=True)
    return target


def build(kernel, kernel_args="", modules=(), firmware="bios", protocol=2):
    """Write a bootable CD image; returns its path. The same input gives the same file."""
    config = grub_config(kernel_args, modules, protocol)
    key = hashlib.sha1(repr((config, firmware)).encode())
    for path in [kernel] + [m[0] for m in modules]:
        status = os.stat(path)
        key.update(f"{os.path.realpath(path)} {status.st_size} {status.st_mtime_ns}".encode())
    target = paths.out(f"boot-{key.hexdigest()[:12]}.iso")
    if os.path.exists(target):
        os.utime(target)
        return target
    prune()
    work = f"{target}.{os.getpid()}"
    shutil.rmtree(work, ignore_errors=True)
    tree = os.path.join(work, "cd", "boot")
    os.makedirs(tree)
    os.symlink(os.path.realpath(kernel), os.path.join(tree, "kernel"))
    for index, (path, _) in enumerate(modules):
        os.symlink(os.path.realpath(path), os.path.join(tree, f"module{index}"))
    core = grub_image(config, firmware, work)
    if firmware == "bios":
        shutil.copy(core, os.path.join(tree, "core.img"))
        boot = ["-b", "boot/core.img", "-no-emul-boot", "-boot-load-size", "4", "-boot-info-table"]
    else:
        efi_partition(core, os.path.join(tree, "efi.img"))
        boot = ["-e", "boot/efi.img", "-no-emul-boot"]
    subprocess.run(["xorriso", "-as", "mkisofs", "-quiet", "-f", "-r", "-o", f"{work}/out.iso"] + boot
                   + [os.path.join(work, "cd")], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    os.rename(f"{work}/out.iso", target)
    shutil.rmtree(work)
    return target


def efi_partition(core, target):
    """A FAT file system with GRUB as its default boot program."""
    with open(target, "wb") as f:
        f.truncate(4 << 20)
    environment = {**os.environ, "PATH": os.environ["PATH"] + ":/sbin:/usr/sbin", "MTOOLS_SKIP_CHECK": "1"}
    subprocess.run(["mformat", "-i", target, "-v", "EFI", "-t", "4", "-h", "64", "-s", "32", "::"], check=True,
                   env=environment)
    subprocess.run(["mmd", "-i", target, "::EFI", "::EFI/BOOT"], check=True, env=environment)
    subprocess.run(["mcopy", "-i", target, core, "::EFI/BOOT/BOOTX64.EFI"], check=True, env=environment)


def prune(keep=16):
    """Old images are many megabytes each: keep the last few."""
    for suffix in (".iso", ".cpio"):
        files = [os.path.join(paths.OUT, f) for f in os.listdir(paths.OUT) if f.endswith(suffix)]
        for old in sorted(files, key=os.path.getmtime)[:-keep]:
            try:
                os.unlink(old)
            except FileNotFoundError:
                pass
