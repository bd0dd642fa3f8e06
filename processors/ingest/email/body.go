package email

import (
	"regexp"
	"strings"

	"github.com/ttpstream/ttpstream/schemas"
)

// BodyTraits are the traits that the text of a message may have.
var BodyTraits = []string{
	"body.urgency", "body.credential_request", "body.account_threat", "body.payment", "body.wire", "body.gift_card", "body.bank_change", "body.executive_ask",
	"body.advance_fee", "body.lottery", "body.sextortion", "body.bitcoin_address", "body.generic_greeting", "body.brand", "body.form", "body.password_input", "body.script",
	"body.html_smuggling", "body.meta_refresh", "body.hidden_text", "body.image_only", "body.tracking_pixel", "body.html_only", "body.encoded_text", "body.broken_words", "body.obfuscated_words",
	"body.zero_width", "body.homoglyph", "body.offer", "body.click_here", "body.remove_line", "body.short_ask", "body.shared_document", "body.encoded_block", "body.password_given", "body.callback",
	"body.invoice", "body.pills", "body.easy_money", "body.legal_claim", "body.moved_talk", "body.mismatched_brand", "body.money_figures", "body.shouts",
}

// readBody takes what the text is like.
func (m *message) readBody() {
	e := m.envelope
	m.html = readPage(e.HTML[:min(len(e.HTML), 4*maxText)])
	text := e.Text
	if e.HTML != "" {
		text = m.html.text.String()
	}
	if strings.Contains(strings.ToLower(e.Text[:min(len(e.Text), 4096)]), "<html") && e.HTML == "" { // HTML that is declared as text
		m.html = readPage(e.Text[:min(len(e.Text), 4*maxText)])
		text = m.html.text.String()
	}
	text = text[:min(len(text), maxText)]
	m.trait("body.zero_width", strings.Count(text, "\u200b")+strings.Count(text, "\u200c")+strings.Count(text, "\u00ad")+strings.Count(text, "\u2060") >= 3)
	m.words = strings.ToLower(strings.Join(strings.Fields(strip(text)), " "))
	m.readMarkup()
	m.readWords(text)
	m.readURLs()
	m.readClaims()
	m.event.BodyFingerprint = fingerprint(m.words)
	m.event.EncodedBytes = encodedBytes(text)
	m.trait("body.encoded_block", m.event.EncodedBytes >= 2048)
}

// strip takes out what nobody sees.
func strip(text string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune(zeroWidth, r) {
			return -1
		}
		return r
	}, text)
}

var smuggling = regexp.MustCompile(`(?i)(msSaveOrOpenBlob|createObjectURL|new\s+Blob\s*\(|\.download\s*=|atob\s*\(|Uint8Array|fromCharCode|unescape\s*\(|document\.write)`)

func (m *message) readMarkup() {
	p := m.html
	m.trait("body.form", p.forms > 0)
	m.trait("body.password_input", p.passwords > 0)
	m.trait("body.script", p.scripts > 0)
	m.trait("body.html_smuggling", smuggled(p.scriptText.String()))
	m.trait("body.meta_refresh", p.metaRefresh)
	m.trait("body.hidden_text", p.hidden >= 2)
	m.trait("body.tracking_pixel", p.pixels > 0)
	m.trait("body.image_only", p.images > 0 && len(p.links) > 0 && len(m.words) < 200)
	m.trait("body.html_only", m.envelope.HTML != "" && !hasPlainPart(m))
	m.trait("body.broken_words", p.comments >= 8 && strings.Count(m.envelope.HTML, "-->") > len(strings.Fields(m.words))/8)
	m.trait("body.encoded_text", m.encodedText())
}

// smuggled reports whether a script makes a file of what it carries.
func smuggled(script string) bool {
	kinds := map[string]bool{}
	for _, found := range smuggling.FindAllString(script, 64) {
		kinds[strings.ToLower(strings.Trim(found, " (="))] = true
	}
	return len(kinds) >= 2
}

func hasPlainPart(m *message) bool {
	if m.envelope.Root == nil {
		return true
	}
	return m.envelope.Root.DepthMatchFirst(isPlain) != nil
}

// encodedText reports whether text that needs no encoding came in base64.
func (m *message) encodedText() bool {
	root := m.envelope.Root
	if root == nil {
		return false
	}
	part := root.DepthMatchFirst(isEncodedText)
	return part != nil && ascii(part.Content)
}

func ascii(text []byte) bool {
	for _, c := range text[:min(len(text), 4096)] {
		if c > 126 {
			return false
		}
	}
	return len(text) > 0
}

// minBlock is the shortest run of base64 in a text that is a block: one that
// fills lines.
const minBlock = 60

// encodedBytes is the length of what is encoded within the text itself: lines
// of nothing but base64, several in a row, or one of great length.
func encodedBytes(text string) int64 {
	total, run := 0, 0
	flush := func() {
		if run >= 8*minBlock {
			total += run
		}
		run = 0
	}
	for line := range strings.SplitSeq(text, "\n") {
		line = strings.TrimSpace(line)
		if len(line) >= minBlock && isBase64(line) {
			run += len(line)
			continue
		}
		flush()
	}
	flush()
	return min(int64(total), schemas.MaxLongText*16)
}

func isBase64(line string) bool {
	digits, upper := 0, 0
	for i := range len(line) {
		c := line[i]
		switch {
		case c >= '0' && c <= '9':
			digits++
		case c >= 'A' && c <= 'Z':
			upper++
		case c >= 'a' && c <= 'z', c == '+', c == '/', c == '=':
		default:
			return false
		}
	}
	return digits > 0 && upper > 0
}
