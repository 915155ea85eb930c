#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Consoles of guests: input and output through the client, what a restart of xenconsoled or xenstored
does to them, logs and their rotation, and that a client ends with its domain."""
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)))
import testbed  # noqa: E402
from testbed import case  # noqa: E402

CLIENT = "/usr/libexec/craton/xenconsole"
LOG = "/var/log/xen/console/guest-guest.log"
host = None


def domid():
    return host.check("xl domid guest").strip()


def ask(command, wait=4):
    """Types a command at the guest's shell through the client, and leaves with ^]."""
    typed = f"(sleep 1; printf '\\n%s\\n' \"{command}\"; sleep {wait}; printf '\\035')"
    return host.check(f"{typed} | timeout 30 {CLIENT} {domid()} | tr -d '\\r'")


def test_output_is_kept_for_a_late_client():
    case.guest_reached_userspace(host, "guest")
    out = host.check(f"(sleep 3; printf '\\035') | timeout 30 {CLIENT} {domid()}")
    assert "in userspace" in out, f"the boot's last lines are not there:\n{out[-400:]}"


def test_input_reaches_the_guest():
    out = ask("echo sum=\\$((40+2))")
    assert "sum=42" in out, out
    log = host.check(f"cat {LOG}")
    assert "sum=42" in log, "not in the log"


def test_much_output_arrives_whole():
    out = ask("seq 1 20000 >/tmp/seq; cat /tmp/seq | tail -n 3000; echo END-OF-SEQ", wait=8)
    lines = [line for line in out.splitlines() if line.isdigit()]
    assert lines == [str(n) for n in range(17001, 20001)], f"{len(lines)} lines, {lines[:2]} to {lines[-2:]}"


def test_a_second_client_waits():
    host.check(f"(sleep 6; printf '\\035') | {CLIENT} {domid()} >/dev/null 2>/tmp/first &")
    out = host.check(f"sleep 1; (sleep 9; printf '\\035') | timeout 30 {CLIENT} {domid()} 2>&1 >/dev/null")
    assert "another client is attached" in out, out
    assert host.check("cat /tmp/first") == "", "the first client complained"


def test_client_survives_a_restart_of_xenconsoled():
    typed = "(sleep 4; printf '\\necho again=$((20+3))\\n'; sleep 4; printf '\\035')"
    host.check(f"({typed} | timeout 40 {CLIENT} {domid()} >/tmp/out 2>&1) >/dev/null 2>&1 & sleep 1")
    host.check("kill -9 $(pidof xenconsoled); sleep 1; xenconsoled --log=guest --log-dir=/var/log/xen/console")
    host.check("sleep 9")
    out = host.check("cat /tmp/out")
    assert "again=23" in out, out


def test_console_survives_a_restart_of_xenstored():
    host.check("kill -9 $(pidof xenstored); sleep 1; xenstored; sleep 2")
    out = ask("echo later=\\$((30+4))")
    assert "later=34" in out, out


def test_hangup_opens_logs_anew():
    host.check(f"mv {LOG} {LOG}.moved; kill -HUP $(pidof xenconsoled)")
    ask("echo new=\\$((50+5))")
    assert "new=55" in host.check(f"cat {LOG}"), "not in the new log"
    assert "new=55" not in host.check(f"cat {LOG}.moved"), "still in the old log"


def test_client_ends_with_the_domain():
    host.check(f"({CLIENT} {domid()} </dev/null >/tmp/out 2>&1; echo ended=$? >>/tmp/out) >/dev/null 2>&1 &")
    host.check("sleep 1; xl destroy guest")
    out = case.wait_for(host, "grep ended= /tmp/out", 20, "the client's end")
    assert "ended=0" in out, out
    missing = host.sh(f"{CLIENT} 4711 2>&1")
    assert missing.status == 1 and "there is no domain 4711" in missing.output, missing.output


def main():
    global host
    with case.boot(name="console") as host:
        host.check("xl create guest.cfg")
        case.main(test_output_is_kept_for_a_late_client, test_input_reaches_the_guest,
                  test_much_output_arrives_whole, test_a_second_client_waits,
                  test_client_survives_a_restart_of_xenconsoled,
                  test_console_survives_a_restart_of_xenstored, test_hangup_opens_logs_anew,
                  test_client_ends_with_the_domain)


if __name__ == "__main__":
    try:
        main()
    except testbed.TestbedError as error:
        print(f"not ok console: {error}")
        sys.exit(1)
