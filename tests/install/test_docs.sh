#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Documentation says what is there: every option of the hypervisor's command line is in craton(7) and
# craton(7) names no other; likewise the options of the daemons and their pages.
set -u
cd "$(dirname "$0")/../.." || exit 1
failed=0
verdict() {
    if [ "$1" = 0 ]; then echo "ok $2"; else echo "not ok $2"; failed=1; fi
}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

grep -rhoE '^(boolean|integer|size|string|custom)_param\("[^"]+"' xen --include='*.c' | sed 's/.*"\(.*\)"/\1/' | sort -u >"$work/code"
[ -s "$work/code" ]
verdict $? "the hypervisor has options"
while read -r name; do
    grep -q "Cm $name\b" docs/man/craton.7
    verdict $? "craton(7) describes $name"
    grep -q "^| .*\`$name[=\`]" docs/command-line.md
    verdict $? "command-line.md describes $name"
done <"$work/code"
for name in $(grep -oE '^\.It Cm [a-z0-9_]+|, Cm [a-z0-9_]+ Ns =' docs/man/craton.7 | grep -oE 'Cm [a-z0-9_]+' | cut -d' ' -f2 | sort -u); do
    grep -qx "$name" "$work/code"
    verdict $? "craton(7)'s $name exists"
done

# A page of mdoc with --name options against the program's own table.
check_page() { # check_page PAGE SOURCE
    for name in $(sed -n 's/^ *{\(OPT_[A-Z_]*\|.[a-z].\), "\([a-z-]*\)",.*/\2/p' "$2"); do
        grep -q -- "Fl -$name\b" "$1"
        verdict $? "$(basename "$1") describes --$name"
    done
}
check_page docs/man/xenconsoled.8 tools/console/xenconsoled.c
check_page docs/man/xenconsole.1 tools/console/xenconsole.c
check_page docs/man/xen-init-dom0.8 tools/systemd/xen-init-dom0.c

# xl(1): every command of the table, and every long option of theirs.
for name in $(sed -n 's/^    {"\([a-z0-9-]*\)", main_.*/\1/p' tools/xl/commands.c); do
    grep -q "^\.It Cm $name\b" docs/man/xl.1
    verdict $? "xl(1) describes $name"
done
for name in $(grep -hoE "^ *\{('.'|OPT_[A-Z]+), \"[a-z-]+\"|\{\{'.', \"[a-z-]+\"" tools/xl/cmd/*.c | sed 's/.*"\(.*\)"/\1/' | sort -u); do
    grep -qE -- "(Fl|,) -$name\b" docs/man/xl.1
    verdict $? "xl(1) describes --$name"
done
exit $failed
