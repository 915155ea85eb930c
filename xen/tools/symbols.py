#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Turns `nm -n` of the hypervisor into its symbol table (common/symbols.c reads it).

Text symbols only: sorted offsets from _start, offsets into a blob of names, the names."""
import sys

symbols, start = [], None
for line in sys.stdin:
    fields = line.split()
    if len(fields) != 3:
        continue
    address, kind, name = int(fields[0], 16), fields[1], fields[2]
    if name == "_start":
        start = address
    if kind in "tT" and not name.startswith((".L", "$")):
        if symbols and symbols[-1][0] == address:
            continue
        symbols.append((address, name))
if start is None:
    sys.exit("symbols.py: no symbol _start")
symbols = [(a - start, n) for a, n in symbols if a >= start]

print('.section .rodata.symbols, "a"\n.balign 8')
print(".globl symbols_count, symbols_offset, symbols_name, symbols_blob")
print(".hidden symbols_count\n.hidden symbols_offset\n.hidden symbols_name\n.hidden symbols_blob")
print(f"symbols_count: .long {len(symbols)}\nsymbols_offset:")
for offset, _ in symbols:
    print(f".long {offset:#x}")
print("symbols_name:")
at = 0
for _, name in symbols:
    print(f".long {at}")
    at += len(name) + 1
print("symbols_blob:")
for _, name in symbols:
    print(f'.asciz "{name}"')
