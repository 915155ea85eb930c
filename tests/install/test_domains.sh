#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# craton-domains against an xl of this file, which keeps its domains as files in a folder.
set -u
cd "$(dirname "$0")/../.." || exit 1
script=$PWD/build/tools/systemd/craton-domains
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/auto" "$work/running"
failed=0
verdict() {
    if [ "$1" = 0 ]; then echo "ok $2"; else echo "not ok $2"; failed=1; fi
}
cat >"$work/xl" <<EOF
#!/bin/sh
echo "\$*" >>$work/calls
case \$1 in
list)
    echo "Name ID Mem VCPUs State Time(s)"
    echo "Domain-0 0 1024 1 r----- 1.0"
    id=1
    for f in $work/running/*; do
        [ -e "\$f" ] && echo "\$(basename "\$f") \$id 128 1 -b---- 0.1"
        id=\$((id + 1))
    done
    ;;
create)
    name=\$(sed -n "s/.*name[\" ]*[=:] *[\"']\([^\"']*\).*/\1/p" "\$2")
    [ "\$name" != broken ] && touch "$work/running/\$name"
    ;;
shutdown) [ "\$2" = stubborn ] || rm "$work/running/\$2" ;;
destroy) rm "$work/running/\$2" ;;
esac
EOF
chmod +x "$work/xl"
export CRATON_XL="$work/xl" CRATON_AUTO_DIR="$work/auto" CRATON_SHUTDOWN_WAIT=1

"$script" start >/dev/null 2>&1
verdict $? "an empty folder is fine"
echo 'name = "web"' >"$work/auto/10-web.cfg"
echo '{ "name": "db", "memory": 128 }' >"$work/auto/20-db.json"
echo "name='broken'" >"$work/auto/15-broken.cfg"
echo 'name = "old"' >"$work/auto/10-web.cfg~"
echo 'name = "stubborn"' >"$work/auto/30"
! "$script" start >"$work/out" 2>&1 && grep -q 'could not start .*15-broken.cfg' "$work/out"
verdict $? "one that fails is named and makes the exit status"
[ "$(ls "$work/running" | tr '\n' ' ')" = "db stubborn web " ]
verdict $? "the others are started, back-up files are not"
: >"$work/calls"
"$script" start >"$work/out" 2>&1
! grep -q 'create .*web' "$work/calls" && grep -q 'web runs already' "$work/out"
verdict $? "one that runs is left alone"
[ "$("$script" status | sort | tr '\n' ' ')" = "db stubborn web " ]
verdict $? "status lists them"
"$script" stop >"$work/out" 2>&1 && [ -z "$(ls "$work/running")" ] && grep -q 'stubborn does not shut down' "$work/out"
verdict $? "stop shuts all down and destroys the one that does not"
"$script" nonsense >/dev/null 2>&1
[ $? = 2 ]
verdict $? "an unknown action is refused"
exit $failed
