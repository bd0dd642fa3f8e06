package email

import (
	"strings"

	"golang.org/x/net/html"
)

// page is what was seen of an HTML body.
type page struct {
	text  strings.Builder
	links []link
	// What the markup does.
	forms, passwords, scripts, images, hidden, pixels, comments int
	metaRefresh                                                 bool
	formTargets                                                 []string
	scriptText                                                  strings.Builder
}

// link is one link and the text that shows it.
type link struct{ target, shown string }

const (
	// maxText bounds how much text of a message is read, in bytes.
	maxText = 256 << 10
	// maxLinks bounds how many of its links are.
	maxLinks = 256
	// maxTokens bounds the markup that is read.
	maxTokens = 100_000
)

// readPage goes through an HTML body by its tokens: no tree, so that its depth
// does not matter.
func readPage(source string) *page {
	p := new(page)
	z := html.NewTokenizer(strings.NewReader(source))
	z.SetMaxBuf(maxText)
	var open *link
	skip := ""
	for range maxTokens {
		switch z.Next() {
		case html.ErrorToken:
			return p
		case html.CommentToken:
			p.comments++
		case html.TextToken:
			text := string(z.Text())
			if skip == "script" && p.scriptText.Len() < maxText {
				p.scriptText.WriteString(text)
			}
			if skip == "" {
				p.write(text)
				if open != nil {
					open.shown += html.UnescapeString(text)
				}
			}
		case html.EndTagToken:
			name, _ := z.TagName()
			switch string(name) {
			case "a":
				p.close(&open)
			case skip:
				skip = ""
			}
			p.breaks(string(name))
		case html.StartTagToken, html.SelfClosingTagToken:
			name, more := z.TagName()
			tag := string(name)
			attributes := readAttributes(z, more)
			if tag == "a" || tag == "area" {
				p.close(&open)
				if target := attributes["href"]; target != "" {
					open = &link{target: target}
				}
			}
			if tag == "script" || tag == "style" || tag == "title" {
				skip = tag
			}
			p.see(tag, attributes)
			p.breaks(tag)
		}
	}
	p.close(&open)
	return p
}

func (p *page) close(open **link) {
	if *open != nil && len(p.links) < maxLinks {
		p.links = append(p.links, **open)
	}
	*open = nil
}

func (p *page) write(text string) {
	if p.text.Len() < maxText {
		p.text.WriteString(html.UnescapeString(text))
	}
}

// breaks writes a gap for markup that ends a line or cell.
func (p *page) breaks(tag string) {
	switch tag {
	case "br", "p", "div", "tr", "td", "li", "h1", "h2", "h3", "table":
		p.write(" ")
	}
}

func readAttributes(z *html.Tokenizer, more bool) map[string]string {
	attributes := map[string]string{}
	for range 64 {
		if !more {
			break
		}
		var key, value []byte
		key, value, more = z.TagAttr()
		if len(value) <= maxHeaderValue {
			attributes[string(key)] = string(value)
		}
	}
	return attributes
}

func (p *page) see(tag string, a map[string]string) {
	style := strings.ReplaceAll(strings.ToLower(a["style"]), " ", "")
	if strings.Contains(style, "display:none") || strings.Contains(style, "font-size:0") || strings.Contains(style, "visibility:hidden") || tag == "font" && (a["size"] == "0" || a["size"] == "-9") {
		p.hidden++
	}
	switch tag {
	case "form":
		p.forms++
		p.formTargets = append(p.formTargets, a["action"])
	case "input":
		if strings.EqualFold(a["type"], "password") {
			p.passwords++
		}
	case "script":
		p.scripts++
	case "img":
		p.images++
		if tiny(a["width"]) && tiny(a["height"]) && strings.HasPrefix(strings.ToLower(a["src"]), "http") {
			p.pixels++
		}
	case "meta":
		p.metaRefresh = p.metaRefresh || strings.EqualFold(a["http-equiv"], "refresh") && strings.Contains(strings.ToLower(a["content"]), "url")
	}
}

func tiny(size string) bool { return size == "0" || size == "1" || size == "1px" || size == "0px" }
