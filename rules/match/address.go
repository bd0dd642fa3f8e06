package match

import (
	"net/netip"
	"strings"
)

// maxAddress is longer than any spelling of an address with zone and port.
const maxAddress = 80

// address reads an IP address, with or without a port, as sensors write it.
// IPv4 inside IPv6 is IPv4. Text that cannot be one is refused before the
// parsers see it, because their errors allocate.
func address(text string) (netip.Addr, bool) {
	dots, colons := strings.Count(text, "."), strings.Count(text, ":")
	v4 := dots == 3 && colons <= 1
	if len(text) == 0 || len(text) > maxAddress || !v4 && colons < 2 || !addressLetters(text, v4) {
		return netip.Addr{}, false
	}
	if addr, err := netip.ParseAddr(text); err == nil {
		return addr.Unmap().WithZone(""), true
	}
	if addr, err := netip.ParseAddrPort(text); err == nil {
		return addr.Addr().Unmap().WithZone(""), true
	}
	return netip.Addr{}, false
}

func addressLetters(text string, v4 bool) bool {
	for i := range len(text) {
		switch c := text[i]; {
		case '0' <= c && c <= '9', c == '.', c == ':':
		case v4:
			return false
		case 'a' <= c && c <= 'f', 'A' <= c && c <= 'F', c == '[', c == ']':
		case c == '%':
			return true
		default:
			return false
		}
	}
	return true
}
