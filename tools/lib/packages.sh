# Debian packages for the commands in tools/, which source this file.

# What a build needs.
BUILD_PACKAGES=(g++ cmake ninja-build pkg-config liburing-dev libabsl-dev libcli11-dev libzstd-dev nlohmann-json3-dev zlib1g-dev
  libsnappy-dev libxxhash-dev)

# The packages among NAME... that are not installed, one a line.
missing_packages() {
  local installed name
  installed=$(dpkg-query --show --showformat='${binary:Package} ${db:Status-Status}\n' "$@" 2>/dev/null || true)
  installed=" $(sed -n 's/^\([^: ]*\).* installed$/\1/p' <<<"$installed" | tr '\n' ' ')"
  for name in "$@"; do
    [[ $installed == *" $name "* ]] || echo "$name"
  done
}

# install_packages NAME...: without a question, and without starting the daemons that some of them bring.
install_packages() {
  local missing as_root=()
  mapfile -t missing < <(missing_packages "$@")
  ((${#missing[@]})) || return 0
  if ((EUID != 0)); then
    if ! sudo -n true 2>/dev/null; then
      echo "$0: install these Debian packages, or run this as root: ${missing[*]}" >&2
      return 1
    fi
    as_root=(sudo -n)
  fi
  (
    policy=/usr/sbin/policy-rc.d
    if [[ ! -e $policy ]]; then
      trap '"${as_root[@]}" rm -f "$policy"' EXIT
      printf '#!/bin/sh\nexit 101\n' | "${as_root[@]}" install -m 755 /dev/stdin "$policy"
    fi
    apt_get=("${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -q -y)
    "${apt_get[@]}" update
    "${apt_get[@]}" install --no-install-recommends "${missing[@]}"
  ) </dev/null
  disable_daemons "${missing[@]}"
}

# install_commands COMMAND:PACKAGE...: the packages of the commands that are not there, wherever they would come from.
install_commands() {
  local pair packages=()
  for pair in "$@"; do
    command -v "${pair%%:*}" >/dev/null || packages+=("${pair#*:}")
  done
  ((${#packages[@]})) || return 0
  install_packages "${packages[@]}"
}

# Of the packages that were just installed, none shall start with the machine either.
disable_daemons() {
  [[ -d /run/systemd/system ]] || return 0
  local package
  for package in "$@"; do
    case $package in
      nsd | knot | unbound) "${as_root[@]}" systemctl --quiet disable "$package" ;;
      bind9) "${as_root[@]}" systemctl --quiet disable named ;;
      pdns-server) "${as_root[@]}" systemctl --quiet disable pdns ;;
    esac
  done
}
