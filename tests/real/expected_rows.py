"""What a correct sweep finds in the zones: the columns that depend on neither time nor path.

Written from the meaning of the columns alone and sharing nothing with the scanner.
"""

import ipaddress

MOST_NAMES = 64
DATAGRAM = 1232
PLAIN = set(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_/")
UNUSABLE = {b"localhost", b"local", b"onion", b"invalid"}
REASON = {"TIMEOUT": "timeout", "UNREACHABLE": "timeout", "SERVFAIL": "servfail", "REFUSED": "refused", "LAME": "lame",
          "LOOP": "error", "MALFORMED": "error", "FORMERR": "error"}
TRANSIENT = list(REASON)  # Worst first.
# Globally unreachable space that the zones use.
SPECIAL = [ipaddress.ip_network(text) for text in
           ("10.0.0.0/8", "192.0.2.0/24", "198.18.0.0/15", "203.0.113.0/24", "2001:db8::/32")]


def presentation(name):
    text = ".".join("".join(chr(byte) if byte in PLAIN else f"\\{byte:03}" for byte in label) for label in name)
    return "\\045" + text[1:] if text.startswith("-") else text or "."


def usable(name):
    return bool(name) and not name[-1].isdigit() and name[-1] not in UNUSABLE


def is_hostname(name):
    letters_digits = all(chr(byte).isascii() and chr(byte).isalnum() or byte == ord("-")
                         for label in name for byte in label)
    return letters_digits and not any(label[:1] == b"-" or label[-1:] == b"-" for label in name)


def join(values):
    return " ".join(str(value) for value in values)


class Expectation:
    """`statuses` says what becomes of OUTSIDE, REFERRAL and LOOP on this path."""

    def __init__(self, lookup, statuses):
        self.lookup = lookup
        self.statuses = statuses

    def find(self, name, kind):
        found = self.lookup(name, kind)
        found.status = self.statuses.get(found.status, found.status)
        assert not DATAGRAM - 400 < found.octets < DATAGRAM + 200, "a set must be clearly above or below a datagram"
        return found

    def row(self, address):
        owner = tuple(label.encode() for label in address.reverse_pointer.split("."))
        found = self.find(owner, "PTR")
        flags = set()
        if found.aliases:
            flags.add("ptr_alias")
        if found.octets > DATAGRAM:
            flags.add("tcp")
        row = {
            "address": str(address),
            "ptr_status": found.status,
            "ptr_ttl": found.ttl,
            "ptr_alias_target": presentation(found.owner) if found.aliases and found.ttl is not None else None,
            "zone": presentation(found.zone) if found.zone is not None else None,
            "evidence": "query",
            "ipv4": int(address) if address.version == 4 else None,
            "prefix": str(ipaddress.ip_network((address, 24 if address.version == 4 else 64), strict=False)),
            "names": "", "confirmed_names": "", "forward_addresses": "",
            "forward_status": None, "forward_ttl": None,
        }
        if found.status == "NOERROR":
            self.confirm(address, found.values, row, flags)
        elif found.status in ("NXDOMAIN", "NODATA"):
            row.update(verdict="permerror", reason="no_ptr")
        else:
            row.update(verdict="temperror", reason="ptr_" + REASON[found.status])
        row["flags"] = join(sorted(flags))
        return {column: "" if value is None else str(value) for column, value in row.items()}

    def confirm(self, address, values, row, flags):
        if any(len(name) == 1 for name in values):
            flags.add("single_label")
        if len(values) > 1:
            flags.add("multiple_names")
        if len(values) > MOST_NAMES:
            flags.add("names_truncated")
        names = sorted(values, key=presentation)[:MOST_NAMES]
        if not all(is_hostname(name) for name in values):
            flags.add("not_hostname")
        kind = "A" if address.version == 4 else "AAAA"
        lookups = {name: self.find(name, kind) for name in names if usable(name)}
        found = list(lookups.values())
        addresses = sorted({value for one in found for value in one.values})
        confirmed = [name for name, one in lookups.items() if address in one.values]
        if any(one.aliases for one in found):
            flags.add("target_alias")
        if any(one.octets > DATAGRAM for one in found):
            flags.add("tcp")
        if len(addresses) > 1:
            flags.add("multiple_addresses")
        if any(value in block for value in addresses for block in SPECIAL):
            flags.add("special_use_address")
        row.update(names=join(map(presentation, names)), confirmed_names=join(map(presentation, confirmed)),
                   forward_addresses=join(addresses))
        failed = [one for status in TRANSIENT for one in found if one.status == status]
        deciding = lookups[confirmed[0]] if confirmed else (failed + found + [None])[0]
        if deciding:
            row.update(forward_status=deciding.status, forward_ttl=deciding.ttl)
        if confirmed:
            row.update(verdict="pass", reason="confirmed")
        elif "names_truncated" in flags:
            row.update(verdict="temperror", reason="forward_error")
        elif failed:
            row.update(verdict="temperror", reason="forward_" + REASON[failed[0].status])
        elif addresses:
            row.update(verdict="fail", reason="forward_mismatch")
        else:
            row.update(verdict="fail", reason="forward_missing" if found else "unusable_name")
