package email

import (
	"net/netip"
	"net/url"
	"regexp"
	"strconv"
	"strings"
)

// URLTraits are the traits that the links of a message may have.
var URLTraits = []string{
	"url.ip_literal", "url.numeric_host", "url.shortener", "url.punycode", "url.homoglyph", "url.userinfo", "url.anchor_mismatch", "url.odd_port", "url.encoded_host",
	"url.brand_host", "url.credential_path", "url.free_host", "url.executable", "url.script", "url.open_redirect", "url.recipient", "url.many_labels", "url.odd_tld", "url.file_share",
}

var plainURL = regexp.MustCompile(`(?i)\b(?:https?://|www\.)[^\s<>"'\]]{3,}`)

// readURLs takes what the links are like; of each, the host alone is kept.
func (m *message) readURLs() {
	links := m.html.links
	plain := m.envelope.Text[:min(len(m.envelope.Text), maxText)]
	if m.envelope.HTML != "" && !hasPlainPart(m) {
		plain = "" // it was made of the page
	}
	if strings.Contains(plain, "://") || strings.Contains(plain, "www.") {
		for _, found := range plainURL.FindAllString(plain, maxLinks) {
			links = append(links, link{target: found})
		}
	}
	for _, target := range m.html.formTargets {
		links = append(links, link{target: target})
	}
	seen := map[string]bool{}
	for _, l := range links[:min(len(links), maxLinks)] {
		u := parseLink(l.target)
		if u == nil {
			m.trait("url.script", strings.HasPrefix(strings.ToLower(strings.TrimSpace(l.target)), "javascript:") || strings.HasPrefix(strings.ToLower(l.target), "data:text/html"))
			continue
		}
		host := cleanHost(u.Hostname())
		if !seen[l.target] {
			seen[l.target] = true
			m.readHost(l.target, host, u)
			m.readPath(u)
		}
		m.readAnchor(l, host)
		if host != "" && !seen[host] && len(seen) < 64 {
			seen[host] = true
			m.event.URLHosts = append(m.event.URLHosts, short(host))
		}
	}
}

// parseLink reads a link to a web site, nil for any other.
func parseLink(target string) *url.URL {
	target = strings.TrimSpace(target)
	low := strings.ToLower(target)
	if strings.HasPrefix(low, "www.") {
		target = "http://" + target
	} else if !strings.HasPrefix(low, "http://") && !strings.HasPrefix(low, "https://") {
		return nil
	}
	u, err := url.Parse(strings.Map(func(r rune) rune {
		if r < ' ' || r == ' ' {
			return -1
		}
		return r
	}, target))
	if err != nil {
		// Browsers read what the standard does not allow: host and path by hand.
		_, rest, _ := strings.Cut(target, "://")
		host, path, _ := strings.Cut(rest, "/")
		if at := strings.LastIndexByte(host, '@'); at >= 0 {
			return &url.URL{Host: host[at+1:], Path: "/" + path, User: url.User(host[:at])}
		}
		return &url.URL{Host: host, Path: "/" + path}
	}
	return u
}

func (m *message) readHost(target, host string, u *url.URL) {
	_, err := netip.ParseAddr(strings.Trim(host, "[]"))
	m.trait("url.ip_literal", err == nil)
	m.trait("url.numeric_host", err != nil && numericHost(host))
	m.trait("url.shortener", shorteners[organisation(host)] || shorteners[host])
	m.trait("url.punycode", strings.Contains("."+host, ".xn--"))
	m.trait("url.homoglyph", lookalike(host))
	m.trait("url.userinfo", u.User != nil)
	port := u.Port()
	m.trait("url.odd_port", port != "" && port != "80" && port != "443" && port != "8080")
	authority, _, _ := strings.Cut(strings.TrimPrefix(strings.TrimPrefix(strings.ToLower(target), "https://"), "http://"), "/")
	m.trait("url.encoded_host", strings.Contains(authority, "%"))
	m.trait("url.brand_host", brandInHost(host) != nil)
	m.trait("url.free_host", freeHosts[organisation(host)] || freeHosts[host])
	m.trait("url.file_share", fileShares[organisation(host)] || fileShares[host])
	m.trait("url.many_labels", strings.Count(host, ".") >= 5 && err != nil)
	m.trait("url.odd_tld", oddTLDs[host[strings.LastIndexByte(host, '.')+1:]])
}

// numericHost reports whether a host is an address in a spelling that only
// programs use.
func numericHost(host string) bool {
	if host == "" {
		return false
	}
	for _, part := range strings.Split(host, ".") {
		if _, err := strconv.ParseUint(part, 0, 64); err != nil {
			return false
		}
	}
	return true
}

