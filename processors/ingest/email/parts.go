package email

import (
	"strings"

	"github.com/jhillyerd/enmime/v2"
)

func isPlain(p *enmime.Part) bool {
	return (p.ContentType == "" || strings.EqualFold(p.ContentType, "text/plain")) && p.FirstChild == nil && p.FileName == ""
}

func isEncodedText(p *enmime.Part) bool {
	kind := strings.ToLower(p.ContentType)
	return (kind == "text/html" || kind == "text/plain") && p.FileName == "" && strings.EqualFold(p.Header.Get("Content-Transfer-Encoding"), "base64")
}
