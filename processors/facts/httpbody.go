package facts

import (
	"encoding/json"
	"regexp"
	"strings"
)

// readBody reads a body as what it is: a form, JSON, XML, parts of a form with
// files, or text.
func (r *request) readBody() {
	raw, _ := trim(valid(r.event.Body), maxBodyText)
	if raw == "" {
		return
	}
	trimmed := strings.TrimSpace(raw)
	switch {
	case strings.Contains(r.contentType, "multipart/") || strings.HasPrefix(trimmed, "--") && strings.Contains(trimmed, "form-data"):
		r.body = raw
		r.readParts(raw)
	case (strings.Contains(r.contentType, "json") || trimmed[0] == '{' || trimmed[0] == '[') && json.Valid([]byte(trimmed)):
		r.body = raw
		r.readJSON(trimmed)
	case strings.HasPrefix(trimmed, "<") && (strings.Contains(r.contentType, "xml") || strings.HasPrefix(trimmed, "<?xml") || strings.HasPrefix(trimmed, "<!DOCTYPE")):
		r.body = raw
		r.readXML(raw)
	default:
		r.body = r.decode(raw, true)
		r.readArgs(raw)
		if !strings.Contains(raw, "=") {
			break
		}
		if strings.ContainsAny(raw, "<>") || !strings.Contains(raw, "&") {
			r.add(inBody, r.body)
		}
	}
}

// readJSON reads the names and texts of a document.
func (r *request) readJSON(raw string) {
	decoder := json.NewDecoder(strings.NewReader(raw))
	for range 16 * maxHTTPArgs {
		token, err := decoder.Token()
		if err != nil {
			return
		}
		if text, ok := token.(string); ok && len(r.args) < maxHTTPArgs {
			text = r.decode(clipText(text), false)
			r.args = append(r.args, text)
			r.add(inArg, text)
		}
	}
}

var (
	xmlAttribute = regexp.MustCompile(`[\w:.-]+\s*=\s*("[^"]*"|'[^']*')`)
	xmlTag       = regexp.MustCompile(`<[^>]*>`)
	xmlEntity    = regexp.MustCompile(`(?i)<!\s*(doctype|entity)\b[^>]*(system|public|%|entity)`)
)

// readXML reads the texts and the values of attributes of a document; its
// names are its own.
func (r *request) readXML(raw string) {
	for _, found := range xmlAttribute.FindAllString(raw, maxHTTPArgs) {
		_, value, _ := strings.Cut(found, "=")
		r.addXML(strings.Trim(strings.TrimSpace(value), `"'`))
	}
	for _, text := range xmlTag.Split(raw, maxHTTPArgs) {
		r.addXML(strings.TrimSpace(text))
	}
}

func (r *request) addXML(text string) {
	if text == "" || strings.HasPrefix(text, "http://www.w3.org/") || strings.HasPrefix(text, "http://schemas.") {
		return
	}
	text = r.decode(clipText(text), false)
	r.args = append(r.args, text)
	r.add(inArg, text)
}

var (
	partHead = regexp.MustCompile(`(?is)content-disposition:[^\n]*`)
	partName = regexp.MustCompile(`(?i)filename\*?\s*=\s*"?([^";\r\n]+)`)
)

// readParts reads a form of parts: what fields hold, and the names of files.
func (r *request) readParts(raw string) {
	for _, head := range partHead.FindAllString(raw, maxHTTPArgs) {
		if match := partName.FindStringSubmatch(head); match != nil {
			r.addFile(match[1])
		}
	}
	for _, part := range splitParts(raw) {
		part = r.decode(clipText(part), false)
		r.args = append(r.args, part)
		trimmed := strings.TrimSpace(part)
		switch {
		case strings.HasPrefix(trimmed, "<?xml"):
			r.readXML(trimmed)
		case strings.HasPrefix(trimmed, "{") && json.Valid([]byte(trimmed)):
			r.readJSON(trimmed)
		default:
			r.add(inArg, part)
		}
	}
}

// splitParts returns what stands between the heads of parts and the next
// boundary.
func splitParts(raw string) []string {
	raw = strings.ReplaceAll(raw, "\r\n", "\n")
	first, _, _ := strings.Cut(strings.TrimLeft(raw, "\n"), "\n")
	if len(first) < 3 || !strings.HasPrefix(first, "--") {
		return nil
	}
	var parts []string
	for part := range strings.SplitSeq(raw, first) {
		if _, content, ok := strings.Cut(part, "\n\n"); ok && len(parts) < maxHTTPArgs {
			parts = append(parts, strings.TrimSpace(content))
		}
	}
	return parts
}

func (r *request) addFile(name string) {
	name = strings.TrimSpace(r.decode(clipText(name), false))
	if name != "" && len(r.files) < maxHTTPArgs {
		r.files = append(r.files, strings.ToLower(name))
	}
}

// fileName is the file's name in a header that is one, or that holds one.
func fileName(value string) string {
	if match := partName.FindStringSubmatch(value); match != nil {
		return match[1]
	}
	return strings.Trim(value, `"`)
}
