# SPDX-License-Identifier: GPL-2.0-only
"""Initial RAM disks for the control domain and for guests, written as cpio without staging.

An Image is a list of entries (path, mode, content); pack() writes them as an uncompressed newc
archive under a name made of their hash, so that the same content is built once.
"""
import functools
import gzip
import hashlib
import lzma
import os
import shutil
import stat
import subprocess

from . import paths

BUSYBOX = "/bin/busybox"
CONTROL_MODULES = ["xen-privcmd", "xen-evtchn", "xen-gntdev", "xen-gntalloc", "xenfs"]
BACKEND_MODULES = ["loop", "xen-blkback", "xen-netback", "bridge"]
GUEST_MODULES = ["xen-blkfront", "xen-netfront"]
# What of an installed tree is of no use at run time in an image.
NOT_SHIPPED = ("/boot/", "/usr/lib/debug/", "/usr/include/", "/usr/share/", "/usr/lib/pkgconfig/",
               "/usr/lib/systemd/", "/lib/systemd/", "/etc/grub.d/")


class Image:
    def __init__(self):
        self.entries = {}

    def directory(self, path):
        parts = path.strip("/").split("/")
        for i in range(1, len(parts) + 1):
            self.entries.setdefault("/".join(parts[:i]), (stat.S_IFDIR | 0o755, b"", (0, 0)))

    def add(self, path, content, mode=0o755):
        if isinstance(content, str):
            content = content.encode()
        path = path.strip("/")
        if "/" in path:
            self.directory(os.path.dirname(path))
        self.entries[path] = (stat.S_IFREG | mode, content, (0, 0))

    def link(self, path, target):
        path = path.strip("/")
        if "/" in path:
            self.directory(os.path.dirname(path))
        self.entries[path] = (stat.S_IFLNK | 0o777, target.encode(), (0, 0))

    def node(self, path, major, minor):
        self.directory(os.path.dirname(path))
        self.entries[path.strip("/")] = (stat.S_IFCHR | 0o600, b"", (major, minor))

    def file(self, path, source, strip=False):
        """Copy a file of the host; strip=True drops the symbols of an ELF file."""
        self.add(path, stripped(source) if strip else read(source),
                 stat.S_IMODE(os.stat(source).st_mode) | 0o444)

    def pack(self, name):
        """Write the archive below build/emulator and return its path."""
        blob = bytearray()
        for ino, path in enumerate(sorted(self.entries), 1):
            mode, content, (major, minor) = self.entries[path]
            put_entry(blob, ino, path, mode, content, major, minor)
        put_entry(blob, 0, "TRAILER!!!", 0, b"", 0, 0)
        blob += bytes(-len(blob) % 512)
        digest = hashlib.sha1(blob).hexdigest()[:12]
        target = paths.out(f"{name}-{digest}.cpio")
        if os.path.exists(target):
            os.utime(target)
        else:
            write_atomically(target, blob)
        return target


def put_entry(blob, ino, path, mode, content, major, minor):
    raw = path.encode() + b"\0"
    fields = (ino, mode, 0, 0, 1, 0, len(content), 0, 0, major, minor, len(raw), 0)
    blob += b"070701" + b"".join(b"%08X" % field for field in fields) + raw
    blob += bytes(-len(blob) % 4) + content
    blob += bytes(-len(blob) % 4)


def write_atomically(target, content):
    temporary = f"{target}.{os.getpid()}"
    with open(temporary, "wb") as f:
        f.write(content)
    os.rename(temporary, target)


def read(path):
    with open(path, "rb") as f:
        return f.read()


def stripped(path):
    content = read(path)
    if content[:4] != b"\x7fELF":
        return content
    os.makedirs(paths.OUT, exist_ok=True)
    temporary = paths.out(f"strip.{os.getpid()}")
    subprocess.run(["strip", "--strip-unneeded", "-o", temporary, path], check=True)
    content = read(temporary)
    os.unlink(temporary)
    return content


# -- shared libraries and kernel modules ------------------------------------------------------

