#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Compares our public headers with another set of the same interface (Debian's libxen-dev).

Every structure's size, every field's offset and size, every bit-field's bits and every constant
(macro, enumerator, string) is taken from one side by the compiler: names come from clang's syntax
tree and the preprocessor, values from the data of an object file built with those names. Nothing
is executed, so 32-bit layouts are checked without a 32-bit C library.

A name of ours that the other side lacks, or has with another value, is a failure, unless it is
listed as ours in OURS_ONLY. Names that only the other side has are counted, and listed with -v.
"""
import argparse
import contextlib
import io
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

# Names that we have and the reference does not show: errors the hypervisor keeps to itself, and
# the way hvm/save.h binds a record's name to its number (here an enum, there an array's size). A
# 32-bit tool's view of the reference has no xen_wc_sec_hi, a 32-bit guest's view has.
OURS_ONLY = re.compile(r"^(XEN_EINTR|XEN_ERESTART|(HVM_SAVE_CODE|hvm_save_type)_\w+|XEN_(CPUFEATURE|ERRNO)_ENUM|xen_wc_sec_hi)$")

# Ours by convention: include guards and helpers of other macros.
PRIVATE = re.compile(r"^CRATON_|_$")

# Save records, whose numbers and lengths only a macro gives.
RECORDS = ("END HEADER CPU PIC IOAPIC LAPIC LAPIC_REGS PCI_IRQ ISA_IRQ PCI_LINK PIT RTC HPET PMTIMER "
           "MTRR VIRIDIAN_DOMAIN VIRIDIAN_VCPU VMCE_VCPU TSC_ADJUST CPU_MSR").split()

# Sample arguments for macros that take some.
ARGUMENTS = ["5", "3", "7", "2", "1", "4", "6", "8", "9", "10", "11"]


# Structures of the hypercalls that 32-bit guests make, apart from those of PV guests.
CALLED_BY_GUESTS = set("""
multicall_entry vcpu_info shared_info vcpu_time_info arch_shared_info arch_vcpu_info
xen_memory_reservation xen_add_to_physmap xen_add_to_physmap_batch xen_remove_from_physmap
xen_memory_map xen_foreign_memory_map xen_pod_target xen_reserved_device_memory
xen_reserved_device_memory_map xen_mem_acquire_resource xen_vnuma_topology_info xen_vmemrange
xen_memory_domain gnttab_map_grant_ref gnttab_unmap_grant_ref gnttab_setup_table gnttab_dump_table
gnttab_transfer gnttab_copy gnttab_query_size gnttab_unmap_and_replace gnttab_set_version
gnttab_get_status_frames gnttab_get_version gnttab_swap_grant_ref gnttab_cache_flush
evtchn_alloc_unbound evtchn_bind_interdomain evtchn_bind_virq evtchn_bind_pirq evtchn_bind_ipi
evtchn_close evtchn_send evtchn_status evtchn_bind_vcpu evtchn_unmask evtchn_reset
evtchn_init_control evtchn_expand_array evtchn_set_priority evtchn_fifo_control_block
vcpu_runstate_info vcpu_register_runstate_memory_area vcpu_register_time_memory_area
vcpu_set_periodic_timer vcpu_set_singleshot_timer vcpu_register_vcpu_info vcpu_get_physid
vcpu_hvm_context sched_shutdown sched_poll sched_remote_shutdown sched_watchdog sched_pin_override
xen_hvm_param xen_hvm_evtchn_upcall_vector xen_hvm_pagetable_dying xen_hvm_get_time
xen_hvm_xentrace physdev_eoi physdev_pirq_eoi_gmfn physdev_irq_status_query physdev_irq
physdev_apic physdev_map_pirq physdev_unmap_pirq physdev_manage_pci physdev_restore_msi
physdev_manage_pci_ext physdev_pci_mmcfg_reserved physdev_pci_device_add physdev_pci_device
physdev_setup_gsi physdev_get_free_pirq physdev_dbgp_op xen_platform_parameters xen_feature_info
xen_compile_info xen_build_id xen_dm_op xen_dm_op_buf
""".split())


class Side:
    """One set of headers, compiled for one architecture."""

    def __init__(self, name, prefix, flags, headers, workdir):
        self.name, self.flags, self.workdir = name, flags, workdir
        self.source = '#include <stddef.h>\n#include <stdint.h>\n#include <string.h>\n'
        if "-ffreestanding" in flags:
            self.source = self.source.replace('#include <string.h>\n', '')
        # The lists of errors and features are also enums once included plainly.
        self.source += "".join(f"#include <{prefix}/{h}>\n" for h in headers)

    def clang(self, args, text, check=True):
        cmd = ["clang", "-std=gnu11", "-w", "-x", "c", "-"] + self.flags + args
        res = subprocess.run(cmd, input=text, capture_output=True, text=True)
        if check and res.returncode:
            sys.exit(f"{self.name}: headers do not compile:\n{res.stderr}")
        return res

    def macros(self):
        """All macros of the headers: name -> (parameter count or None)."""
        base = self.clang(["-E", "-dM"], "#include <stddef.h>\n#include <stdint.h>\n").stdout
        known = set(base.splitlines())
        found = {}
        for line in self.clang(["-E", "-dM"], self.source).stdout.splitlines():
            m = re.match(r"#define (\w+)(\(([^)]*)\))?", line)
            if line not in known and not PRIVATE.search(m[1]):
                found[m[1]] = None if m[2] is None else len([p for p in m[3].split(",") if p.strip()])
        return found

    def declarations(self):
        """Records (name -> [(field, is bit-field)]) and enumerators."""
        tree = json.loads(self.clang(["-fsyntax-only", "-Xclang", "-ast-dump=json"], self.source).stdout)
        records, enums, anonymous = {}, [], {}
        for node in tree["inner"]:
            kind = node["kind"]
            if kind == "RecordDecl" and node.get("completeDefinition"):
                self.collect(node, records)
                if "name" not in node:
                    anonymous[node["id"]] = node
            elif kind == "EnumDecl":
                enums += [c["name"] for c in node.get("inner", []) if c["kind"] == "EnumConstantDecl"]
            elif kind == "TypedefDecl":
                owner = self.typedef_record(node)
                if owner in anonymous:
                    records[node["name"]] = list(self.fields(anonymous[owner], ""))
                elif not node.get("isImplicit"):
                    records[node["name"]] = []
        mine = self.clang(["-E"], self.source).stdout
        words = set(re.findall(r"\w+", mine))
        records = {k: v for k, v in records.items() if k.split()[-1] in words and not k.startswith("__builtin")}
        return records, enums

    def collect(self, node, records):
        """Named records, also those that are declared within others."""
        if "name" in node:
            records[node["tagUsed"] + " " + node["name"]] = list(self.fields(node, ""))
        for inner in node.get("inner", []):
            if inner["kind"] == "RecordDecl" and inner.get("completeDefinition"):
                self.collect(inner, records)

    @staticmethod
    def typedef_record(node):
        for inner in node.get("inner", []):
            owned = inner.get("ownedTagDecl") or inner.get("decl")
            if owned:
                return owned["id"]
            for deeper in inner.get("inner", []):
                if "decl" in deeper:
                    return deeper["decl"]["id"]
        return None

    def fields(self, record, path):
        unnamed, inner = None, record.get("inner", [])
        for node in inner:
            if node["kind"] == "RecordDecl":
                unnamed = node if "name" not in node or node.get("completeDefinition") else unnamed
            if node["kind"] == "EnumDecl" or node["kind"] != "FieldDecl":
                continue
            name, typ = node.get("name"), node["type"]["qualType"]
            nested = "unnamed" in typ or "anonymous" in typ
            if name is None or node.get("isImplicit"):
                if nested and unnamed:
                    yield from self.fields(unnamed, path)
                continue
            yield path + name, bool(node.get("isBitfield"))
            if nested and unnamed:
                array = re.search(r"\[\d", typ)
                yield from self.fields(unnamed, path + name + ("[0]." if array else "."))

    def values(self):
        """name -> value, as text."""
        macros = self.macros()
        records, enums = self.declarations()
        out = {f"macro {m}()": "exists" for m, n in macros.items() if n is not None}
        ints = {e: e for e in enums if not PRIVATE.search(e)}
        ints.update({f"{m}({r})": f"{m}({r})" for r in RECORDS
                     for m in ("HVM_SAVE_CODE", "HVM_SAVE_LENGTH")})
        strings = {}
        for m, params in macros.items():
            expr = m if params is None else f"{m}({', '.join(ARGUMENTS[:params])})"
            ints[expr] = expr
            strings[expr] = expr
        bits = {}
        for rec, fields in records.items():
            if PRIVATE.search(rec) or rec.endswith("_t") and rec.startswith("__guest_handle"):
                continue
            ints[f"sizeof({rec})"] = f"sizeof({rec})"
            ints[f"alignof({rec})"] = f"_Alignof({rec})"
            for field, is_bits in fields:
                if is_bits:
                    bits[f"{rec}.{field}"] = (rec, field)
                    continue
                ints[f"offsetof({rec}, {field})"] = f"offsetof({rec}, {field})"
                ints[f"sizeof({rec}.{field})"] = f"sizeof((({rec} *)0)->{field})"
        out.update(self.evaluate_ints(ints))
        out.update(self.evaluate_objects(
            {k: f"const char obj_N[] = {v};" for k, v in strings.items()}))
        out.update(self.evaluate_objects(
            {f"bits of {k}": f"{r} obj_N = {{ .{f} = -1 }};" for k, (r, f) in bits.items()}))
        for m, params in macros.items():
            if params is None and m not in out:
                out[f"macro {m}"] = "exists"
        return out

    def compilable(self, lines):
        """Keeps the lines that compile, each in a place of its own."""
        lines = dict(lines)
        start = self.source.count("\n") + 1
        while True:
            names = list(lines)
            text = self.source + "\n".join(lines[n] for n in names) + "\n"
            res = self.clang(["-fsyntax-only", "-ferror-limit=0"], text, check=False)
            bad = {int(x) - start for x in re.findall(r"^<stdin>:(\d+):\d+: error", res.stderr, re.M)}
            bad = {b for b in bad if 0 <= b < len(names)}
            if res.returncode == 0:
                return lines
            if not bad:
                sys.exit(f"{self.name}: cannot evaluate:\n{res.stderr[:2000]}")
            for b in bad:
                del lines[names[b]]

    def data(self, text):
        obj, raw = os.path.join(self.workdir, "abi.o"), os.path.join(self.workdir, "abi.bin")
        self.clang(["-O0", "-c", "-o", obj], text)
        subprocess.run(["objcopy", "-O", "binary", "--only-section=.abi", obj, raw], check=True)
        symbols = subprocess.run(["nm", "-S", obj], capture_output=True, text=True, check=True).stdout
        with open(raw, "rb") as f:
            blob = f.read()
        found = {}
        for line in symbols.splitlines():
            m = re.match(r"([0-9a-f]+) ([0-9a-f]+) \w (\w+)$", line)
            if m:
                found[m[3]] = blob[int(m[1], 16):int(m[1], 16) + int(m[2], 16)]
        return found

    def evaluate_ints(self, exprs):
        lines = self.compilable({k: f"enum {{ int_{i} = !!(long long)({v}) }};"
                                 for i, (k, v) in enumerate(exprs.items())})
        names = list(lines)
        text = self.source + '__attribute__((section(".abi"))) long long ints[] = {\n'
        text += "".join(f"(long long)({exprs[n]}),\n" for n in names) + "0 };\n"
        blob = self.data(text)["ints"]
        return {n: str(int.from_bytes(blob[8 * i:8 * i + 8], "little")) for i, n in enumerate(names)}

    def evaluate_objects(self, decls):
        lines = self.compilable({k: '__attribute__((section(".abi"))) ' + v.replace("obj_N", f"obj_{i}")
                                 for i, (k, v) in enumerate(decls.items())})
        found = self.data(self.source + "\n".join(lines.values()) + "\n") if lines else {}
        number = {re.search(r"obj_\d+", v)[0]: k for k, v in lines.items()}
        return {number[s]: "bytes " + b.hex() for s, b in found.items() if s in number}


def header_list(root):
    found = []
    for folder, _, files in os.walk(root):
        found += [os.path.relpath(os.path.join(folder, f), root) for f in files if f.endswith(".h")]
    # The inner halves of arch-x86/xen.h are not meant to be included on their own.
    # Some of the reference's headers need xen.h or hvm/save.h before them.
    found = [h for h in found if not h.startswith("arch-x86/xen-x86_")]
    return sorted(found, key=lambda h: (h != "xen.h", h.startswith("arch-x86"), h))


def compare(ours_root, reference, bits, verbose):
    headers = header_list(ours_root)
    missing = [h for h in headers if not os.path.exists(os.path.join(reference, h))]
    if missing:
        sys.exit("the reference lacks " + ", ".join(missing))
    with tempfile.TemporaryDirectory() as work:
        os.symlink(os.path.abspath(ours_root), os.path.join(work, "ours"))
        os.symlink(os.path.abspath(reference), os.path.join(work, "theirs"))
        arch = ["-m32", "-ffreestanding"] if bits == 32 else []
        ours = Side("ours", "ours", arch + ["-I", work], headers, work).values()
        theirs = Side("reference", "theirs", arch + ["-D__XEN_TOOLS__", "-I", work], headers, work).values()
    failures = 0
    for name, value in sorted(ours.items()):
        plain = re.sub(r"^(macro |bits of |sizeof\(|alignof\()|\(?\)$", "", name)
        if theirs.get(name) == value or OURS_ONLY.match(plain):
            continue
        failures += 1
        print(f"FAIL {bits}-bit {name}: ours {value}, reference {theirs.get(name, 'lacks it')}")
    lacking = sorted(set(theirs) - set(ours))
    if verbose:
        for name in lacking:
            print(f"info {bits}-bit {name}: only in the reference")
    print(f"{bits}-bit: {len(headers)} headers, {len(ours)} facts compared, {failures} failures, "
          f"{len(lacking)} facts only in the reference")
    return failures, len(ours)


def compare_compat(include, reference):
    """Our `struct compat_X`, built for 64 bits, against the reference's `struct X` for 32."""
    with tempfile.TemporaryDirectory() as work:
        os.symlink(os.path.abspath(reference), os.path.join(work, "theirs"))
        public = header_list(os.path.join(include, "public"))
        ours = Side("ours", "xen", ["-I", include], ["compat.h"], work).values()
        theirs = Side("reference", "theirs", ["-m32", "-ffreestanding", "-D__XEN_TOOLS__", "-I", work],
                      public, work).values()
        native = Side("native", "theirs", ["-D__XEN_TOOLS__", "-I", work], public, work).values()
    failures, seen, covered = 0, 0, set()
    for name, value in sorted(ours.items()):
        m = re.match(r"(sizeof|alignof|offsetof)\(struct compat_(\w+)(.*)", name)
        if not m or m[2] in ("field", "layout"):
            continue
        covered.add(m[2])
        # Passed at any address, so alignment itself is no part of the interface.
        if m[1] == "alignof":
            continue
        seen += 1
        plain = f"{m[1]}(struct {m[2]}{m[3]}"
        if theirs.get(plain) != value:
            failures += 1
            print(f"FAIL compat {name}: ours {value}, reference {theirs.get(plain, 'lacks it')}")
    for name, value in sorted(native.items()):
        m = re.match(r"(?:sizeof|offsetof)\(struct (\w+)", name)
        if m and m[1] not in covered and m[1] in CALLED_BY_GUESTS and theirs.get(name) != value:
            failures += 1
            print(f"FAIL compat {name} differs between callers, and xen/compat.h lacks it")
    print(f"compat: {len(covered)} structures, {seen} facts compared, {failures} failures")
    return failures + (seen < 200)


