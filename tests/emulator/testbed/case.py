# SPDX-License-Identifier: GPL-2.0-only
"""What a test program needs: run its tests in order, print one verdict line each, exit with the result.

    from testbed import case
    def test_something(): ...
    case.main(test_something)

Verdicts, one per line: `ok NAME`, `not ok NAME: why`, `skip NAME: why`.
"""
import os
import re
import sys
import time
import traceback

from . import host, paths, qemu


class Skip(Exception):
    """The test cannot be run here; says why."""


def main(*tests):
    failed = 0
    only = sys.argv[1:]
    for test in tests:
        name = test.__name__[5:]
        if only and name not in only:
            continue
        start = time.monotonic()
        try:
            test()
            print(f"ok {name} ({time.monotonic() - start:.0f} s)", flush=True)
        except Skip as reason:
            print(f"skip {name}: {reason}", flush=True)
        except (AssertionError, qemu.TestbedError) as error:
            failed += 1
            where = traceback.extract_tb(error.__traceback__)
            line = next((f for f in reversed(where) if f.filename == os.path.realpath(sys.argv[0])), where[-1])
            print(f"not ok {name}: line {line.lineno}: {error or line.line}", flush=True)
        except Exception:
            failed += 1
            print(f"not ok {name}: {traceback.format_exc()}", flush=True)
    sys.exit(1 if failed else 0)


def boot(**options):
    """testbed.boot() of what is tested: our hypervisor and our tools. HYPERVISOR=debian or TOOLS=debian in
    the environment put the reference in their place, to see whether a test is right."""
    options.setdefault("hypervisor", os.environ.get("HYPERVISOR", "craton"))
    if "tools" not in options:
        options["tools"] = os.environ.get("TOOLS") or our_tools()
    if options["hypervisor"] == "debian":
        options["smp"] = 1
    return host.boot(**options)


def our_tools():
    """The tree that scripts/check and scripts/quickstart installed; `make install DESTDIR=build/root`."""
    tree = os.path.join(paths.BUILD, "root")
    if not os.path.exists(os.path.join(tree, "usr/sbin/xl")):
        raise qemu.TestbedError(f"{tree}/usr/sbin/xl is missing: make install DESTDIR={tree}")
    return tree


def wait_for(host, command, timeout=120, why=None):
    """Repeat a shell command in the control domain until it succeeds; returns its output."""
    deadline = time.monotonic() + timeout * qemu.SLOWNESS
    while True:
        result = host.sh(command)
        if result.status == 0:
            return result.output
        if time.monotonic() > deadline:
            raise qemu.Timeout(f"{why or command} did not happen within {timeout} s:\n{result.output}")
        time.sleep(0.5)


def free_pages(host):
    """The hypervisor's count of free pages, once it has come to rest."""
    return int(host.check("freepages --settle"))


def guest_reached_userspace(host, name, timeout=180):
    """Wait for a Linux guest's /init on its console log; returns the line."""
    return wait_for(host, f"grep -h 'guest: Linux .* in userspace' /var/log/xen/console/guest-{name}.log", timeout,
                    f"userspace of {name}")


def domains(host):
    """name -> (id, MB, vCPUs, state) from xl list, the control domain left out."""
    found = {}
    for line in host.check("xl list").splitlines()[1:]:
        # There may be no name, and a remark behind, while a domain is made or taken apart.
        row = re.match(r"(.*?)\s+(\d+)\s+(\d+)\s+(\d+)\s+([a-z-]{6})\s+[\d.]+", line)
        if row and row[2] != "0":
            found[row[1]] = (int(row[2]), int(row[3]), int(row[4]), row[5])
    return found


def write_guest(host, name, kernel="/root/kernel", memory=256, vcpus=1, command_line=""):
    """Write NAME.cfg in the control domain's /root. A Linux guest gets the test initrd."""
    lines = [f'name = "{name}"', 'type = "pvh"', f'kernel = "{kernel}"', f"memory = {memory}", f"vcpus = {vcpus}"]
    if kernel != "/root/tiny":
        lines += ['ramdisk = "/root/initrd"',
                  f'extra = "console=hvc0 mitigations=off cryptomgr.notests {command_line}"']
    text = "\n".join(lines)
    host.check(f"cat >/root/{name}.cfg <<'END'\n{text}\nEND")


def warm_up(host):
    """A guest is made and unmade once. The control domain's window for mapping guests' memory gets its page
    tables then, which it keeps; from then on every page must come back."""
    host.check("xl create -q -p guest.cfg && xl destroy guest")


def guest_life(host, name="guest", config="guest.cfg", memory=256):
    """info, list, create, console, pause, unpause, destroy; every page comes back."""
    info = host.check("xl info")
    assert "xen_major              : 4" in info and "xen_minor              : 17" in info, info
    assert domains(host) == {}, "a domain is there before any was created"
    warm_up(host)
    before = free_pages(host)
    host.check(f"xl create {config}")
    running = domains(host)
    assert list(running) == [name], f"xl list shows {running}"
    assert running[name][1] == memory, f"xl list shows {running[name][1]} MB"
    line = guest_reached_userspace(host, name)
    assert "/sys/hypervisor/type = xen" in line, line
    during = free_pages(host)
    assert during <= before - memory * 256, f"{before - during} pages taken by a guest of {memory} MB"
    host.check(f"xl pause {name}")
    assert "p" in domains(host)[name][3], domains(host)
    host.check(f"xl unpause {name}")
    assert "p" not in domains(host)[name][3], domains(host)
    host.check(f"xl destroy {name}")
    assert domains(host) == {}, "xl list still shows the guest"
    return before, free_pages(host)