@functools.lru_cache(maxsize=None)
def needed(path):
    """The sonames that an ELF file asks for."""
    run = subprocess.run(["readelf", "-d", path], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    return [line.split("[")[1].rstrip("]\n ") for line in run.stdout.splitlines() if "(NEEDED)" in line]


def is_elf(path):
    with open(path, "rb") as f:
        return f.read(4) == b"\x7fELF"


def add_libraries(image, programs, trees):
    """Add every library that the programs need, from the first tree that has it, else the host."""
    folders = [os.path.join(tree, sub) for tree in list(trees) + ["/"]
               for sub in ("usr/lib", "usr/lib/x86_64-linux-gnu", "lib/x86_64-linux-gnu", "usr/local/lib",
                           "usr/lib/craton")]
    todo, done = list(programs), set()
    while todo:
        for soname in needed(todo.pop()):
            if soname in done:
                continue
            done.add(soname)
            for folder in folders:
                candidate = os.path.join(folder, soname)
                if os.path.exists(candidate):
                    break
            else:
                raise RuntimeError(f"no {soname} in {' '.join(folders)}")
            where = "lib64" if soname.startswith("ld-linux") else "lib/x86_64-linux-gnu"
            image.file(f"{where}/{soname}", os.path.realpath(candidate), strip=True)
            todo.append(os.path.realpath(candidate))
    # The C library loads this one at run time, for pthread_cancel.
    image.file("lib/x86_64-linux-gnu/libgcc_s.so.1", paths.debian("xen/lib/x86_64-linux-gnu/libgcc_s.so.1"))
    loader = paths.debian("xen/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2")
    image.file("lib64/ld-linux-x86-64.so.2", os.path.realpath(loader))


@functools.lru_cache(maxsize=None)
def module_files():
    top = os.path.dirname(paths.debian("kernel/lib/modules/*/kernel"))
    found = {}
    for folder, _, files in os.walk(top):
        for file in files:
            if file.endswith(".ko"):
                found[file[:-3].replace("-", "_")] = os.path.join(folder, file)
    return found


@functools.lru_cache(maxsize=None)
def module_depends(path):
    run = subprocess.run(["modinfo", "-F", "depends", path], stdout=subprocess.PIPE, text=True, check=True,
                         env={**os.environ, "PATH": os.environ["PATH"] + ":/sbin:/usr/sbin"})
    return [name.replace("-", "_") for name in run.stdout.strip().split(",") if name]


def add_modules(image, names):
    """Add kernel modules with what they depend on, and the modules.dep that modprobe reads."""
    files, root, lines, seen = module_files(), os.path.join(paths.cache(), "kernel"), [], set()

    def closure(name):
        depends = []
        for dependency in module_depends(files[name]):
            # modprobe loads them from the last to the first.
            more = [dependency] + closure(dependency)
            depends = [d for d in depends if d not in more] + more
        return depends

    todo = [name.replace("-", "_") for name in names]
    while todo:
        name = todo.pop()
        if name in seen:
            continue
        seen.add(name)
        relative = os.path.relpath(files[name], root)
        image.add(relative, read(files[name]), 0o644)
        depends = closure(name)
        short = lambda n: os.path.relpath(files[n], os.path.join(root, "lib/modules", release()))
        lines.append(f"{short(name)}: {' '.join(short(d) for d in depends)}".rstrip())
        todo += depends
    image.add(f"lib/modules/{release()}/modules.dep", "\n".join(lines) + "\n", 0o644)


def release():
    return os.path.basename(os.path.dirname(paths.debian("kernel/lib/modules/*/kernel")))


# -- kernels ------------------------------------------------------------------------------------

def vmlinux(bzimage=None):
    """The plain ELF kernel inside Debian's bzImage (xz payload), stripped: starts much sooner."""
    bzimage = bzimage or paths.kernel()
    target = paths.out(os.path.basename(bzimage).replace("vmlinuz", "vmlinux"))
    if not os.path.exists(target):
        content = read(bzimage)
        offset = content.find(b"\xfd7zXZ\0")
        if offset < 0:
            raise RuntimeError(f"{bzimage} has no xz payload")
        write_atomically(target, lzma.LZMADecompressor().decompress(content[offset:]))
        subprocess.run(["strip", "--strip-all", target], check=True)
    return target


# -- small programs of our own ---------------------------------------------------------------

def program(source, flags=("-static",)):
    """Compile a C file of the checkout; returns the binary, rebuilt when the source is newer."""
    source = os.path.join(paths.TOP, source)
    target = paths.out(os.path.splitext(os.path.basename(source))[0] + (".so" if "-shared" in flags else ""))
    if not os.path.exists(target) or os.path.getmtime(target) < os.path.getmtime(source):
        temporary = f"{target}.{os.getpid()}"
        subprocess.run([os.environ.get("CC", "gcc"), "-std=gnu11", "-D_GNU_SOURCE", "-O2", "-Wall", "-Wextra",
                        "-Werror", *flags, "-o", temporary, source], check=True)
        if "-shared" not in flags:
            subprocess.run(["strip", temporary], check=True)
        os.rename(temporary, target)
    return target


def tiny_kernel():
    """A PVH kernel that only idles, see tiny.S."""
    return program("tests/emulator/programs/tiny.S",
                   ("-m32", "-static", "-nostdlib", "-Wl,-n,-Ttext=0x100000,--section-start=.note.pvh=0x100100,--build-id=none,-e,start"))


def add_programs(image, *sources):
    for source in sources:
        image.file("bin/" + os.path.splitext(os.path.basename(source))[0], program(source))


# -- the images -----------------------------------------------------------------------------------

def base(init):
    image = Image()
    for folder in ("dev", "proc", "sys", "run", "tmp", "root", "mnt", "etc", "bin", "sbin", "usr/bin", "usr/sbin",
                   "var/log"):
        image.directory(folder)
    image.node("dev/console", 5, 1)
    image.node("dev/null", 1, 3)
    image.file("bin/busybox", BUSYBOX)
    image.link("bin/sh", "busybox")
    image.link("var/run", "/run")
    image.file("init", os.path.join(paths.ROOTFS, init))
    image.add("etc/passwd", "root:x:0:0:root:/root:/bin/sh\n", 0o644)
    image.add("etc/group", "root:x:0:\n", 0o644)
    return image


def guest_initrd(extra=()):
    """A PVH guest's initrd: busybox, a marker at /init, a shell on hvc0."""
    image = base("init-guest")
    add_modules(image, GUEST_MODULES)
    add_programs(image, "tests/emulator/programs/mark.c")
    add_extra(image, extra)
    return image.pack("guest")


def add_extra(image, extra):
    """extra: pairs (path in the image, file or folder of the host, or bytes)."""
    for target, source in extra:
        if isinstance(source, bytes):
            image.add(target, source)
        elif os.path.isdir(source):
            add_tree(image, source, target)
        else:
            image.file(target, source)


def add_tree(image, top, prefix="", skip=(), strip=False):
    """Add a folder; returns the ELF files in it."""
    elves = []
    for folder, subfolders, files in os.walk(top):
        for name in files + [s for s in subfolders if os.path.islink(os.path.join(folder, s))]:
            source = os.path.join(folder, name)
            target = os.path.join(prefix, os.path.relpath(source, top))
            if ("/" + target.lstrip("/")).startswith(tuple(skip)) or target.endswith(".a"):
                continue
            if os.path.islink(source):
                image.link(target, os.readlink(source))
            else:
                image.file(target, source, strip)
                if is_elf(source):
                    elves.append(source)
    return elves


def debian_tools(image):
    """Debian's Xen 4.17 tools below /usr/lib/xen-4.17/bin."""
    tree = os.path.join(paths.cache(), "xen")
    programs = []
    for name in ("xl", "xenstored", "xenconsoled", "xen-init-dom0", "xenconsole", "xentop", "xen-diag", "xen-hvmctx",
                 "xenstore-control", "xenctx", "lsevtchn", "xen-access"):
        source = os.path.join(tree, "usr/lib/xen-4.17/bin", name)
        image.file(f"usr/lib/xen-4.17/bin/{name}", source)
        programs.append(source)
    xenstore = os.path.join(tree, "usr/bin/xenstore")
    if os.path.exists(xenstore):
        image.file("usr/lib/xen-4.17/bin/xenstore", xenstore)
        programs.append(xenstore)
        for command in ("read", "write", "list", "ls", "rm", "exists", "chmod", "watch"):
            image.link(f"usr/lib/xen-4.17/bin/xenstore-{command}", "xenstore")
    image.file("etc/xen/xl.conf", os.path.join(tree, "etc/xen/xl.conf"))
    add_tree(image, os.path.join(tree, "etc/xen/scripts"), "etc/xen/scripts")
    add_libraries(image, programs, [tree])


def our_tools(image, destdir):
    """What `make install DESTDIR=destdir` made."""
    elves = add_tree(image, destdir, "", NOT_SHIPPED, strip=True)
    if not elves:
        raise RuntimeError(f"{destdir} has no programs: make install DESTDIR={destdir}")
    add_libraries(image, elves, [destdir, os.path.join(paths.cache(), "xen")])


def control_initrd(tools, guest_kernel=None, guest=None, extra=(), backends=True, modules=()):
    """The control domain's initrd. tools: "debian", a DESTDIR, "debian,DESTDIR", or "none". modules: more of the
    kernel's, for modprobe."""
    image = base("init-control")
    add_modules(image, CONTROL_MODULES + (BACKEND_MODULES if backends else []) + list(modules))
    for part in tools.split(","):
        if part == "debian":
            debian_tools(image)
        elif part != "none":
            our_tools(image, part)
    add_programs(image, "tests/emulator/programs/mark.c", "tests/emulator/programs/freepages.c")
    image.file("root/tiny", tiny_kernel())
    image.file("root/kernel", guest_kernel or paths.kernel())
    image.file("root/initrd", guest or guest_initrd())
    image.file("etc/agent", os.path.join(paths.ROOTFS, "agent"))
    for name in ("guest.cfg", "guest.json"):
        image.file(f"root/{name}", os.path.join(paths.ROOTFS, name))
    add_extra(image, extra)
    return image.pack("control")
