#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""A guest's disk and network card: Linux's own front and back ends over our grants and event channels. What is
read, written, sent and received is the same on both sides, and a destroyed guest leaves no grant mapped."""
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)))
from testbed import case  # noqa: E402

CLIENT = "/usr/libexec/craton/xenconsole"
DEVICES = """disk = [ "format=raw,vdev=xvda,access=rw,target=/root/disk.img" ]
vif = [ "bridge=xenbr0,mac=00:16:3e:00:00:01" ]"""
host = None


def ask(command, wait):
    """Types a command at the guest's shell through the console client, and leaves with ^] when it has ended."""
    domid = host.check("xl domid pv").strip()
    typed = f"(sleep 1; printf '\\n%s; echo D''ONE\\n' \"{command}\"; " \
            f"n=0; until grep -q ^DONE /tmp/answer || [ $n -ge {wait} ]; do sleep 1; n=$((n + 1)); done; printf '\\035')"
    out = host.check(f": >/tmp/answer; {typed} | timeout {wait + 10} {CLIENT} {domid} | tr -d '\\r' >/tmp/answer; "
                     "cat /tmp/answer", timeout=wait + 30)
    assert "\nDONE" in out, f"no end of: {command}\n{out[-2000:]}"
    return out


def prepare():
    for module in ("loop", "xen-blkback", "bridge", "xen-netback"):
        host.check(f"modprobe {module}")
    host.check("dd if=/dev/urandom of=/root/disk.img bs=1M count=8 2>/dev/null; ip link add xenbr0 type bridge; "
               "ip addr add 10.0.0.1/24 dev xenbr0; ip link set xenbr0 up")
    case.write_guest(host, "pv")
    host.check(f"cat >>/root/pv.cfg <<'END'\n{DEVICES}\nEND")


def disk_is_the_same():
    wanted = host.check("md5sum /root/disk.img").split()[0]
    out = ask("modprobe xen-blkfront; until [ -b /dev/xvda ]; do sleep 1; done; md5sum /dev/xvda", 60)
    assert wanted in out, f"the guest reads something else than {wanted}:\n{out[-1000:]}"
    out = ask("dd if=/dev/urandom of=/dev/xvda bs=64k count=40 conv=fsync; sync; "
              "echo 3 >/proc/sys/vm/drop_caches; md5sum /dev/xvda", 60)
    wanted = host.check("sync; md5sum /root/disk.img").split()[0]
    assert wanted in out, f"written and read back differ, {wanted} in the file:\n{out[-1000:]}"


def network_carries():
    out = ask("modprobe xen-netfront; until [ -d /sys/class/net/eth0 ]; do sleep 1; done; "
              "ip addr add 10.0.0.2/24 dev eth0; ip link set eth0 up; sleep 3; ping -c 3 -W 5 10.0.0.1", 60)
    assert "3 packets received" in out, out[-1000:]
    host.check("(sleep 90 | nc -l -p 99 >/tmp/received) >/dev/null 2>&1 &")
    ask("nc 10.0.0.1 99 </dev/xvda", 60)
    case.wait_for(host, "cmp /tmp/received /root/disk.img", 30, "the disk's content over the network")


def test_disk_and_network():
    global host
    with case.boot(name="pv-devices") as host:
        prepare()
        host.check("xl create -q pv.cfg")
        case.guest_reached_userspace(host, "pv")
        disk_is_the_same()
        network_carries()
        host.check("xl debug-keys g")
        log = host.check("xl dmesg")
        assert "in use" in log, "no grant tables in the log"
        host.check("xl destroy pv")
        case.wait_for(host, "xl debug-keys q; test $(xl dmesg | tac | sed '/Domains (now/q' | grep -c refs=) = 1", 30,
                      "the domain's end")
        host.check("xl debug-keys g")
        last = host.check("xl dmesg").splitlines()[-1]
        assert "d0: grant table" in last and "0 in use" in last, last


case.main(test_disk_and_network)
