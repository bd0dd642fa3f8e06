package facts

import (
	"net/netip"
	"strings"

	"github.com/ttpstream/ttpstream/rules/match"
)

// maxURLs bounds the URLs told of one word.
const maxURLs = 32

// tellNet adds the URLs in a word, their hosts, and the word itself where it
// is an address or host:port.
func tellNet(f *match.Fields, word string) {
	if len(word) < 3 {
		return
	}
	if strings.Contains(word, "://") {
		tellURLs(f, word)
		return
	}
	if rest, ok := strings.CutPrefix(word, "/dev/tcp/"); ok {
		tellDevice(f, rest)
	} else if rest, ok := strings.CutPrefix(word, "/dev/udp/"); ok {
		tellDevice(f, rest)
	} else if strings.IndexByte(word, '.') > 0 || strings.Count(word, ":") > 1 {
		tellAddress(f, word)
	}
}

// tellURLs adds each URL in a word, which may be a text with several.
func tellURLs(f *match.Fields, word string) {
	for n := 0; n < maxURLs; n++ {
		at := strings.Index(word, "://")
		if at < 0 {
			return
		}
		start := at
		for start > 0 && isSchemeByte(word[start-1]) {
			start--
		}
		end := len(word)
		if n := strings.IndexAny(word[at+3:], " \t\r\n\"'`<>|;()"); n >= 0 {
			end = at + 3 + n
		}
		if start < at && end > at+3 {
			f.Add("cmd.urls", word[start:end])
			addOnce(f, "cmd.hosts", hostOf(word[at+3:end]))
		}
		word = word[end:]
	}
}

func isSchemeByte(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '+'
}

// hostOf returns the host of a URL without its scheme.
func hostOf(rest string) string {
	if at := strings.IndexAny(rest, "/?#"); at >= 0 {
		rest = rest[:at]
	}
	rest = rest[strings.LastIndexByte(rest, '@')+1:]
	if strings.HasPrefix(rest, "[") {
		if at := strings.IndexByte(rest, ']'); at > 0 {
			return rest[1:at]
		}
	}
	if at := strings.IndexByte(rest, ':'); at >= 0 {
		rest = rest[:at]
	}
	return rest
}

// tellDevice adds the host of bash's /dev/tcp/HOST/PORT.
func tellDevice(f *match.Fields, rest string) {
	if host, port, ok := strings.Cut(rest, "/"); ok && host != "" && port != "" {
		addOnce(f, "cmd.hosts", host)
	}
}

// tellAddress adds an IP address or host:port, also after user@ and before
// /path, :path or a prefix length.
func tellAddress(f *match.Fields, word string) {
	if at := strings.IndexByte(word, '='); at >= 0 {
		word = word[at+1:]
	}
	remote := false
	if at := strings.LastIndexByte(word, '@'); at >= 0 {
		word, remote = word[at+1:], true
	}
	host, _, _ := strings.Cut(word, "/")
	if strings.Count(host, ":") > 1 {
		host = strings.Trim(host, "[]")
		if _, err := netip.ParseAddr(host); err == nil {
			addOnce(f, "cmd.hosts", host)
		}
		return
	}
	host, port, _ := strings.Cut(host, ":")
	switch {
	case isIPv4(host):
	case isDomain(host) && (remote || isPort(port)):
	default:
		return
	}
	addOnce(f, "cmd.hosts", host)
}

// addOnce adds a text that the field does not hold yet.
func addOnce(f *match.Fields, name, s string) {
	if s == "" {
		return
	}
	values, _ := f.Lookup(name)
	for i := range values {
		if i == maxURLs || values[i] == match.Text(s) {
			return
		}
	}
	f.Add(name, s)
}

// isIPv4 is a cheap netip.ParseAddr for what is nearly always no address.
func isIPv4(s string) bool {
	if len(s) < 7 || len(s) > 15 || s[0] < '0' || s[0] > '9' {
		return false
	}
	addr, err := netip.ParseAddr(s)
	return err == nil && addr.Is4()
}

func isPort(s string) bool {
	n, v := number(s, 6, 10)
	return n > 0 && n == len(s) && v > 0 && v < 1<<16
}

// isDomain says that s is a name with a dot whose last label begins with a
// letter.
func isDomain(s string) bool {
	dot := strings.LastIndexByte(s, '.')
	if dot < 1 || dot+2 >= len(s) || len(s) > 253 || digit(s[dot+1]) < 10 {
		return false
	}
	for i := 0; i < len(s); i++ {
		if c := s[i]; c != '.' && c != '-' && (!isNameByte(c) || c == '_') {
			return false
		}
	}
	return s[0] != '-' && s[0] != '.'
}
