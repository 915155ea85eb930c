#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# The GRUB script in a made-up root: which entries it makes of which kernels, that settings arrive,
# and that GRUB itself accepts the result.
set -u
cd "$(dirname "$0")/../.." || exit 1
script=${1:-build/tools/grub/20_linux_craton}
lib=/usr/share/grub/grub-mkconfig_lib
[ -e "$lib" ] || { echo "skip: grub-common is not installed"; exit 0; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/boot"
failed=0
verdict() {
    if [ "$1" = 0 ]; then echo "ok $2"; else echo "not ok $2"; failed=1; fi
}

# Runs the script as grub-mkconfig would, with NAME=VALUE arguments, into $work/cfg.
run() {
    env -i PATH="$PATH" GRUB_DISTRIBUTOR="Test OS" GRUB_DEVICE=/dev/sda1 GRUB_DEVICE_UUID=1234-uuid \
        CRATON_BOOT_DIR="$work/boot" pkgdatadir="$work" "$@" "$script" >"$work/cfg" 2>"$work/err"
}
# GRUB's own library, without its questions about real devices.
cat >"$work/grub-mkconfig_lib" <<EOF
. $lib
make_system_path_relative_to_its_root() { echo "\${1#$work}"; }
EOF

run
[ $? = 0 ] && [ ! -s "$work/cfg" ]
verdict $? "without a hypervisor there is no entry"

touch "$work/boot/xen.gz"
run
[ $? = 0 ] && [ ! -s "$work/cfg" ]
verdict $? "without a kernel there is no entry"

for version in 6.1.0-9-amd64 6.1.0-10-amd64 5.10.0-1-nopvh; do
    touch "$work/boot/vmlinuz-$version" "$work/boot/initrd.img-$version"
done
echo 'CONFIG_XEN_PVH=y' >"$work/boot/config-6.1.0-10-amd64"
echo '# CONFIG_XEN_PVH is not set' >"$work/boot/config-5.10.0-1-nopvh"
rm "$work/boot/initrd.img-6.1.0-9-amd64"
run
verdict $? "it runs"
grub-script-check "$work/cfg"
verdict $? "GRUB accepts the entries"
[ "$(grep -c "^ *menuentry '" "$work/cfg")" = 5 ]
verdict $? "one entry in front, two for each suitable kernel"
! grep -q nopvh "$work/cfg"
verdict $? "a kernel that cannot be a PVH control domain is left out"
[ "$(grep -m 1 module2 "$work/cfg" | awk '{ print $2 }')" = /boot/vmlinuz-6.1.0-10-amd64 ]
verdict $? "the newest kernel comes first, by version and not by letters"
grep -q 'multiboot2 /boot/xen.gz dom0_mem=2G,max:2G' "$work/cfg"
verdict $? "the hypervisor gets its default options"
grep -q 'module2 /boot/vmlinuz-6.1.0-10-amd64 root=UUID=1234-uuid ro .*console=hvc0' "$work/cfg"
verdict $? "Linux gets its root and a console"
[ "$(grep -c 'module2 --nounzip /boot/initrd.img-6.1.0-10-amd64' "$work/cfg")" = 3 ] &&
    ! grep -q 'initrd.img-6.1.0-9' "$work/cfg"
verdict $? "an initrd is loaded where there is one, as it is"

run CRATON_CMDLINE="com1=115200 console=com1" CRATON_LINUX_CMDLINE="quiet x=1" GRUB_CMDLINE_LINUX="y=2" GRUB_DISABLE_LINUX_UUID=true
grep -q 'multiboot2 /boot/xen.gz com1=115200 console=com1$' "$work/cfg" &&
    grep -q 'root=/dev/sda1 ro y=2 quiet x=1' "$work/cfg"
verdict $? "settings arrive"
grep -q 'com1=115200 console=com1 loglvl=all guest_loglvl=all noreboot' "$work/cfg" && grep -q 'ro single y=2' "$work/cfg"
verdict $? "recovery entries log everything and start a single user"

run CRATON_DISABLE=true
[ $? = 0 ] && [ ! -s "$work/cfg" ]
verdict $? "CRATON_DISABLE makes no entries"

run GRUB_DISTRIBUTOR="It's"
grub-script-check "$work/cfg" && grep -q "It'\\\\''s" "$work/cfg"
verdict $? "a quote in a title is harmless"

# The settings file is what the script reads.
(
    . tools/grub/craton.cfg
    [ "$CRATON_CMDLINE" = "dom0_mem=2G,max:2G" ]
) && ! grep -o 'CRATON_[A-Z_]*' tools/grub/craton.cfg | sort -u | while read -r name; do
    grep -q "$name" "$script" || echo "$name"
done | grep .
verdict $? "the settings file is shell and names only what the script knows"
exit $failed
