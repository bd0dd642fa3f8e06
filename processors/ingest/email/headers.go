package email

import (
	"bytes"
	"mime"
	"net/mail"
	"strings"
	"time"

	"golang.org/x/net/idna"

	"github.com/ttpstream/ttpstream/schemas"
)

// header is one header of a message, unfolded.
type header struct{ name, value string }

// headers are all of them, in order. They are read here and not by the MIME
// parser, which does not keep their order.
type headers []header

const (
	// maxHeaders and maxHeaderValue bound what is read of the headers.
	maxHeaders     = 512
	maxHeaderValue = 16 << 10
)

// splitMessage cuts a message into headers and body.
func splitMessage(raw []byte) (head, body []byte) {
	for _, gap := range [...]string{"\n\n", "\n\r\n"} {
		if at := bytes.Index(raw, []byte(gap)); at >= 0 && (head == nil || at < len(head)) {
			head, body = raw[:at], raw[at+len(gap):]
		}
	}
	if head == nil {
		return raw, nil
	}
	return head, body
}

func readHeaders(raw []byte) headers {
	head, _ := splitMessage(raw)
	var found headers
	for line := range strings.Lines(strings.ToValidUTF8(string(head[:min(len(head), 1<<20)]), "\uFFFD")) {
		line = strings.TrimRight(line, "\r\n")
		if line == "" {
			break
		}
		if line[0] == ' ' || line[0] == '\t' {
			if n := len(found); n > 0 && len(found[n-1].value) < maxHeaderValue {
				found[n-1].value += " " + strings.TrimSpace(line)
			}
			continue
		}
		name, value, ok := strings.Cut(line, ":")
		if !ok || strings.ContainsAny(name, " \t") || len(found) == maxHeaders {
			continue
		}
		found = append(found, header{name, strings.TrimSpace(value[:min(len(value), maxHeaderValue)])})
	}
	return found
}

// get returns the first header of that name, decoded, or nothing.
func (h headers) get(name string) string {
	for i := range h {
		if strings.EqualFold(h[i].name, name) {
			return decodeWords(h[i].value)
		}
	}
	return ""
}

func (h headers) has(name string) bool {
	for i := range h {
		if strings.EqualFold(h[i].name, name) {
			return true
		}
	}
	return false
}

// likeMail reports whether headers are a mail's and not those of something
// else that begins with names and colons.
func (h headers) likeMail() bool {
	known := 0
	for _, name := range [...]string{"From", "To", "Subject", "Date", "Received", "Message-ID", "Return-Path", "MIME-Version", "Delivered-To"} {
		if h.has(name) {
			known++
		}
	}
	return known >= 2
}

var wordDecoder = mime.WordDecoder{}

// decodeWords reads encoded words; what cannot be read stays as it is.
func decodeWords(text string) string {
	if !strings.Contains(text, "=?") {
		return text
	}
	decoded, err := wordDecoder.DecodeHeader(text)
	if err != nil {
		return text
	}
	return strings.ToValidUTF8(decoded, "\uFFFD")
}

// parseAddress takes a From header apart: the name that is shown, and the
// address.
func parseAddress(text string) (name, address string) {
	if a, err := mail.ParseAddress(text); err == nil {
		return a.Name, strings.ToLower(a.Address)
	}
	if open := strings.LastIndexByte(text, '<'); open >= 0 { // what RFC 5322 does not allow and everybody shows
		inner, _, _ := strings.Cut(text[open+1:], ">")
		return strings.Trim(strings.TrimSpace(text[:open]), `"'`), strings.ToLower(strings.TrimSpace(inner))
	}
	for _, word := range strings.Fields(text) {
		if strings.Contains(word, "@") {
			return "", strings.ToLower(strings.Trim(word, `"'(),;`))
		}
	}
	return strings.Trim(text, `"' `), ""
}

// domainOf returns the domain of the address in a header, lower case, in its
// ASCII spelling, or nothing.
func domainOf(text string) string {
	_, address := parseAddress(text)
	at := strings.LastIndexByte(address, '@')
	if at < 0 {
		return ""
	}
	return cleanHost(address[at+1:])
}

// cleanHost returns a host in lower case and ASCII, nothing for what is none.
func cleanHost(host string) string {
	host = strings.ToLower(strings.Trim(host, ". \t<>\"'"))
	if host == "" || len(host) > 255 || strings.ContainsAny(host, " /\\@\x00") {
		return ""
	}
	if ascii, err := idna.Punycode.ToASCII(host); err == nil {
		host = ascii
	}
	return strings.ToValidUTF8(host, "")
}

// dateLayouts are those that real mail has beside RFC 5322's.
var dateLayouts = [...]string{"Mon, 2 Jan 2006 15:04:05 MST", "Mon, 2 Jan 2006 15:04:05", "2 Jan 2006 15:04:05", time.RFC3339, "2006-01-02 15:04:05 -0700"}

func parseDate(text string) (time.Time, bool) {
	if text == "" || len(text) > 128 {
		return time.Time{}, false
	}
	at, err := mail.ParseDate(text)
	if err != nil {
		if bare, _, cut := strings.Cut(text, "("); cut {
			at, err = mail.ParseDate(strings.TrimSpace(bare))
		}
	}
	for i := 0; err != nil && i < len(dateLayouts); i++ {
		at, err = time.Parse(dateLayouts[i], text)
	}
	if err != nil || !inRange(at) {
		return time.Time{}, false
	}
	return at.UTC(), true
}

func inRange(at time.Time) bool {
	return !at.Before(schemas.MinEventTime) && at.Before(schemas.MaxEventTime)
}
