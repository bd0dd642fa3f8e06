package email

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/publicsuffix"

	"github.com/ttpstream/ttpstream/schemas"
)

// HeaderTraits are the traits that a message's headers may have.
var HeaderTraits = []string{
	"header.brand_name", "header.display_address", "header.executive_name", "header.freemail", "header.freemail_forged", "header.freemail_reply",
	"header.from_forged", "header.reply_differs", "header.return_differs", "header.no_message_id", "header.message_id_foreign", "header.no_date",
	"header.bad_date", "header.date_future", "header.date_past", "header.undisclosed", "header.many_recipients", "header.list", "header.subject_shouts",
	"header.subject_tail", "header.subject_urgent", "header.subject_account", "header.subject_money", "header.fake_reply", "header.from_digits",
	"header.helo_forged", "header.helo_address", "header.no_reverse", "header.mailer_kit", "header.mailer_forged", "header.subject_homoglyph", "header.from_homoglyph",
	"header.from_is_to",
}

// readHeaders takes what the headers say.
func (m *message) readHeaders() {
	e, h := m.event, m.headers
	name, _ := parseAddress(h.get("From"))
	e.FromDomain, e.ReturnPathDomain, e.ReplyToDomain = short(domainOf(h.get("From"))), short(domainOf(h.get("Return-Path"))), short(domainOf(h.get("Reply-To")))
	e.Mailer = short(h.get("X-Mailer"))
	if e.Mailer == "" {
		e.Mailer = short(h.get("User-Agent"))
	}
	if id := h.get("Message-ID"); id != "" {
		e.MessageIDHash = hashOf([]byte(strings.Trim(id, "<> ")))
	}
	for i := range h {
		e.HeaderNames = append(e.HeaderNames, short(h[i].name))
	}
	e.ReceivedHops = len(m.hops)
	m.readResults()
	m.readRecipients()
	m.readSender(name)
	m.readRoute()
	m.readSubject()
}

func short(text string) string {
	if len(text) <= schemas.MaxShortText {
		return text
	}
	cut := schemas.MaxShortText
	for cut > 0 && !utf8.RuneStart(text[cut]) {
		cut--
	}
	return text[:cut]
}

// readResults takes what our own server said of SPF, DKIM and DMARC: the first
// Authentication-Results, which it put on top.
func (m *message) readResults() {
	results := strings.ToLower(m.headers.get("Authentication-Results"))
	for _, r := range []struct {
		name string
		into *string
	}{{"spf=", &m.event.SPF}, {"dkim=", &m.event.DKIM}, {"dmarc=", &m.event.DMARC}} {
		if _, rest, ok := strings.Cut(results, r.name); ok {
			*r.into = short(strings.TrimFunc(strings.FieldsFunc(rest+" ", func(c rune) bool { return !unicode.IsLetter(c) })[0], unicode.IsSpace))
		}
	}
	if m.event.SPF == "" {
		if words := strings.Fields(strings.ToLower(m.headers.get("Received-SPF"))); len(words) > 0 {
			m.event.SPF = short(words[0])
		}
	}
}

// maxRecipients bounds what is counted.
const maxRecipients = 10_000

// readRecipients counts recipients and their domains.
func (m *message) readRecipients() {
	domains := map[string]bool{}
	from := m.headers.get("From")
	_, sender := parseAddress(from)
	for i := range m.headers {
		switch strings.ToLower(m.headers[i].name) {
		case "to", "cc", "bcc":
		default:
			continue
		}
		for _, word := range strings.FieldsFunc(m.headers[i].value, func(r rune) bool { return strings.ContainsRune(",; <>\"'()", r) }) {
			at := strings.LastIndexByte(word, '@')
			if at <= 0 || m.event.RecipientCount == maxRecipients {
				continue
			}
			m.event.RecipientCount++
			m.trait("header.from_is_to", strings.EqualFold(word, sender))
			if domain := cleanHost(word[at+1:]); domain != "" && !domains[domain] && len(domains) < 64 {
				domains[domain] = true
				m.event.RecipientDomains = append(m.event.RecipientDomains, domain)
			}
		}
	}
	m.trait("header.undisclosed", m.event.RecipientCount == 0)
	m.trait("header.many_recipients", m.event.RecipientCount >= 10)
}

// organisation returns the part of a domain that somebody registered.
func organisation(domain string) string {
	if org, err := publicsuffix.EffectiveTLDPlusOne(domain); err == nil {
		return org
	}
	return domain
}