# A mistake of each kind. The check must see every one of them.
MUTATIONS = [
    ("event_channel.h", r"#define EVTCHNOP_send\s+4", "#define EVTCHNOP_send 5"),
    ("event_channel.h", r"(struct evtchn_expand_array \{\s+uint)64", r"\g<1>32"),
    ("hvm/ioreq.h", r"state : 4", "state : 5"),
    ("version.h", r"char compiler\[64\]", "char compiler[63]"),
    ("io/xs_wire.h", r'"CREATE\|EXCL"', '"CREATE,EXCL"'),
    ("errno.h", r"XEN_ERRNO\(EBUSY, 16\)", "XEN_ERRNO(EBUSY, 17)"),
    ("sched.h", r"#define SCHEDOP_poll\b", "#define SCHEDOP_pole"),
]


def self_test(ours_root, reference):
    for header, pattern, replacement in MUTATIONS:
        with tempfile.TemporaryDirectory() as work:
            copy = os.path.join(work, "public")
            shutil.copytree(ours_root, copy)
            path = os.path.join(copy, header)
            with open(path, encoding="utf-8") as f:
                text = f.read()
            changed, count = re.subn(pattern, replacement, text)
            # Layouts assert themselves; here the comparison alone must notice.
            changed = re.sub(r"_Static_assert\([^;]*;", "", changed)
            if count != 1:
                sys.exit(f"self-test: {pattern!r} matches {count} times in {header}")
            with open(path, "w", encoding="utf-8") as f:
                f.write(changed)
            res = subprocess.run([sys.executable, __file__, "--ours", copy, "--reference", reference,
                                  "--bits", "64"], capture_output=True, text=True)
            if res.returncode != 1 or "FAIL" not in res.stdout:
                sys.exit(f"self-test: the mutation {replacement!r} in {header} went unseen\n{res.stdout}{res.stderr}")
            print(f"mutation seen: {header}: {replacement}")


