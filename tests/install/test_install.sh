#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# What `make install DESTDIR=` puts where: the files that a distribution counts on are there and
# nothing lies outside the configured folders; installed programs run, have a manual page, find their
# libraries by soname; a program can be built with only the installed headers and pkg-config files.
#   tests/install/test_install.sh [DESTDIR]   default: installs into a new temporary folder
set -u
cd "$(dirname "$0")/../.." || exit 1
[ -e config.mk ] || { echo "not ok install: run ./configure first"; exit 1; }
top=$PWD
dir() { # the value of a configured folder
    printf 'include %s/config.mk\nall:\n\t@echo $(%s)\n' "$top" "$1" | make -s -f - all
}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
root=${1:-$work/root}
if [ $# = 0 ] && ! make -s install DESTDIR="$root" >"$work/log" 2>&1; then
    tail -n 20 "$work/log"
    echo "not ok make install DESTDIR="
    exit 1
fi

failed=0
verdict() { # verdict STATUS TEXT
    if [ "$1" = 0 ]; then echo "ok $2"; else echo "not ok $2"; failed=1; fi
}

bin=$(dir bindir) sbin=$(dir sbindir) lib=$(dir libdir) libexec=$(dir libexecdir)/craton
include=$(dir includedir)/craton man=$(dir mandir) etc=$(dir sysconfdir) units=$(dir systemdsystemunitdir)
prefix=$(dir prefix)

# ---- the files ----
missing=
expect() {
    for path; do
        [ -e "$root$path" ] || missing="$missing $path"
    done
}
expect /boot/xen.gz "$prefix/lib/debug/boot/xen-syms"
expect "$sbin/xl" "$sbin/xenstored" "$sbin/xenconsoled" "$sbin/xen-init-dom0" "$libexec/xenconsole" "$libexec/craton-domains"
for name in read write list ls rm chmod exists watch control; do expect "$bin/xenstore-$name"; done
for name in libcraton libxenstore libxl; do expect "$lib/$name.so" "$lib/$name.a" "$lib/pkgconfig/$name.pc"; done
expect "$include/xenctrl.h" "$include/xencall.h" "$include/xenevtchn.h" "$include/xengnttab.h" \
    "$include/xenforeignmemory.h" "$include/xentoollog.h" "$include/xenstore.h" "$include/libxl.h" \
    "$include/public/xen.h" "$include/public/arch-x86/xen.h" "$include/public/io/blkif.h"
for unit in xenstored.service xenconsoled.service xen-init-dom0.service xendomains.service proc-xen.mount; do
    expect "$units/$unit"
done
expect "$prefix/lib/modules-load.d/craton.conf" "$prefix/lib/tmpfiles.d/craton.conf" "$etc/grub.d/20_linux_craton" \
    "$etc/default/grub.d/craton.cfg" "$(dir bashcompletiondir)/xl" "$man/man8/xenconsoled.8"
[ -z "$missing" ]
verdict $? "every promised file is installed${missing:+ (missing:$missing)}"

stray=$(cd "$root" && find . -type f | sed 's/^\.//' | grep -v -e "^$prefix/" -e "^$etc/" -e '^/boot/')
[ -z "$stray" ]
verdict $? "nothing lies outside the configured folders${stray:+ ($stray)}"

leak=$(grep -rlIF -e "$root" -e "$top" "$root$etc" "$root$units" "$root$lib/pkgconfig" "$root$libexec" 2>/dev/null)
[ -z "$leak" ]
verdict $? "no installed text names the build's folders${leak:+ ($leak)}"

holes=$(grep -rlE '@[a-z]+dir@' "$root$etc" "$root$units" "$root$prefix/lib/tmpfiles.d" "$root$libexec" 2>/dev/null)
[ -z "$holes" ]
verdict $? "every template is filled in${holes:+ ($holes)}"

# ---- the libraries ----
for so in "$root$lib"/lib*.so; do
    name=$(basename "$so" .so)
    soname=$(objdump -p "$so" | awk '$1 == "SONAME" { print $2 }')
    [ -e "$root$lib/$soname" ] && [ "$soname" != "$name.so" ] && [ -L "$so" ]
    verdict $? "$name has a soname with a version that resolves ($soname)"
done

export LD_LIBRARY_PATH="$root$lib"
export PKG_CONFIG_LIBDIR="$root$lib/pkgconfig" PKG_CONFIG_SYSROOT_DIR="$root"
cat >"$work/user.c" <<'EOF'
#include <xenctrl.h>
#include <xenevtchn.h>
#include <xengnttab.h>
#include <xenforeignmemory.h>
int main(void)
{
    xc_interface *xch = xc_interface_open(0, 0, XC_OPENFLAG_DUMMY);
    xc_physinfo_t info = {0};
    return !(xch && xc_physinfo(xch, &info) == -1 && xc_interface_close(xch) == 0);
}
EOF
# shellcheck disable=SC2046
${CC:-cc} -Wall -Werror $(pkg-config --cflags libcraton) -o "$work/user" "$work/user.c" $(pkg-config --libs libcraton) \
    >"$work/cc.log" 2>&1 && "$work/user"
verdict $? "a program builds and runs with the installed libcraton $(head -n 1 "$work/cc.log")"

cat >"$work/user.c" <<'EOF'
#include <libxl.h>
#include <xenstore.h>
int main(void)
{
    libxl_domain_config config;
    struct xs_handle *xs = xs_open(0);

    libxl_domain_config_init(&config);
    libxl_domain_config_dispose(&config);
    xs_close(xs);
    return 0;
}
EOF
# shellcheck disable=SC2046
${CC:-cc} -Wall -Werror $(pkg-config --cflags libxl libxenstore) -o "$work/user" "$work/user.c" \
    $(pkg-config --libs libxl libxenstore) >"$work/cc.log" 2>&1 && "$work/user"
verdict $? "a program builds and runs with the installed libxl and libxenstore $(head -n 1 "$work/cc.log")"

# ---- the programs ----
for program in "$root$bin"/* "$root$sbin"/* "$root$libexec/xenconsole"; do
    [ -f "$program" ] || continue
    name=$(basename "$program")
    timeout 10 "$program" --help >"$work/help" 2>&1 && [ -s "$work/help" ]
    verdict $? "$name --help runs"
    [ -n "$(find "$root$man" -name "$name.[1-8]")" ]
    verdict $? "$name has a manual page"
done
for program in "$root$sbin/xenconsoled" "$root$libexec/xenconsole" "$root$sbin/xen-init-dom0"; do
    timeout 10 "$program" --no-such-option >"$work/out" 2>&1
    [ $? = 2 ] && grep -q no-such-option "$work/out"
    verdict $? "$(basename "$program") names a wrong option"
done
for page in "$root$man"/man?/*; do
    case $(head -n 1 "$page") in
    .so\ *) target=$(head -n 1 "$page" | cut -d' ' -f2) && [ -e "$root$man/$target" ] ;;
    *) grep -q '^\.Dd ' "$page" && grep -q '^\.Sh NAME' "$page" || grep -q '^\.TH ' "$page" ;;
    esac
    verdict $? "$(basename "$page") is a manual page"
done

exit $failed