// readSender compares who the message says it is from with what else it says.
func (m *message) readSender(name string) {
	e := m.event
	from, reply, returned := organisation(e.FromDomain), organisation(e.ReplyToDomain), organisation(e.ReturnPathDomain)
	m.trait("header.reply_differs", reply != "" && from != "" && reply != from)
	m.trait("header.return_differs", returned != "" && from != "" && returned != from)
	m.trait("header.freemail", freemail[from] != "")
	m.trait("header.freemail_reply", freemail[reply] != "" && reply != from)
	m.trait("header.list", m.headers.has("List-Id") || m.headers.has("List-Unsubscribe") || m.headers.has("List-Post") || m.headers.has("Mailing-List") || m.headers.has("X-Mailing-List") || m.headers.has("X-BeenThere") ||
		strings.EqualFold(m.headers.get("Precedence"), "list"))
	if brand := brandIn(name); brand != nil {
		m.trait("header.brand_name", from != "" && !brand.owns(from))
	}
	if _, shown := parseAddress(name); strings.Contains(shown, "@") {
		m.trait("header.display_address", organisation(cleanHost(shown[strings.LastIndexByte(shown, '@')+1:])) != from)
	}
	m.trait("header.executive_name", hasAny(strings.ToLower(name), executives))
	m.trait("header.from_homoglyph", lookalike(e.FromDomain) || mixedScript(name))
	_, address := parseAddress(m.headers.get("From"))
	local, _, _ := strings.Cut(address, "@")
	m.trait("header.from_digits", digits(local) >= 4)
}

func digits(text string) (n int) {
	for _, r := range text {
		if unicode.IsDigit(r) {
			n++
		}
	}
	return n
}

// readRoute compares the sender with the servers that the message came by.
func (m *message) readRoute() {
	from := organisation(m.event.FromDomain)
	through, seen := false, false
	for i, h := range m.hops {
		if h.addr.IsValid() && isPublic(h.addr) && !seen {
			seen = true
			m.event.HELO = short(h.helo)
			m.trait("header.helo_forged", h.helo != "" && h.reverse != "" && strings.Contains(h.helo, ".") && forged(h))
			m.trait("header.helo_address", isAddress(h.helo))
			m.trait("header.no_reverse", h.reverse == "" && !isAddress(h.helo))
		}
		if from != "" && (within2(h.helo, from) && i > 0 || within2(h.reverse, from)) {
			through = true
		}
	}
	if provider := freemail[from]; provider != "" {
		for _, h := range m.hops {
			through = through || strings.Contains(h.reverse, provider) || strings.Contains(h.helo, provider)
		}
		m.trait("header.freemail_forged", seen && !through && !m.traits["header.list"])
	}
	m.trait("header.from_forged", seen && !through && brandOf(from) != nil && !m.traits["header.list"])
	id := m.headers.get("Message-ID")
	m.trait("header.no_message_id", id == "")
	if at := strings.LastIndexByte(id, '@'); at >= 0 {
		host := cleanHost(strings.TrimRight(id[at+1:], ">"))
		m.trait("header.message_id_foreign", freemail[from] != "" && !strings.Contains(host, freemail[from]))
	}
	m.trait("header.mailer_kit", hasAny(strings.ToLower(m.event.Mailer), kitMailers))
	m.trait("header.mailer_forged", m.forgedMailer())
}

// forged reports whether a peer greeted with the name of an organisation that
// its address is not of.
func forged(h hop) bool {
	helo, reverse := organisation(h.helo), organisation(h.reverse)
	return helo != reverse && (freemail[helo] != "" || brandOf(helo) != nil)
}

func isAddress(text string) bool {
	return text != "" && strings.Trim(text, "0123456789.") == "" && strings.Count(text, ".") == 3
}

func within2(host, org string) bool {
	return host == org || strings.HasSuffix(host, "."+org)
}

// forgedMailer reports whether a message calls itself Outlook's and lacks what
// every release of it writes.
func (m *message) forgedMailer() bool {
	mailer := strings.ToLower(m.event.Mailer)
	if !strings.HasPrefix(mailer, "microsoft outlook") {
		return false
	}
	return strings.HasPrefix(mailer, "microsoft outlook express") && !m.headers.has("X-MimeOLE") && m.headers.has("MIME-Version")
}