def self_test_compat(include, reference):
    for pattern, replacement in (("unsigned int nr_ports", "uint16_t nr_ports"),
                                 (r"struct compat_xen_pod_target", "struct compat_elsewhere")):
        with tempfile.TemporaryDirectory() as work:
            copy = os.path.join(work, "include")
            shutil.copytree(include, copy)
            path = os.path.join(copy, "xen", "compat.h")
            with open(path, encoding="utf-8") as f:
                text = f.read()
            if pattern not in text:
                sys.exit(f"self-test: no {pattern!r} in compat.h")
            with open(path, "w", encoding="utf-8") as f:
                f.write(re.sub(r"_Static_assert\([^;]*;", "", text.replace(pattern, replacement)))
            with contextlib.redirect_stdout(io.StringIO()):
                failures = compare_compat(copy, reference)
            if not failures:
                sys.exit(f"self-test: {replacement!r} in compat.h went unseen")
            print(f"mutation seen: compat.h: {replacement}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--ours", default="xen/include/public")
    parser.add_argument("--reference", default="/usr/include/xen")
    parser.add_argument("--bits", type=int, choices=(32, 64), action="append")
    parser.add_argument("--compat", metavar="DIR", help="also check DIR/xen/compat.h")
    parser.add_argument("--self-test", action="store_true", help="prove that mistakes are seen")
    parser.add_argument("-v", "--verbose", action="store_true")
    args = parser.parse_args()
    if not os.path.exists(os.path.join(args.reference, "xen.h")):
        sys.exit(f"no reference headers in {args.reference}: install libxen-dev")
    if args.self_test:
        self_test(args.ours, args.reference)
        if args.compat:
            self_test_compat(args.compat, args.reference)
        return
    failures = 0
    for bits in args.bits or (64, 32):
        failed, compared = compare(args.ours, args.reference, bits, args.verbose)
        failures += failed
        if compared < 3000:
            sys.exit("too few facts found: the comparison itself is broken")
    if args.compat:
        failures += compare_compat(args.compat, args.reference)
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
