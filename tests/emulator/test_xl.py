#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Every command of xl on our hypervisor: what it shows, what it does to a guest, what it says about
mistakes, and what the monitor does when guests end."""
import json
import os
import re
import sys

sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)))
import testbed  # noqa: E402
from testbed import case  # noqa: E402

KERNEL = "console=hvc0 mitigations=off cryptomgr.notests"
host = None


def as_json(command):
    text = host.check(command)
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise AssertionError(f"{command}: {error}:\n{text}") from error


def fails(command, status, *words):
    result = host.sh(f"{command} 2>&1")
    assert result.status == status, f"{command} exited {result.status}, not {status}:\n{result.output}"
    for word in words:
        assert word in result.output, f"{command} does not say {word!r}:\n{result.output}"


def state(name):
    return as_json(f"xl list --json {name}")[0]


def create(name, *settings, run=None, wait=True):
    extra = f"{KERNEL} craton.run={run}" if run else KERNEL
    quoted = " ".join(f"'{s}'" for s in (f"name={name}", f"extra={extra}", *settings))
    host.check(f"xl create -q guest.cfg {quoted}")
    if wait:
        case.guest_reached_userspace(host, name)


def test_mistakes_are_named():
    host.check("printf 'name = \"bad\"\\nmemroy = 12\\nmemory = \"x\"\\n' >bad.cfg; printf 'name = \"bad\\n' >open.cfg")
    fails("xl create bad.cfg", 1, "bad.cfg:2: memroy: no such key; did you mean memory?", "bad.cfg:3: memory:")
    fails("xl create open.cfg", 1, "open.cfg:1: name:")
    fails("xl config-validate bad.cfg open.cfg", 1, "bad.cfg:2:", "open.cfg:1:")
    fails("xl create guest.cfg memroy=3", 1, "command line: memroy: no such key")
    fails("xl create guest.cfg 'vcpus=[1'", 1, "command line: setting 'vcpus=[1'")
    fails("xl create guest.cfg kernel=/nowhere", 1, "/nowhere", "No such file")
    fails("xl create nofile.cfg", 1, "nofile.cfg: No such file")
    fails("xl create", 2, "which configuration file?")
    fails("xl nonsense", 2, "there is no command 'nonsense'")
    fails("xl", 2, "Usage:")
    fails("xl list --nonsense", 2, "--nonsense")
    fails("xl list nobody", 1, "there is no domain 'nobody'")
    fails("xl pause", 2, "which domain?")
    fails("xl destroy 0", 1, "control domain")
    for command in "pause", "unpause", "shutdown", "reboot", "console", "destroy", "vcpu-list", "domid":
        fails(f"xl {command} nobody", 1, "there is no domain 'nobody'")
    assert case.domains(host) == {}, "a failed create left something behind"


def test_dry_run_creates_nothing():
    for file in "guest.cfg", "guest.json":
        config = as_json(f"xl create -n {file} memory=300 name=web1")
        assert config["c_info"]["name"] == "web1" and config["b_info"]["target_memkb"] == 300 << 10, config
    assert case.domains(host) == {}


def test_host():
    info = as_json("xl info --json")
    assert info["xen_version"].startswith("4.17") and info["nr_cpus"] >= 1, info
    text = host.check("xl info -n")
    assert re.search(r"^free_memory +: \d+$", text, re.M) and "numa_info" in text, text
    host.check("xl debug-keys h")
    assert "(XEN)" in host.check("xl dmesg")
    assert isinstance(as_json("xl dmesg --json"), list)
    assert as_json("xl cpupool-list --json")[0]["name"] == "Pool-0"
    assert "create" in host.check("xl help") and "--long" in host.check("xl help list")


def test_create_and_show():
    create("one", "memory=200", "vcpus=2")
    domid = int(host.check("xl domid one"))
    assert host.check(f"xl domname {domid}").strip() == "one"
    one = state("one")
    assert one["domid"] == domid and one["vcpus"] == 2 and one["memory_kb"] // 1024 == 200, one
    longer = as_json("xl list -l one")[0]
    assert longer["config"]["c_info"]["name"] == "one" and longer["info"]["domid"] == domid
    assert one["uuid"] in host.check("xl list -v one")
    assert [v["name"] for v in as_json("xl vm-list --json")].count("one") == 1
    assert as_json("xl uptime --json one")[0]["uptime_seconds"] > 0
    top = as_json("xl top --json -i 2 -d 0.5")
    assert len(top) == 2 and {"Domain-0", "one"} <= {d["name"] for d in top[1]["domains"]}, top
    assert "Domain-0" in host.check("xl top --batch -i 1")
    fails("xl create -q guest.cfg name=one", 1, "one")
    assert len(case.domains(host)) == 1


def test_pause_and_rename():
    host.check("xl pause one")
    assert state("one")["paused"]
    host.check("xl unpause one")
    assert not state("one")["paused"]
    host.check("xl rename one uno")
    assert state("uno")["name"] == "uno"
    fails("xl list one", 1, "there is no domain 'one'")
    host.check("xl rename uno one")


def test_cpus():
    host.check("xl vcpu-pin one 0 0; xl vcpu-pin one 1 - 0")
    vcpus = as_json("xl vcpu-list --json one")
    assert len(vcpus) == 2
    if as_json("xl info --json")["nr_cpus"] > 1:
        assert vcpus[0]["hard_affinity"] == "0" and vcpus[1]["soft_affinity"] == "0", vcpus
    fails("xl vcpu-pin one 9 0", 1, "vCPU 9")
    fails("xl vcpu-pin one 0 abc", 2, "abc")
    host.check("xl vcpu-pin one all all all")
    host.check("xl vcpu-set one 1")
    case.wait_for(host, "xl list one | awk 'NR == 2 && $4 == 1' | grep .", 30, "one vCPU less")
    fails("xl vcpu-set one 3", 1, "2 vCPUs at most")
    host.check("xl sched-credit2 -d one -w 512 -c 50")
    shares = as_json("xl sched-credit2 -d one --json")[0]
    assert shares["weight"] == 512 and shares["cap"] == 50, shares
    host.check("xl sched-credit2 -d one -c 0")


def test_memory():
    host.check("xl mem-set one 180")
    case.wait_for(host, "xl list one | awk 'NR == 2 && $3 == 180' | grep .", 30, "the balloon")
    fails("xl mem-set one 12q", 2, "12q")
    fails("xl mem-set one 900", 1, "maximum")
    host.check("xl mem-max one 300")
    assert state("one")["max_memory_kb"] // 1024 in (300, 301), state("one")


def test_console_of_create():
    """create -c shows the console from the boot on, ^] leaves it and the guest stays."""
    typed = "(n=0; until grep -q 'in userspace' /tmp/con || [ $n -ge 200 ]; do sleep 1; n=$((n + 1)); done;" \
            " printf '\\necho sum=$((40+2))\\n'; sleep 4; printf '\\035')"
    host.check(f": >/tmp/con; {typed} | xl create -c guest.cfg name=con >/tmp/con 2>&1", timeout=300)
    out = host.check("tr -d '\\r' </tmp/con")
    assert "sum=42" in out, out[-500:]
    assert "con" in case.domains(host)


def test_reboot_makes_a_successor():
    before = int(host.check("xl domid con"))
    host.check("xl reboot con")
    case.wait_for(host, f"id=$(xl domid con) && [ $id != {before} ]", 60, "the successor")
    host.check("xl destroy con")


def test_shutdown():
    host.check("xl shutdown --wait one", timeout=60)
    case.wait_for(host, "! xl domid one 2>/dev/null", 30, "the monitor's destruction of one")


def test_monitor_honours_actions():
    create("off", run="poweroff", wait=False)
    create("keep", "on_poweroff=preserve", run="poweroff", wait=False)
    create("crash", "on_crash=preserve", run="crash", wait=False)
    case.wait_for(host, "xl list --json keep | grep -q '\"shutdown_reason\": \"poweroff\"'", 120, "keep's power off")
    case.wait_for(host, "xl list --json crash | grep -q '\"shutdown_reason\": \"crash\"'", 120, "crash's crash")
    case.wait_for(host, "! xl domid off 2>/dev/null", 120, "off's end")
    log = host.check("cat /var/log/xen/xl-off.log")
    assert "stopped: poweroff" in log and ": destroy" in log, log
    host.check("xl destroy keep crash")
    create("ren", "on_crash=rename-restart", run="crash", wait=False)
    case.wait_for(host, "xl domid ren-preserved && xl domid ren", 120, "rename-restart")
    host.check("xl destroy ren ren-preserved")


def test_nothing_is_left():
    case.wait_for(host, "[ $(xl list | wc -l) = 2 ]", 30, "an empty list")
    case.wait_for(host, "! ps | grep '[x]l create'", 30, "the end of all monitors")


def test_conversion():
    host.check("xl config-convert guest.cfg >a.json && xl config-convert --to xml a.json >a.xml &&"
               " xl config-convert a.xml >b.json && xl config-convert --to cfg b.json >b.cfg")
    first, second = as_json("xl create -n guest.cfg uuid=4f98fc17-e4f4-4cf2-8de0-d82aba6ff6e0"), \
        as_json("xl create -n b.cfg uuid=4f98fc17-e4f4-4cf2-8de0-d82aba6ff6e0")
    assert first == second, f"{first}\n{second}"


def main():
    global host
    with case.boot(name="xl") as host:
        case.main(test_mistakes_are_named, test_dry_run_creates_nothing, test_host, test_create_and_show,
                  test_pause_and_rename, test_cpus, test_memory, test_conversion, test_console_of_create,
                  test_reboot_makes_a_successor, test_shutdown, test_monitor_honours_actions, test_nothing_is_left)


if __name__ == "__main__":
    try:
        main()
    except testbed.TestbedError as error:
        print(f"not ok xl: {error}")
        sys.exit(1)
