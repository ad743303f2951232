# Shared by the scripts: what a machine needs, where things are built. Sourced, not run.
# shellcheck shell=bash

cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 1
ROOT=$PWD
CACHE=${WATCHKEEP_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/watchkeep}
TARGET_DIR=${CARGO_TARGET_DIR:-$ROOT/target}
TRIPLE=$(uname -m)-unknown-linux-gnu
BINARY=$TARGET_DIR/$TRIPLE/release/watchkeep
BUNDLE=$CACHE/components-$(uname -m).wkb
YES=${YES:-}

say() { printf '\033[1m==>\033[0m %s\n' "$*" >&2; }
die() { printf 'error: %s\n' "$*" >&2; exit 1; }

# version_at_least HAVE WANT
version_at_least() { [ "$(printf '%s\n%s\n' "$2" "$1" | sort -V | head -n1)" = "$2" ]; }

# apt_install REASON PACKAGE...: installs what is missing, after asking.
apt_install() {
  local reason=$1 missing=() package sudo=()
  shift
  for package in "$@"; do
    dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' || missing+=("$package")
  done
  [ ${#missing[@]} -eq 0 ] && return 0
  command -v apt-get >/dev/null || die "needed for $reason: ${missing[*]} (this machine has no apt-get: install them by hand)"
  [ "$(id -u)" -eq 0 ] || sudo=(sudo)
  if [ -z "$YES" ]; then
    read -r -p "For $reason these Debian packages are missing: ${missing[*]}. Install them with apt? [y/N] " answer
    [[ $answer == [yY]* ]] || die "needed for $reason: ${missing[*]}"
  fi
  say "apt: ${missing[*]} ($reason)"
  "${sudo[@]}" apt-get update -qq >&2
  DEBIAN_FRONTEND=noninteractive "${sudo[@]}" apt-get install -y -qq -o Dpkg::Use-Pty=0 --no-install-recommends "${missing[@]}" >/dev/null
}

# What is needed to build: checked and named.
need_build_tools() {
  command -v cc >/dev/null || apt_install "the C parts of the TLS library" gcc libc6-dev
  command -v cargo >/dev/null || die "Rust is missing: install 1.95 or newer from https://rustup.rs"
  local rust node
  rust=$(rustc --version | cut -d' ' -f2)
  version_at_least "$rust" 1.95 || die "Rust $rust is too old: 1.95 or newer is needed (rustup update)"
  command -v node >/dev/null || die "Node.js is missing: install 20 or newer from https://nodejs.org (only for building the portal)"
  node=$(node --version | tr -d v)
  version_at_least "$node" 20 || die "Node.js $node is too old: 20 or newer is needed"
  command -v npm >/dev/null || die "npm is missing: it comes with Node.js"
}

# What is needed to make a bundle from Debian's packages.
need_bundle_tools() {
  command -v gpgv >/dev/null && command -v dpkg-deb >/dev/null && return 0
  apt_install "taking Prometheus and Alertmanager from Debian's packages" gpgv dpkg
}

# sources_hash PATH...: one hash over the content of the files below.
sources_hash() {
  find "$@" -type f -not -path '*/node_modules/*' -print0 | sort -z | xargs -0 sha256sum | sha256sum | cut -c1-64
}

# As locked. Not `npm ci`: that refuses a lock file whose packages for other platforms the
# registry at hand does not have, although they are optional.
install_portal_packages() {
  [ -d assets/ui/node_modules ] && [ assets/ui/node_modules -nt assets/ui/package-lock.json ] && return 0
  (cd assets/ui && npm install --no-save --no-audit --no-fund --loglevel=error >&2 && touch node_modules)
}

# Builds the portal when its sources changed.
build_portal() {
  local stamp=assets/dist/.stamp hash
  hash=$(sources_hash assets/ui)
  [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$hash" ] && return 0
  say "building the portal"
  install_portal_packages
  (cd assets/ui && npm run build >&2)
  printf '%s' "$hash" >"$stamp"
}

# links_with ARGUMENT: whether the linker that rustc uses here takes it.
links_with() {
  local folder answer=1
  folder=$(mktemp -d)
  echo 'fn main() {}' | rustc --target "$TRIPLE" -C "link-arg=$1" -o "$folder/probe" - >/dev/null 2>&1 && answer=0
  rm -rf "$folder"
  return $answer
}

# Builds the static release binary; cargo does nothing when nothing changed.
build_binary() {
  say "building the binary"
  local flags_var flags="-C target-feature=+crt-static" libc final=()
  flags_var=CARGO_TARGET_$(printf '%s' "$TRIPLE" | tr 'a-z-' 'A-Z_')_RUSTFLAGS
  # Packed relocations make the file nearly a megabyte smaller. The C library must know them: an
  # older one would link and then crash at start.
  libc=$(getconf GNU_LIBC_VERSION 2>/dev/null | cut -d' ' -f2)
  version_at_least "${libc:-0}" 2.36 && flags="$flags -C link-arg=-Wl,-z,pack-relative-relocs"
  # Functions with the same code are kept once, which only lld can (rustc's own linker on x86-64).
  # For the last step alone: as one of the flags above it would build all dependencies anew.
  links_with -Wl,--icf=all && final=(-C "link-arg=-Wl,--icf=all")
  env "$flags_var=$flags" \
    cargo rustc --release --locked --target "$TRIPLE" --bin watchkeep -- "${final[@]}" >&2
}

# Fails when the binary, with the portal, is over its budget, and says what is in it.
check_binary_size() {
  local size budget=25000000
  size=$(stat -c %s "$BINARY")
  [ "$size" -le "$budget" ] && return 0
  {
    echo "bytes in $BINARY:"
    size -A -d "$BINARY" | awk '$2 + 0 > 100000 && $1 != "Total" { printf "%12d %s\n", $2, $1 }' | sort -rn
    printf '%12d %s\n' "$(du -sb assets/dist | cut -f1)" "of .rodata: the portal"
  } >&2
  die "the binary has $size bytes, its budget is $budget: see 'built small' in ARCHITECTURE.md"
}

# Makes a bundle of real components once.
build_bundle() {
  [ -s "$BUNDLE" ] && return 0
  need_bundle_tools
  mkdir -p "$CACHE"
  say "making a bundle of components from Debian's packages"
  "$BINARY" bundle build --from debian --allow-stale-index --out "$BUNDLE.part" >&2
  mv "$BUNDLE.part" "$BUNDLE"
}
