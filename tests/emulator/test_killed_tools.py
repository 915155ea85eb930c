#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""xenstored, xenconsoled or xl is killed in the middle of a create: the host stays usable, the next
commands say what happened, clean up, and no page is lost."""
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)))
import testbed  # noqa: E402
from testbed import case  # noqa: E402

# Points of a create, in microseconds after its start: before, in, and after building the domain.
POINTS = (50000, 200000, 400000, 800000, 1600000)
host = None


def create_and_kill(program, delay, then=":"):
    """Start xl create, kill program after delay, run then; returns xl's output and exit status."""
    return host.check(
        f"xl create victim.cfg >/tmp/create.out 2>&1 & pid=$!; usleep {delay}; "
        f"kill -9 {'$pid' if program == 'xl' else f'$(pidof {program})'} 2>/dev/null; usleep 300000; {then}; "
        f"wait $pid; echo status $?; cat /tmp/create.out", 120)


def clean_up():
    """Destroy whatever xl list shows; a nameless domain by its number."""
    for name, (number, *_) in case.domains(host).items():
        host.check(f"xl destroy {number}")
    assert case.domains(host) == {}, "a domain cannot be destroyed"


def still_usable(before):
    """A guest can be created, seen and destroyed, and all memory is back."""
    clean_up()
    host.check("rm -f /var/log/xen/console/guest-victim.log; xl create victim.cfg")
    assert "victim" in case.domains(host)
    case.guest_reached_userspace(host, "victim")
    host.check("xl destroy victim")
    after = case.free_pages(host)
    assert before == after, f"{before - after} pages lost"


def prepare():
    case.write_guest(host, "victim")
    clean_up()
    host.check("xl create -q victim.cfg && xl destroy victim")
    return case.free_pages(host)


def test_xl_killed():
    before = prepare()
    for delay in POINTS:
        create_and_kill("xl", delay)
        # Nothing but what xl list shows may be left.
        clean_up()
    still_usable(before)


def test_xenstored_killed():
    before = prepare()
    host.check("xenstore-write /tool/witness kept")
    for delay in POINTS:
        # As its unit does: started anew soon after its end. xl waits for that, or says why not.
        out = create_and_kill("xenstored", delay, "xenstored")
        assert host.check("xenstore-read /tool/witness").strip() == "kept", "a committed node is lost"
        assert "status 0" in out or len(out.splitlines()) > 1, f"xl failed without a word: {out}"
        clean_up()
    still_usable(before)


def test_xenconsoled_killed():
    before = prepare()
    for delay in POINTS[:3]:
        create_and_kill("xenconsoled", delay)
        host.check("xenconsoled --log=guest --log-dir=/var/log/xen/console")
        clean_up()
    still_usable(before)


def main():
    global host
    with case.boot(smp=2, name="killed-tools",
                      guest_kernel=testbed.images.vmlinux()) as host:
        case.main(test_xl_killed, test_xenstored_killed, test_xenconsoled_killed)


if __name__ == "__main__":
    try:
        main()
    except testbed.TestbedError as error:
        print(f"not ok killed_tools: {error}")
        sys.exit(1)