var (
	credentialPath = regexp.MustCompile(`(?i)(^|[/._=?&-])(log-?in|sign-?in|verif(y|ication|ied)|confirm(ation)?|secure|webscr|account|update|authenticate|validat(e|ion)|unlock|recover|password|webmail|owa|cgi-bin/webscr|suspended|billing|ebayisapi)([/._=?&-]|$|\d)`)
	executablePath = regexp.MustCompile(`(?i)\.(exe|scr|pif|com|bat|cmd|vbs|vbe|js|jse|wsf|hta|jar|msi|iso|img|lnk|ps1|apk|dll|cab|ace|xlsm|docm)$`)
	redirectQuery  = regexp.MustCompile(`(?i)(^|&)(url|u|redirect(_?ur[il])?|redir|goto|next|target|dest(ination)?|link|r)=https?(:|%3a)`)
)

func (m *message) readPath(u *url.URL) {
	m.trait("url.credential_path", credentialPath.MatchString(u.Path) || credentialPath.MatchString(u.Hostname()))
	m.trait("url.executable", executablePath.MatchString(u.Path))
	m.trait("url.open_redirect", redirectQuery.MatchString(u.RawQuery) || strings.Contains(strings.ToLower(u.Path), "/http:/") || strings.Contains(u.Path, "*http"))
	for i := range m.headers {
		if !strings.EqualFold(m.headers[i].name, "To") {
			continue
		}
		_, address := parseAddress(m.headers[i].value)
		m.trait("url.recipient", len(address) > 5 && strings.Contains(strings.ToLower(u.RawQuery+u.Fragment), address))
	}
}

// readAnchor compares where a link goes with what it shows.
func (m *message) readAnchor(l link, host string) {
	shown := strings.TrimSpace(l.shown)
	if shown == "" || len(shown) > 300 || host == "" || strings.ContainsAny(shown, " \t\n") {
		return
	}
	u := parseLink(shown)
	if u == nil {
		return
	}
	named := cleanHost(u.Hostname())
	m.trait("url.anchor_mismatch", strings.Contains(named, ".") && organisation(named) != organisation(host))
}

func set(words ...string) map[string]bool {
	table := map[string]bool{}
	for _, word := range words {
		table[word] = true
	}
	return table
}

var (
	shorteners = set("bit.ly", "tinyurl.com", "t.co", "goo.gl", "ow.ly", "is.gd", "buff.ly", "rebrand.ly", "cutt.ly", "t.ly", "rb.gy", "shorturl.at", "tiny.cc", "bl.ink", "lnkd.in", "s.id", "v.gd", "adf.ly", "bit.do", "shorte.st", "qrco.de", "urlz.fr", "tr.im", "snipurl.com", "x.co", "soo.gd", "clck.ru", "u.to", "dub.sh", "linktr.ee")
	freeHosts  = set("weebly.com", "wixsite.com", "000webhostapp.com", "blogspot.com", "github.io", "gitlab.io", "netlify.app", "vercel.app", "herokuapp.com", "firebaseapp.com", "web.app", "pages.dev", "workers.dev", "glitch.me", "godaddysites.com", "square.site", "webflow.io", "carrd.co", "jimdosite.com", "yolasite.com", "site123.me", "repl.co", "ngrok.io", "ngrok-free.app", "trycloudflare.com", "geocities.com", "tripod.com", "angelfire.com", "freeservers.com", "50megs.com", "fortunecity.com", "xoom.com", "byethost.com", "infinityfreeapp.com", "r2.dev", "azurewebsites.net", "windows.net", "duckdns.org", "ddns.net", "no-ip.org", "typeform.com", "jotform.com", "formstack.com", "forms.gle", "docs.google.com", "sites.google.com", "ipfs.io", "dweb.link", "backblazeb2.com", "appspot.com", "cloudfront.net")
	fileShares = set("wetransfer.com", "we.tl", "mediafire.com", "mega.nz", "dropbox.com", "1drv.ms", "drive.google.com", "anonfiles.com", "gofile.io", "transfer.sh", "sendspace.com", "box.com", "files.fm", "discordapp.com", "cdn.discordapp.com", "catbox.moe")
	oddTLDs    = set("top", "xyz", "tk", "ml", "ga", "cf", "gq", "icu", "buzz", "club", "click", "link", "work", "rest", "cam", "surf", "monster", "quest", "cyou", "sbs", "cfd", "shop", "lol", "zip", "mov", "bond", "biz", "ws")
)
