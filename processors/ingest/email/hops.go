package email

import (
	"net/netip"
	"regexp"
	"strings"
	"time"
)

// hop is one Received header: who says it handed the message over, and who
// that was by the look of the network.
type hop struct {
	// helo is the name that the peer gave itself, reverse the one that its
	// address has, addr the address.
	helo, reverse string
	addr          netip.Addr
	at            time.Time
}

var (
	hopAddress = regexp.MustCompile(`[\[(](?:IPv6:)?([0-9A-Fa-f:.]{3,45})[\])]`)
	hopFrom    = regexp.MustCompile(`(?i)^from\s+(\S+)`)
	hopReverse = regexp.MustCompile(`\(\s*(?:HELO\s+\S+\)?\s*\(?)?([A-Za-z0-9][A-Za-z0-9.-]*\.[A-Za-z]{2,})\.?\s+[\[(]`)
	hopHelo    = regexp.MustCompile(`(?i)\bhelo[ =]([^\s)]+)`)
)

// hops reads the Received headers, the latest first.
func hops(h headers) []hop {
	var found []hop
	for i := range h {
		if !strings.EqualFold(h[i].name, "Received") || len(found) == 64 {
			continue
		}
		found = append(found, readHop(h[i].value))
	}
	return found
}

func readHop(text string) hop {
	var got hop
	if at := strings.LastIndexByte(text, ';'); at >= 0 {
		got.at, _ = parseDate(strings.TrimSpace(text[at+1:]))
	}
	from, _, _ := strings.Cut(text, " by ")
	if match := hopFrom.FindStringSubmatch(from); match != nil {
		got.helo = strings.ToLower(strings.Trim(match[1], "[]()"))
	}
	if match := hopHelo.FindStringSubmatch(from); match != nil { // Exim, qmail: the name is the network's
		got.reverse, got.helo = got.helo, strings.ToLower(strings.Trim(match[1], "[]()"))
	}
	if match := hopReverse.FindStringSubmatch(from); match != nil {
		got.reverse = strings.ToLower(match[1])
	}
	for _, match := range hopAddress.FindAllStringSubmatch(from, 8) {
		if addr, err := netip.ParseAddr(match[1]); err == nil {
			got.addr = addr.Unmap()
		}
	}
	return got
}

// outside returns the address of the last hop outside the relays.
func outside(hops []hop, relays []netip.Prefix) netip.Addr {
	for _, h := range hops {
		if h.addr.IsValid() && isPublic(h.addr) && !within(h.addr, relays) {
			return h.addr
		}
	}
	return netip.Addr{}
}

func isPublic(a netip.Addr) bool {
	return a.IsGlobalUnicast() && !a.IsPrivate() && !a.IsLoopback() && !a.IsLinkLocalUnicast() && !a.IsUnspecified()
}

func within(a netip.Addr, relays []netip.Prefix) bool {
	for _, p := range relays {
		if p.Contains(a) {
			return true
		}
	}
	return false
}
