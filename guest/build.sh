#!/usr/bin/env bash
# Builds the guest from Debian's source packages (SOURCES) into OUT:
#   kernel.bin  initramfs.cpio  bios.bin
# usage: build.sh WORK OUT          about 160 MB are fetched, 3 to 5 minutes of one processor
#        build.sh --verify WORK     builds into WORK/out and compares with SHA256SUMS
# Needs Debian 12 with: gcc make flex bison bc cpio gzip xz-utils patch perl lib32gcc-12-dev dpkg-dev
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
verify=
if [ "${1:-}" = --verify ]; then verify=1; shift; fi
work=$(mkdir -p "$1" && cd "$1" && pwd)
out=$(mkdir -p "${2:-$work/out}" && cd "${2:-$work/out}" && pwd)
jobs=${JOBS:-2}

# Nothing of the place, the time or the person gets into what is built.
export LC_ALL=C TZ=UTC SOURCE_DATE_EPOCH=1767225600
export KBUILD_BUILD_USER=setmem KBUILD_BUILD_HOST=guest KBUILD_BUILD_VERSION=1 KBUILD_BUILD_TIMESTAMP='2026-01-01 00:00:00 UTC'
version() { awk -v p="$1" '$1 == p {print $2}' "$here/SOURCES"; }

fetch() {
  mkdir -p "$work/fetched" "$work/lists/partial"
  cd "$work/fetched"
  local apt=(-q -o "Dir::Etc::sourcelist=$work/sources.list" -o Dir::Etc::sourceparts=/dev/null -o "Dir::State::lists=$work/lists")
  local mirror=${MIRROR:-http://deb.debian.org}
  printf '%s\n' "deb $mirror/debian bookworm main" "deb-src $mirror/debian bookworm main" \
    "deb $mirror/debian-security bookworm-security main" "deb-src $mirror/debian-security bookworm-security main" > "$work/sources.list"
  apt-get "${apt[@]}" update
  local name
  for name in linux-source-6.1 seabios; do apt-get "${apt[@]}" download "$name=$(version $name)"; done
  for name in busybox musl seabios; do apt-get "${apt[@]}" source --download-only "$name=$(version $name)"; done
}

unpack() {
  rm -rf "$work/src" && mkdir "$work/src" && cd "$work/src"
  dpkg-deb --fsys-tarfile ../fetched/linux-source-6.1_*.deb | tar -xO ./usr/src/linux-source-6.1.tar.xz | tar -xJ
  dpkg-deb --fsys-tarfile ../fetched/seabios_*_all.deb | tar -xO ./usr/share/seabios/bios.bin > bios.bin
  tar -xf ../fetched/musl_*.orig.tar.gz
  tar -xf ../fetched/busybox_*.orig.tar.bz2
  mv musl-* musl && mv busybox-* busybox
  # The kernel has no system calls with 32-bit time: musl is to try the others first, or nothing sleeps.
  grep -rl 'define IS32BIT' musl/src | xargs sed -i 's/define IS32BIT(x).*/define IS32BIT(x) 0/'
  tar -xf ../fetched/busybox_*.debian.tar.xz -C busybox
  cd busybox
  local name
  grep -v -e '^#' -e '^$' debian/patches/series | while read -r name; do patch -s -p1 < "debian/patches/$name"; done
}

kernel() {
  cd "$work/src/linux-source-6.1"
  make -s ARCH=i386 tinyconfig
  ./scripts/kconfig/merge_config.sh -m .config "$here/kernel.config" > "$work/merge.log" 2>&1
  make -s ARCH=i386 olddefconfig
  grep '=y$' "$here/kernel.config" | while read -r line; do grep -qxF "$line" .config || { echo "not taken over: $line" >&2; exit 1; }; done
  make -s -j"$jobs" ARCH=i386 headers
  make -s -j"$jobs" ARCH=i386 bzImage
  cp arch/x86/boot/bzImage "$out/kernel.bin"
}

libc() {
  cd "$work/src/musl"
  CFLAGS="-Os -m32" CC=gcc ./configure --target=i386 --prefix="$work/musl" --disable-shared --enable-wrapper=gcc > /dev/null
  make -s -j"$jobs" CROSS_COMPILE= install > /dev/null
  cp -r "$work/src/linux-source-6.1/usr/include/"{linux,asm,asm-generic,mtd} "$work/musl/include/"
}

# Paths of the machine that builds are replaced, and nothing unused is kept.
CFLAGS32="-m32 -march=i686 -Os -fno-pie -ffunction-sections -fdata-sections"
LDFLAGS32="-static -Wl,-melf_i386 -Wl,--gc-sections -Wl,--build-id=none -s"

userland() {
  local cc=$work/cc32
  printf '#!/bin/sh\nexec %s/musl/bin/musl-gcc -m32 -no-pie "$@" %s\n' "$work" "$LDFLAGS32" > "$cc" && chmod +x "$cc"
  printf '#!/bin/sh\nexec ld -m elf_i386 "$@"\n' > "$work/ld32" && chmod +x "$work/ld32"
  cd "$work/src/busybox"
  make -s allnoconfig > /dev/null
  local line
  grep '^CONFIG' "$here/busybox.config" | while read -r line; do sed -i "/^\(# \)\?${line%%=*}[= ]/d" .config; echo "$line" >> .config; done
  (yes '' || true) | make -s oldconfig > /dev/null 2>&1
  grep '=y$' "$here/busybox.config" | while read -r line; do grep -qxF "$line" .config || { echo "not taken over: $line" >&2; exit 1; }; done
  make -s -j"$jobs" CC="$cc" LD="$work/ld32" HOSTCC=gcc CONFIG_EXTRA_CFLAGS="$CFLAGS32" SKIP_STRIP=y busybox
}

# The root directory: what was built, and the scripts of this folder.
pack() {
  local cc=$work/cc32 root=$work/root
  cd "$work/src/busybox"
  rm -rf "$root" && mkdir -p "$root"
  cp -r "$here/initramfs/." "$root/"
  mkdir -p "$root"/{bin,sbin,dev,proc,sys,tmp,root}
  cp busybox "$root/bin/busybox"
  strip -s "$root/bin/busybox"
  make -s busybox.links > /dev/null
  local link
  while read -r link; do ln -s /bin/busybox "$root/$(echo "$link" | sed 's,^/usr,,')"; done < busybox.links
  ln -sf /bin/busybox "$root/init"
  local tool
  for tool in hog recorder; do
    # shellcheck disable=SC2086
    "$cc" $CFLAGS32 -Wall -Wextra -Werror "$here/tools/$tool.c" -o "$work/$tool"
  done
  cp "$work/hog" "$root/bin/" && cp "$work/recorder" "$root/sbin/"
  cd "$root"
  chmod -R u=rwX,go=rX .
  find . -exec touch -h -d @$SOURCE_DATE_EPOCH {} +
  find . | sort | cpio --quiet --reproducible -o -H newc -R 0:0 > "$out/initramfs.cpio"
}

[ -e "$work/fetched/.done" ] || { fetch; touch "$work/fetched/.done"; }
[ -n "${KEEP:-}" ] || unpack
[ -n "${KEEP_KERNEL:-}" ] || kernel
[ -n "${KEEP_PROGRAMS:-}" ] || { libc; userland; }
pack
cp "$work/src/bios.bin" "$out/bios.bin"
cd "$out"
if [ -n "$verify" ]; then sha256sum -c "$here/built/SHA256SUMS"; else sha256sum kernel.bin initramfs.cpio bios.bin | tee "$here/built/SHA256SUMS"; fi
